"""Groups of commands: their help, and the one that is meant where none is named."""

from typing import Any

from typer.core import TyperGroup

__all__ = ["ListsUnlessTold", "Summarised"]


class Summarised(TyperGroup):
    """A group of commands whose help has the whole summary of each."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a line a command, folded and not cut."""
        with formatter.section("Commands"):
            shown = [(name, each.get_short_help_str(limit=200)) for name, each in self.commands.items()]
            formatter.write_dl(shown)


class ListsUnlessTold(Summarised):
    """A group of commands in which `list` is meant where none of them is named."""

    def parse_args(self, context: Any, arguments: list[str]) -> list[str]:
        """Put `list` in front of what is neither a command nor a call for help."""
        if not arguments or arguments[0] not in (*self.commands, *context.help_option_names):
            arguments = ["list", *arguments]
        return super().parse_args(context, arguments)
