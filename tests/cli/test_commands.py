"""Commands by their names: all of them known, only those that are asked for imported."""

import subprocess
import sys

import pytest

from archlens.cli.commands import FUNCTIONS, SUBCOMMANDS, Commands

EXAMPLES = dict.fromkeys((*FUNCTIONS, *SUBCOMMANDS), "lenet5")


def test_each_command_bears_its_name() -> None:
    commands = Commands(EXAMPLES)
    assert [*commands] == [*FUNCTIONS, *SUBCOMMANDS]
    assert all(commands[name].name == name for name in commands)
    assert commands["savings"] is commands["savings"]


def test_what_is_no_command_is_not_there() -> None:
    commands = Commands(EXAMPLES)
    assert "app" not in commands
    assert commands.get("nonsense") is None
    with pytest.raises(KeyError):
        commands["output"]


def test_a_command_imports_no_other() -> None:
    """Looked at in a process of its own, from the modules that are there once `settings` has run."""
    script = (
        "import sys; sys.argv[1:] = ['settings', 'lenet5']\n"
        "from archlens.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*[name for name in sys.modules if name.startswith('archlens.cli.')])"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.rpartition(".")[2] for name in ended.stdout.splitlines()[-1].split()}
    others = {name.replace("-", "_") for name in (*FUNCTIONS, *SUBCOMMANDS)} - {"settings"}
    assert "settings" in loaded
    assert not loaded & others
