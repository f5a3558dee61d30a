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
SUBCOMMANDS = {
    "devices": {"list": "rtx", "show": "rtx4090"},
    "results": {
        "list": "'resnet*'",
        "show": "12",
        "rm": "12 13",
        "diff": "torch=2.12.* torch=2.13.0",
    },
    "spec": {
        "show": "resnet18 --source",
        "check": "net.yaml",
        "new": "net.yaml",
        "operators": "'conv*'",
        "schema": "-o spec.schema.json",
    },
    "sweep": {
        "run": "shufflenet_v2 --over head=512,1024,2048 --minimise params,memory_access",
        "front": "shufflenet_v2.sqlite --where 'params <= 2M' --plot front.svg",
        "top": "10 shufflenet_v2.sqlite --by params",
        "status": "shufflenet_v2.sqlite",
        "distribution": "shufflenet_v2.sqlite memory_access params --beside shufflenet_v2",
        "export": "shufflenet_v2.sqlite -o variants.csv",
        "measure": "shufflenet_v2.sqlite --most 5",
    },
}
"""Commands that have commands of their own, `app` in the module of their name, each with an example."""


class Commands(MutableMapping[str, Any]):
    """What Typer makes of the commands, made where it is looked up.

    examples  by command, what its help ends with
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
        alone.add_typer(module.app, name=name, epilog=f"Example: archlens {name} {examples[name]}")
    else:
        alone.command(
            name,
            epilog=f"Example: archlens {name} {examples[name]}",
            context_settings={"ignore_unknown_options": True} if name == "savings" else None,
        )(getattr(module, FUNCTIONS[name]))
    command: Any = get_group(alone).commands[name]
    for own, example in SUBCOMMANDS.get(name, {}).items():
        command.commands[own].epilog = f"Example: archlens {name} {own} {example}"
    return command
