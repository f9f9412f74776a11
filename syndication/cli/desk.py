"""What every command works with: a House opened when first needed, and the options they share."""

import difflib
import getpass
import logging
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndication.errors import NotFoundError, PolicyError

if TYPE_CHECKING:
    from syndication.wiring import House

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many rows.")]

LISTED_MAX = 20


class Desk:
    """Hangs on the command's context. Commands say `desk_of(context)`."""

    def __init__(self, config: Path | None, data: Path | None) -> None:
        self.config, self.data = config, data

    @cached_property
    def house(self) -> "House":
        from syndication import logs
        from syndication.wiring import House

        # A command says what came of it by itself, so it does not log beside that.
        logs.set_up(level=logging.CRITICAL)
        return House.open(self.config, self.data)

    @property
    def actor(self) -> str:
        """Who the audit log names."""
        try:
            return f"command line, {getpass.getuser()}"
        except (KeyError, OSError):  # a container's user often has no name
            return f"command line, user {os.getuid()}"

    def close(self) -> None:
        if "house" in self.__dict__:
            self.house.close()


def desk_of(context: typer.Context) -> Desk:
    desk: Desk = context.find_root().obj
    return desk


def house_of(context: typer.Context, *, rehearsal: bool = False) -> "House":
    """`rehearsal`: for `--dry-run`; whatever the command writes to the database is undone at once."""
    house = desk_of(context).house
    house.rehearsal = rehearsal
    return house


def agree(question: str, refusal: str, *, yes: bool = False) -> None:
    """Ask. Raises PolicyError with the words of `refusal` when nobody agrees (CON-12)."""
    if yes:
        return
    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort:
        raise PolicyError(refusal, why="nobody was there to agree", fix="say --yes") from None
    if not agreed:
        raise PolicyError(refusal, why="you said no")


def unknown(kind: str, name: str, known: Sequence[str]) -> NotFoundError:
    """There is no such thing; what there is that it may have meant."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        fix = f"did you mean {near[0]!r}?"
    elif known:
        more = f" and {len(known) - LISTED_MAX} more" if len(known) > LISTED_MAX else ""
        fix = f"known here: {', '.join(known[:LISTED_MAX])}{more}"
    else:
        fix = "there is none yet: declare one in publication.toml and run `syndication apply`"
    return NotFoundError(f"there is no {kind} {name!r}", fix=fix)
