"""Files as they were at a git revision."""

from pathlib import Path

import pytest

from archlens.errors import SpecError, UsageError
from archlens.models.revision import at_revision, files_of
from archlens.spec import load
from tests.budgets.repository import Repository

NET = "input: [3, 8, 8]\nnetwork: [{{conv: {{out: {out}}}}}]\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = Repository(tmp_path / "repository")
    made.commit(nets__small_yaml=NET.format(out=4), notes_txt="nothing")
    made.commit(nets__small_yaml=NET.format(out=8))
    monkeypatch.chdir(made.folder)
    return made


def params(model: str) -> int:
    return sum(node.cost.params for node in at_revision(model, load).nodes)


@pytest.mark.parametrize(
    ("model", "expected"),
    [("HEAD:nets/small.yaml", 24), ("HEAD~1:nets/small.yaml", 12), ("main:nets/small.yaml", 24)],
)
def test_a_file_at_a_revision(repository: Repository, model: str, expected: int) -> None:
    assert params(model) == expected


def test_a_path_from_the_current_folder(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.folder / "nets")
    assert params("HEAD~1:small.yaml") == 12


def test_other_models_are_loaded_as_they_stand(repository: Repository) -> None:
    Path("nets/small.yaml").write_text(NET.format(out=16))
    for model in ("resnet50", "timm:resnet50", "nets/small.yaml", "nets/many.yaml:small", "net.py:Net"):
        assert at_revision(model, lambda found: found) == model


def test_only_what_models_are_made_of_is_unpacked(repository: Repository) -> None:
    with files_of("HEAD") as root:
        assert [str(path.relative_to(root)) for path in root.rglob("*.*")] == ["nets/small.yaml"]
    assert not root.exists()


def test_the_working_tree_and_the_index_stay_as_they_are(repository: Repository) -> None:
    Path("nets/small.yaml").write_text(NET.format(out=16))
    before = repository.git("status", "--porcelain")
    params("HEAD~1:nets/small.yaml")
    assert repository.git("status", "--porcelain") == before
    assert Path("nets/small.yaml").read_text() == NET.format(out=16)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("HEAD~9:nets/small.yaml", "HEAD~9: git cannot read this revision: "),
        ("HEAD:nets/big.yaml", "HEAD:nets/big.yaml: there is no file nets/big.yaml at that revision"),
        (
            "HEAD:../nets/small.yaml",
            "HEAD:../nets/small.yaml: there is no file ../nets/small.yaml at that rev",
        ),
        ("--output=x:nets/small.yaml", "--output=x: is no git revision"),
    ],
)
def test_refusals(repository: Repository, model: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        params(model)
    assert str(raised.value).startswith(said)


def test_a_mistake_is_told_at_its_revision(repository: Repository) -> None:
    repository.commit(nets__small_yaml="input: [3, 8, 8]\nnetwork: [{convv: {out: 4}}]\n")
    repository.commit(nets__small_yaml=NET.format(out=4))
    with pytest.raises(
        UsageError, match=r"^HEAD~1:nets/small.yaml:2 network: no operator or block is called convv"
    ):
        params("HEAD~1:nets/small.yaml")
    with pytest.raises(SpecError):
        params("nets/none.yaml")


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(
        UsageError, match=r"^HEAD: git cannot read this revision: fatal: not a git repository"
    ):
        params("HEAD:net.yaml")
