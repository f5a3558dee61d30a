"""Which network of timm is which of ours: told by numbers made by hand."""

from benchmarks.timm_names import Counted, alike

THEIRS = Counted("theirs_100", 224, 1000, 10_000, 500, (("batch_norm", 3),))


def ours(name: str, **other: object) -> Counted:
    return THEIRS._replace(name=name, **other)  # type: ignore[arg-type]


def test_all_that_is_counted_has_to_agree() -> None:
    assert alike(THEIRS, [ours("ours")]) == "ours"
    assert alike(THEIRS, [ours("ours", params=1001)]) == ""
    assert alike(THEIRS, [ours("ours", multiply_adds=10_049)]) == "ours"
    assert alike(THEIRS, [ours("ours", multiply_adds=10_051)]) == ""
    assert alike(THEIRS, [ours("ours", other=(("group_norm", 3),))]) == ""
    assert alike(THEIRS, []) == ""


def test_of_several_the_one_that_moves_as_much_and_has_the_shorter_name() -> None:
    assert alike(THEIRS, [ours("short", memory_access=501), ours("a_long_name")]) == "a_long_name"
    assert alike(THEIRS, [ours("mobile_160"), ours("mobile")]) == "mobile"
