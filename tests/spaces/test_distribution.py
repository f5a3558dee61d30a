"""Quantiles, standings and correlations of a sweep, beside NumPy's, SciPy's and counting by hand."""

import pytest

from archlens.errors import UsageError
from archlens.spaces.distribution import Distribution, distributions
from archlens.spaces.distribution_tables import distribution_result
from archlens.spaces.evaluate import Evaluator
from tests.spaces.conftest import Swept

numpy = pytest.importorskip("numpy")
stats = pytest.importorskip("scipy.stats")


def test_quantiles_are_numpys(swept: Swept) -> None:
    found = distributions(swept(), ["memory_access"], by="classes")
    for group in found.groups:
        own = [row[0] for _, value, row in found.rows if value == group]
        for share in (0.0, 0.05, 0.3, 0.5, 0.99, 1.0):
            assert found.of("memory_access", group).at(share) == pytest.approx(numpy.quantile(own, share))
    assert Distribution((3.0,)).at(0.4) == 3.0


def test_every_variant_within_the_budget_is_counted(swept: Swept) -> None:
    middle = sorted(each.metrics["params"] for each in swept().all())[10]
    sweep = swept(where=f"params < {middle}")
    found = distributions(sweep)
    within = [each for each in sweep.all() if each.metrics["params"] < middle]
    assert 0 < len(within) < sweep.store.counts()[2]
    assert found.keys == ("params", "memory_access")
    assert sorted(row for *_, row in found.rows) == sorted(
        (each.metrics["params"], each.metrics["memory_access"]) for each in within
    )


def test_where_a_network_stands(swept: Swept) -> None:
    sweep = swept()
    found = distributions(sweep, ["memory_access"], by="classes", beside=["lenet5[classes=3]", "lenet5"])
    own, other = found.standings
    assert (own.group, other.group) == (3, None)  # LeNet-5 itself has 10 classes, which no variant has
    for each, classes in ((own, [3]), (other, [2, 3, 4, 5])):
        values = [one.metrics["memory_access"] for one in sweep.all() if one.settings["classes"] in classes]
        less = sum(value < each.metrics["memory_access"] for value in values)
        same = sum(value == each.metrics["memory_access"] for value in values)
        assert each.below["memory_access"] == (less + same / 2) / len(values)


def test_correlations_are_scipys(swept: Swept) -> None:
    found = distributions(swept(), ["params", "memory_access", "multiply_adds"])
    columns = dict(zip(found.keys, zip(*(row for *_, row in found.rows), strict=True), strict=True))
    assert len(found.correlations) == 3
    for (a, b), value in found.correlations.items():
        assert value == pytest.approx(stats.spearmanr(columns[a], columns[b]).statistic)


def test_latency_is_predicted_for_any_device(swept: Swept) -> None:
    sweep = swept()
    found = distributions(
        sweep, ["params", "latency"], device="i7-12700h", batch=4, beside=["lenet5[classes=3]"]
    )
    predict = Evaluator("lenet5", ("latency",), "i7-12700h", 4)
    for number, _, (_, seconds) in found.rows:
        settings = sweep.variants.settings(number)
        shape = settings.pop("input")
        assert seconds == predict(settings, shape)["latency"]  # type: ignore[arg-type]
    assert found.standings[0].metrics["latency"] == predict({"classes": 3})["latency"]
    page = distribution_result(sweep, found).page()
    assert "latency predicted for i7-12700h, batch 4" in page.tables[0].footer


def test_what_is_refused(swept: Swept) -> None:
    sweep = swept()
    for given, said in [
        ({"keys": ["latency"]}, "METRIC: latency was not asked of these variants"),
        ({"keys": ["parms"]}, "did you mean params?"),
        ({"by": "clases"}, "--by clases: no such setting differs; did you mean classes?"),
        ({"device": "pixel1"}, "--device is for latency"),
        ({"batch": 2}, "--batch is that of a predicted latency"),
    ]:
        with pytest.raises(UsageError) as caught:
            distributions(sweep, **given)  # type: ignore[arg-type]
        assert said in str(caught.value)
    with pytest.raises(UsageError, match="no variant is within the budget"):
        distributions(swept(where="params < 1"))


def test_the_picture(swept: Swept) -> None:
    pytest.importorskip("altair")
    pytest.importorskip("vl_convert")
    from archlens.report.charts.picture import picture
    from archlens.spaces.distribution_plot import distribution_chart
    from archlens.spaces.plot import MOST_POINTS

    sweep = swept()
    found = distributions(sweep, ["memory_access", "params"], by="classes", beside=["lenet5"])
    made = picture(distribution_chart(sweep, found), ".svg").decode()
    assert made.startswith("<svg")
    assert "lenet5" in made
    assert len(found.rows) < MOST_POINTS
