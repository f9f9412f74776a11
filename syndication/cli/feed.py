"""`feed`: what is published for feed readers."""

from pathlib import Path
from typing import Annotated

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, house_of
from syndication.cli.exits import Exit
from syndication.feeds.publish import publish_to
from syndication.jobs import publish as job
from syndication.storage import feeds
from syndication.wiring import House, now

app = typer.Typer(name="feed", help="What is published for feed readers.", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, as_json: show.Json = False) -> None:
    """All published documents, and what keeps one from being renewed."""
    house = house_of(context)
    with house.database.read() as connection:
        rows = feeds.listing(connection)
    base = house.publication.base_url
    columns = {"address": "address", "bytes": "bytes", "updated": "updated", "built": "built", "fault": "fault"}
    listed = [
        {
            "feed": row.slug,
            "format": row.format,
            "address": f"{base}/feeds/{row.slug}.{row.format.value}",
            "bytes": row.bytes,
            "updated": row.updated_at,
            "built": row.built_at,
            "fault": row.fault or "",
        }
        for row in rows
    ]
    show.table(columns, listed, as_json=as_json, empty="no feed yet: declare one in publication.toml and apply it")


@app.command()
def build(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="All feeds, changed or not.")] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Build the feeds whose articles changed. A document that fails its check is not published."""
    house = house_of(context)
    if dry_run:
        waiting = [feed.slug for feed, _ in house.shelf.stale()]
        show.say(f"would build: {show.names(waiting) or 'nothing'}")
        return
    _tell(_built(house, every=every), as_json)


@app.command()
def publish(
    context: typer.Context,
    to: Annotated[Path, typer.Option("--to", help="The folder that a web server serves.")],
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Build what changed, and write the same bytes to a folder. Each file is whole at every instant."""
    house = house_of(context)
    if not dry_run:
        _built(house, every=False)
    with house.database.read() as connection:
        documents = {
            f"feeds/{slug}.{format.value}": document.data
            for (slug, format), document in sorted(feeds.snapshots(connection).items())
        }
    if dry_run:
        show.say(f"would write {len(documents)} files to {to / 'feeds'}")
        return
    changed = publish_to(to, documents)
    if as_json:
        show.data({"written": changed, "unchanged": [path for path in documents if path not in changed]})
    else:
        show.say(f"{len(changed)} of {len(documents)} files written to {to}, the others were the same")


def _built(house: House, *, every: bool) -> job.Published:
    if every:
        house.shelf.mark_all_stale()
    with show.progress("building"):
        return job.publish(shelf=house.shelf, publication=house.publication, clock=now)


def _tell(published: job.Published, as_json: bool) -> None:
    if as_json:
        show.data(published)
    else:
        show.say(f"changed: {show.names(published.changed) or 'nothing'}")
        if published.unchanged:
            show.say(f"as before: {show.names(published.unchanged)}")
        for fault in published.refused:
            show.complain(f"not published: {fault}", "", "the last good document stays; see `article show`")
    if published.refused:
        raise typer.Exit(Exit.PARTLY)
