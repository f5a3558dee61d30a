"""Models by name and by file."""

from pathlib import Path
from typing import Any

import pytest

from archlens.errors import SpecError, UnknownModelError, UsageError
from archlens.spec import find, load, model_names
from archlens.spec.catalog import Reference, as_value, expand, shared_blocks, shown, spec_files
from archlens.spec.read import read_file
from tests.spec.written import parsed

TEXT = """\
input: [3, 8, 8]
settings: {w: 4, d: 1}
variants: {a: {w: 5}, b: {}}
aliases: {c: b}
network: [{conv: {out: w}}]
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.yaml").write_text(TEXT)
    Path("my:own.yml").write_text(TEXT)


def test_a_name_an_alias_and_what_they_are_called() -> None:
    assert load("resnet50").model == "resnet50"
    assert load("resnet").model == "resnet50"
    assert find("resnet").spec.family == "resnet"


def test_every_name_is_found_and_there_once() -> None:
    names = model_names()
    assert len(set(names)) == len(names)
    for name in names[:: max(1, len(names) // 12)]:
        assert name in {*find(name).spec.variants, *find(name).spec.aliases}


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize(
    ("name", "model", "channels"),
    [
        ("my.yaml", "my", 4),
        ("my.yaml:", "my", 4),
        ("my.yaml:a", "a", 5),
        ("my.yaml:c", "b", 4),
        ("my:own.yml:a", "a", 5),
    ],
)
def test_a_file(name: str, model: str, channels: int) -> None:
    found = load(name)
    assert (found.model, found.nodes[-1].shape) == (model, (1, channels, 8, 8))


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("resnet18x", "no model is called resnet18x; did you mean resnet18?"),
        ("", "no model is called ; `archlens list` shows all"),
        ("x" * 500, f"no model is called {'x' * 59}…; `archlens list` shows all"),
        ("my.yaml:d", "my.yaml has no variant d; it has a, b"),
        ("a.*", "no model is called a.*; `archlens list` shows all"),
    ],
)
def test_an_unknown_name(name: str, message: str) -> None:
    with pytest.raises(UnknownModelError) as caught:
        load(name)
    assert str(caught.value).startswith(message)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(SpecError, match=r"none\.yaml: cannot be read: No such file"):
        load("none.yaml:resnet50")


def test_settings_come_from_the_spec_then_the_variant_then_the_user() -> None:
    spec = parsed(TEXT)
    assert Reference(spec, None).settings({}) == {"w": 4, "d": 1, "input": (3, 8, 8)}
    assert Reference(spec, "a").settings({"d": 9}) == {"w": 5, "d": 9, "input": (3, 8, 8)}
    assert Reference(spec, "a").settings({"w": 6, "input": (1, 4, 4)}) == {"w": 6, "d": 1, "input": (1, 4, 4)}
    with pytest.raises(UsageError, match="a has no setting v"):
        Reference(spec, "a").settings({"v": 1})


def test_batch_input_and_overrides() -> None:
    found = load("resnet50", batch=2, classes=7, input=[3, 64, 64])
    assert found.input_shape == (2, 3, 64, 64)
    assert found.nodes[-1].shape == (2, 7)
    assert found.model == "resnet50 classes=7"


@pytest.mark.parametrize(
    ("reference", "name", "settings"),
    [
        ("resnet50[groups=32,base=4]", "resnet50", {"groups": 32, "base": 4}),
        ("ResNet-50[depths=[1,1,1,1]]", "resnet50", {"depths": [1, 1, 1, 1]}),
        ("resnet50[input=3x64x64]", "resnet50", {"input": (3, 64, 64)}),
        ("resnet50[input=[3,64,64],classes=7]", "resnet50", {"input": "3x64x64", "classes": 7}),
        ("efficientnet-b0", "efficientnet_b0", {}),
        ("ShuffleNet V2", "shufflenet_v2_x1_0", {}),
        ("vgg*_c", "vgg16_c", {}),
    ],
)
def test_a_reference_is_the_network_with_those_settings(
    reference: str, name: str, settings: dict[str, Any]
) -> None:
    assert load(reference) == load(name, **settings)


@pytest.mark.usefixtures("mine")
def test_settings_of_a_file_s_reference() -> None:
    assert load("my.yaml:a[w=6]").model == "a w=6"
    assert load("my.yaml[w=6]", d=2).model == "my w=6 d=2"
    assert load("my.yaml[w=6]", w=7).nodes[-1].shape == (1, 7, 8, 8)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "mobilenet",
            "mobilenet may mean mobilenet_v1, mobilenet_v2, mobilenet_v3_large or",
        ),
        ("vgg1?", "vgg1? stands for vgg11, vgg13, vgg16 or vgg19: say which"),
        ("zz*", "no model is called zz*"),
        ("resnet50[x]", "no model is called resnet50[x]; did you mean resnet50?"),
    ],
)
def test_an_ambiguous_name_lists_what_it_may_mean(name: str, message: str) -> None:
    with pytest.raises(UnknownModelError) as caught:
        find(name)
    assert str(caught.value).startswith(message)


def test_a_pattern_expands_with_its_settings() -> None:
    assert expand("vgg1?[classes=10]") == tuple(f"vgg{depth}[classes=10]" for depth in (11, 13, 16, 19))
    assert expand("resnet50") == ("resnet50",)
    assert expand("timm:vgg*") == ("timm:vgg*",)
    with pytest.raises(UnknownModelError, match="no model matches zz"):
        expand("zz*")


def test_python_values() -> None:
    assert as_value([1, (2.5, "a"), None, True]) == (1, (2.5, "a"), None, True)


@pytest.mark.parametrize(
    "value", [object(), {"a": 1}, 1j, float("nan"), float("inf"), 10**16, [0] * 2000, b"a"]
)
def test_python_values_that_no_spec_holds(value: object) -> None:
    with pytest.raises(UsageError, match="a setting is a number"):
        as_value(value)


def test_our_own_files() -> None:
    assert {"resnet", "vgg"} <= {path.stem for path in spec_files()}
    assert "shared_blocks" not in {path.stem for path in spec_files()}
    assert shown(spec_files()[0]) == f"specs/{spec_files()[0].name}"
    assert shown(Path("a/b.yaml")) == "a/b.yaml"
    assert all(block.shared for block in shared_blocks().values())


@pytest.mark.parametrize("file", spec_files(), ids=lambda file: file.stem)
def test_claims_stand_last(file: Path) -> None:
    """`find` stops reading there."""
    keys = list(read_file(file).entries)
    assert "claims" not in keys[:-1]


def test_a_network_is_found_without_its_claims_unless_they_are_asked_for() -> None:
    assert find("resnet50").spec.claims == ()
    assert find("resnet50", until=None).spec.claims != ()
