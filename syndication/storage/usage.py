"""What of each partner's was used in a span of time, where, and by how many readers. In: a Window. Out: Usage.

Counted from what was written at the time: feeds by what they said, mail by the ledger, pictures by when they were here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.article import ArticleState
from syndication.model.edition import ItemKind
from syndication.model.time import Window
from syndication.storage import report
from syndication.storage.schema import (
    article,
    article_revision,
    edition,
    edition_content,
    edition_item,
    feed_entry,
    image,
    partner,
    source,
)


@dataclass(slots=True)
class Used:
    """One article in the span. `feeds` counts the feeds that carried it, `mailed` the readers whose mail with it was
    accepted, an edition each; `images` the pictures of it that were kept at some time of the span."""

    id: int
    partner: str
    partner_name: str
    title: str
    url: str
    published_at: Any
    state: str
    web: bool = False
    feeds: int = 0
    editions: int = 0
    mailed: int = 0
    images: int = 0
    corrections: int = 0
    withdrawn: bool = False
    ended: bool = False


@dataclass(slots=True)
class Usage:
    """A partner's sum."""

    partner: str
    name: str
    stories: int = 0
    web: int = 0
    feeds: int = 0
    mailed_stories: int = 0
    mailed: int = 0
    images: int = 0
    corrections: int = 0
    withdrawn: int = 0
    ended: int = 0
    articles: list[Used] = field(default_factory=list)


def usage(connection: Connection, window: Window, *, only: str | None = None) -> list[Usage]:
    """Every partner, by name; `only` that one. Articles of which nothing happened in the span are left out."""
    facts = _facts(connection, window)
    used = _articles(connection, {id for each in facts.values() for id in each}, only)
    for one in used:
        for name, found in facts.items():
            if one.id in found:
                setattr(one, name, found[one.id])
    query = sa.select(partner.c.slug, partner.c.name).order_by(partner.c.name, partner.c.slug)
    known = connection.execute(query if only is None else query.where(partner.c.slug == only)).all()
    return [_sum(slug, name, [one for one in used if one.partner == slug]) for slug, name in known]


def _facts(connection: Connection, window: Window) -> Mapping[str, Mapping[int, Any]]:
    editions, mailed = _mail(connection, window)
    return {
        "web": dict.fromkeys(connection.scalars(_shown(window)), True),
        "feeds": _count(connection, feed_entry.c.article_id, feed_entry.c.feed_id, feed_entry.c.at, window),
        "editions": editions,
        "mailed": mailed,
        "images": _images(connection, window),
        "corrections": _corrections(connection, window),
        "withdrawn": _at(connection, article.c.withdrawn_at, window),
        "ended": _at(connection, article.c.ended_at, window),
    }


def _shown(window: Window) -> "sa.Select[int]":
    """What came out on the web in the span, and was neither held nor gone before it."""
    return sa.select(article.c.id).where(
        _within(article.c.first_seen_at, window),
        article.c.state.in_((ArticleState.LIVE.value, ArticleState.WITHDRAWN.value)),
    )


def _count(connection: Connection, id: Any, of: Any, at: Any, window: Window) -> dict[int, int]:
    query = sa.select(id, sa.func.count(sa.distinct(of))).where(_within(at, window)).group_by(id)
    return dict(connection.execute(query).all())


def _mail(connection: Connection, window: Window) -> tuple[dict[int, int], dict[int, int]]:
    """Of each article the editions that told it, and the readers whose mail had it and was accepted (by the ledger).

    A correction is in the mails of those alone who got the old text.
    """
    query = (
        sa.select(edition_item.c.id, edition_item.c.article_id, edition_item.c.edition_id)
        .join(edition, edition.c.id == edition_item.c.edition_id)
        .where(_within(edition.c.due_at, window), edition_item.c.kind != ItemKind.RETRACTION.value)
        .order_by(edition_item.c.edition_id)
    )
    told: defaultdict[int, set[int]] = defaultdict(set)
    mailed: defaultdict[int, int] = defaultdict(int)
    for edition_id, items in groupby(connection.execute(query).all(), key=lambda row: int(row.edition_id)):
        accepted = _accepted_by_item(connection, edition_id)
        for row in items:
            if accepted[row.id]:
                told[row.article_id].add(edition_id)
                mailed[row.article_id] += accepted[row.id]
    return {article_id: len(several) for article_id, several in told.items()}, mailed


def _accepted_by_item(connection: Connection, edition_id: int) -> Mapping[int, int]:
    """By item of an edition: the accepted mails that it was in."""
    readers = report.accepted_by_content(connection, edition_id)
    contents = sa.select(edition_content.c.id, edition_content.c.item_ids).where(edition_content.c.id.in_(readers))
    found: defaultdict[int, int] = defaultdict(int)
    for content_id, item_ids in connection.execute(contents):
        for item_id in item_ids:
            found[item_id] += readers[content_id]
    return found


def _images(connection: Connection, window: Window) -> dict[int, int]:
    """Pictures that were here at some time of the span."""
    here = (image.c.kept_at < window.end) & (image.c.gone_at.is_(None) | (image.c.gone_at >= window.start))
    query = sa.select(image.c.article_id, sa.func.count()).where(here).group_by(image.c.article_id)
    return dict(connection.execute(query).all())


def _corrections(connection: Connection, window: Window) -> dict[int, int]:
    later = (article_revision.c.rev > 1) & _within(article_revision.c.seen_at, window)
    query = sa.select(article_revision.c.article_id, sa.func.count()).where(later)
    return dict(connection.execute(query.group_by(article_revision.c.article_id)).all())


def _at(connection: Connection, column: Any, window: Window) -> dict[int, bool]:
    return dict.fromkeys(connection.scalars(sa.select(article.c.id).where(_within(column, window))), True)


def _articles(connection: Connection, ids: Iterable[int], only: str | None) -> list[Used]:
    query = (
        sa.select(
            article.c.id,
            article.c.url,
            article.c.state,
            article.c.published_at,
            article_revision.c.title,
            partner.c.slug,
            partner.c.name,
        )
        .join(
            article_revision,
            (article_revision.c.article_id == article.c.id) & (article_revision.c.rev == article.c.rev),
        )
        .join(source, source.c.id == article.c.source_id)
        .join(partner, partner.c.id == source.c.partner_id)
        .order_by(article.c.published_at, article.c.id)
    )
    if only is not None:
        query = query.where(partner.c.slug == only)
    wanted = sorted(ids)
    found: list[Used] = []
    for start in range(0, len(wanted), 500):
        rows = connection.execute(query.where(article.c.id.in_(wanted[start : start + 500])))
        found += [Used(row.id, row.slug, row.name, row.title, row.url, row.published_at, row.state) for row in rows]
    return found


def _sum(slug: str, name: str, used: list[Used]) -> Usage:
    return Usage(
        partner=slug,
        name=name,
        stories=len(used),
        web=sum(one.web for one in used),
        feeds=sum(one.feeds > 0 for one in used),
        mailed_stories=sum(one.mailed > 0 for one in used),
        mailed=sum(one.mailed for one in used),
        images=sum(one.images for one in used),
        corrections=sum(one.corrections for one in used),
        withdrawn=sum(one.withdrawn for one in used),
        ended=sum(one.ended for one in used),
        articles=used,
    )


def _within(column: Any, window: Window) -> "sa.ColumnElement[bool]":
    return sa.and_(column >= window.start, column < window.end)
