"""What is said where no variant is within the budget."""

from collections.abc import Callable, Iterable

import pytest

from archlens.report.render import render_text
from archlens.spaces.tables import front_result, top_result
from archlens.spaces.unmet import unmet
from tests.spaces.conftest import Swept


@pytest.mark.parametrize(
    ("where", "metric", "sign", "word", "best"),
    [
        ("params < 1k", "params", "<", "least", min),
        ("params >= 1G", "params", ">=", "most", max),
        ("memory_access <= 2", "memory_access", "<=", "least", min),
    ],
)
def test_the_nearest_variant_is_named(
    swept: Swept, where: str, metric: str, sign: str, word: str, best: Callable[[Iterable[int]], int]
) -> None:
    found = swept(where=where)
    (said,) = unmet(found, found.where)
    reached = best(each.metrics[metric] for each in found.all())
    assert f" {sign} " in said
    assert f": the {word} is " in said
    assert f"{reached / 1e3:#.4g}".rstrip(".") in said
    assert said in front_result(found).page().notes
    assert said in render_text(top_result(found, 3, None, None).page().tables[0])


def test_conditions_that_are_met_one_by_one(swept: Swept) -> None:
    params = [each.metrics["params"] for each in swept().all()]
    found = swept(where=f"params <= {min(params)} and params >= {max(params)}")
    assert unmet(found, found.where) == (
        "some variants meet each condition of the budget, and none meets all of them at once",
    )


def test_what_has_no_nearest(swept: Swept) -> None:
    found = swept(where="params = 7")
    assert unmet(found, found.where) == ("no variant has params = 7",)
    assert unmet(found, None) == ()
