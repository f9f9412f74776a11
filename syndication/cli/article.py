"""`article`: what was collected, and what may be shown of it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any

import typer

from syndication.cli import show, verdicts
from syndication.cli.desk import Limit, house_of, unknown
from syndication.errors import NotFoundError
from syndication.model.amendment import Mark, Piece
from syndication.model.article import ArticleState, Revision, Stored
from syndication.model.choice import Choice
from syndication.model.rights import Channel
from syndication.storage import articles, publication, sources
from syndication.wiring import House, now

app = typer.Typer(name="article", no_args_is_help=True)

COLUMNS = {
    "id": "id",
    "published": "published",
    "partner": "partner",
    "state": "state",
    "rev": "rev",
    "story": "story",
    "topics": "topics",
    "title": "title",
}


@app.command("list")
def list_(
    context: typer.Context,
    topic: Annotated[str | None, typer.Option(help="Only of this topic.")] = None,
    partner: Annotated[str | None, typer.Option(help="Only of this partner.")] = None,
    state: Annotated[list[ArticleState] | None, typer.Option(help="Only in this state; may be given again.")] = None,
    limit: Limit = 30,
    as_json: show.Json = False,
) -> None:
    """The newest articles, every telling of each story."""
    house = house_of(context)
    _know(house, topic, partner)
    choice = Choice(topics=(topic,) if topic else (), partners=(partner,) if partner else ())
    with house.database.read() as connection:
        found = articles.newest(
            connection, choice=choice, limit=limit, leaders_only=False, states=state or tuple(ArticleState)
        )
    narrowed = topic or partner or state
    empty = "no such article" if narrowed else "no article yet: `syndication source poll` collects"
    columns = COLUMNS | {"why": "why"} if state and ArticleState.HELD in state else COLUMNS
    show.table(columns, map(_row, found), as_json=as_json, empty=empty)


def _know(house: House, topic: str | None, partner: str | None) -> None:
    """Raises NotFoundError for a name that is none, so that a slip is not taken for an empty list."""
    with house.database.read() as connection:
        topics = [known.slug for known in publication.topics(connection)] if topic else []
        partners = sorted({row.source.partner.slug for row in sources.listing(connection)}) if partner else []
    if topic and topic not in topics:
        raise unknown("topic", topic, topics)
    if partner and partner not in partners:
        raise unknown("partner", partner, partners)


@app.command("show")
def show_(
    context: typer.Context,
    id: Annotated[int, typer.Argument(help="The article's id, as in `article list`.")],
    diff: Annotated[bool, typer.Option("--diff", help="Only what each revision changed.")] = False,
    as_json: show.Json = False,
) -> None:
    """One article: its text, its story, what was removed from it, and what each output may show and why."""
    from syndication.articles.permit import may

    with house_of(context).database.read() as connection:
        stored = articles.get(connection, id)
        revisions = articles.revisions(connection, id)
    if stored is None:
        raise NotFoundError(f"there is no article {id}", fix="see `syndication article list`")
    if diff:
        _show_changes(revisions, as_json)
        return
    permissions = {channel.value: may(stored, channel, now()) for channel in Channel}
    if as_json:
        show.data({"article": stored, "permissions": permissions, "revisions": revisions})
        return
    show.fields(
        {
            **_row(stored),
            **_text(stored),
            "revisions": [f"{revision.rev}, seen {show.plain(revision.seen_at)}" for revision in revisions],
            **{f"in {channel}": permission.reasons for channel, permission in permissions.items()},
        },
        as_json=False,
    )


verdicts.add_to(app)


def _show_changes(revisions: Sequence[Revision], as_json: bool) -> None:
    """Line by line: [-what went-] {+what came+}; and whether readers are told of it."""
    from syndication.articles.amend import amendment, changes

    pairs = [
        (after, amendment(before.article, after.article), changes(before.article, after.article, whole=True))
        for before, after in pairwise(revisions)
    ]
    if as_json:
        names = ("rev", "seen_at", "correction", "passages")
        rows = [(after.rev, after.seen_at, change, passages) for after, change, passages in pairs]
        show.data([dict(zip(names, row, strict=True)) for row in rows])
        return
    for after, change, passages in pairs:
        told = "a correction: readers are told" if change else "a small edit: nobody is told"
        show.text(f"revision {after.rev}, seen {show.plain(after.seen_at)}, {told}")
        for passage in passages:
            show.text("  " + "".join(map(_marked, passage.pieces)))
    if not pairs:
        show.say("there is one revision, and nothing has changed")


def _marked(piece: Piece) -> str:
    return {Mark.OUT: f"[-{piece.text}-]", Mark.IN: f"{{+{piece.text}+}}"}.get(piece.mark, piece.text)


def _text(stored: Stored) -> dict[str, Any]:
    article = stored.article
    return {
        "byline": article.byline,
        "publisher": article.publisher,
        "address": article.url,
        "first seen": article.first_seen_at,
        "published again": article.republished_at or "",
        "corrected": stored.changed_at if stored.rev > 1 else "",
        "excerpt": article.excerpt,
        "text": article.text.split("\n\n"),
        "figures": [f"{figure.src} {figure.caption} ({figure.credit})" for figure in article.figures],
        "related": [f"{link.title} {link.url}" for link in article.related],
        "also in": [f"{link.partner}: {link.title} (article {link.article_id})" for link in stored.also_in],
        "removed": [f"[{block.rule}] {block.text}" for block in article.removed],
        "flags": article.flags,
    }


def _row(stored: Stored) -> dict[str, Any]:
    return {
        "id": stored.id,
        "published": stored.article.published_at,
        "partner": stored.partner.name,
        "state": stored.state,
        "rev": stored.rev,
        "story": f"{stored.story_id}{' (leads)' if stored.leads else ''}",
        "topics": stored.topics,
        "title": stored.article.title,
        "why": next((flag for flag in reversed(stored.article.flags) if flag.startswith("held")), ""),
    }
