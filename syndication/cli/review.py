"""`source release` and `source move`: what a person decides about a source's troubles."""

from dataclasses import asdict
from typing import Annotated

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, desk_of, house_of
from syndication.cli.listed import source_of
from syndication.storage import review
from syndication.wiring import now

Slug = Annotated[str, typer.Argument(metavar="SOURCE", help="The source's name, as in `source list`.")]


def release(
    context: typer.Context,
    slug: Slug,
    mail_last: Annotated[int, typer.Option(min=0, help="So many of the newest may also go into editions.")] = 0,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take what is held away for good instead.")] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Let out the articles of a source that are held, to web and feeds.

    What has gone from its list at once is looked for from now on, each at its own page.
    """
    if withdraw and mail_last:
        raise typer.BadParameter("--mail-last or --withdraw, not both")
    house = house_of(context, rehearsal=dry_run)
    source_of(house, slug)
    with house.database.write() as connection:
        done = review.release(
            connection, slug, mail_last=mail_last, withdraw=withdraw, actor=desk_of(context).actor, now=now()
        )
    said = {"source": slug, **asdict(done)}
    show.fields({**said, "dry_run": dry_run} if as_json else said, as_json=as_json)
    if dry_run:
        show.say("nothing was done")
        return
    house.waker.wake("publish")
    house.waker.wake("collect")


def move(context: typer.Context, slug: Slug, dry_run: DryRun = False, as_json: show.Json = False) -> None:
    """Agree that a feed has moved for good to where its redirects lead. It is polled there next."""
    house = house_of(context, rehearsal=dry_run)
    before = source_of(house, slug).source.url
    with house.database.write() as connection:
        address = review.move(connection, slug, actor=desk_of(context).actor, now=now())
    said = {"source": slug, "before": before, "address": address}
    show.fields({**said, "dry_run": dry_run} if as_json else said, as_json=as_json)
    if dry_run:
        show.say("nothing was done")
    else:
        house.waker.wake("collect")
