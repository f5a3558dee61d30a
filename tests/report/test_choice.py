"""Conditions and orders, held against the same written as Python."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlens.errors import UsageError
from archlens.report.choice import Condition, Order, Where, chosen

THINGS: list[dict[str, Any]] = [
    {
        "model": "a", "family": "resnet", "params": 4_000_000, "multiply_adds": 700_000_000, "year": 2015,
        "latency": 0.02, "top1": 75.0,
    },
    {
        "model": "b", "family": "resnet_cifar", "params": 5_000_000, "multiply_adds": 100_000_000,
        "year": 2016, "memory_access_bytes": 39_000_000,
    },
    {
        "model": "c", "family": "vgg", "params": 3_000_000, "multiply_adds": 599_999_999, "year": None,
        "latency": 0.0203, "top1": 69.9, "title": "Very Deep Networks", "memory_access_bytes": 41_000_000,
    },
]  # fmt: skip


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
        ("latency <= 20 ms", "a"),
        ("latency > 0.0201s and top1 < 70 %", "c"),
        ("title = Very Deep*", "c"),
        ("memory_access_bytes < 40 MB", "b"),
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
        ("params > ", "'params >' is no condition"),
        ("params < 5M and", "'' is no condition"),
        ("params < five", "params = 'five': expected params such as \"2.5M\" (units: k, K, M, G, B, T)"),
        ("latency < 20", "latency = '20': expected latency such as \"20 ms\" (units: s, ms, us, µs)"),
        ("memory_access_bytes < 5", "(units: B, kB, KB, MB, GB, KiB, MiB, GiB)"),
        ("family > resnet", "family is a text, which = and != compare"),
        ("groups > 3", "groups is told of layers: it is no one number of a network"),
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
