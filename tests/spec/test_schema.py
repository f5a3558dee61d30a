"""The JSON Schema takes what the parser takes, and finds mistakes of structure."""

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from archlens.spec.catalog import spec_files
from archlens.spec.read import LOADER, Data, Mapping, Sequence, read
from archlens.spec.schema import schema


def tree(data: Data) -> Any:
    """What an editor sees: plain lists, dictionaries and scalars under YAML 1.2's rules."""
    if isinstance(data, Mapping):
        return {key: tree(value) for key, value in data.entries.items()}
    if isinstance(data, Sequence):
        return [tree(item) for item in data.items]
    return data.value


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", spec_files(), ids=lambda path: path.stem)
def test_our_own_specs_are_valid(path: Any, validator: Draft202012Validator) -> None:
    assert issubclass(LOADER, yaml.CSafeLoader | yaml.SafeLoader)
    assert [
        error.message for error in validator.iter_errors(tree(read(path.read_text(encoding="utf-8"))))
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "input: [3, 8, 8]\n",
        "network: [relu]\n",
        "input: 224\nnetwork: [relu]\n",
        "input: [3, 0, 8]\nnetwork: [relu]\n",
        "input: [3, 8, 8]\nnetwork: [relu]\nextra: 1\n",
        "input: [3, 8, 8]\nnetwork: [3]\n",
        "input: [3, 8, 8]\nnetwork: [{add: [relu]}]\n",
        "input: [3, 8, 8]\nnetwork: [{add: relu}]\n",
        "input: [3, 8, 8]\nnetwork: [{each: {i: 3}}]\n",
        "input: [3, 8, 8]\nnetwork: [{do: [relu]}]\n",
        "input: [3, 8, 8]\nnetwork: [{if: true}]\n",
        "input: [3, 8, 8]\nnetwork: [{conv: {kernel: 3}}]\n",
        "input: [3, 8, 8]\nnetwork: [{conv: {out: 3, kernal: 3}}]\n",
        "input: [3, 8, 8]\nnetwork: [{conv: {out: 3}, relu: {}}]\n",
        "input: [3, 8, 8]\nblocks: {a: [relu]}\nnetwork: [a]\n",
        "input: [3, 8, 8]\nblocks: {a: {inline: maybe, do: [relu]}}\nnetwork: [a]\n",
        "extends: [resnet50]\n",
        "extends: resnet50\nreplace: [relu]\n",
        "input: [3, 8, 8]\nclaims: {variant: a}\nnetwork: [relu]\n",
        "input: [3, 8, 8]\nsettings: {a: {about: x}}\nnetwork: [relu]\n",
        "input: [3, 8, 8]\nsettings: {a: {default: 1, type: intger}}\nnetwork: [relu]\n",
        "input: [3, 8, 8]\nsettings: {a: {default: 1, range: [1]}}\nnetwork: [relu]\n",
        "input: [3, 8, 8]\nsettings: {a: {default: 1, choices: 1}}\nnetwork: [relu]\n",
        "input: [3, 8, 8]\nclaims: [{params: 3M}]\nnetwork: [relu]\n",
    ],
)
def test_mistakes_of_structure(text: str, validator: Draft202012Validator) -> None:
    assert not validator.is_valid(tree(read(text)))


def test_it_names_every_operator_with_its_attributes() -> None:
    text = str(schema())
    assert all(word in text for word in ("conv", "dilation", "batch_norm", "epsilon", "matrix_product"))
