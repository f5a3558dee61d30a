"""Conditions and orders, held against the same written as Python."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlens.errors import UsageError
from archlens.report.choice import Condition, Order, Where, chosen

THINGS: list[dict[str, Any]] = [
    {"model": "a", "family": "resnet", "params": 4_000_000, "multiply_adds": 700_000_000, "year": 2015},
    {"model": "b", "family": "resnet_cifar", "params": 5_000_000, "multiply_adds": 100_000_000, "year": 2016},
    {"model": "c", "family": "vgg", "params": 3_000_000, "multiply_adds": 599_999_999, "year": None},
]


def known(thing: dict[str, Any]) -> Callable[[str], Any]:
    return thing.get


def names(where: str = "", sort: str = "") -> str:
    condition, order = Where.parse(where) if where else None, Order.parse(sort) if sort else None
    return "".join(thing["model"] for thing in chosen(THINGS, known, condition, order))


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("params < 5M", "ac"),
        ("params<=5M", "abc"),
        ("params < 5M and multiply_adds < 600M", "c"),
        ("params < 5M and FLOPs < 0.6G or model = b", "bc"),
        ("year >= 2016", "b"),
        ("year != 2015", "b"),
        ("family = resnet", "a"),
        ("family=ResNet*", "ab"),
        ("family != resnet*", "c"),
        ("kernels > 0", ""),
    ],
)
def test_conditions(where: str, left: str) -> None:
    assert names(where) == left


@pytest.mark.parametrize(
    ("sort", "order"),
    [("params", "cab"), ("-params", "bac"), ("year", "abc"), ("-year", "bac"), ("model", "abc")],
)
def test_orders(sort: str, order: str) -> None:
    assert names(sort=sort) == order


@given(st.integers(0, 10**15), st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), st.integers(0, 10**15))
def test_a_condition_is_what_python_says(found: int, sign: str, bound: int) -> None:
    where = Where.parse(f"params {sign} {bound}")
    expected = eval(f"{found} {'==' if sign == '=' else sign} {bound}")
    assert where.holds({"params": found}.get) is expected


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("parms < 5M", "parms is no metric; did you mean params"),
        ("params", "'params' is no condition such as params<5M"),
        ("params < 5M and", "'' is no condition"),
        ("params < five", "'five' is no number such as 5M, 0.5 or 40%"),
        ("mac < 5M", "mac is no metric"),  # it has two meanings
    ],
)
def test_mistakes(where: str, said: str) -> None:
    with pytest.raises(UsageError, match="--where") as raised:
        Where.parse(where)
    assert said in str(raised.value)


def test_a_metric_that_does_not_exist() -> None:
    with pytest.raises(UsageError, match=r"^--sort -parms: parms is no metric; did you mean params\?"):
        Order.parse("-parms")


def test_a_condition_is_a_value() -> None:
    assert Where.parse("layers >= 40").groups == ((Condition("layers", ">=", 40.0),),)
    assert Where.parse("year>2015 and params<1M").names == {"year", "params"}
