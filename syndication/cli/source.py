"""`source`: where stories are collected from."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, house_of, unknown
from syndication.cli.polling import poll
from syndication.model.rights import Rights
from syndication.storage import sources
from syndication.storage.sources import SourceRow
from syndication.wiring import House, now

app = typer.Typer(name="source", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="The source's name, as in `source list`.")]

POLLS = {
    "at": "at",
    "outcome": "outcome",
    "status": "status",
    "bytes": "bytes",
    "ms": "ms",
    "new": "new",
    "changed": "changed",
    "error": "error",
}


@app.command()
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The address of a feed: RSS, Atom or JSON Feed.")],
    name: Annotated[str | None, typer.Option(help="The source's name.", show_default="from the address")] = None,
    partner: Annotated[str | None, typer.Option(help="A partner that is known.", show_default="a new one")] = None,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Add a feed. It is read once first, so that only what can be read is added. Its rights are the safe default.

    What it holds now is published, and never mailed.
    """
    from syndication.jobs import enrol
    from syndication.storage import enrol as enrolled

    house = house_of(context, rehearsal=dry_run)
    _ = house.database  # one that cannot be used says so before anybody is asked over the network
    with show.progress("reading the feed"):
        found = enrol.look(url, exchange=house.exchange)
    with house.database.write() as connection:
        slug = enrolled.add(
            connection, found.url, title=found.title, home=found.home, slug=name, partner=partner, now=now()
        )
    said = {
        "source": slug,
        "title": found.title,
        "address": found.url,
        "format": found.dialect,
        "entries": len(found.entries),
        "newest": [entry.title for entry in found.entries[:5]],
    }
    show.fields({**said, "dry_run": dry_run} if as_json else said, as_json=as_json)
    if dry_run:
        show.say("nothing was added")
    else:
        house.waker.wake("collect")
        show.say(f"added; `syndication source poll {slug}` collects now, a running service by itself")


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
    empty = "no source yet: declare one in publication.toml, or `syndication source add URL`"
    show.table(columns, rows, as_json=as_json, empty=empty)


@app.command("show")
def show_(context: typer.Context, slug: Slug, as_json: show.Json = False) -> None:
    """One source: its settings, its health and its last polls."""
    house = house_of(context)
    row = source_of(house, slug)
    with house.database.read() as connection:
        polls = sources.log_of(connection, slug, limit=20)
    source = row.source
    whole = {
        **_row(row),
        "article_from": source.article_from,
        "poll_minutes": source.poll_seconds // 60,
        "topics": source.topics,
    }
    if as_json:
        show.data({**whole, "rights": source.rights, "polls": polls})
        return
    shown = {name.replace("_", " "): value for name, value in whole.items()}
    show.fields({**shown, "rights": _rights(source.rights)}, as_json=False)
    show.text("")
    show.table(POLLS, [asdict(poll) for poll in polls], as_json=False, empty="not polled yet")


app.command("poll")(poll)


def _rights(rights: Rights) -> list[str]:
    """An agreement, a line for each of its terms."""
    terms: Mapping[str, object] = asdict(rights)
    return [f"{name.replace('_', ' ')}: {show.plain(value) or 'none'}" for name, value in terms.items()]


def source_of(house: House, slug: str) -> SourceRow:
    """Raises NotFoundError with the nearest name."""
    with house.database.read() as connection:
        rows = {row.source.slug: row for row in sources.listing(connection)}
    if slug not in rows:
        raise unknown("source", slug, list(rows))
    return rows[slug]


def _row(row: SourceRow) -> dict[str, Any]:
    return {
        "source": row.source.slug,
        "partner": row.source.partner.name,
        "address": row.source.url,
        "state": row.state,
        "articles": row.articles,
        "last_ok": row.last_ok_at,
        "next": row.next_poll_at,
        "trouble": row.last_error or "",
        "declared": row.declared or "",
    }
