"""Groups of commands, one of which is meant where none is named."""

from typing import Any

from typer.core import TyperGroup

__all__ = ["ListsUnlessTold"]


class ListsUnlessTold(TyperGroup):
    """A group of commands in which `list` is meant where none of them is named."""

    def parse_args(self, context: Any, arguments: list[str]) -> list[str]:
        """Put `list` in front of what is neither a command nor a call for help."""
        if not arguments or arguments[0] not in (*self.commands, *context.help_option_names):
            arguments = ["list", *arguments]
        return super().parse_args(context, arguments)
