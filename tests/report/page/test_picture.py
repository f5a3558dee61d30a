"""Pictures without scripts: where dots and bars are, and which of them are on the front."""

import re

from archlens.quantity import human
from archlens.report.page.picture import Bar, Dot, bars, scatter

AXIS = ("count", human)


def circles(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"<circle[^>]* cx='([\d.]+)' cy='([\d.]+)'", text)]


def test_equal_factors_are_equally_far() -> None:
    one, two, three = circles(scatter([Dot(10**n, 10**n, "net") for n in (1, 2, 3)], "title", AXIS, AXIS))
    assert abs((two[0] - one[0]) - (three[0] - two[0])) < 0.2
    assert abs((two[1] - one[1]) - (three[1] - two[1])) < 0.2
    assert one[0] < two[0]
    assert one[1] > two[1]  # up


def test_numbers_of_axes_say_no_more_than_they_must() -> None:
    text = scatter([Dot(10**6, 10**8, "a"), Dot(10**8, 10**9, "b")], "title", AXIS, AXIS)
    assert ">10M<" in text
    assert "10.00M" not in text


def test_the_front_has_more_for_less() -> None:
    dots = [Dot(1, 50, "a"), Dot(2, 70, "b"), Dot(3, 60, "beaten"), Dot(4, 70, "equal"), Dot(5, 71, "c")]
    text = scatter(dots, "title", AXIS, ("percent", str), more=True)
    (path,) = re.findall(r"class='line front' d='M([^']*)'", text)
    corners = [place for dot, place in zip(dots, circles(text), strict=True) if dot.name in ("a", "b", "c")]
    x, y = corners[0]
    assert path == f"{x} {y}" + "".join(f"H{x}V{y}" for x, y in corners[1:])
    assert "class='line front'" in text
    assert "beaten</text>" not in text


def test_bars_are_as_long_as_their_numbers() -> None:
    text = bars([("<row>", [Bar("printed", 0.5, 0), Bar("other", 1.0, 2)])], "title", str, "source")
    half, whole = (float(width) for width in re.findall(r"width='([\d.]+)' height='12'", text))
    assert abs(whole - 2 * half) < 0.2
    assert "&lt;row&gt;" in text
    assert "<p class=source>source</p>" in text


def test_one_dot_and_none() -> None:
    assert scatter([], "title", AXIS, AXIS) == ""
    assert len(circles(scatter([Dot(5, 5, "only")], "title", AXIS, AXIS))) == 1
    assert len(circles(scatter([Dot(5, 5, "only")], "title", AXIS, AXIS, more=True))) == 1
