"""What was mailed and reads otherwise now, who got it, and for whom alone a content is. In: ids, instants. Out: rows.

It judges nothing: whether a change is worth telling, and to whom, is the caller's to say.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.article import ArticleState
from syndication.model.choice import Cadence
from syndication.model.delivery import PLACES, BatchState
from syndication.model.edition import TERMINAL_EDITIONS, EditionState, Item, ItemKind
from syndication.model.ledger import Manifested
from syndication.model.subscriber import SubscriptionState
from syndication.model.told import Addressed, Outdated, ToldItem
from syndication.storage.articles import BY_PUBLISHER
from syndication.storage.schema import (
    addressee,
    article,
    batch,
    delivery_exception,
    edition,
    edition_content,
    edition_item,
    subscription,
)

CARRIED = (BatchState.ACCEPTED.value, BatchState.SENDING.value, BatchState.UNCERTAIN.value)
"""States of a batch whose readers got it, or may have."""


def outdated(connection: Connection, newsletter_id: int, *, since: datetime) -> list[Outdated]:
    """What editions made since then carried, of articles that read otherwise now or are withdrawn."""
    withdrawn = article.c.state == ArticleState.WITHDRAWN.value
    changed = (article.c.state == ArticleState.LIVE.value) & (article.c.rev != edition_item.c.rev)
    rows = connection.execute(
        sa.select(edition_item, edition.c.due_at, withdrawn.label("withdrawn"), BY_PUBLISHER.label("by_publisher"))
        .join(edition, edition.c.id == edition_item.c.edition_id)
        .join(article, article.c.id == edition_item.c.article_id)
        .where(
            edition_item.c.newsletter_id == newsletter_id,
            edition_item.c.kind != ItemKind.RETRACTION.value,
            edition.c.created_at >= since,
            withdrawn | changed,
        )
        .order_by(edition_item.c.id)
    )
    return [
        Outdated(
            row.id,
            row.story_id,
            row.article_id,
            row.rev,
            withdrawn=bool(row.withdrawn),
            by_publisher=bool(row.by_publisher),
            mailed_at=row.due_at,
        )
        for row in rows
    ]


def told_items(connection: Connection, newsletter_id: int, story_ids: Collection[int]) -> list[ToldItem]:
    """The corrections and retractions of these stories that the newsletter's streams have as items."""
    rows = connection.execute(
        sa.select(edition_item, edition.c.state)
        .join(edition, edition.c.id == edition_item.c.edition_id)
        .where(
            edition_item.c.newsletter_id == newsletter_id,
            edition_item.c.story_id.in_(story_ids),
            edition_item.c.kind != ItemKind.NEW.value,
        )
    )
    return [
        ToldItem(
            id=row.id,
            cadence=Cadence(row.cadence),
            item=Item(row.story_id, row.article_id, row.rev, row.position, ItemKind(row.kind), row.reason),
            over=EditionState(row.state) in TERMINAL_EDITIONS,
        )
        for row in rows
    ]


def carriers(connection: Connection, item_ids: Collection[int]) -> Mapping[int, list[Manifested]]:
    """By item: the batches whose content has it, that were accepted or may have been."""
    contents = _contents_with(connection, item_ids)
    by_content: defaultdict[int, list[int]] = defaultdict(list)
    for item_id, content_ids in contents.items():
        for content_id in content_ids:
            by_content[content_id].append(item_id)
    kinds = dict(
        connection.execute(
            sa.select(edition_item.c.id, edition_item.c.kind).where(edition_item.c.id.in_(item_ids))
        ).all()
    )
    rows = connection.execute(
        sa.select(batch)
        .where(batch.c.content_id.in_(by_content), batch.c.state.in_(CARRIED))
        .order_by(batch.c.edition_id, batch.c.n)
    ).all()
    taken = taken_out(connection, {row.edition_id for row in rows})
    found: defaultdict[int, list[Manifested]] = defaultdict(list)
    for row in rows:
        for item_id in by_content[row.content_id]:
            found[item_id].append(
                Manifested(
                    edition_id=row.edition_id,
                    n=row.n,
                    state=BatchState(row.state),
                    kind=ItemKind(kinds[item_id]),
                    manifest=row.manifest,
                    taken_out=frozenset(taken.get((row.edition_id, row.n), ())),
                )
            )
    return found


def taken_out(connection: Connection, edition_ids: Collection[int]) -> dict[tuple[int, int], set[int]]:
    """By edition and batch: the readers of its manifest who got nothing."""
    rows = connection.execute(
        sa.select(
            delivery_exception.c.edition_id, delivery_exception.c.batch_n, delivery_exception.c.subscriber_id
        ).where(
            delivery_exception.c.edition_id.in_(edition_ids),
            delivery_exception.c.batch_n.is_not(None),
            delivery_exception.c.kind.in_([kind.value for kind in PLACES]),
        )
    )
    found: dict[tuple[int, int], set[int]] = {}
    for edition_id, n, subscriber_id in rows:
        found.setdefault((edition_id, n), set()).add(subscriber_id)
    return found


def _contents_with(connection: Connection, item_ids: Collection[int]) -> dict[int, set[int]]:
    """By item: the contents that show it. A later edition of the stream may tell an item again to who was missed."""
    wanted = frozenset(item_ids)
    stream = (
        sa.select(edition_item.c.newsletter_id, sa.func.min(edition_item.c.edition_id).label("first"))
        .where(edition_item.c.id.in_(wanted))
        .group_by(edition_item.c.newsletter_id)
        .subquery()
    )
    rows = connection.execute(
        sa.select(edition_content.c.id, edition_content.c.item_ids)
        .join(edition, edition.c.id == edition_content.c.edition_id)
        .join(stream, (stream.c.newsletter_id == edition.c.newsletter_id) & (edition.c.id >= stream.c.first))
    )
    found: dict[int, set[int]] = {id: set() for id in wanted}
    for content_id, shown in rows:
        for id in wanted.intersection(shown):
            found[id].add(content_id)
    return found


def readers_of_stream(
    connection: Connection, newsletter_id: int, cadence: Cadence, now: datetime, *, after_id: int, limit: int
) -> list[tuple[int, datetime | None]]:
    """Who is to get the stream's editions now, in order of their ids, each with their own watermark."""
    rows = connection.execute(
        sa.select(subscription.c.subscriber_id, subscription.c.seen_until)
        .where(
            subscription.c.newsletter_id == newsletter_id,
            subscription.c.cadence == cadence.value,
            subscription.c.state == SubscriptionState.CONFIRMED.value,
            subscription.c.subscriber_id > after_id,
            sa.or_(subscription.c.paused_until.is_(None), subscription.c.paused_until <= now),
        )
        .order_by(subscription.c.subscriber_id)
        .limit(limit)
    )
    return [(id, seen_until) for id, seen_until in rows]


# -- for whom alone a content is


def address(connection: Connection, edition_id: int, content_id: int, addressed: Sequence[Addressed]) -> None:
    rows = [
        {
            "content_id": content_id,
            "n": n,
            "edition_id": edition_id,
            "first_id": part.first_id,
            "last_id": part.last_id,
            "manifest": part.manifest,
        }
        for n, part in enumerate(addressed, 1)
    ]
    if rows:
        connection.execute(addressee.insert(), rows)


def addressees(connection: Connection, edition_id: int, *, after: int, to: int) -> Iterator[tuple[int, bytes]]:
    """Contents, each with a manifest that has readers of this stretch of ids among others."""
    rows = connection.execute(
        sa.select(addressee.c.content_id, addressee.c.manifest)
        .where(addressee.c.edition_id == edition_id, addressee.c.first_id <= to, addressee.c.last_id > after)
        .order_by(addressee.c.content_id, addressee.c.n)
    )
    return ((row.content_id, row.manifest) for row in rows.all())


def content_for_all(connection: Connection, edition_id: int) -> int | None:
    """The content of whoever is not addressed by another; None when the edition is for those alone."""
    alone = sa.exists().where(addressee.c.content_id == edition_content.c.id)
    query = sa.select(sa.func.min(edition_content.c.id)).where(edition_content.c.edition_id == edition_id, ~alone)
    found: int | None = connection.scalar(query)
    return found


# -- editions that are not planned yet


def overtaken(connection: Connection, edition_id: int) -> list[tuple[Item, bool]]:
    """The edition's items whose article reads otherwise by now, each with whether it is live."""
    rows = connection.execute(
        sa.select(edition_item, article.c.state)
        .join(article, article.c.id == edition_item.c.article_id)
        .where(
            edition_item.c.edition_id == edition_id,
            sa.case(
                (edition_item.c.kind == ItemKind.RETRACTION.value, article.c.state == ArticleState.LIVE.value),
                else_=(article.c.state != ArticleState.LIVE.value) | (article.c.rev != edition_item.c.rev),
            ),
        )
    )
    return [
        (
            Item(row.story_id, row.article_id, row.rev, row.position, ItemKind(row.kind), row.reason),
            row.state == ArticleState.LIVE.value,
        )
        for row in rows
    ]


def in_review(connection: Connection) -> list[int]:
    query = sa.select(edition.c.id).where(edition.c.state == EditionState.REVIEW.value)
    return list(connection.scalars(query.order_by(edition.c.id)))


def unfreeze(connection: Connection, edition_id: int) -> None:
    """Delete items and contents of an edition that nobody was planned for: it is to be made anew."""
    mine = sa.select(edition_content.c.id).where(edition_content.c.edition_id == edition_id)
    connection.execute(addressee.delete().where(addressee.c.content_id.in_(mine)))
    connection.execute(edition_content.delete().where(edition_content.c.edition_id == edition_id))
    connection.execute(edition_item.delete().where(edition_item.c.edition_id == edition_id))
