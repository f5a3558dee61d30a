"""Numbers as people print them, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlens.quantity import Quantity, human, plural


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1000, "1.000k"),
        (1234, "1.234k"),
        (9_999, "9.999k"),
        (12_345, "12.35k"),
        (99_994, "99.99k"),
        (99_996, "100.0k"),
        (999_949, "999.9k"),
        (999_951, "1.000M"),
        (25_557_032, "25.56M"),
        (4_089_184_256, "4.089G"),
        (10**12, "1.000T"),
        (10**15, "1.000P"),
        (10**18, "1.000E"),
        (2352 * 10**18, "2.352Z"),
        (10**400, "1.000e400"),
        (-25_557_032, "-25.56M"),
        (0.5, "0.5"),
        (0.123456, "0.1235"),
        (1234.5, "1.234k"),
    ],
)
def test_human(value: float, text: str) -> None:
    assert human(value) == text


def test_human_of_any_size() -> None:
    assert human(10**21) == "1.000Z"
    assert human(999_949 * 10**21) == "999.9Y"
    assert human(123_456 * 10**25) == "1.235e30"
    assert human(10**400) == "1.000e400"
    assert human(1e300) == "1.000e300"
    assert human(float("inf"), "B") == "infB"


def test_human_with_a_unit() -> None:
    assert human(960, "B") == "960B"
    assert human(425_995_840, "B") == "426.0MB"
    assert human(6448 * 10**18, "B") == "6.448ZB"


@given(st.integers(1, 10**20))
def test_human_keeps_four_digits(value: int) -> None:
    text = human(value)
    prefixes = {"k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, "E": 10**18}
    worth = prefixes.get(text[-1], 1)
    number = float(text.rstrip("".join(prefixes)))
    assert abs(number * worth - value) <= value * 0.5e-3
    assert number < 1000 or worth == 10**18
    assert value < 1000 or len(text.replace(".", "")) == 5


@pytest.mark.parametrize(
    ("text", "value", "digit"),
    [
        ("25557032", 25_557_032, 1),
        ("146M", 146_000_000, 10**6),
        ("4.09G", 4_090_000_000, 10**7),
        ("0.5M", 500_000, 10**5),
        ("2.3 M", 2_300_000, 10**5),
        (" 60k ", 60_000, 1000),
        ("60K", 60_000, 1000),
        ("1.5B", 1_500_000_000, 10**8),
        ("1T", 10**12, 10**12),
        ("1.5P", 15 * 10**14, 10**14),
        ("0", 0, 1),
    ],
)
def test_parse(text: str, value: int, digit: int) -> None:
    assert Quantity.parse(text) == Quantity(text.strip(), value, digit)


@pytest.mark.parametrize(
    "text", ["", "M", "1.", ".5M", "1,5M", "-3M", "1e6", "3MB", "1.2.3M", "٣M", "1" * 16]
)
def test_parse_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a figure such as 25557032, 146M or 4\.09G"):
        Quantity.parse(text)


@pytest.mark.parametrize("text", ["1.5", "1.2345k"])
def test_parse_refuses_parts_of_one(text: str) -> None:
    with pytest.raises(ValueError, match="has more digits than a count has"):
        Quantity.parse(text)


@pytest.mark.parametrize(
    ("printed", "count", "agrees"),
    [
        ("146M", 146_000_000, True),
        ("146M", 145_500_000, True),
        ("146M", 146_500_000, True),
        ("146M", 145_499_999, False),
        ("146M", 146_500_001, False),
        ("25557032", 25_557_032, True),
        ("25557032", 25_557_033, False),
        ("25557032", 25_557_031, False),
        ("4.09G", 4_089_184_256, True),
        ("4.1G", 4_089_184_256, True),
        ("4.08G", 4_089_184_256, False),
        ("0", 0, True),
        ("0", 1, False),
    ],
)
def test_a_count_agrees_to_the_digits_printed(printed: str, count: int, agrees: bool) -> None:
    assert Quantity.parse(printed).agrees(count) is agrees


@given(st.integers(1, 10**15 - 1))
def test_what_we_print_agrees_with_what_we_count(value: int) -> None:
    if value < 999_950 * 10**9:
        assert Quantity.parse(human(value)).agrees(value)


def test_plural() -> None:
    assert [plural(number, "network") for number in (0, 1, 2)] == ["0 networks", "1 network", "2 networks"]
