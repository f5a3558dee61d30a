"""What the paper printed, typed in without slips."""

import pytest

from archlens.studies.guidelines.printed import DEVICES, GUIDELINES, SCALES, Guideline, guideline


def test_the_four() -> None:
    assert [each.key for each in GUIDELINES] == ["g1", "g2", "g3", "g4"]
    assert [each.table for each in GUIDELINES] == ["Table 1", "Table 2", "Table 3", "Table 4"]
    assert [len(each.rows) for each in GUIDELINES] == [4, 4, 5, 4]
    assert [each.key for each in GUIDELINES if not each.slower] == ["g4"]
    assert guideline("g3") is GUIDELINES[2]


@pytest.mark.parametrize("each", GUIDELINES, ids=lambda each: each.key)
def test_every_row_has_every_speed(each: Guideline) -> None:
    for row in each.rows:
        assert set(row.speeds) == set(DEVICES)
        for speeds in row.speeds.values():
            assert len(speeds) == len(SCALES)
            assert list(speeds) == sorted(speeds, reverse=True)


def test_speeds_by_scale() -> None:
    worst = guideline("g1").rows[-1]
    assert [worst.speed("gpu", scale) for scale in SCALES] == [748, 392, 163]
    assert [worst.speed("arm", scale) for scale in SCALES] == [57.6, 15.1, 4.4]


def test_table_1_is_named_after_its_channels() -> None:
    """13:78 and 52:312 are 1:6 to the last digit; 22:44 and the others, too."""
    for row in guideline("g1").rows:
        share = int(row.name.removeprefix("1:"))
        for device in DEVICES:
            for scale in SCALES:
                inner, outer = row.channels(device, scale)
                assert outer == share * inner


def test_channels_grow_with_the_scale() -> None:
    row = guideline("g1").rows[1]
    assert [row.channels("gpu", scale) for scale in SCALES] == [(90, 180), (180, 360), (360, 720)]
    assert [row.channels("arm", scale) for scale in SCALES] == [(22, 44), (44, 88), (88, 176)]


def test_channels_that_the_groups_do_not_divide_are_rounded_up() -> None:
    """The paper prints 180 channels in 8 groups."""
    row = guideline("g2").rows[-1]
    assert row.arm == (180,)
    assert 180 % 8 == 4
    assert [row.channels("arm", scale) for scale in SCALES] == [(184,), (360,), (720,)]
    assert [row.channels("gpu", scale) for scale in SCALES] == [(360,), (720,), (1440,)]


def test_a_batch_is_one_image() -> None:
    """What the fastest of Table 2's large networks would need of the GPU, of 3584 cores at 1.582 GHz."""
    speed = guideline("g2").rows[0].speed("gpu", 4)
    needed = speed * 10 * 56 * 56 * 512 * 512
    most = 3584 * 1.582e9
    assert 0.6 < needed / most < 1
    assert 2 * needed > most
