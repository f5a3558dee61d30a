"""CSV and frames, read back by the csv module and by pandas."""

import csv
import io

import pandas

from archlens.report.formats.csv import frame
from archlens.report.render import render, render_csv
from archlens.report.table import Column, Table
from tests.report.tables import RESULT, TABLE


def test_csv_has_raw_values_and_nothing_derived() -> None:
    assert render_csv(TABLE) == (
        'name,output,reads,multiply_adds,memory_access\nstem,1x64x56x56,5,118013952,7\n"a|b, <c>",,6,2000,8\n'
    )


def test_csv_writes_truth_as_json_does() -> None:
    assert render_csv(Table((Column("complete", ""),), ((True,), (False,)))) == "complete\ntrue\nfalse\n"


def test_pandas_reads_numbers() -> None:
    read = pandas.read_csv(io.StringIO(render(RESULT, "csv")))
    assert [read[key].dtype.kind for key in ("reads", "multiply_adds", "memory_access")] == ["i", "i", "i"]


def test_a_missing_integer_leaves_the_others_integers() -> None:
    table = Table((Column("n", ""), Column("x", "")), ((1, 0.1), (None, None), (2**70, 1e-9)))
    assert list(csv.reader(io.StringIO(render_csv(table)))) == [
        ["n", "x"], ["1", "0.1"], ["", ""], [str(2**70), "1e-09"],
    ]  # fmt: skip


def test_a_frame_has_what_csv_has() -> None:
    assert frame(TABLE)["multiply_adds"].tolist() == [118013952, 2000]
    assert list(frame(TABLE)) == ["name", "output", "reads", "multiply_adds", "memory_access"]
