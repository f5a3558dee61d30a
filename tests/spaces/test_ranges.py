"""What people write for the values of a setting, each beside the values typed out by hand."""

import pytest

from archlens.errors import UsageError
from archlens.spaces.ranges import parse_values
from archlens.spec.read import Value


def one(value: Value) -> bool:
    """A setting that holds one value."""
    return not isinstance(value, tuple)


def numbers(value: Value) -> bool:
    """A setting that holds a list of numbers."""
    return isinstance(value, tuple) and not any(isinstance(each, tuple) for each in value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("512,1024,2048", (512, 1024, 2048)),
        ("4..12/4", (4, 8, 12)),
        ("4..13/4", (4, 8, 12)),
        ("3..5", (3, 4, 5)),
        ("0.1..0.5/0.1", (0.1, 0.2, 0.3, 0.4, 0.5)),
        ("0.25..2.0/0.25", (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)),
        ("-1..1", (-1, 0, 1)),
        ("16..200*2", (16, 32, 64, 128)),
        ("0.5..2*1.5", (0.5, 0.75, 1.125, 1.6875)),
        ("1e-4..1e-1~4", (0.0001, 0.001, 0.01, 0.1)),
        ("1..1000~4", (1, 10, 100, 1000)),
        ("1..4~7", (1, 2, 3, 4)),
        ("16,32,64..256/64", (16, 32, 64, 128, 192, 256)),
        ("basic,bottleneck", ("basic", "bottleneck")),
        ("true,false", (True, False)),
        ("[512,1024]", (512, 1024)),
        ("3,3,4", (3, 4)),
        ("7", (7,)),
    ],
)
def test_one_value_each(text: str, values: tuple[Value, ...]) -> None:
    found, _ = parse_values(text, one, "head")
    assert found == values
    assert [*map(type, found)] == [*map(type, values)]


@pytest.mark.parametrize(
    "text", ["[[48,96,192],[116,232,464]]", "[48,96,192],[116,232,464]", "[48, 96, 192] , [116, 232, 464]"]
)
def test_lists(text: str) -> None:
    assert parse_values(text, numbers, "widths")[0] == ((48, 96, 192), (116, 232, 464))


def test_a_list_alone_is_one_value_where_the_setting_holds_a_list() -> None:
    assert parse_values("[48,96,192]", numbers, "widths")[0] == ((48, 96, 192),)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("3x128x128..3x224x224/32", ((3, 128, 128), (3, 160, 160), (3, 192, 192), (3, 224, 224))),
        ("3x64x128..3x66x130", ((3, 64, 128), (3, 65, 129), (3, 66, 130))),
        ("3x32x32,1x28x28", ((3, 32, 32), (1, 28, 28))),
        ("3x224x224", ((3, 224, 224),)),
    ],
)
def test_inputs(text: str, values: tuple[Value, ...]) -> None:
    assert parse_values(text, numbers, "input")[0] == values


@pytest.mark.parametrize(
    ("text", "rises"),
    [
        ("1..4", True),
        ("4,2", False),
        ("a,b", False),
        ("true,false", False),
        ("3x8x8,3x9x9", True),
        ("5", True),
    ],
)
def test_what_rises(text: str, rises: bool) -> None:
    assert parse_values(text, one, "x")[1] is rises


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing is no value"),
        ("1,,2", "nothing is no value"),
        ("5..1", "the range 5..1 is empty: 1 is below 5"),
        ("0.5..1.5", "needs a step, such as 0.5..1.5/0.05"),
        ("1..5/0", "the step has to be above 0"),
        ("1..1000000000", "has more than 100000 values"),
        ("1..5*1", "its factor is above 1"),
        ("0..5*2", "starts above 0"),
        ("0..5~3", "a log range starts above 0"),
        ("1..5~1", "from 2 to 100000 values"),
        ("1..a", "1..a is no range"),
        ("3x8x8..3x8", "both ends are inputs with as many axes"),
        ("3x8x8..3x4x4", "no side may shrink"),
        ("3x8x8..3x16x32/8", "equally many steps"),
        ("[1,2", "is no value"),
        ("{a: 1}", "is no value"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=r"^--over head: ") as raised:
        parse_values(text, one, "--over head")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
