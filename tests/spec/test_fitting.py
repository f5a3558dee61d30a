"""Every network at other inputs: it has the same weights there, or tells what changes, or tells what fits."""

from pathlib import Path

import pytest

import archlens
from archlens.errors import SpecError
from archlens.spec.catalog import Reference, find, specs
from archlens.spec.fitting import fitted, fitting
from archlens.spec.resized import resized

REFERENCES = [Reference(spec, variant) for spec in specs() for variant in spec.variants]
CHANGES = [(33, 33), (-17, -17), (32, 0), (1, 1)]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: str(reference.variant))
def test_no_network_is_silently_another_one(reference: Reference) -> None:
    own = reference.settings({})["input"]
    assert isinstance(own, tuple)
    params = sum(node.cost.params for node in reference.lower({}).nodes)
    for change in CHANGES[:: 1 if params < 5e6 else 2]:
        shape = (own[0], *(int(str(length)) + more for length, more in zip(own[1:], change, strict=True)))
        try:
            graph = fitted(reference, {"input": shape})
        except SpecError as error:
            shown = str(error).rpartition("what fits: ")[2].split(" and ")
            assert shown, shape
            for each in shown:
                fits = tuple(map(int, each.split("x")))
                assert reference.lower({"input": fits}).input_shape == (1, *fits)
            continue
        told = resized(reference, {"input": shape}, graph)
        assert bool(told) == (sum(node.cost.params for node in graph.nodes) != params), shape


@pytest.mark.parametrize(
    ("model", "asked", "shapes"),
    [
        ("swin_t", (3, 320, 320), ((3, 224, 224), (3, 448, 448))),  # 32 * 7 tokens
        ("swin_t[window=10,input=3x320x320]", (3, 480, 320), ((3, 320, 320), (3, 640, 320))),
        ("swin_t", (3, 320, 224), ((3, 224, 224), (3, 448, 224))),
        ("mobilevit_s", (3, 289, 256), ((3, 256, 256), (3, 320, 256))),  # 32 * 2 pixels
        ("lenet5", (1, 15, 15), ((1, 32, 32),)),  # 5 - 1 + 2 * (5 - 1) + 4 * 1 = 16 at the least
        ("swin_t[input=3x320x320]", (3, 320, 320), ((3, 224, 224), (3, 448, 448))),
        ("swin_t[window=5]", (3, 225, 225), ()),  # the window is wrong at its own input, too
    ],
)
def test_what_fits(model: str, asked: tuple[int, ...], shapes: tuple[tuple[int, ...], ...]) -> None:
    assert fitting(find(model), {"input": asked}) == shapes


def test_a_users_network_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The map added to what is half as long and doubled again: 64 pixels fit, and 65 do not."""
    monkeypatch.chdir(tmp_path)
    halves = "[{max_pool: {kernel: 2, stride: 2, ceil_mode: true}}, {upsample: {scale: 2}}]"
    Path("mine.yaml").write_text(f"input: [3, 64, 64]\nnetwork: [{{add: [identity, {halves}]}}]\n")
    with pytest.raises(
        SpecError, match=r"do not fit together, axis by axis; what fits: 3x64x64 and 3x96x96$"
    ):
        archlens.load("mine.yaml", input=(3, 65, 65))
    Path("mine.yaml").write_text("input: [3, 64, 64]\nnetwork: [{conv: {out: 4, groups: 2}}]\n")
    with pytest.raises(SpecError) as caught:
        archlens.load("mine.yaml", input=(3, 65, 65))
    assert "what fits" not in str(caught.value)
