"""The table of networks, against their profiles."""

import archlens
from archlens.devices import find
from archlens.report.page.model import Model, catalogue
from archlens.report.table import AtLeast
from archlens.report.zoo import zoo_row, zoo_table
from tests.wiring import incomplete


def test_a_row_is_the_profile() -> None:
    (model,) = catalogue(["lenet5"])
    row, profile = zoo_row(model), archlens.profile(archlens.load("lenet5"))
    assert row.numbers["params"] == profile.totals.params == 61706
    assert row.numbers["layers"] == 5
    assert (row.family, row.title, row.year, row.input) == ("lenet", "LeNet", 1998, (1, 1, 32, 32))
    assert sum(row.verdicts.values()) == len(model.claims) > 0
    table = zoo_table([row], linked=True)
    columns, ((name, *_),), _ = table.shown()
    assert name == "[lenet5](networks/lenet5.md)"
    assert "reads" not in [column.key for column in columns]
    assert "reads" in [column.key for column in table.columns]


def test_a_lower_bound_says_so() -> None:
    row = zoo_row(Model(incomplete()), find("a100"))
    assert row.numbers["params"] == AtLeast(54)
    assert isinstance(row.seconds, AtLeast)
    assert row.interval is None
    assert any(note.startswith("≥ is a lower bound") for note in zoo_table([row]).footer)


def test_times_stand_beside_their_interval() -> None:
    near, far = catalogue(["resnet18", "vit_b_16"])
    rows = [zoo_row(model, find("pixel3")) for model in (near, far)]
    told = archlens.predict(near.graph, "pixel3")
    assert (rows[0].seconds, rows[0].interval) == (told.estimate.seconds, told.interval)
    assert rows[1].seconds is None
    table = zoo_table(rows, device="pixel3")
    assert {"predicted_s", "interval_s", "low_s", "high_s"} <= {column.key for column in table.columns}
