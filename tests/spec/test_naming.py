"""Names: dotted paths, each given once."""

import pytest

from archlens.spec.naming import RefusalError, Scope, word


def test_operators_are_numbered_by_kind() -> None:
    scope = Scope("stem")
    assert [scope.numbered(kind) for kind in ("conv", "relu", "conv")] == ["conv1", "relu1", "conv2"]
    assert scope.path("conv1") == "stem.conv1"
    assert Scope("").path("conv1") == "conv1"


def test_a_block_is_numbered_from_its_second_use() -> None:
    scope = Scope("")
    assert [scope.block("unit") for _ in range(3)] == ["unit", "unit2", "unit3"]


def test_passes_are_counted() -> None:
    scope = Scope("")
    assert [scope.iteration() for _ in range(3)] == ["0", "1", "2"]


def test_what_is_taken_is_left_out() -> None:
    scope = Scope("")
    for name in ("conv1", "0", "unit"):
        scope.named(name)
    assert (scope.numbered("conv"), scope.iteration(), scope.block("unit")) == ("conv2", "1", "unit1")
    with pytest.raises(RefusalError, match="the name conv1 is taken here"):
        scope.named("conv1")


@pytest.mark.parametrize("name", ["", "a b", "a.b", "é", "a-b", "x" * 201, "a\n"])
def test_what_is_no_word(name: str) -> None:
    with pytest.raises(RefusalError) as caught:
        word(name, "stem (tap)")
    assert caught.value.what == "stem (tap)"
    assert len(str(caught.value)) < 100


def test_paths_are_bounded() -> None:
    with pytest.raises(RefusalError, match="longer than 200 characters"):
        Scope("x" * 150).path("y" * 50)


def test_an_item_under_a_path() -> None:
    assert (Scope("a.b").item("if"), Scope("").item("if")) == ("a.b (if)", "(if)")
