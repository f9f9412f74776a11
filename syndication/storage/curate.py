"""What a person decides about one article: it is held, let out, or withdrawn. In: its id, the decision.

Each decision is in the audit log with its reason, and told to the feeds that have the article. Everything else follows
from its state: pages ask it, unsent editions are looked over, its pictures come and go.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.errors import NotFoundError, PolicyError
from syndication.model.article import ArticleState
from syndication.storage import alerts, feed_entries, watch
from syndication.storage.schema import article, audit_log, edition, edition_item, feed_entry, image, source, story


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an article is now: what taking it back touches."""

    feeds: int
    editions_unsent: int
    """That may still lose it."""
    editions_sent: int
    """Whose readers are told in the next one."""
    images: int


@dataclass(frozen=True, slots=True)
class AuditLine:
    at: datetime
    actor: str
    action: str
    detail: str


UNSENT = ("open", "assembling", "review", "frozen", "held", "paused")
SENT = ("dispatching", "sending", "settled")


def hold(connection: Connection, id: int, reason: str, *, actor: str, now: datetime) -> None:
    """Take it out of everything until a person lets it out again. Raises NotFoundError, PolicyError."""
    state = _state(connection, id)
    if state is not ArticleState.LIVE:
        raise PolicyError(f"article {id} is {state.value} already")
    _write(connection, id, ArticleState.HELD)
    heir = sa.select(sa.func.min(article.c.id)).where(
        article.c.story_id == story.c.id, article.c.state == ArticleState.LIVE.value
    )
    connection.execute(
        story.update()
        .where(story.c.leader_id == id)
        .values(leader_id=sa.func.coalesce(heir.scalar_subquery(), story.c.leader_id))
    )
    _note(connection, id, "article hold", reason, actor, now)


def release(connection: Connection, id: int, *, mailed: bool | None, actor: str, now: datetime) -> None:
    """Let it out. `mailed`: whether it may go into editions; None: as it came. Raises NotFoundError, PolicyError."""
    state = _state(connection, id)
    if state is not ArticleState.HELD:
        why = "it is withdrawn for good" if state is ArticleState.WITHDRAWN else "it is live"
        raise PolicyError(f"article {id} is not held", why=why)
    _write(connection, id, ArticleState.LIVE)
    if mailed is not None:
        connection.execute(article.update().where(article.c.id == id).values(backfill=not mailed))
    stands = sa.exists().where(article.c.id == story.c.leader_id, article.c.state == ArticleState.LIVE.value)
    of = sa.select(article.c.story_id).where(article.c.id == id).scalar_subquery()
    connection.execute(story.update().where(story.c.id == of, ~stands).values(leader_id=id))
    _end_alert(connection, id, now)
    _note(connection, id, "article release", "", actor, now)


def withdraw(connection: Connection, id: int, reason: str, *, actor: str, now: datetime) -> None:
    """Take it back for good, as if its publisher had. Raises NotFoundError, PolicyError."""
    if _state(connection, id) is ArticleState.WITHDRAWN:
        raise PolicyError(f"article {id} is withdrawn already")
    watch.withdraw(connection, id, now)
    _end_alert(connection, id, now)
    _note(connection, id, "article withdraw", reason, actor, now)


def reach(connection: Connection, id: int) -> Reach:
    def editions(states: tuple[str, ...]) -> int:
        having = sa.select(edition_item.c.edition_id).where(edition_item.c.article_id == id)
        return _count(connection, sa.select(edition.c.id).where(edition.c.id.in_(having), edition.c.state.in_(states)))

    said = sa.select(feed_entry.c.feed_id).where(feed_entry.c.article_id == id).distinct()
    kept = sa.select(image.c.id).where(image.c.article_id == id, image.c.state == "kept")
    return Reach(_count(connection, said), editions(UNSENT), editions(SENT), _count(connection, kept))


def history(connection: Connection, id: int) -> list[AuditLine]:
    """What people decided about it, oldest first."""
    rows = connection.execute(sa.select(audit_log).where(audit_log.c.subject == _subject(id)).order_by(audit_log.c.id))
    return [AuditLine(row.at, row.actor, row.action, row.detail) for row in rows]


def _count(connection: Connection, query: "sa.Select[int]") -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def _state(connection: Connection, id: int) -> ArticleState:
    state = connection.scalar(sa.select(article.c.state).where(article.c.id == id).with_for_update())
    if state is None:
        raise NotFoundError(f"there is no article {id}", fix="see `syndication article list`")
    return ArticleState(state)


def _write(connection: Connection, id: int, state: ArticleState) -> None:
    connection.execute(article.update().where(article.c.id == id).values(state=state.value, hold_until=None))


def _note(connection: Connection, id: int, action: str, reason: str, actor: str, now: datetime) -> None:
    feed_entries.note_change(connection, id)
    feed_entries.mark_stale(connection, [id])
    alerts.audit(connection, actor=actor, action=action, subject=_subject(id), detail=reason, now=now)


def _end_alert(connection: Connection, id: int, now: datetime) -> None:
    """When it was the last of its source that waited for a person."""
    row = connection.execute(
        sa.select(source.c.id, source.c.slug)
        .join(article, article.c.source_id == source.c.id)
        .where(article.c.id == id)
    ).one()
    held = (article.c.source_id == row.id) & (article.c.state == ArticleState.HELD.value)
    if not connection.scalar(sa.select(sa.exists().where(held))):
        alerts.resolve(connection, f"held:{row.slug}", now)


def _subject(id: int) -> str:
    return f"article {id}"
