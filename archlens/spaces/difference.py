"""What makes a sweep another one than a store holds, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["differences"]


def differences(kept: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """What differs between the identities of two sweeps; nothing where they are one."""
    return "; ".join(_told(kept, asked))


def _told(kept: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    if kept["archlens"] != asked["archlens"]:
        yield f"it was made by archlens {kept['archlens']}, and this is {asked['archlens']}"
    yield from _space(kept["space"], asked["space"])
    if kept["spec"] != asked["spec"] and kept["space"]["model"] == asked["space"]["model"]:
        yield f"the spec of {asked['space']['model']} has changed"
    if missing := [key for key in asked["metrics"] if key not in kept["metrics"]]:
        yield f"its variants were not asked for {', '.join(missing)}"
    if kept["device"] != asked["device"]:
        names = [each[0] if each else "no device" for each in (kept["device"], asked["device"])]
        changed = f"{names[0]} has changed" if names[0] == names[1] else f"{names[0]}, not {names[1]}"
        yield f"times are those of {changed}"
    if kept["chunk"] != asked["chunk"]:
        yield f"its chunks are of {kept['chunk']} variants, not of {asked['chunk']}"
    if kept["batch"] != asked["batch"]:
        yield f"its batch is {kept['batch']}, not {asked['batch']}"
    if kept["walk"] != asked["walk"]:
        yield f"its variants are {_walk(kept['walk'])}, not {_walk(asked['walk'])}"


def _space(kept: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    if kept == asked:
        return
    if kept["model"] != asked["model"]:
        yield f"it is of {kept['model']}, not {asked['model']}"
        return
    before, now = ({key: rest for key, *rest in each["over"]} for each in (kept, asked))
    for key in {**before, **now}:
        if key not in now:
            yield f"{key} differs among its variants"
        elif key not in before:
            yield f"{key} does not differ among its variants"
        elif before[key] != now[key]:
            yield f"{key} has other values"
    if [*before] != [*now] and {*before} == {*now}:
        yield "its settings stand in another order"
    for what, name in (("let", "let"), ("require", "conditions"), ("defaults", "defaults")):
        if kept[what] != asked[what] and (what != "defaults" or before == now):
            yield f"its {name} are others"


def _walk(walk: Mapping[str, Any]) -> str:
    if not walk:
        return "all of the space"
    return ", ".join(f"{key} {value}" for key, value in walk.items())
