"""Editions, their items and contents, and the stream that each belongs to. In: values. Out: rows under their guards.

A change of state names the state it comes from. `lock` is how a transaction makes sure that nobody moves an edition
meanwhile; SQLite has one writer at a time and needs no more.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.errors import NotFoundError
from syndication.model.article import ArticleState, Stored
from syndication.model.choice import Cadence
from syndication.model.edition import TERMINAL_EDITIONS, Edition, EditionState, Item, ItemKind, Rendered
from syndication.model.newsletter import Newsletter, Slot
from syndication.storage import articles, publication
from syndication.storage.database import insert
from syndication.storage.schema import article, batch, edition, edition_content, edition_item, story, stream
from syndication.storage.schema import newsletter as newsletters


def get(connection: Connection, edition_id: int) -> Edition | None:
    row = connection.execute(_whole().where(edition.c.id == edition_id)).first()
    return None if row is None else _edition(row)


def lock(connection: Connection, edition_id: int, *, change: bool) -> Edition | None:
    """The edition, whose state nobody else changes until this transaction ends; with `change` nobody claims either.

    PostgreSQL: claims share the row, a change excludes them. Both leave foreign keys to it alone.
    """
    guard = sa.select(edition.c.id).where(edition.c.id == edition_id)
    guard = guard.with_for_update(key_share=True) if change else guard.with_for_update(read=True)
    return get(connection, edition_id) if connection.execute(guard).first() else None


def listing(
    connection: Connection, *, newsletter_id: int | None = None, states: Sequence[EditionState] = (), limit: int = 50
) -> list[Edition]:
    """The newest first."""
    query = _whole().order_by(edition.c.due_at.desc(), edition.c.id.desc()).limit(limit)
    if newsletter_id is not None:
        query = query.where(edition.c.newsletter_id == newsletter_id)
    if states:
        query = query.where(edition.c.state.in_([state.value for state in states]))
    return [_edition(row) for row in connection.execute(query)]


def newsletter(connection: Connection, newsletter_id: int) -> Newsletter:
    """Raises NotFoundError."""
    for found in publication.newsletters(connection):
        if found.id == newsletter_id:
            return found
    raise NotFoundError(f"there is no newsletter with the id {newsletter_id}")


def watermark(connection: Connection, newsletter_id: int, cadence: Cadence) -> datetime | None:
    """Up to when the stream's slots are dealt with. Nobody else deals with them until this transaction ends."""
    query = _stream(newsletter_id, cadence, stream.c.watermark).with_for_update(key_share=True)
    found: datetime | None = connection.scalar(query)
    return found


def move_watermark(connection: Connection, newsletter_id: int, cadence: Cadence, to: datetime) -> None:
    """Forward only."""
    connection.execute(
        stream.update()
        .where(stream.c.newsletter_id == newsletter_id, stream.c.cadence == cadence.value, stream.c.watermark < to)
        .values(watermark=to)
    )


def add(
    connection: Connection,
    newsletter_id: int,
    cadence: Cadence,
    slot: Slot,
    *,
    state: EditionState,
    reason: str,
    cutoff_at: datetime,
    held_state: EditionState | None,
    now: datetime,
) -> int | None:
    """A new edition of this slot; None when the slot has one already."""
    row = insert(connection, edition).values(
        newsletter_id=newsletter_id,
        cadence=cadence.value,
        slot_local=name_of(slot.local),
        due_at=slot.due_at,
        state=state.value,
        reason=reason,
        cutoff_at=cutoff_at,
        held_state=held_state and held_state.value,
        created_at=now,
        settled_at=now if state in TERMINAL_EDITIONS else None,
    )
    made: int | None = connection.scalar(row.on_conflict_do_nothing().returning(edition.c.id))
    return made


def name_of(local: datetime) -> str:
    """A slot of a schedule is named by the minute. An edition made by hand has seconds, so the two never meet."""
    return local.isoformat(timespec="minutes" if local.second == local.microsecond == 0 else "microseconds")


def lease(connection: Connection, edition_id: int, until: datetime, now: datetime) -> Edition | None:
    """open -> assembling under a new token; so is one whose assembler's lease ran out. None for any other."""
    free = sa.or_(
        edition.c.state == EditionState.OPEN.value,
        sa.and_(edition.c.state == EditionState.ASSEMBLING.value, edition.c.lease_until <= now),
    )
    leased = connection.execute(
        edition.update()
        .where(edition.c.id == edition_id, free)
        .values(state=EditionState.ASSEMBLING.value, lease_until=until, token=edition.c.token + 1)
    )
    return get(connection, edition_id) if leased.rowcount == 1 else None


def move(
    connection: Connection,
    found: Edition,
    to: EditionState,
    *,
    now: datetime,
    reason: str | None = None,
    held_state: EditionState | None = None,
    content_hash: str | None = None,
) -> bool:
    """From the state and the token that `found` has. False, and nothing is written, when either has changed."""
    changes: dict[str, Any] = {
        "state": to.value,
        "lease_until": None,
        "held_state": held_state and held_state.value,
        "settled_at": now if to in TERMINAL_EDITIONS else None,
    }
    if reason is not None:
        changes["reason"] = reason
    if content_hash is not None:
        changes["content_hash"] = content_hash
    moved = connection.execute(
        edition.update()
        .where(edition.c.id == found.id, edition.c.state == found.state.value, edition.c.token == found.token)
        .values(**changes)
    )
    return moved.rowcount == 1


def held_state(connection: Connection, edition_id: int) -> EditionState | None:
    """The state that a paused or held edition goes back to."""
    found = connection.scalar(sa.select(edition.c.held_state).where(edition.c.id == edition_id))
    return EditionState(found) if found else None


# -- items and contents


def last_cutoff(connection: Connection, newsletter_id: int, cadence: Cadence) -> datetime | None:
    """Up to when the stream's stories are told: the newest cutoff of an edition that has new ones."""
    with_items = sa.exists().where(edition_item.c.edition_id == edition.c.id, edition_item.c.kind == ItemKind.NEW.value)
    query = sa.select(sa.func.max(edition.c.cutoff_at)).where(
        edition.c.newsletter_id == newsletter_id, edition.c.cadence == cadence.value, with_items
    )
    found: datetime | None = connection.scalar(query)
    return found


def candidates(
    connection: Connection,
    newsletter_id: int,
    cadence: Cadence,
    *,
    seen_since: datetime,
    seen_before: datetime,
    limit: int,
) -> list[Stored]:
    """The live leaders of stories first seen in this span that were never an item of the stream; the newest first.

    What came with a source's first poll is left out: that is for web and feeds. A later telling makes no story new, and
    takes none of its news away, though it may lead from then on.
    """
    told = sa.exists().where(
        edition_item.c.newsletter_id == newsletter_id,
        edition_item.c.cadence == cadence.value,
        edition_item.c.story_id == article.c.story_id,
    )
    query = (
        sa.select(article.c.id)
        .join(story, story.c.leader_id == article.c.id)
        .where(
            article.c.state == ArticleState.LIVE.value,
            came_as_news(),
            article.c.first_seen_at >= seen_since,
            article.c.first_seen_at < seen_before,
            story.c.first_seen_at >= seen_since,
            ~told,
        )
        .order_by(article.c.first_seen_at.desc(), article.c.id.desc())
        .limit(limit)
    )
    return articles.load(connection, connection.scalars(query).all())


def came_as_news() -> sa.ColumnElement[bool]:
    """Of an article that leads: it was no backfill, or a telling that was none stood there before it."""
    before = article.alias()
    earlier = sa.exists().where(
        before.c.story_id == article.c.story_id,
        before.c.backfill.is_(False),
        before.c.state == ArticleState.LIVE.value,
        before.c.first_seen_at <= article.c.first_seen_at,
    )
    return sa.or_(article.c.backfill.is_(False), earlier)


def told(connection: Connection, newsletter_id: int, cadence: Cadence, items: Sequence[Item]) -> set[int]:
    """Those of these items' stories that the stream has told already. Nobody adds any until this transaction ends."""
    connection.execute(_stream(newsletter_id, cadence, stream.c.cadence).with_for_update(key_share=True))
    keys: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for item in items:
        keys[item.kind.value, item.rev_key].append(item.story_id)
    found: set[int] = set()
    for (kind, rev_key), stories in keys.items():
        query = sa.select(edition_item.c.story_id).where(
            edition_item.c.newsletter_id == newsletter_id,
            edition_item.c.cadence == cadence.value,
            edition_item.c.kind == kind,
            edition_item.c.rev_key == rev_key,
            edition_item.c.story_id.in_(stories),
        )
        found |= set(connection.scalars(query))
    return found


def write_items(connection: Connection, found: Edition, items: Sequence[Item]) -> list[int]:
    """The ids of the rows, in the order of `items`."""
    ids = []
    for item in items:
        row = edition_item.insert().values(
            edition_id=found.id,
            newsletter_id=found.newsletter_id,
            cadence=found.cadence.value,
            story_id=item.story_id,
            article_id=item.article_id,
            kind=item.kind.value,
            rev=item.rev,
            rev_key=item.rev_key,
            position=item.position,
            reason=item.reason,
        )
        ids.append(connection.execute(row.returning(edition_item.c.id)).scalar_one())
    return ids


def write_content(
    connection: Connection, edition_id: int, variant: str, item_ids: Sequence[int], rendered: Rendered, hash: str
) -> int:
    row = edition_content.insert().values(
        edition_id=edition_id,
        variant=variant,
        item_ids=list(item_ids),
        subject=rendered.subject,
        preheader=rendered.preheader,
        html=rendered.html,
        text=rendered.text,
        nonce=rendered.nonce,
        hash=hash,
    )
    return int(connection.execute(row.returning(edition_content.c.id)).scalar_one())


def items(connection: Connection, edition_id: int) -> list[Item]:
    """In the order in which readers see them."""
    rows = connection.execute(
        sa.select(edition_item).where(edition_item.c.edition_id == edition_id).order_by(edition_item.c.position)
    )
    return [Item(row.story_id, row.article_id, row.rev, row.position, ItemKind(row.kind), row.reason) for row in rows]


def newest_story_at(connection: Connection, edition_id: int) -> datetime | None:
    """When the newest of the edition's new stories was first seen; None when it has none."""
    query = (
        sa.select(sa.func.max(article.c.first_seen_at))
        .join(edition_item, edition_item.c.article_id == article.c.id)
        .where(edition_item.c.edition_id == edition_id, edition_item.c.kind == ItemKind.NEW.value)
    )
    found: datetime | None = connection.scalar(query)
    return found


def content(connection: Connection, content_id: int) -> Rendered:
    """Raises NotFoundError."""
    row = connection.execute(sa.select(edition_content).where(edition_content.c.id == content_id)).first()
    if row is None:
        raise NotFoundError(f"there is no content with the id {content_id}")
    return Rendered(row.subject, row.preheader, row.html, row.text, row.nonce)


def content_ids(connection: Connection, edition_id: int) -> list[int]:
    query = sa.select(edition_content.c.id).where(edition_content.c.edition_id == edition_id)
    return list(connection.scalars(query.order_by(edition_content.c.id)))


def forget(connection: Connection, edition_id: int) -> None:
    """Delete the items, so that their stories are untold again. Only for an edition that nobody was ever offered."""
    connection.execute(edition_item.delete().where(edition_item.c.edition_id == edition_id))


def was_claimed(connection: Connection, edition_id: int) -> bool:
    """Whether any batch of it was ever claimed."""
    query = sa.select(batch.c.n).where(batch.c.edition_id == edition_id, batch.c.attempt > 0).limit(1)
    return connection.execute(query).first() is not None


# -- planning


def start_plan(connection: Connection, found: Edition, audience_max_id: int) -> bool:
    """frozen -> dispatching; the audience ends with this id."""
    started = connection.execute(
        edition.update()
        .where(edition.c.id == found.id, edition.c.state == EditionState.FROZEN.value)
        .values(state=EditionState.DISPATCHING.value, audience_max_id=audience_max_id, plan_cursor=0)
    )
    return started.rowcount == 1


def move_cursor(connection: Connection, found: Edition, to: int, *, done: bool) -> bool:
    """Only from where `found` saw it. `done`: dispatching -> sending."""
    state = EditionState.SENDING if done else EditionState.DISPATCHING
    moved = connection.execute(
        edition.update()
        .where(
            edition.c.id == found.id,
            edition.c.state == EditionState.DISPATCHING.value,
            edition.c.plan_cursor == found.plan_cursor,
        )
        .values(plan_cursor=to, state=state.value)
    )
    return moved.rowcount == 1


def _stream(newsletter_id: int, cadence: Cadence, *columns: Any) -> sa.Select[Any]:
    return sa.select(*columns).where(stream.c.newsletter_id == newsletter_id, stream.c.cadence == cadence.value)


def _whole() -> sa.Select[Any]:
    return sa.select(edition, newsletters.c.slug.label("newsletter_slug")).join(
        newsletters, newsletters.c.id == edition.c.newsletter_id
    )


def _edition(row: Any) -> Edition:
    return Edition(
        id=row.id,
        newsletter_id=row.newsletter_id,
        newsletter_slug=row.newsletter_slug,
        cadence=Cadence(row.cadence),
        slot_local=datetime.fromisoformat(row.slot_local),
        due_at=row.due_at,
        state=EditionState(row.state),
        reason=row.reason,
        cutoff_at=row.cutoff_at,
        audience_max_id=row.audience_max_id,
        plan_cursor=row.plan_cursor,
        token=row.token,
        content_hash=row.content_hash,
        created_at=row.created_at,
        settled_at=row.settled_at,
    )
