"""Commands that are imported when they are called. In: a name, a module, a line of help. Out: a command like any other.

`--help` lists them all and `--version` needs none, and both should answer at once.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group


class Later(TyperCommand):
    """Stands in the list of commands; whoever calls it gets the context of the real one."""

    def __init__(self, name: str, module: str, help: str, panel: str) -> None:
        super().__init__(name, help=help, rich_help_panel=panel)
        self._module = module

    def make_context(self, *args: Any, **extra: Any) -> Any:
        return self.command.make_context(*args, **extra)

    @cached_property
    def command(self) -> TyperCommand | TyperGroup:
        """From the module's `app`, a noun with its verbs, or from what its `register` adds, verbs that stand alone."""
        module, found = import_module(self._module), typer.Typer()
        if hasattr(module, "app"):
            found.add_typer(module.app, name=self.name, help=self.help)
        else:
            module.register(found)
        command = get_group(found).commands[str(self.name)]
        assert isinstance(command, TyperCommand | TyperGroup)  # noqa: S101  for the type checker: Typer makes no other
        return command


def group_of(commands: Sequence[Later]) -> type[TyperGroup]:
    """The class of a group that has these, for `typer.Typer(cls=…)`."""

    class Group(TyperGroup):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            for command in commands:
                self.add_command(command)

    return Group
