"""One network of the catalogue: what is asked of it by name, and what is kept of it."""

import json

from archlens.cost import Cost
from archlens.report.entry import Entry
from archlens.spec.items import Accuracy

WRITTEN = Entry(
    model="square",
    aliases=("quad",),
    family="shapes",
    title="Squäre",
    year=None,
    input=(1, 3, 8, 8),
    cost=Cost(params=1, multiply_adds=2, elementwise=3, reads=4, writes=5, activations=6),
    accuracy=Accuracy(70.5, "Table 1"),
    metrics={"layers": 7},
)


def test_facts_and_metrics_are_known_by_name() -> None:
    names = ("params", "multiply_adds", "top1", "top1_where", "layers", "latency", "family", "nonsense")
    expected = [1, 2, 70.5, "Table 1", 7, None, "shapes", None]
    assert [WRITTEN.known(name) for name in names] == expected
    assert WRITTEN.names == ("square", "quad", "shapes", "Squäre")


def test_what_is_kept_comes_back_from_a_file_but_for_metrics() -> None:
    back = Entry.of_kept(json.loads(json.dumps(WRITTEN.kept())))
    assert back != WRITTEN
    assert (back.cost, back.accuracy, back.input, back.aliases) == (
        Cost(params=1, multiply_adds=2, elementwise=3, reads=4, writes=5, activations=6),
        Accuracy(70.5, "Table 1"),
        (1, 3, 8, 8),
        ("quad",),
    )
    assert back.as_dict() == {key: value for key, value in WRITTEN.as_dict().items() if key != "layers"}
    assert (back.metrics, back.latency_s) == ({}, None)
