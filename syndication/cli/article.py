"""`article`: what was collected, and what may be shown of it."""

from typing import Annotated, Any

import typer

from syndication.articles.permit import may
from syndication.cli import show
from syndication.cli.desk import Limit, house_of
from syndication.errors import NotFoundError
from syndication.model.article import ArticleState, Stored
from syndication.model.choice import Choice
from syndication.model.rights import Channel
from syndication.storage import articles
from syndication.wiring import now

app = typer.Typer(name="article", help="What was collected, and what may be shown of it.", no_args_is_help=True)


@app.command("list")
def list_(
    context: typer.Context,
    topic: Annotated[str | None, typer.Option(help="Only of this topic.")] = None,
    partner: Annotated[str | None, typer.Option(help="Only of this partner.")] = None,
    state: Annotated[list[ArticleState] | None, typer.Option(help="Only in this state.")] = None,
    limit: Limit = 30,
    as_json: show.Json = False,
) -> None:
    """The newest articles, every telling of each story."""
    choice = Choice(topics=(topic,) if topic else (), partners=(partner,) if partner else ())
    with house_of(context).database.read() as connection:
        found = articles.newest(
            connection, choice=choice, limit=limit, leaders_only=False, states=state or tuple(ArticleState)
        )
    columns = {
        "id": "id",
        "published": "published",
        "partner": "partner",
        "state": "state",
        "rev": "rev",
        "story": "story",
        "topics": "topics",
        "title": "title",
    }
    show.table(columns, map(_row, found), as_json=as_json, empty="no article yet: `source poll` collects")


@app.command("show")
def show_(
    context: typer.Context,
    id: Annotated[int, typer.Argument(help="The article's id, as in `article list`.")],
    as_json: show.Json = False,
) -> None:
    """One article: its text, its story, what was removed from it, and what each output may show and why."""
    with house_of(context).database.read() as connection:
        stored = articles.get(connection, id)
        revisions = articles.revisions(connection, id)
    if stored is None:
        raise NotFoundError(f"there is no article {id}", fix="see `article list`")
    moment = now()
    permissions = {channel.value: may(stored, channel, moment) for channel in Channel}
    if as_json:
        show.data({"article": stored, "permissions": permissions, "revisions": revisions})
        return
    article = stored.article
    show.fields(
        {
            **_row(stored),
            "byline": article.byline,
            "publisher": article.publisher,
            "address": article.url,
            "first seen": article.first_seen_at,
            "corrected": stored.changed_at if stored.rev > 1 else "",
            "excerpt": article.excerpt,
            "text": article.text.split("\n\n"),
            "figures": [f"{figure.src} {figure.caption} ({figure.credit})" for figure in article.figures],
            "related": [f"{link.title} {link.url}" for link in article.related],
            "also in": [f"{link.partner}: {link.title} (article {link.article_id})" for link in stored.also_in],
            "removed": [f"[{block.rule}] {block.text}" for block in article.removed],
            "flags": article.flags,
            "revisions": [f"{revision.rev}, seen {show.plain(revision.seen_at)}" for revision in revisions],
        },
        as_json=False,
    )
    for channel, permission in permissions.items():
        show.fields({f"in {channel}": permission.reasons}, as_json=False)


def _row(stored: Stored) -> dict[str, Any]:
    return {
        "id": stored.id,
        "published": stored.article.published_at,
        "partner": stored.partner.name,
        "state": stored.state,
        "rev": stored.rev,
        "story": f"{stored.story_id}{' (leads)' if stored.leads else ''}",
        "topics": ", ".join(stored.topics),
        "title": stored.article.title,
    }
