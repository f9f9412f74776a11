"""`source`: where stories are collected from."""

from typing import Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, house_of, nearest
from syndication.cli.exits import Exit
from syndication.jobs import collect, enrol
from syndication.model.source import FetchOutcome
from syndication.storage import enrol as enrolled
from syndication.storage import sources
from syndication.storage.sources import SourceRow
from syndication.wiring import House, now

app = typer.Typer(name="source", help="Where stories are collected from.", no_args_is_help=True)

GOOD = frozenset(outcome.value for outcome in FetchOutcome if outcome.ok)

Slug = Annotated[str, typer.Argument(help="The source's name, as in `source list`.")]


@app.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The address of a feed: RSS, Atom or JSON Feed.")],
    name: Annotated[str | None, typer.Option(help="The source's name. [default: from the address]")] = None,
    partner: Annotated[str | None, typer.Option(help="A partner that is known. [default: a new one]")] = None,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Add a feed. It is read once first, so that only what can be read is added. Its rights are the safe default."""
    house = house_of(context)
    found = enrol.look(url, exchange=house.exchange)
    said = {
        "title": found.title,
        "address": found.url,
        "format": found.dialect,
        "entries": len(found.entries),
        "newest": [entry.title for entry in found.entries[:5]],
    }
    if not dry_run:
        with house.database.write() as connection:
            slug = enrolled.add(
                connection, found.url, title=found.title, home=found.home, slug=name, partner=partner, now=now()
            )
        said = {"source": slug} | said
        house.waker.wake("collect")
    show.fields(said, as_json=as_json)
    if not as_json:
        show.say("nothing was added" if dry_run else "added: what it holds now is published and never mailed")


@app.command("list")
def list_(context: typer.Context, as_json: show.Json = False) -> None:
    """All sources, and how they are."""
    with house_of(context).database.read() as connection:
        rows = [_row(row) for row in sources.listing(connection)]
    columns = {
        "source": "source",
        "partner": "partner",
        "state": "state",
        "articles": "articles",
        "last_ok": "last good answer",
        "next": "next poll",
        "trouble": "trouble",
    }
    show.table(
        columns, rows, as_json=as_json, empty="no source yet: declare one in publication.toml, or `source add URL`"
    )


@app.command("show")
def show_(context: typer.Context, slug: Slug, as_json: show.Json = False) -> None:
    """One source: its settings, its health and its last polls."""
    house = house_of(context)
    with house.database.read() as connection:
        row = _found(house, slug)
        polls = sources.log_of(connection, slug, limit=20)
    whole = {**_row(row), "url": row.source.url, "rights": row.source.rights, "topics": row.source.topics}
    if as_json:
        show.data({**whole, "polls": polls})
        return
    show.fields(whole, as_json=False)
    columns = {
        "at": "at",
        "outcome": "outcome",
        "status": "status",
        "bytes": "bytes",
        "ms": "ms",
        "new": "new",
        "changed": "changed",
        "error": "error",
    }
    show.table(
        columns,
        [{name: getattr(poll, name) for name in columns} for poll in polls],
        as_json=False,
        empty="not polled yet",
    )


@app.command()
def poll(
    context: typer.Context,
    slug: Annotated[str | None, typer.Argument(help="One source; without it, all that are due.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All sources, due or not.")] = False,
    as_json: show.Json = False,
) -> None:
    """Poll now, and say what came."""
    house = house_of(context)
    if slug is not None:
        _found(house, slug)
    if every:
        with house.database.write() as connection:
            for row in sources.listing(connection):
                sources.make_due(connection, row.source.slug, now())
    with show.progress("polling"):
        collected = collect.collect(exchange=house.exchange, library=house.library, clock=now, only=slug)
    house.waker.wake("publish")
    columns = {
        "source": "source",
        "outcome": "outcome",
        "new": "new",
        "changed": "changed",
        "held": "held",
        "set_aside": "set aside",
        "detail": "detail",
    }
    rows = [{name: getattr(polled, name) for name in columns} for polled in collected.polled]
    show.table(columns, rows, as_json=as_json, empty="nothing was due, or another process polls it just now")
    failed = [polled for polled in collected.polled if polled.outcome not in GOOD]
    if failed:
        raise typer.Exit(Exit.LATER if len(failed) == len(collected.polled) else Exit.PARTLY)


def _found(house: House, slug: str) -> SourceRow:
    with house.database.read() as connection:
        rows = sources.listing(connection)
    for row in rows:
        if row.source.slug == slug:
            return row
    raise nearest("source", slug, lambda: [row.source.slug for row in rows])


def _row(row: SourceRow) -> dict[str, Any]:
    return {
        "source": row.source.slug,
        "partner": row.source.partner.name,
        "state": row.state,
        "articles": row.articles,
        "last_ok": row.last_ok_at,
        "next": row.next_poll_at,
        "trouble": row.last_error or "",
        "declared": row.declared or "",
    }
