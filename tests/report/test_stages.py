"""Networks side by side, part by part."""

import pytest

from archlens.report.comparison import compare
from archlens.report.stages import merged, stages_as_dict, stages_table
from archlens.spec.loading import load


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        ([["a", "b"], ["a", "b"]], "ab"),
        ([["a", "c"], ["a", "b", "c"]], "abc"),
        ([["a", "b", "c"], ["a", "c"]], "abc"),
        ([["a"], ["b"]], "ba"),
        ([["b", "a"], ["a", "b"]], "ba"),
        ([[], ["a"], ["a", "b"]], "ab"),
    ],
)
def test_an_order_that_keeps_the_first(orders: list[list[str]], expected: str) -> None:
    assert "".join(merged(orders)) == expected


def test_stages_of_two_resnets_by_hand() -> None:
    """ResNet-34's first stage has three blocks of two 3×3 convolutions at 56×56 where ResNet-18's has two."""
    table = stages_table(compare(load("resnet18"), load("resnet34")), ("multiply_adds",))
    cells = {row[0]: row[1:] for row in table.rows}
    block = 2 * 56**2 * 9 * 64**2
    assert cells["stage1"] == (2 * block, 3 * block, 1.5)
    assert cells["stem"] == (112**2 * 49 * 3 * 64,) * 2 + (1.0,)
    assert [*cells] == ["stem", "stage1", "stage2", "stage3", "stage4", "head"]
    assert table.totals is not None
    assert table.totals[1] == sum(row[1] for row in table.rows)
    assert table.totals[2] == sum(row[2] for row in table.rows)


def test_a_part_that_one_network_does_not_have() -> None:
    table = stages_table(compare(load("resnet18"), load("mobilenet_v1")), ("params",))
    cells = {row[0]: row[1:] for row in table.rows}
    assert cells["stage5"][0] is None
    assert cells["stage5"][2] is None
    depthwise, pointwise = 512 * 9 + 1024 * 9, 512 * 1024 + 1024**2
    assert cells["stage5"][1] == depthwise + pointwise + 2 * (512 + 3 * 1024)
    assert [*cells].index("stage5") == [*cells].index("head") - 1


def test_blocks_and_json() -> None:
    both = compare(load("resnet18"), load("resnet34"), depth=2)
    names = [row[0] for row in stages_table(both).rows]
    assert {"stage1.0", "stage1.1", "stage1.2"} <= set(names)
    shown = stages_as_dict(both)
    assert shown["parts"] == names
    assert [row["name"] for row in shown["models"][1]["rows"]] == names
