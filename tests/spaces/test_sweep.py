"""A sweep as a whole, beside what `profile` and `predict` say of every variant by itself."""

from pathlib import Path

import pytest

import archlens
from archlens.errors import UsageError
from archlens.spaces.figures import objectives
from tests.spaces.conftest import SMALL, Swept

OVER = {"head": "256,512", "widths": "[[48,96,192],[116,232,464]]", "input": "3x64x64..3x128x128/32"}


def test_every_variant_costs_what_profile_says() -> None:
    found = archlens.sweep("shufflenet_v2", OVER, minimise="latency,memory_access", device="pixel1")
    variants = [*found.all()]
    assert len({each.model for each in variants}) == 2 * 2 * 3
    for each in variants:
        graph = archlens.load(each.model)
        totals = archlens.profile(graph).totals
        assert each.metrics["params"] == totals.params
        assert each.metrics["multiply_adds"] == totals.multiply_adds
        assert each.metrics["memory_access"] == totals.memory_access
        seconds = archlens.predict(graph, "pixel1").latency  # the same terms, added in another order
        assert each.metrics["latency"] == pytest.approx(seconds, rel=1e-12)


def test_the_front_is_that_of_the_definition() -> None:
    found = archlens.sweep("shufflenet_v2", OVER, minimise="params,memory_access", maximise="receptive_field")
    points = {
        each.model: (each.metrics["params"], each.metrics["memory_access"], -each.metrics["receptive_field"])
        for each in found.all()
    }
    best = {
        model
        for model, a in points.items()
        if not any(all(x <= y for x, y in zip(b, a, strict=True)) and b != a for b in points.values())
    }
    assert {each.model for each in found.front()} == best
    by = objectives(maximise=["params"])
    assert {each.metrics["params"] for each in found.front(by=by)} == {max(a[0] for a in points.values())}


def test_the_best_under_a_budget() -> None:
    found = archlens.sweep(
        "shufflenet_v2", OVER, where="multiply_adds <= 30M and params > 500k", maximise="params"
    )
    within = [
        each for each in found.all() if each.metrics["multiply_adds"] <= 30e6 and each.metrics["params"] > 5e5
    ]
    assert 0 < len(within) < 12
    assert found.front()[0].metrics["params"] == max(each.metrics["params"] for each in within)
    top = found.top(3, by="-memory_access", where="")
    assert [each.metrics["memory_access"] for each in top] == sorted(
        (each.metrics["memory_access"] for each in found.all()), reverse=True
    )[:3]


def test_importance_of_a_closed_form() -> None:
    """The classifier's weights are 84·c + c: only the classes matter, whatever the input's batch."""
    found = archlens.sweep(
        "lenet5", {"classes": "1..9", "input": "1x28x28,1x32x32"}, let={}, minimise="params", metrics="layers"
    )
    shares = found.importance("params").shares
    first = {each.settings["input"]: each.metrics["params"] for each in found.all()}
    weights = 85**2 * (9**2 - 1) / 12
    inputs = (max(first.values()) - min(first.values())) ** 2 / 4
    assert shares["classes"] == pytest.approx(weights / (weights + inputs))
    assert shares["input"] == pytest.approx(inputs / (weights + inputs))
    assert found.importance("layers").shares == {"classes": 0.0, "input": 0.0}


def test_variants_that_do_not_fit_are_told(swept: Swept) -> None:
    found = swept(model="resnext50_32x4d", over={"groups": "1..3", "base": "4,5"}, require=())
    _, variants, fitted = found.store.counts()
    reasons = dict(found.store.misfits())
    assert variants == 6
    assert fitted + len(reasons) == 6
    for number in reasons:
        with pytest.raises(archlens.ArchlensError):
            archlens.load(found.variants.reference(number))


def test_conditions_leave_variants_out(swept: Swept) -> None:
    found = swept(require=("classes == 3", "in_height > 30"))
    assert {each.settings["classes"] for each in found.all()} == {3}
    assert {each.settings["input"] for each in found.all()} == {(1, n, n) for n in range(32, 41, 2)}


def test_processes_find_the_same(swept: Swept) -> None:
    one, two = swept(), swept(workers=2)
    assert [*one.all()] == [*two.all()]
    assert len(two.store.workers()) >= 1
    assert set(one.store.workers()).isdisjoint(two.store.workers())


def test_a_sample_is_of_the_space(swept: Swept) -> None:
    every = {each.model: each for each in swept().all()}
    found = swept(sample=10, seed=1)
    drawn = [*found.all()]
    assert len(drawn) + len([*found.store.misfits()]) == 10
    assert all(every[each.model] == each for each in drawn)


def test_frame_and_text(swept: Swept) -> None:
    found = swept()
    frame = found.frame()
    assert list(frame.columns) == ["model", "input", "classes", "params", "multiply_adds", "memory_access"]
    assert len(frame) == 20
    assert frame["input"][0] == "1x32x32"
    assert "28 variants, 20 of which fit" in str(found)
    html = found._repr_html_()
    assert html is not None
    assert "<table>" in html


def test_unknown_metrics() -> None:
    with pytest.raises(
        UsageError, match=r"--minimise: latenc is no metric of a variant; did you mean latency\?"
    ):
        archlens.sweep("lenet5", SMALL, minimise="latenc")
    with pytest.raises(UsageError, match="latency is predicted for a device"):
        archlens.sweep("lenet5", SMALL, minimise="latency")
    with pytest.raises(
        UsageError, match=r"--where 'parms < 3': parms is no metric of a variant; did you mean params"
    ):
        archlens.sweep("lenet5", SMALL, where="parms < 3")
    with pytest.raises(UsageError, match="expected params such as"):
        archlens.sweep("lenet5", SMALL, where="params < 3 ms")
    with pytest.raises(UsageError, match="is no condition such as"):
        archlens.sweep("lenet5", SMALL, where="params")
    with pytest.raises(UsageError, match="params is asked for twice"):
        archlens.sweep("lenet5", SMALL, minimise="params", maximise="params")
    with pytest.raises(UsageError, match="mac may mean multiply_adds or memory_access"):
        archlens.sweep("lenet5", SMALL, minimise="mac")


def test_a_space_file(tmp_path: Path) -> None:
    file = tmp_path / "space.yaml"
    file.write_text(
        "model: lenet5\nover:\n  input: 1x28x28..1x40x40/2\n  classes: [2, 3, 4..5]\nrequire: classes > 2\n"
        "where: params < 100k\nminimise: [params, memory_access]\n",
        encoding="utf-8",
    )
    found = archlens.sweep(str(file))
    same = archlens.sweep("lenet5", SMALL, require=["classes > 2"], minimise="params,memory_access")
    assert [*found.all()] == [*same.all()]
    assert [str(each) for each in found.objectives] == ["params", "memory_access"]
    assert found.where is not None
