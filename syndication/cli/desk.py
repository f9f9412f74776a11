"""What every command works with: a House opened when first needed, and the options they share."""

import getpass
import logging
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Annotated

import typer

from syndication import logs
from syndication.errors import NotFoundError
from syndication.wiring import House

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many rows.")]


class Desk:
    """Hangs on the command's context. Commands say `desk_of(context)`."""

    def __init__(self, config: Path | None, data: Path | None) -> None:
        self.config, self.data = config, data

    @cached_property
    def house(self) -> House:
        # A command says what came of it by itself, so it does not log beside that.
        logs.set_up(level=logging.CRITICAL)
        return House.open(self.config, self.data)

    @property
    def actor(self) -> str:
        """Who the audit log names."""
        return f"command line, {getpass.getuser()}"

    def close(self) -> None:
        if "house" in self.__dict__:
            self.house.close()


def desk_of(context: typer.Context) -> Desk:
    desk: Desk = context.find_root().obj
    return desk


def house_of(context: typer.Context) -> House:
    return desk_of(context).house


def nearest(kind: str, name: str, known: Callable[[], list[str]]) -> NotFoundError:
    """There is no such thing; what is there that it may have meant."""
    listed = known()
    fix = (
        f"one of: {', '.join(listed[:20])}" if listed else "there is none yet: declare one and run `syndication apply`"
    )
    return NotFoundError(f"there is no {kind} {name!r}", fix=fix)
