"""Variants at random: settings drawn from what they are declared to be, some of which do not fit."""

import random
from collections.abc import Sequence

from archlens.spec.items import Spec
from archlens.spec.read import Value
from archlens.spec.settings import Setting

__all__ = ["drawn_input", "drawn_settings"]


def drawn_settings(spec: Spec, variant: str, draw: random.Random) -> dict[str, Value]:
    """Up to three settings of a network, each near what it has or among its choices."""
    own = {**spec.settings, **spec.variants[variant]}
    names = draw.sample([*spec.declared], min(len(spec.declared), draw.randrange(4)))
    return {name: drawn(spec.declared[name], own[name], draw) for name in names}


def drawn(setting: Setting, value: Value, draw: random.Random) -> Value:
    """A value that the setting may have; of a list, some elements are others."""
    if isinstance(value, tuple):
        return tuple(drawn(setting, each, draw) if draw.random() < 0.4 else each for each in value)
    if setting.choices:
        return draw.choice(setting.choices)
    if isinstance(value, bool):
        return draw.random() < 0.5
    if isinstance(value, int):
        near = (-2, -1, 1, 2, value, -(value // 2))
        other = value + draw.choice((*near, 8) if value >= 8 else near)  # 8 more of a few blocks are many
        most = other if setting.most is None else min(other, int(setting.most))
        return max(most, 0 if setting.least is None else int(setting.least))
    return round(value * draw.choice((0.5, 0.75, 1.25, 2)), 4) if isinstance(value, float) else value


def drawn_input(
    spec: Spec, variant: str, draw: random.Random, steps: Sequence[int] = (-32, -1, 16, 32)
) -> tuple[int, ...] | None:
    """The network's own input, or now and then a larger or a smaller one, each side by one of the steps."""
    own = {**spec.settings, **spec.variants[variant]}["input"]
    if draw.random() < 0.7 or not isinstance(own, tuple):
        return None
    channels, *lengths = (int(str(length)) for length in own)
    return (channels, *(max(1, length + draw.choice(steps)) for length in lengths))
