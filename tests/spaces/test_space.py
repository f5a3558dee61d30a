"""Spaces as people declare them: their size, their variants, their conditions, and what is refused."""

import json
import pickle
from itertools import product

import pytest

import archlens
from archlens.errors import UnknownModelError, UsageError
from archlens.spaces.declared import space_of
from archlens.spaces.space import Space, Variants
from archlens.spec.catalog import find

OVER = {
    "head": "512,1024,2048",
    "widths": "[[48,96,192],[116,232,464]]",
    "input": "3x128x128..3x224x224/32",
    "depths[1]": "4..8/4",
}


def test_every_combination_has_a_number() -> None:
    """The oracle is itertools.product, whose last factor turns quickest."""
    space = space_of("shufflenet_v2", OVER)
    assert space.size == 3 * 2 * 4 * 2
    assert space.about == "3 × 2 × 4 × 2 = 48 variants"
    variants = Variants(space)
    expected = product(
        (512, 1024, 2048),
        ((48, 96, 192), (116, 232, 464)),
        ((3, 128, 128), (3, 160, 160), (3, 192, 192), (3, 224, 224)),
        (4, 8),
    )
    for number, combination in enumerate(expected):
        assert variants.values(number) == combination
        settings = variants.settings(number)
        assert settings.pop("depths") == (4, combination[3], 4)
        assert tuple(settings.values()) == combination[:3]


def test_a_reference_names_the_variant_everywhere() -> None:
    variants = Variants(space_of("shufflenet_v2[classes=10]", OVER))
    reference = variants.reference(47)
    assert reference == (
        "shufflenet_v2[classes=10,head=2048,widths=[116,232,464],input=3x224x224,depths=[4,8,4]]"
    )
    assert archlens.load(reference).nodes[-1].shape == (1, 10)
    settings = variants.settings(47)
    same = find("shufflenet_v2[classes=10]").lower(settings)
    assert same.nodes == archlens.load(reference).nodes


def test_every_value_kind_stands_in_a_reference() -> None:
    space = space_of("efficientnet_b0", {"squeeze_excite": "true,false", "width": "0.5,1.25"})
    for number in range(space.size):
        variants = Variants(space)
        graph = archlens.load(variants.reference(number))
        assert graph.nodes == find("efficientnet_b0").lower(variants.settings(number)).nodes


def test_a_space_of_10_to_the_15_is_light() -> None:
    space = space_of("regnet", {f"widths[{i}]": "8..80000/8" for i in range(4)})
    assert space.size == 10**16
    assert Variants(space).values(10**16 - 1) == (80000,) * 4
    assert Variants(space).number([9999, 0, 0, 1]) == 9999 * 10**12 + 1


def test_stages() -> None:
    space = space_of("shufflenet_v2", {"depths": {"stages": ["2..4", [4, 8], 4]}})
    assert {Variants(space).settings(n)["depths"] for n in range(space.size)} == {
        *product((2, 3, 4), (4, 8), (4,))
    }


def test_let_and_require() -> None:
    """EfficientNet's rule: resolution follows from depth and width at α·β²·γ² = 2."""
    space = space_of(
        "efficientnet_b0",
        {"alpha": [1.0, 1.2, 1.4], "b": [1.0, 1.1]},
        let={"beta": "b", "gamma": "sqrt(2 / (alpha * b ** 2))", "phi": "1",
             "input": "[3, round(224 * gamma), round(224 * gamma)]"},
        require=["gamma >= 1.1"],
    )  # fmt: skip
    variants = Variants(space)
    found = {n: variants.settings(n) for n in range(space.size) if variants.admits(n)}
    expected = {
        (a, b): (2 / (a * b**2)) ** 0.5
        for a, b in product((1.0, 1.2, 1.4), (1.0, 1.1))
        if (2 / (a * b**2)) ** 0.5 >= 1.1
    }
    assert [(each["alpha"], each["beta"]) for each in found.values()] == [*expected]
    for each, gamma in zip(found.values(), expected.values(), strict=True):
        assert each["gamma"] == pytest.approx(gamma)
        assert each["input"] == (3, round(224 * gamma), round(224 * gamma))
        assert "b" not in each


def test_conditions_know_all_settings_and_words() -> None:
    space = space_of(
        "resnet50",
        {"groups": "1..4", "base": "4,64"},
        require=["shortcuts == 'B' and (groups == 1) == (base == 64)"],
    )
    variants = Variants(space)
    admitted = [variants.values(n) for n in range(space.size) if variants.admits(n)]
    assert set(admitted) <= {(1, 64), (2, 4), (3, 4), (4, 4)}


def test_a_space_travels_and_stays_itself() -> None:
    space = space_of("shufflenet_v2", OVER, let={"classes": "head // 2"}, require=["head >= widths[2]"])
    assert Space.from_dict(json.loads(json.dumps(space.as_dict()))) == space
    assert pickle.loads(pickle.dumps(space)) == space


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"heads": "1,2"}, "--over heads: shufflenet_v2_x1_0 has no setting heads; did you mean head?"),
        ({"head": "0..2"}, "head=0: expected an integer, at least 1"),
        ({"head": "1.5"}, "head=1.5: expected an integer"),
        ({"unit": "large_uni"}, "did you mean large_unit?"),
        ({"depths[3]": "1,2"}, "shufflenet_v2_x1_0 has 3 elements in depths"),
        ({"head[0]": "1,2"}, "has no elements in head"),
        ({"head": {"stages": ["1,2"]}}, "head of shufflenet_v2_x1_0 is no list"),
        ({"depths": {"stage": ["1,2"]}}, "expected values, or {stages: [those of each element]}"),
        ({"input": "224x224"}, "expected 3 axes, such as 3x224x224"),
        ({"input": "224x224x3"}, "has its channels last"),
        ({"head": []}, "expected from 1 to 100000 values, not 0"),
        ({}, "a space is empty unless something differs"),
    ],
)
def test_what_is_refused(over: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        space_of("shufflenet_v2", over)
    assert said in str(raised.value)


def test_mistakes_in_expressions() -> None:
    with pytest.raises(UsageError, match=r"require: 'heat > 3': heat has no value here; did you mean head\?"):
        space_of("shufflenet_v2", {"head": "1,2"}, require=["heat > 3"])
    with pytest.raises(UsageError, match=r"let classes: .*__import__"):
        space_of("shufflenet_v2", {"head": "1,2"}, let={"classes": "__import__('os')"})
    with pytest.raises(UsageError, match="let head: head has values of its own"):
        space_of("shufflenet_v2", {"head": "1,2"}, let={"head": "3"})
    with pytest.raises(UnknownModelError, match=r"did you mean shufflenet_v2"):
        space_of("shuflenet_v2", {"head": "1,2"})
    variants = Variants(space_of("shufflenet_v2", {"head": "1,2"}, require=["head + 1"]))
    with pytest.raises(UsageError, match="is not true or false"):
        variants.admits(0)
