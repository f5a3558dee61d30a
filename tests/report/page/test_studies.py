"""The guidelines and the savings, as the page has them."""

from archlens.report.page.nodes import Layers
from archlens.report.page.studies import Studies, guideline_data, saving_data
from archlens.studies.guidelines.speed import Race, Speed
from archlens.studies.guidelines.study import FOUR, counted
from archlens.studies.guidelines.verdict import Trial
from archlens.studies.savings.result import savings


def test_the_four_guidelines_with_what_is_printed() -> None:
    found = guideline_data(Layers(), Studies.all().trials)
    assert [each["key"] for each in found] == list(FOUR)
    first = found[0]
    assert (first["table"], first["printed_on"]["gpu"]) == ("Table 1", "GTX 1080 Ti")
    rows = [(case["row"], case["scale"], case["printed"]["gpu"]) for case in first["cases"]]
    assert rows[0] == ("1:1", 1, 1480)  # Table 1 of the paper
    assert ("1:12", 4, 163) in rows
    assert first["judged"] == {"gpu": [9, 9], "arm": [9, 9]}
    assert all(case["measured"] is None for each in found for case in each["cases"])


def test_every_saving_has_its_networks_and_its_work() -> None:
    layers = Layers()
    found = saving_data(layers, savings())
    assert [each["name"] for each in found] == [each.entry.name for each in savings()]
    works = layers.columns()["works"]
    for each in found:
        for network in each["networks"]:
            pairs = network["work"]["eager"]
            counted_here = sum(
                times * works["multiply_adds"][place]
                for place, times in zip(pairs[::2], pairs[1::2], strict=True)
            )
            assert counted_here == network["multiply_adds"]


def test_races_are_told_with_their_intervals_and_their_machine() -> None:
    trial = counted(("g1",), scales=(1,), channels="gpu").trials[0]
    speeds = [
        Speed(seconds=0.001 * i, interval=(0.0009 * i, 0.0011 * i), ratio=1 / i, likely=(0.9 / i, 1.1 / i))
        for i in range(1, 5)
    ]
    race = Race(speeds=tuple(speeds), interrupted=False, where=("cpu, batch 1", "Some CPU"))
    raced = Trial(guideline=trial.guideline, experiments=trial.experiments, races=(race,))
    (found,) = guideline_data(Layers(), [raced])
    assert found["where"] == "cpu, batch 1; Some CPU"
    assert [case["measured"] is None for case in found["cases"]] == [True, False, False, False]
    assert found["cases"][1]["measured"] == [0.5, 0.45, 0.55]
