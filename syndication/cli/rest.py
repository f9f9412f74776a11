"""`source pause` and `source resume`: a source at rest, and at work again."""

from typing import Annotated

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, desk_of, house_of
from syndication.cli.listed import source_of
from syndication.storage import enrol
from syndication.wiring import now

Slug = Annotated[str, typer.Argument(metavar="SOURCE", help="The source's name, as in `source list`.")]


def pause(
    context: typer.Context,
    slug: Slug,
    why: Annotated[str, typer.Option(help="A reason, for `source list`.", show_default="none")] = "",
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Ask a source no more until it is resumed. What was collected stays."""
    house = house_of(context, rehearsal=dry_run)
    source_of(house, slug)
    with house.database.write() as connection:
        enrol.pause(connection, slug, why=show.plain(why), actor=desk_of(context).actor, now=now())
    _tell(slug, "paused", dry_run=dry_run, as_json=as_json)


def resume(context: typer.Context, slug: Slug, dry_run: DryRun = False, as_json: show.Json = False) -> None:
    """Let a source that is paused or gone be polled again, from now on."""
    house = house_of(context, rehearsal=dry_run)
    source_of(house, slug)
    with house.database.write() as connection:
        enrol.resume(connection, slug, actor=desk_of(context).actor, now=now())
    if not dry_run:
        house.waker.wake("collect")
    _tell(slug, "idle", dry_run=dry_run, as_json=as_json)


def _tell(slug: str, state: str, *, dry_run: bool, as_json: bool) -> None:
    show.fields({"source": slug, "state": state, **({"dry_run": dry_run} if as_json else {})}, as_json=as_json)
    if dry_run:
        show.say("nothing was changed")
