"""What attributes may hold: every declared type against every kind of value that YAML has."""

from typing import Any

import pytest

from archlens.ops import (
    BatchNorm,
    Conv,
    Dropout,
    GlobalAveragePool,
    Input,
    LayerNorm,
    MaxPool,
    Pad,
    Reshape,
    Scale,
    Slice,
    Transpose,
    Unknown,
    Upsample,
)
from archlens.ops.attribute import attributes_of, expected, holds, written
from archlens.ops.window import Padding
from tests.ops.refusal import refusal

ROUND_IT = "write it with //, round() or floor()"
A_PADDING = "an integer, a list of integers or pairs of integers, or one of same, tensorflow_same, valid"


@pytest.mark.parametrize(
    ("operator", "attributes", "because"),
    [
        (Conv, {"out": True}, "out=True is not an integer"),
        (Conv, {"out": 32.0}, f"out=32.0 is not an integer: {ROUND_IT}"),
        (Conv, {"out": "64"}, "out='64' is not an integer"),
        (Conv, {"out": None}, "out=None is not an integer"),
        (Conv, {"out": (64,)}, "out=[64] is not an integer"),
        (Conv, {"out": 8, "bias": "yes"}, "bias='yes' is not true or false"),
        (Conv, {"out": 8, "bias": 1}, "bias=1 is not true or false"),
        (Conv, {"out": 8, "bias": None}, "bias=None is not true or false"),
        (Conv, {"out": 8, "kernel": True}, "kernel=True is not an integer or a list of integers"),
        (Conv, {"out": 8, "kernel": 1.5}, f"kernel=1.5 is not an integer or a list of integers: {ROUND_IT}"),
        (Conv, {"out": 8, "kernel": (3, True)}, "kernel=[3, True] is not an integer or a list of integers"),
        (Conv, {"out": 8, "kernel": ((3,), 3)}, "kernel=[[3], 3] is not an integer or a list of integers"),
        (Conv, {"out": 8, "stride": "x"}, "stride='x' is not an integer or a list of integers"),
        (Conv, {"out": 8, "padding": None}, f"padding=None is not {A_PADDING}"),
        (Conv, {"out": 8, "padding": "smae"}, f"padding='smae' is not {A_PADDING}"),
        (Conv, {"out": 8, "padding": ((1,), 2)}, f"padding=[[1], 2] is not {A_PADDING}"),
        (Conv, {"out": 8, "padding": ((1, 2, 3), 2)}, f"padding=[[1, 2, 3], 2] is not {A_PADDING}"),
        (Conv, {"out": 8, "padding": (("same",), 2)}, f"padding=[['same'], 2] is not {A_PADDING}"),
        (MaxPool, {"kernel": 3, "stride": 2.5},
         f"stride=2.5 is not an integer, a list of integers, or null: {ROUND_IT}"),
        (MaxPool, {"kernel": 3, "ceil_mode": 3}, "ceil_mode=3 is not true or false"),
        (GlobalAveragePool, {"keep_axes": "no"}, "keep_axes='no' is not true or false"),
        (BatchNorm, {"epsilon": "x"}, "epsilon='x' is not a number"),
        (BatchNorm, {"epsilon": False}, "epsilon=False is not a number"),
        (BatchNorm, {"epsilon": float("inf")}, "epsilon=inf is not a number"),
        (Scale, {"factor": 10**400}, f"factor={'1' + '0' * 58}… is not a number"),
        (Dropout, {"probability": True}, "probability=True is not a number"),
        (LayerNorm, {"axes": 3}, "axes=3 is not a list of integers"),
        (LayerNorm, {"axes": (1, 2.0)}, "axes=[1, 2.0] is not a list of integers"),
        (Transpose, {"order": None}, "order=None is not a list of integers"),
        (Reshape, {"shape": "a"}, "shape='a' is not a list of integers"),
        (Input, {"shape": 3}, "shape=3 is not a list of integers"),
        (Input, {"shape": [1, 3]}, "shape=[1, 3] is not a list of integers"),
        (Slice, {"start": 0, "stop": "end"}, "stop='end' is not an integer"),
        (Pad, {"padding": 3}, "padding=3 is not a list of pairs of integers"),
        (Pad, {"padding": (1, 1)}, "padding=[1, 1] is not a list of pairs of integers"),
        (Pad, {"padding": ((0, 1, 2),)}, "padding=[[0, 1, 2]] is not a list of pairs of integers"),
        (Upsample, {"scale": 2.0}, f"scale=2.0 is not an integer or null: {ROUND_IT}"),
        (
            Upsample, {"scale": 2, "mode": ("nearest",)},
            "mode=['nearest'] is not one of bilinear, nearest, nearest_exact",
        ),
        (Unknown, {"name": 3, "shape": (1,)}, "name=3 is not a word"),
    ],
)  # fmt: skip
def test_a_wrong_type_is_refused_when_the_operator_is_made(
    operator: type, attributes: dict[str, Any], because: str
) -> None:
    assert refusal(lambda: operator(**attributes)) == because


@pytest.mark.parametrize(
    ("declared", "fitting", "misfits"),
    [
        (int, [0, -3, 10**400], [True, 1.0, "1", None, (1,), [1]]),
        (bool, [True, False], [0, 1, "true", None, ()]),
        (float, [0, 0.5, -1e300], [True, "0.5", None, float("nan"), float("inf"), 10**400]),
        (str, ["", "same"], [0, None, ("same",)]),
        (int | None, [3, None], [False, 1.0, ()]),
        (tuple[int, ...], [(), (1,), (1, -2, 3)], [1, (1.0,), (True,), ((1,),), [1]]),
        (tuple[tuple[int, int], ...], [(), ((1, 2),)], [(1, 2), ((1,),), ((1, 2, 3),), ((1, True),)]),
        (Padding, [0, (1, 2), ((0, 1), 2), "any"], [None, 0.5, ((1,),), (("a", 1),), ("a",)]),
    ],
)
def test_what_a_declared_type_holds(declared: object, fitting: list[object], misfits: list[object]) -> None:
    assert all(holds(declared, value, frozenset()) for value in fitting)
    assert not any(holds(declared, value, frozenset()) for value in misfits)


def test_words_narrow_a_string() -> None:
    words = frozenset({"same", "valid"})
    assert holds(Padding, "same", words)
    assert not holds(Padding, "full", words)
    assert expected(str, words) == "one of same, valid"
    assert expected(str, frozenset()) == "a word"


def test_attributes_are_those_that_the_class_declares() -> None:
    assert [attribute.name for attribute in attributes_of(Upsample, Upsample.words)] == [
        "scale",
        "size",
        "mode",
        "align_corners",
    ]


def test_values_are_written_as_in_a_spec() -> None:
    assert written((1, (2, 3), "same", None)) == "[1, [2, 3], 'same', None]"
    assert written("two\nlines") == r"'two\nlines'"
    assert len(written(tuple(range(10_000)))) == 60
