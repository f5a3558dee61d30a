"""Fields checked by gradients for real; and wrong ones, each of which must be caught."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archlens import ops
from archlens.analyses import receptive_field
from archlens.analyses.propagation import passed_on
from archlens.ops import Channels, Span
from archlens.spec.catalog import Reference, find
from archlens.studies.receptive_field import check_receptive_fields

SMALL = """\
family: small
input: [4, {size}, {size}]
variants: {{small: {{}}}}
network:
{network}
"""

Written = Callable[..., Reference]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A network from a few lines of a spec."""

    def of(*lines: str, size: int = 32) -> Reference:
        path = tmp_path / "small.yaml"
        network = "\n".join(f"  - {line}" for line in lines)
        path.write_text(SMALL.format(size=size, network=network), encoding="utf-8")
        return find(f"{path}:small")

    return of


@pytest.mark.parametrize(
    "model",
    [
        "lenet5", "shufflenet_v2_x0_5", "shufflenet_v1_g3_x0_25", "squeezenet1_1", "mobilenet_v3_small",
        "cbam_resnet18", "resnet20", "densenet_40_12", "resnest14d",
    ],
)  # fmt: skip
def test_networks_see_what_the_analysis_says(model: str) -> None:
    checks = check_receptive_fields(find(model))
    assert len(checks) > 1
    assert {check.verdict for check in checks} == {"equal"}
    assert all(check.expected == check.found and not check.why for check in checks)
    assert checks[-1].subject == "receptive field"


def test_the_words() -> None:
    *_, own = check_receptive_fields(find("resnet18"))
    assert (own.model, own.source, own.verdict) == ("resnet18", "gradient", "equal")
    assert own.expected == "435×435, stride 32×32, padding 217×217"
    gated = check_receptive_fields(find("mobilenet_v3_small"))[-1]
    assert gated.expected == "639×639, stride 32×32, padding 319×319, global"
    stage = check_receptive_fields(find("shufflenet_v2_x0_5"))[1]
    assert stage.expected == "63×63, smallest 15×15, stride 8×8, padding 31×31"


CONV = "conv: {out: 4, kernel: 3}"
STRIDED = "conv: {out: 8, kernel: 3, stride: 2}"
PAIRS = "conv: {out: 4, kernel: 3, groups: 2}"


@pytest.mark.parametrize(
    "lines",
    [
        ["conv: {out: 4, kernel: [1, 7], stride: [1, 2]}", "conv: {out: 4, kernel: [5, 1], dilation: 2}"],
        ["conv: {out: 4, kernel: 3, stride: 2, padding: tensorflow_same}", CONV],
        ["max_pool: {kernel: 3, stride: 2, ceil_mode: true}", CONV],
        [STRIDED, "upsample: {scale: 2}", CONV],
        [STRIDED, "upsample: {scale: 3, mode: bilinear}", CONV],
        ["transposed_conv: {out: 4, kernel: 3, padding: 1, output_padding: 1}", CONV],
        ["transposed_conv: {out: 4, kernel: 1, stride: 2}", "conv: {out: 4, kernel: 2, padding: valid}"],
        ["pad: {padding: [[2, 0], [1, 0], [0, 1]]}", "conv: {out: 6, kernel: 3, groups: 3}"],
        ["max_pool: {kernel: 3, stride: 1, padding: same}", "average_pool: {kernel: 2}"],
        [STRIDED, "adaptive_average_pool: {size: 5}"],
        ["add: [{conv: {out: 4, kernel: 3}}, {conv: {out: 4, kernel: 3, padding: [[0, 2], [2, 0]]}}]"],
        ["transpose: {order: [0, 2, 3, 1]}", "linear: {out: 8}", "transpose: {order: [0, 3, 1, 2]}", PAIRS],
        ["concat: [identity, {conv: {out: 4, kernel: 3}}]", "channel_shuffle: {groups: 2}", PAIRS],
    ],
    ids=lambda lines: "-".join(line.split(":")[0] for line in lines),
)
def test_small_networks_see_what_the_analysis_says(written: Written, lines: list[str]) -> None:
    checks = check_receptive_fields(written(*lines))
    assert {(check.verdict, check.why) for check in checks} == {("equal", "")}


def test_a_pool_that_fits_the_input_is_checked_at_another_one(written: Written) -> None:
    *_, own = check_receptive_fields(written("{name: pool, adaptive_average_pool: {size: 4}}", size=4))
    assert own.verdict == "equal"
    assert own.subject.startswith("receptive field at ")
    assert own.expected == own.found != "1×1, stride 1×1, padding 0×0"


def test_attention_within_windows_is_open() -> None:
    checks = check_receptive_fields(find("swin_t"))
    assert [check.verdict for check in checks] == ["equal", "open", "open"]
    assert checks[-1].why == "not every place is seen: the analysis cannot tell attention within windows"


def test_a_network_without_places_is_open(written: Written) -> None:
    (only,) = check_receptive_fields(written("flatten", "{name: head, linear: {out: 2}}"))
    assert (only.verdict, only.expected, only.found) == ("open", "", "")
    assert only.why == "the network has no node whose places are places of its input"


def test_a_size_that_is_wrong_is_caught(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    right = ops.Conv.spans

    def too_wide(self: ops.Conv, inputs: ops.Shapes) -> tuple[Span, ...] | None:
        spans = right(self, inputs)
        return spans and (spans[0]._replace(highs=(spans[0].highs[0] + 1,)), *spans[1:])

    monkeypatch.setattr(ops.Conv, "spans", too_wide)
    *_, own = check_receptive_fields(written(CONV, PAIRS))
    assert own.verdict == "different"
    assert (own.expected, own.found) == ("5×5, stride 1×1, padding 2×2", "7×5, stride 1×1, padding 2×2")
    assert own.why.startswith("along axis 2, output ")


def test_an_offset_that_is_wrong_is_caught(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    right = ops.Conv.spans

    def moved(self: ops.Conv, inputs: ops.Shapes) -> tuple[Span, ...] | None:
        spans = right(self, inputs)
        return spans and tuple(Span(s.advance, (s.lows[0] + 1,), (s.highs[0] + 1,)) for s in spans)

    monkeypatch.setattr(ops.Conv, "spans", moved)
    *_, own = check_receptive_fields(written(CONV, PAIRS))
    assert (own.verdict, own.found) == ("different", "5×5, stride 1×1, padding 0×0")


def test_a_channel_that_is_wrong_is_caught(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    """Concat the other way round: all channels together see the same, each by itself does not."""

    def reversed_order(
        self: ops.Concat, inputs: ops.Shapes, known: tuple[Channels[int], ...]
    ) -> Channels[int]:
        return known[-1].beside(known[-2::-1])

    monkeypatch.setattr(ops.Concat, "channels", reversed_order)
    *_, own = check_receptive_fields(written("concat: [identity, {conv: {out: 4, kernel: 3}}]"))
    assert own.verdict == "different"
    assert "channel 0 sees" in own.why


def test_a_gate_that_is_not_seen_is_caught(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = "multiply: [identity, [{global_average_pool: {keep_axes: true}}, {conv: {out: 4}}]]"
    *_, own = check_receptive_fields(written(gate))
    assert (own.verdict, own.found) == ("equal", "1×1, stride 1×1, padding 0×0, global")

    def blind(*arguments: Any) -> Any:
        return passed_on(*arguments)._replace(everything=False)

    monkeypatch.setattr(receptive_field, "passed_on", blind)
    *_, own = check_receptive_fields(written(gate))
    assert own.verdict == "different"
    assert own.why == "along axis 2, not only local paths lead there"
