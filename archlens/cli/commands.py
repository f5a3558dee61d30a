"""The commands by their names, each of which is made, and its module imported, when it is asked for."""

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.main import get_group

__all__ = ["FUNCTIONS", "SUBCOMMANDS", "Commands"]

FUNCTIONS = {
    "profile": "profile",
    "compare": "compare",
    "list": "list_models",
    "settings": "settings",
    "receptive-field": "receptive_field",
    "diff": "diff",
    "plot": "plot",
    "report": "report",
    "measure": "measure",
    "predict": "predict",
    "calibrate": "calibrate",
    "lint": "lint",
    "guidelines": "guidelines",
    "savings": "savings",
    "check": "check",
    "verify": "verify",
    "reconcile": "reconcile",
    "export": "export",
}
"""For each command its function, in the module of the command's name."""
SUBCOMMANDS = ("devices", "results", "spec", "sweep")
"""Commands that have commands of their own: `app` in the module of their name."""


class Commands(MutableMapping[str, Any]):
    """What Typer makes of the commands, made where it is looked up.

    examples  by command, what the help of each function ends with
    """

    def __init__(self, examples: Mapping[str, str]) -> None:
        self._examples = examples
        self._names = dict.fromkeys([*FUNCTIONS, *SUBCOMMANDS])
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = made(name, self._examples)
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._names[name] = None
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._names[name]
        self._made.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def made(name: str, examples: Mapping[str, str]) -> Any:
    """The command of a name, as Typer makes it of its function."""
    module = import_module(f"archlens.cli.{name.replace('-', '_')}")
    alone = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)
    if name in SUBCOMMANDS:
        alone.add_typer(module.app, name=name)
    else:
        alone.command(
            name,
            epilog=f"Example: archlens {name} {examples[name]}",
            context_settings={"ignore_unknown_options": True} if name == "savings" else None,
        )(getattr(module, FUNCTIONS[name]))
    return get_group(alone).commands[name]
