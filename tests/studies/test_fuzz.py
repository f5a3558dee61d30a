"""Random networks, node by node beside PyTorch, and what they see beside their gradients.

`make fuzz` runs many more with a fresh seed, which it prints: FUZZ_SEED=… runs the same again.
"""

import os
from pathlib import Path
from random import Random

import pytest

from archlens.errors import ArchlensError
from archlens.spec.catalog import find
from archlens.studies.receptive_field import check_receptive_fields
from archlens.studies.verification.specs import verify_model

SEED = int(os.environ.get("FUZZ_SEED", "20261127"))
COUNT = int(os.environ.get("FUZZ_COUNT", "24"))


def item(random: Random, axes: int) -> str:
    """An operator with attributes at random, as a line of a spec."""
    kernel, stride, dilation = random.randint(1, 4), random.randint(1, 3), random.randint(1, 3)
    out, groups = random.choice([4, 8]), random.choice([1, 4])
    uneven = "[[1, 0]" + ", [0, 1]" * (axes - 1) + "]"
    padding = random.choice(["same", "valid", "tensorflow_same", "0", uneven])
    sliding = f"kernel: {kernel}, stride: {stride}, padding: {padding}"
    choices = [
        f"conv: {{out: {out}, {sliding}, dilation: {dilation}, groups: {groups}}}",
        f"max_pool: {{{sliding}, ceil_mode: {random.choice(['true', 'false'])}}}",
        f"average_pool: {{{sliding}, count_include_pad: {random.choice(['true', 'false'])}}}",
        f"transposed_conv: {{out: 4, kernel: {kernel}, stride: {stride}, dilation: {dilation}}}",
        f"upsample: {{scale: {random.randint(2, 3)}, mode: {random.choice(['nearest', 'nearest_exact'])}}}",
        f"adaptive_average_pool: {{size: {random.randint(2, 6)}}}",
        "pad: {padding: [" + ", ".join(f"[{random.randint(0, 2)}, 1]" for _ in range(axes)) + "]}",
        f"group_norm: {{groups: {random.choice([1, 2, 4])}}}",
        f"slice: {{start: 1, stop: {random.randint(2, 4)}}}",
        "channel_shuffle: {groups: 2}",
        "concat: [identity, {conv: {out: 4, kernel: 3}}]",
        "add: [identity, relu]",
    ]
    return random.choice([*choices, "bn", "relu", "silu", "gelu"])


def network(random: Random) -> str:
    """A spec of up to six operators on a map with one, two or three spatial axes."""
    axes = random.choice([1, 2, 2, 2, 3])
    shape = [4, *(random.randint(9, 20) if axes < 3 else random.randint(6, 9) for _ in range(axes))]
    lines = [item(random, axes) for _ in range(random.randint(1, 6))]
    items = "".join(f"  - {line if ':' not in line else '{' + line + '}'}\n" for line in lines)
    return f"family: fuzz\ntitle: fuzz\ninput: {shape}\nnetwork:\n{items}"


@pytest.mark.parametrize("number", range(COUNT))
def test_a_random_network(tmp_path: Path, number: int) -> None:
    """Shapes, parameters, products and costs as PyTorch runs them, fields as gradients show."""
    random = Random(SEED * 1000 + number)
    path = tmp_path / "fuzz.yaml"
    while True:  # until one fits its input
        path.write_text(network(random))
        reference = find(str(path))
        try:
            reference.lower({})
            break
        except ArchlensError:
            continue
    checks = [*verify_model(reference), *check_receptive_fields(reference)]
    wrong = [check for check in checks if check.verdict == "different"]
    assert not wrong, f"FUZZ_SEED={SEED}, network {number}: {path.read_text()}"
