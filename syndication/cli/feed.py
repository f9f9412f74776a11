"""`feed`: what is published for feed readers."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, house_of
from syndication.cli.exits import Exit
from syndication.model.feed import FeedFormat
from syndication.storage import feeds
from syndication.wiring import House, now

if TYPE_CHECKING:
    from syndication.jobs.publish import Published
    from syndication.model.feed import FeedDocument
    from syndication.storage.feeds import SnapshotRow

app = typer.Typer(name="feed", no_args_is_help=True)


@app.command("list")
def list_(context: typer.Context, as_json: show.Json = False) -> None:
    """All feeds in all formats, and what keeps one from being renewed."""
    house = house_of(context)
    with house.database.read() as connection:
        built = {(row.slug, row.format): row for row in feeds.listing(connection)}
        known = feeds.feeds(connection)
    base = house.publication.base_url
    rows = [_row(base, feed.slug, format, built.get((feed.slug, format))) for feed in known for format in FeedFormat]
    columns = {"address": "address", "bytes": "bytes", "updated": "updated", "built": "built", "fault": "fault"}
    show.table(columns, rows, as_json=as_json, empty="no feed yet: declare one in publication.toml and apply it")


def _row(base: str, slug: str, format: FeedFormat, built: "SnapshotRow | None") -> dict[str, Any]:
    return {
        "feed": slug,
        "format": format,
        "address": f"{base}/feeds/{slug}.{format.value}",
        "bytes": built.bytes if built else 0,
        "updated": built.updated_at if built else None,
        "built": built.built_at if built else None,
        "fault": built.fault or "" if built else "not built yet",
    }


@app.command()
def build(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="All feeds, changed or not.")] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Build the feeds whose articles changed. A document that fails its check is not published."""
    published, _ = build_feeds(house_of(context, rehearsal=dry_run), every=every)
    if as_json:
        told = asdict(published)
        del told["more"]  # a command leaves no feed for a later round
        show.data({**told, "dry_run": dry_run})
    else:
        show.fields({"changed": published.changed or "nothing", "as before": published.unchanged}, as_json=False)
    _leave_if_refused(published)


@app.command()
def publish(
    context: typer.Context,
    to: Annotated[Path, typer.Option("--to", help="The folder that a web server serves.")],
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Build what changed, and write it to a folder: the same bytes, compressed too, with a server's configuration.

    Each file is whole at every instant. DIR/server/ holds a configuration for nginx and one for Caddy.
    """
    from syndication.cli.folder import files_for, put_images
    from syndication.feeds.publish import differing, publish_to

    house = house_of(context, rehearsal=dry_run)
    published, fresh = build_feeds(house, every=False)
    documents, files = files_for(house, to, fresh)
    pictures, strays = put_images(house, to, dry_run=dry_run)
    put = differing(to, files) if dry_run else publish_to(to, files)
    for stray in () if dry_run else strays:  # no document shows them any more
        (to / stray).unlink(missing_ok=True)
    written = [path for path in documents if any(name.startswith(path) for name in put.written)]
    told = {
        "to": str(to),
        "written": written,
        "unchanged": [path for path in documents if path not in written],
        "removed": put.removed,
        "images": pictures,
        "images_removed": strays,
        "refused": published.refused,
    }
    if as_json:
        show.data({**told, "dry_run": dry_run})
    else:
        would = "would be written" if dry_run else "written"
        gone = {"would go" if dry_run else "gone": put.removed} if put.removed else {}
        kept = {"images": f"{len(pictures)} {would}, {len(strays)} {'would go' if dry_run else 'gone'}"}
        show.fields(
            {would: written or "nothing", **gone, **kept, "as before": told["unchanged"], "in": to}, as_json=False
        )
    _leave_if_refused(published)


def build_feeds(house: House, *, every: bool) -> tuple["Published", dict[tuple[str, FeedFormat], "FeedDocument"]]:
    """Build with a progress bar. Answers also the documents that changed, which a rehearsal does not keep."""
    from syndication.cli.watch import WatchedShelf
    from syndication.jobs import publish as job

    with show.progress("building feeds") as tell:
        shelf = WatchedShelf(house.database, tell, every=every)
        published = job.publish(shelf=shelf, publication=house.publication, clock=now)
    return published, shelf.built


def complain_of(refused: Iterable[str]) -> None:
    for fault in refused:
        show.complain(f"not published: {fault}", "", "the last good document stays; see `syndication article show`")


def _leave_if_refused(published: "Published") -> None:
    complain_of(published.refused)
    if published.refused:
        raise typer.Exit(Exit.PARTLY)
