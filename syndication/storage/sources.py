"""Sources: who is due, who holds them, how their polls ended. In: instants, polls. Out: DueSource, rows for people.

A claim gives a source a new token and a lease; a poll is written only while the row still carries that token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.errors import NotFoundError, PolicyError
from syndication.model.article import ArticleState
from syndication.model.collecting import DueSource, Poll
from syndication.model.health import Condition
from syndication.model.rhythm import Rhythm
from syndication.model.rights import Rights
from syndication.model.source import ArticleFrom, Partner, Source, SourceState, Validators
from syndication.storage import alerts, hub, values
from syndication.storage.many import each, write_rows
from syndication.storage.schema import absence, article, fetch_log, partner, source

WAIT_MAX = timedelta(days=2)
RESTING = (SourceState.IDLE.value, SourceState.BACKOFF.value)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as `source list` and `source show` print it."""

    source: Source
    state: SourceState
    next_poll_at: datetime
    failures: int
    last_error: str
    last_ok_at: datetime | None
    articles: int
    declared: str
    """"publication.toml:14", or empty for one that no file declares."""
    declared_url: str = ""
    """As declared or added. `source.url` is where permanent redirects have led since."""
    last_outcome: str = ""
    held: int = 0
    """Articles that wait for a person."""
    lost: int = 0
    """Articles that have gone from its list at once, and are not looked for before a person has said so."""
    moved_to: str = ""
    moved_since: datetime | None = None
    theme: str = ""
    closed: str = ""
    """What is told of its pages: another theme, or that none may be read."""
    rhythm: Rhythm | None = None

    @property
    def condition(self) -> Condition:
        return Condition(
            state=self.state,
            outcome=self.last_outcome,
            next_poll_at=self.next_poll_at,
            failures=self.failures,
            error=self.last_error,
            last_ok_at=self.last_ok_at,
            held=self.held,
            lost=self.lost,
            moved_to=self.moved_to,
            theme=self.theme,
            closed=self.closed,
            rhythm=self.rhythm,
        )


@dataclass(frozen=True, slots=True)
class FetchRow:
    """A line of a source's log."""

    at: datetime
    outcome: str
    status: int | None
    bytes: int
    ms: int
    new: int
    changed: int
    error: str


def claim(
    connection: Connection, now: datetime, *, limit: int, lease_seconds: int, only: str | None = None
) -> list[DueSource]:
    """Take up to `limit` sources. Those that failed last time come alone: a dead host keeps no healthy one waiting."""
    if only is not None:
        ids = _takeable(connection, source.c.slug == only, now, limit=1, due=False)
    else:
        ids = _takeable(connection, source.c.state == SourceState.IDLE.value, now, limit=limit)
        ids = ids or _takeable(connection, source.c.state != SourceState.IDLE.value, now, limit=limit)
    if not ids:
        return []
    connection.execute(
        source.update()
        .where(source.c.id.in_(ids))
        .values(
            state=SourceState.LEASED.value,
            token=source.c.token + 1,
            lease_until=now + timedelta(seconds=lease_seconds),
        )
    )
    rows = connection.execute(_joined().where(source.c.id.in_(ids)).order_by(source.c.next_poll_at, source.c.id))
    pushes = hub.pushes(connection, ids)
    return [replace(_due(row), push=pushes.get(row.id)) for row in rows]


def finish(connection: Connection, polls: Sequence[Poll]) -> frozenset[int]:
    """Write how polls ended, for those sources whose token is still the one claimed; answers the ids of these."""
    ours = still_ours(connection, polls)
    kept = [poll for poll in polls if poll.due.source.id in ours]
    if kept:
        write_rows(connection, _FINISH, [_finished(poll) for poll in kept])
        write_rows(connection, _LOG, [_logged(poll) for poll in kept])
    if learned := [poll for poll in kept if poll.rhythm is not None]:
        write_rows(connection, _LEARN, [_learned(poll) for poll in learned])
    for poll in kept:
        for kind in poll.over:
            alerts.resolve(connection, f"source:{poll.due.source.slug}:{kind}", poll.at)
        for kind, text in poll.alerts:
            alerts.raise_alert(connection, f"source:{poll.due.source.slug}:{kind}", text, poll.at)
    return ours


def still_ours(connection: Connection, polls: Sequence[Poll]) -> frozenset[int]:
    """The ids of those sources whose token is still the one claimed; it stays so until the transaction ends."""
    tokens = {poll.due.source.id: poll.due.token for poll in polls}
    return frozenset(id for id, token in connection.execute(_HELD, {"ids": list(tokens)}) if token == tokens[id])


def usual_new(connection: Connection, source_id: int, *, polls: int = 20) -> float:
    """The mean of `new` over the latest polls that brought any, the very first left out; 0 when there is none."""
    first = sa.select(sa.func.min(fetch_log.c.id)).where(fetch_log.c.source_id == source_id, fetch_log.c.new > 0)
    latest = (
        sa.select(fetch_log.c.new)
        .where(fetch_log.c.source_id == source_id, fetch_log.c.new > 0, fetch_log.c.id > first.scalar_subquery())
        .order_by(fetch_log.c.id.desc())
        .limit(polls)
        .subquery()
    )
    return float(connection.scalar(sa.select(sa.func.avg(latest.c.new))) or 0)


def listing(connection: Connection) -> list[SourceRow]:
    """All of them, by slug."""
    query = _joined().order_by(source.c.slug)
    held = article.c.state == ArticleState.HELD.value
    counted = {
        "articles": _count_of(connection, article.c.source_id),
        "held": _count_of(connection, article.c.source_id, held),
        "lost": _count_of(connection, absence.c.source_id, absence.c.lost),
    }
    rows = connection.execute(query)
    told = alerts.about_pages(connection)
    return [
        _row(row, {name: counts.get(row.id, 0) for name, counts in counted.items()}, told.get(row.slug, {}))
        for row in rows
    ]


def log_of(connection: Connection, slug: str, *, limit: int = 20) -> list[FetchRow]:
    """The latest polls of a source, newest first."""
    query = (
        sa.select(fetch_log)
        .join(source)
        .where(source.c.slug == slug)
        .order_by(fetch_log.c.at.desc(), fetch_log.c.id.desc())
        .limit(limit)
    )
    return [
        FetchRow(row.at, row.outcome, row.status, row.bytes, row.ms, row.new, row.changed, row.error or "")
        for row in connection.execute(query)
    ]


def make_due(connection: Connection, slug: str, now: datetime) -> None:
    """Let it be polled next. Raises NotFoundError, and PolicyError for one that is paused or gone."""
    state = connection.scalar(sa.select(source.c.state).where(source.c.slug == slug))
    if state is None:
        raise NotFoundError(f"there is no source {slug!r}", fix="see `syndication source list`")
    if state in (SourceState.PAUSED, SourceState.GONE):
        raise PolicyError(f"the source {slug!r} is {state}", fix=f"`syndication source resume {slug}` lets it go on")
    connection.execute(
        source.update().where(source.c.slug == slug, source.c.state.in_(RESTING)).values(next_poll_at=now)
    )


def slow_host(connection: Connection, host: str, until: datetime) -> None:
    """Let no source at this host be due before then."""
    there = sa.or_(
        *(
            sa.func.coalesce(source.c.url_now, source.c.url).ilike(f"{scheme}://{_literal(host)}{end}", escape="\\")
            for scheme in ("http", "https")
            for end in ("", "/%", ":%", "?%")
        )
    )
    connection.execute(source.update().where(there, source.c.next_poll_at < until).values(next_poll_at=until))


def _literal(text: str) -> str:
    """`text` inside a LIKE pattern, where it means itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _takeable(
    connection: Connection, which: sa.ColumnElement[bool], now: datetime, *, limit: int, due: bool = True
) -> list[int]:
    # Nothing waits longer than a day and its jitter: a later date was written under a clock that was wrong.
    ready = (source.c.next_poll_at <= now) | (source.c.next_poll_at > now + WAIT_MAX) if due else sa.true()
    rests = source.c.state.in_(RESTING) & ready
    # A lease that ran out: its holder is dead, or so late that its token no longer counts.
    left = (source.c.state == SourceState.LEASED.value) & (source.c.lease_until <= now)
    query = (
        sa.select(source.c.id)
        .where(which, rests | left)
        .order_by(source.c.next_poll_at, source.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(connection.scalars(query))


# Built once: putting a statement together costs more than running it.
_HELD = (
    sa.select(source.c.id, source.c.token)
    .where(source.c.id.in_(sa.select(each("ids", sa.BigInteger()))), source.c.state == SourceState.LEASED.value)
    .with_for_update()
)
_FINISH = (
    source.update()
    .where(source.c.id == sa.bindparam("key"))
    .values(
        state=sa.bindparam("to_state"),
        next_poll_at=sa.bindparam("due_at"),
        lease_until=sa.null(),
        failures=sa.bindparam("failed"),
        last_error=sa.bindparam("said"),
        etag=sa.bindparam("tag"),
        last_modified=sa.bindparam("modified"),
        body_hash=sa.bindparam("body"),
        last_outcome=sa.bindparam("came"),
        moved_to=sa.bindparam("moves_to"),
        moved_since=sa.bindparam("moves_since", type_=source.c.moved_since.type),
        url_now=sa.func.coalesce(sa.bindparam("asked_at", type_=source.c.url_now.type), source.c.url_now),
        last_ok_at=sa.func.coalesce(sa.bindparam("ok_at", type_=source.c.last_ok_at.type), source.c.last_ok_at),
        last_full_at=sa.func.coalesce(sa.bindparam("full_at", type_=source.c.last_full_at.type), source.c.last_full_at),
        first_polled_at=sa.func.coalesce(
            source.c.first_polled_at, sa.bindparam("settled_at", type_=source.c.first_polled_at.type)
        ),
    )
)
_LOG = fetch_log.insert()
_LEARN = (
    source.update()
    .where(source.c.id == sa.bindparam("key"))
    .values(rhythm=sa.bindparam("learned", type_=source.c.rhythm.type))
)


def _learned(poll: Poll) -> dict[str, Any]:
    return {"key": poll.due.source.id, "learned": poll.rhythm and values.rhythm_to_json(poll.rhythm)}


def _finished(poll: Poll) -> dict[str, Any]:
    return {
        "came": poll.outcome,
        "moves_to": poll.moved_to,
        "moves_since": poll.moved_since,
        "asked_at": poll.url_now,
        "key": poll.due.source.id,
        "to_state": poll.state.value,
        "due_at": poll.next_poll_at,
        "failed": poll.failures,
        "said": poll.error or None,
        "tag": poll.validators.etag,
        "modified": poll.validators.last_modified,
        "body": poll.validators.body_hash,
        "ok_at": poll.at if poll.ok else None,
        "full_at": poll.at if poll.full else None,
        "settled_at": poll.at if poll.settled else None,
    }


def _logged(poll: Poll) -> dict[str, Any]:
    return {
        "source_id": poll.due.source.id,
        "at": poll.at,
        "outcome": poll.outcome,
        "status": poll.status,
        "bytes": poll.bytes,
        "ms": poll.ms,
        "new": poll.new,
        "changed": poll.changed,
        "error": poll.error or None,
    }


def columns() -> tuple[sa.ColumnElement[Any], ...]:
    """What `source_of` reads, of a query that joins source and partner."""
    return (
        *source.c,
        partner.c.slug.label("partner_slug"),
        partner.c.name.label("partner_name"),
        partner.c.homepage,
    )


def _joined() -> sa.Select[Any]:
    return sa.select(*columns()).join(partner, partner.c.id == source.c.partner_id)


def _count_of(
    connection: Connection, column: sa.Column[int], only: sa.ColumnElement[bool] | None = None
) -> dict[int, int]:
    query = sa.select(column, sa.func.count()).group_by(column)
    return dict(connection.execute(query if only is None else query.where(only)).all())


@lru_cache(maxsize=256)
def _rights(written: bytes) -> Rights:
    """Most sources of a house have the same."""
    return values.rights_from_json(orjson.loads(written))


def source_of(row: sa.Row[Any]) -> Source:
    return Source(
        id=row.id,
        slug=row.slug,
        partner=Partner(slug=row.partner_slug, name=row.partner_name, homepage=row.homepage),
        url=row.url_now or row.url,
        rights=_rights(orjson.dumps(row.rights)),
        topics=tuple(row.topics),
        article_from=ArticleFrom(row.article_from),
        poll_seconds=row.poll_seconds,
        credentials=row.credentials or "",
        **values.pages_from_json(row.pages),
    )


def _due(row: sa.Row[Any]) -> DueSource:
    return DueSource(
        source=source_of(row),
        validators=Validators(etag=row.etag, last_modified=row.last_modified, body_hash=row.body_hash),
        token=row.token,
        failures=row.failures,
        first=row.first_polled_at is None,
        last_full_at=row.last_full_at,
        last_ok_at=row.last_ok_at,
        rhythm=row.rhythm and values.rhythm_from_json(row.rhythm),
        moved_to=row.moved_to,
        moved_since=row.moved_since,
    )


def _row(row: sa.Row[Any], counted: Mapping[str, int], told: Mapping[str, str]) -> SourceRow:
    return SourceRow(
        source=source_of(row),
        state=SourceState(row.state),
        next_poll_at=row.next_poll_at,
        failures=row.failures,
        last_error=row.last_error or "",
        last_ok_at=row.last_ok_at,
        declared=row.declared or "",
        declared_url=row.url,
        last_outcome=row.last_outcome or "",
        moved_to=row.moved_to or "",
        moved_since=row.moved_since,
        rhythm=row.rhythm and values.rhythm_from_json(row.rhythm),
        theme=told.get("theme", ""),
        closed=told.get("pages", ""),
        **counted,
    )
