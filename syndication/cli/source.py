"""`source`: where stories are collected from."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from syndication.articles.themes import suggestions
from syndication.cli import drawing, show
from syndication.cli.desk import house_of
from syndication.cli.enrol import add, test
from syndication.cli.listed import source_of
from syndication.cli.opml import export, import_
from syndication.cli.polling import poll
from syndication.cli.rest import pause, resume
from syndication.cli.review import move, release
from syndication.model.rights import Rights
from syndication.sources.health import health
from syndication.sources.pace import plan
from syndication.storage import page_reads, sources
from syndication.storage.sources import SourceRow
from syndication.wiring import now

app = typer.Typer(name="source", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="The source's name, as in `source list`.")]

POLLS_SHOWN = 50
NAMED_MAX = 8
"""Of a long list in an agreement, such as that of denied agencies."""

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


app.command("add")(add)


@app.command("list")
def list_(context: typer.Context, as_json: show.Json = False) -> None:
    """All sources, and how they are."""
    with house_of(context).database.read() as connection:
        rows = [_row(row) for row in sources.listing(connection)]
    columns = {
        "source": "source",
        "partner": "partner",
        "health": "health",
        "articles": "articles",
        "last_ok": "last good answer",
        "next": "next poll",
        "trouble": "trouble",
        "next_step": "what to do",
    }
    empty = "no source yet: declare one in publication.toml, or `syndication source add URL`"
    show.table(columns, rows, as_json=as_json, empty=empty)


@app.command("show")
def show_(context: typer.Context, slug: Slug, as_json: show.Json = False) -> None:
    """One source: its settings, its health, its rhythm and its last polls."""
    house = house_of(context)
    row = source_of(house, slug)
    with house.database.read() as connection:
        polls = sources.log_of(connection, slug, limit=POLLS_SHOWN)
        looks = page_reads.latest(connection, row.source.id)
    source, moment = row.source, now()
    pace = plan(source, row.rhythm, moment)
    whole = {
        **_row(row),
        "declared_address": row.declared_url if row.declared_url != source.url else "",
        "moves_to": row.moved_to,
        "held": row.held,
        "lost": row.lost,
        "kind": source.kind,
        "article_from": source.article_from,
        "poll_minutes": source.poll_seconds // 60,
        "topics": source.topics,
        "credentials": source.credentials,
        "rules": [f"{rule.kind.value} {rule.where}" for rule in source.rules],
        "suggested_rules": [f"{one.line}  # on {one.on} of {one.of} pages" for one in suggestions(looks)],
    }
    if as_json:
        show.data({**whole, "rights": source.rights, "rhythm": row.rhythm, "pace": pace, "polls": polls})
        return
    shown = {name.replace("_", " "): value for name, value in whole.items()}
    show.fields({**shown, "rights": _rights(source.rights)}, as_json=False)
    show.fields({"rhythm": drawing.told(row.rhythm, pace, moment)}, as_json=False)
    show.text("\n".join(["", *drawing.week_of(row.rhythm)]))
    if polls:
        show.text(f"\n{drawing.line_of(polls)}   {drawing.LEGEND}\n")
    show.table(POLLS, [asdict(poll) for poll in polls], as_json=False, empty="not polled yet")


app.command("poll")(poll)
app.command("test")(test)
app.command("pause")(pause)
app.command("resume")(resume)
app.command("release")(release)
app.command("move")(move)
app.command("import")(import_)
app.command("export")(export)


def _rights(rights: Rights) -> list[str]:
    """An agreement, a line for each of its terms."""
    terms: Mapping[str, object] = asdict(rights)
    return [f"{name.replace('_', ' ')}: {_some(value) or 'none'}" for name, value in terms.items()]


def _some(value: object) -> str:
    """A long list by its beginning; `--json` has it whole."""
    if isinstance(value, list | tuple) and len(value) > NAMED_MAX:
        return f"{show.plain(value[:NAMED_MAX])} and {len(value) - NAMED_MAX} more"
    return show.plain(value)


def _row(row: SourceRow) -> dict[str, Any]:
    found = health(row.condition, row.source.slug, now())
    return {
        "source": row.source.slug,
        "partner": row.source.partner.name,
        "address": row.source.url,
        "state": row.state,
        "health": found.state,
        "articles": row.articles,
        "last_ok": row.last_ok_at,
        "next": row.next_poll_at,
        "trouble": found.why,
        "next_step": found.next_step,
        "declared": row.declared or "",
    }
