"""`archlens verify`: its table, its formats and its exit code."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import archlens
from archlens.builder.export import export
from archlens.spec.catalog import Reference
from archlens.spec.read import Value
from archlens.studies.claims import Check
from tests.cli.conftest import Refused, Run

Golden = Callable[[str, str], None]

SPEC = """\
family: mine
input: [3, 8, 8]
settings: {{out: 4}}
variants: {{mine_a: {{}}, mine_b: {{out: 8}}}}
claims: [{{variant: mine_a, params: {params}, where: by hand}}]
network: [{{conv: {{out: out, kernel: 3}}}}, relu, global_average_pool, {{linear: {{out: 2}}}}]
"""


@pytest.fixture
def mine(tmp_path: Path) -> Callable[[str], str]:
    """A spec of one's own, with the number of parameters that it claims: 118 are in it."""

    def written(params: str) -> str:
        path = tmp_path / "mine.yaml"
        path.write_text(SPEC.format(params=params), encoding="utf-8")
        return str(path)

    return written


def test_golden(run: Run, golden: Golden) -> None:
    outcome = run("verify", "lenet5", "shufflenet_v2_x0_5")
    assert (outcome.code, outcome.err) == (0, "")
    golden("verify.txt", outcome.out)


def test_golden_in_a_narrow_terminal(run: Run, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    outcome = run("verify", "lenet5")
    assert max(map(len, outcome.out.splitlines())) <= 80
    golden("verify_80_columns.txt", outcome.out)


def test_a_claim_that_holds(run: Run, mine: Callable[[str], str]) -> None:
    outcome = run("verify", f"{mine('118')}:mine_a")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[-1] == (
        "1 network, 6 checks: 6 equal to the digits printed, 0 explained, 0 unexplained"
    )


def test_a_claim_that_does_not_is_an_exit_code(run: Run, mine: Callable[[str], str]) -> None:
    outcome = run("verify", f"{mine('112')}:mine_a")
    assert (outcome.code, outcome.err) == (1, "")
    assert "DIFFERENT: mine_a params: by hand has 112, archlens 118 +6 (+5.4%)\n" in outcome.out


def test_json_and_csv_have_a_row_a_check(run: Run, mine: Callable[[str], str]) -> None:
    shown = json.loads(run("verify", f"{mine('112')}:mine_a", "-f", "json").out)
    rows = list(csv.DictReader(io.StringIO(run("verify", f"{mine('112')}:mine_a", "-f", "csv").out)))
    assert shown == rows
    assert len(rows) == 6
    assert rows[-1] == {
        "model": "mine_a",
        "subject": "params",
        "source": "by hand",
        "expected": "112",
        "found": "118",
        "difference": "+6 (+5.4%)",
        "verdict": "different",
        "why": "",
    }


def test_a_model_is_verified_once(run: Run) -> None:
    outcome = run("verify", "lenet5", "lenet")
    assert outcome.out.splitlines()[-1].startswith("1 network, ")


def test_a_file_is_written_whatever_the_verdict(run: Run, mine: Callable[[str], str], tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    assert run("verify", f"{mine('112')}:mine_a", "-f", "json", "-o", str(file)) == (1, "", "")
    assert len(json.loads(file.read_text(encoding="utf-8"))) == 6


def test_unknown_models_are_found_before_the_work(refused: Refused) -> None:
    assert refused("verify", "lenet5", "lenet6") == "no model is called lenet6; did you mean lenet5?"


def test_an_interruption_keeps_what_was_finished(
    run: Run, mine: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the second network is verified."""
    import archlens.studies.verification as verification

    whole = verification.verify_model

    def interrupted(reference: Reference, settings: Mapping[str, Value]) -> tuple[Check, ...]:
        if reference.variant == "mine_b":
            raise KeyboardInterrupt
        return whole(reference, settings)

    monkeypatch.setattr(verification, "verify_model", interrupted)
    path = mine("118")
    outcome = run("verify", f"{path}:mine_a", f"{path}:mine_b")
    assert outcome.code == 130
    assert "1 network, 6 checks: 6 equal" in outcome.out
    assert outcome.err == "archlens: interrupted after 1 of 2 networks\n"


def test_a_file_stands_for_all_its_variants(run: Run, mine: Callable[[str], str]) -> None:
    outcome = run("verify", mine("112"))
    assert outcome.code == 1
    assert [line.split()[0] for line in outcome.out.splitlines()[3:5]] == ["mine_a", "mine_b"]


def test_golden_of_receptive_fields(run: Run, golden: Golden) -> None:
    outcome = run("verify", "--receptive-field", "lenet5", "shufflenet_v2_x0_5", "vgg11", "swin_t")
    assert (outcome.code, outcome.err) == (0, "")
    golden("verify_receptive_field.txt", outcome.out)


def test_receptive_fields_as_json(run: Run) -> None:
    shown = json.loads(run("verify", "--receptive-field", "lenet5", "-f", "json").out)
    assert shown[-1] == {
        "model": "lenet5",
        "subject": "receptive field",
        "source": "gradient",
        "expected": "32×32, stride 4×4, padding 0×0",
        "found": "32×32, stride 4×4, padding 0×0",
        "difference": "",
        "verdict": "equal",
        "why": "",
    }


def test_several_networks_are_verified_in_other_processes(run: Run, mine: Callable[[str], str]) -> None:
    """In the order in which they were asked for, each once, and the one that is wrong is an exit code."""
    names = ("lenet5", "squeezenet1_1", "squeezenet1_0", "resnet20")
    outcome = run("verify", *names, mine("112"), "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(outcome.out)))
    assert outcome.code == 1
    assert list(dict.fromkeys(row["model"] for row in rows)) == [*names, "mine_a", "mine_b"]
    assert [row["model"] for row in rows if row["verdict"] == "different"] == ["mine_a"]


MODULE = """
from torch import nn

def net(width=8):
    return nn.Sequential(nn.Conv2d(3, width, 3), nn.ReLU(), nn.Flatten(), nn.Linear(width * 36, 10))
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of the user's, in a file where we are."""
    (tmp_path / "net_to_verify.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return "net_to_verify.py:net"


def test_golden_of_a_module(run: Run, golden: Golden, module: str) -> None:
    outcome = run("verify", module, "--input", "3x8x8")
    assert (outcome.code, outcome.err) == (0, "")
    golden("verify_module.txt", outcome.out)


def test_settings_and_inputs(run: Run, module: str) -> None:
    """4 channels of 6×6 places, and 144·10 weights."""
    shown = json.loads(run("verify", module, "-s", "width=4", "--input", "3x8x8", "-f", "json").out)
    assert [row["expected"] for row in shown if row["subject"] == "multiply_adds"] == [
        str(108 * 36 + 1440)
    ] * 2
    shown = json.loads(run("verify", "lenet5", "-s", "classes=5", "--input", "1x36x36", "-f", "json").out)
    assert {row["verdict"] for row in shown} == {"equal"}
    assert {row["model"] for row in shown} == {"lenet5 classes=5"}


def test_an_onnx_file_and_an_exported_program(run: Run, tmp_path: Path) -> None:
    for name in ("lenet.onnx", "lenet.pt2"):
        path = str(export(archlens.load("lenet5"), tmp_path / name))
        outcome = run("verify", path)
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.splitlines()[3].split()[:5] == ["lenet", "equal", "equal", "equal", "equal"]


def test_networks_without_a_spec_are_refused_in_one_line(refused: Refused, module: str) -> None:
    assert refused("verify", "net_to_verify.py:nett", "--input", "3x8x8") == (
        "net_to_verify.py:nett: net_to_verify.py has no nett; did you mean net?"
    )
    assert refused("verify", module, code=2) == (
        f"{module} does not tell what it takes: give --input, such as --input 3x224x224"
    )
    assert refused("verify", "none.pt2") == "none.pt2: no such file"
    assert refused("verify", "none.onnx") == "none.onnx: there is no such file"
    assert refused("verify", "none.onnx", "-s", "a=1", code=2) == "-s a: an ONNX file has no settings"
    assert refused("verify", module, "--receptive-field", code=2) == (
        f"--receptive-field: {module} is no spec, and gradients need one"
    )


def test_options_that_do_not_fit_are_refused(refused: Refused) -> None:
    assert refused("verify", "-s", "a=1", code=2) == "-s a=1: say of which network"
    assert refused("verify", "--input", "3x8x8", code=2) == "--input 3x8x8: say of which network"
    assert refused("verify", "lenet5", "--input", "32x32", code=2) == (
        "--input 32x32: lenet5 takes 3 axes, such as 1x32x32"
    )
    assert refused("verify", "lenet5", "--input", "1x32x32", "--receptive-field", code=2) == (
        "--input 1x32x32: --receptive-field takes none"
    )
