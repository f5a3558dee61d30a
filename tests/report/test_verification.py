"""Checks as tables: one network with everything equal, one explained, one that is wrong."""

import json

from archlens.report.render import render_markdown, render_text
from archlens.report.verification import ledger_table, verification_as_dict, verification_table
from archlens.studies.claims import Check


def equal(model: str, subject: str, source: str) -> Check:
    return Check(model, subject, source, "7", "7", "", "equal")


def counted(model: str) -> list[Check]:
    return [
        equal(model, "params", "PyTorch"),
        equal(model, "shapes", "PyTorch"),
        equal(model, "multiply_adds", "torch.utils.flop_counter / 2"),
        equal(model, "multiply_adds", "fvcore"),
    ]


EXPLAINED = Check("b", "params", "Table 1", "5", "7", "+2 (+40.0%)", "explained", "the bias: 5 + 2 = 7")
OPEN = Check("b", "params", "Table 4", "6", "7", "+1 (+16.7%)", "open", "no arithmetic found")
WRONG = Check("c", "multiply_adds", "Table 2", "5", "7", "+2 (+40.0%)", "different")
BAD_SHAPE = Check("c", "shape of stem.conv1", "PyTorch", "(1, 2)", "(1, 3)", "", "different")
CHECKS = [
    *counted("a"),
    *counted("b"),
    equal("b", "params", "Table 3"),
    EXPLAINED,
    OPEN,
    *counted("c"),
    WRONG,
    BAD_SHAPE,
]


def test_a_row_a_network_and_a_sentence_a_difference() -> None:
    assert (
        render_text(verification_table(CHECKS))
        == """\
               shapes,               torch's
model  params  costs                 counter  fvcore  claims
──────────────────────────────────────────────────────────────────────────────────
a      equal   equal                 equal    equal   none
b      equal   equal                 equal    equal   1 equal, 1 explained, 1 open
c      equal   1 equal, 1 DIFFERENT  equal    equal   DIFFERENT

explained: b params: Table 1 has 5, archlens 7 +2 (+40.0%): the bias: 5 + 2 = 7
open: b params: Table 4 has 6, archlens 7 +1 (+16.7%): no arithmetic found
DIFFERENT: c multiply_adds: Table 2 has 5, archlens 7 +2 (+40.0%)
DIFFERENT: c shape of stem.conv1: PyTorch has (1, 2), archlens (1, 3)

3 networks, 17 checks: 13 equal to the digits printed, 1 explained, 1 open, 2 unexplained
"""
    )


def test_nothing_to_tell() -> None:
    assert (
        render_text(verification_table(counted("a")))
        == """\
               shapes,  torch's
model  params  costs    counter  fvcore  claims
───────────────────────────────────────────────
a      equal   equal    equal    equal   none

1 network, 4 checks: 4 equal to the digits printed, 0 explained, 0 unexplained
"""
    )


def test_a_row_a_check() -> None:
    lines = render_markdown(ledger_table(CHECKS)).splitlines()
    assert lines[0] == "| model | subject | source | expected | found | difference | verdict | why |"
    assert len(lines) == 2 + len(CHECKS)
    assert lines[2 + CHECKS.index(EXPLAINED)] == (
        "| b | params | Table 1 | 5 | 7 | +2 (+40.0%) | explained | the bias: 5 + 2 = 7 |"
    )


def test_as_a_dictionary() -> None:
    shown = json.loads(json.dumps(verification_as_dict(CHECKS)))
    assert len(shown) == len(CHECKS)
    assert shown[CHECKS.index(EXPLAINED)] == {
        "model": "b",
        "subject": "params",
        "source": "Table 1",
        "expected": "5",
        "found": "7",
        "difference": "+2 (+40.0%)",
        "verdict": "explained",
        "why": "the bias: 5 + 2 = 7",
    }


def test_what_is_not_comparable_is_no_difference() -> None:
    apart = Check("d", "multiply_adds", "fvcore", "5", "7", "+2", "incomparable", "it passes over mv")
    checks = [*counted("d")[:3], apart]
    lines = render_text(verification_table(checks)).splitlines()
    assert lines[3] == "d      equal   equal    equal    not comparable  none"
    assert lines[5] == "not comparable: d multiply_adds: fvcore has 5, archlens 7 +2: it passes over mv"
    assert lines[-1] == (
        "1 network, 4 checks: 3 equal to the digits printed, 0 explained, 1 not comparable, 0 unexplained"
    )
