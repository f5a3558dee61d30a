"""A variant of a network as people name it everywhere else: MODEL[key=value,…]."""

from collections.abc import Mapping

from archlens.spec.read import Value
from archlens.spec.reference import split_model

__all__ = ["reference", "written"]


def written(value: Value) -> str:
    """A value as a reference holds it, in full.

    >>> written((48, (96, True))), written(0.5)
    ('[48,[96,true]]', '0.5')
    """
    if isinstance(value, tuple):
        return f"[{','.join(map(written, value))}]"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def reference(model: str, settings: Mapping[str, Value]) -> str:
    """The reference of a model under settings, which go before those in its own brackets.

    >>> reference("resnet50[base=4]", {"groups": 32, "input": (3, 160, 160)})
    'resnet50[base=4,groups=32,input=3x160x160]'
    """
    name, given = split_model(model)
    chosen = {**given, **settings}
    if not chosen:
        return model
    parts = [f"{key}={_input(value) if key == 'input' else written(value)}" for key, value in chosen.items()]
    return f"{name}[{','.join(parts)}]"


def _input(shape: Value) -> str:
    return "x".join(map(str, shape)) if isinstance(shape, tuple) else written(shape)
