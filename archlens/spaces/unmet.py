"""Why no variant is within a budget: how near the nearest one comes to what it asks."""

from collections.abc import Iterator

from archlens.report.choice import Condition, Where
from archlens.spaces.figures import Objective, figure
from archlens.spaces.sweep import Sweep

__all__ = ["unmet"]


def unmet(sweep: Sweep, budget: Where | None) -> tuple[str, ...]:
    """A sentence for each condition of the budget that no variant meets, with the best there is of it.

    Where variants meet each condition, and none meets all of them at once, one sentence says so.
    """
    conditions = dict.fromkeys(each for group in budget.groups for each in group) if budget else {}
    alone = tuple(sentence for each in conditions for sentence in without_variant(sweep, each))
    if conditions and not alone:
        return ("some variants meet each condition of the budget, and none meets all of them at once",)
    return alone


def without_variant(sweep: Sweep, condition: Condition) -> Iterator[str]:
    """The sentence of a condition; nothing where a variant meets it."""
    if sweep.store.matching(Where(((condition,),))) or isinstance(condition.value, str):
        return
    told = figure(condition.name)
    asked = f"no variant has {told.label} {condition.sign} {told.show(condition.value)}"
    if condition.sign[0] not in "<>":
        yield asked
        return
    largest = condition.sign.startswith(">")
    best = next(sweep.store.rows([told.key], None, [Objective(told.key, largest)], 1), None)
    yield f"{asked}: the {'most' if largest else 'least'} is {told.show(best[1])}" if best else asked
