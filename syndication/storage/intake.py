"""A list of readers, laid beside what is stored. In: groups of rows. Out: how their addresses stand; rows written.

A group is copied into a temporary table and joined there, so that a million rows cost some hundred statements.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.schema import CreateTable

from syndication.model.choice import Choice
from syndication.model.intake import Applicant, Standing, Word
from syndication.model.newsletter import Newsletter
from syndication.model.subscriber import SubscriptionState
from syndication.storage.database import Database, insert
from syndication.storage.many import each
from syndication.storage.schema import Instant, audit_log, subscriber, subscription, suppression

laid_out = sa.Table(
    "intake_row",
    sa.MetaData(),
    sa.Column("line", sa.BigInteger),
    sa.Column("address", sa.Text),
    sa.Column("norm", sa.Text),
    sa.Column("hash", sa.Text),
    sa.Column("word", sa.Text),
    sa.Column("consent", sa.JSON),
    sa.Column("left_at", Instant),
    prefixes=["TEMPORARY"],
)
CACHE_KIB = 48 * 1024
"""Of SQLite's pages, while a list is taken in: addresses come in no order, and their indexes are everywhere."""
COLUMNS = ", ".join(column.name for column in laid_out.columns)


class StoredIntake:
    """For one list and one newsletter. Close it. A rehearsal judges every row and writes none."""

    def __init__(self, database: Database, newsletter: Newsletter, *, locale: str, rehearsal: bool = False) -> None:
        self._database, self._newsletter, self._locale = database, newsletter, locale
        self._tried = _Tried() if rehearsal or database.rehearsal else None

    def close(self) -> None:
        if self._tried:
            self._tried.close()

    @contextmanager
    def writing(self) -> Iterator["Page"]:
        with self._database.write() as connection:
            yield Page(connection, self._newsletter, self._locale, self._tried)


class _Tried:
    """Addresses of the groups before, for a rehearsal, which leaves none in the store. A private file, not memory."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("")
        self._file.execute("CREATE TABLE tried (norm TEXT PRIMARY KEY) WITHOUT ROWID")
        self.close = self._file.close

    def among(self, norms: Sequence[str]) -> frozenset[str]:
        """Those of them that were there before; then all are."""
        query = "SELECT norm FROM tried WHERE norm IN (SELECT value FROM json_each(?))"
        had = frozenset(norm for (norm,) in self._file.execute(query, (orjson.dumps(norms).decode(),)))
        with self._file:
            self._file.executemany("INSERT OR IGNORE INTO tried VALUES (?)", ((norm,) for norm in norms))
        return had


class Page:
    """One transaction."""

    def __init__(self, connection: Connection, newsletter: Newsletter, locale: str, tried: _Tried | None) -> None:
        self._connection, self._newsletter, self._locale, self._tried = connection, newsletter, locale, tried
        self.newsletter_id = newsletter.id
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")

    def lay_out(self, rows: Iterable[tuple[Applicant, str, str]]) -> None:
        self._connection.execute(CreateTable(laid_out, if_not_exists=True))
        self._connection.execute(laid_out.delete())
        if self._connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(laid_out.columns))
            told = [_row(row, hash, proof) for row, hash, proof in rows]
            if told:
                self._connection.exec_driver_sql(f"INSERT INTO {laid_out.name} ({COLUMNS}) VALUES ({marks})", told)  # noqa: S608 - our own names
            return
        with closing(self._connection.connection.cursor()) as cursor, _copying(cursor) as copy:
            for row, hash, proof in rows:
                copy.write_row((row.line, row.address, row.norm, hash, row.word.value, proof, row.left_at))

    def standings(self, now: datetime) -> Mapping[int, Standing]:
        closed = (
            sa.select(suppression.c.reason)
            .where(suppression.c.address_hash == laid_out.c.hash, suppression.c.scope.in_((0, self._newsletter.id)))
            .order_by(suppression.c.scope)
            .limit(1)
            .scalar_subquery()
        )
        of = sa.and_(
            subscription.c.subscriber_id == subscriber.c.id, subscription.c.newsletter_id == self._newsletter.id
        )
        query = (
            sa.select(
                laid_out.c.line,
                subscription.c.state,
                subscription.c.confirmed_at,
                subscription.c.requested_at,
                closed.label("closed"),
            )
            .outerjoin_from(laid_out, subscriber, subscriber.c.address_norm == laid_out.c.norm)
            .outerjoin(subscription, of)
            .where(sa.or_(subscription.c.id.is_not(None), closed.is_not(None)))
        )
        found = {
            row.line: Standing(
                SubscriptionState(row.state) if row.state else None,
                row.confirmed_at,
                row.closed or "",
                row.requested_at == now,
            )
            for row in self._connection.execute(query)
        }
        return found if self._tried is None else {**found, **self._tried_before()}

    def _tried_before(self) -> Mapping[int, Standing]:
        lines = {row.norm: row.line for row in self._connection.execute(sa.select(laid_out.c.norm, laid_out.c.line))}
        had = self._tried.among(list(lines)) if self._tried else ()
        return {lines[norm]: Standing(SubscriptionState.CONFIRMED, None, "", True) for norm in had}

    def strike(self, lines: Sequence[int]) -> None:
        if lines:
            gone = laid_out.c.line.in_(sa.select(each("lines", sa.BigInteger())))
            self._connection.execute(laid_out.delete().where(gone), {"lines": list(lines)})

    def write(self, suppressions: Mapping[str, str], now: datetime) -> None:
        if self._tried is not None:
            return
        wanted = laid_out.c.word.in_((Word.SUBSCRIBED.value, Word.LEFT.value))
        zone = self._newsletter.schedules[0].zone
        people = sa.select(
            laid_out.c.address, laid_out.c.norm, laid_out.c.hash,
            sa.literal(self._locale), sa.literal(zone), sa.literal(now, Instant()),
        ).where(wanted)  # fmt: skip
        self._connection.execute(
            insert(self._connection, subscriber)
            .from_select(["address", "address_norm", "address_hash", "locale", "zone", "created_at"], people)
            .on_conflict_do_nothing(index_elements=["address_norm"])
        )
        self._subscribe(now)
        self._close(now)
        for word, reason in suppressions.items():
            self._suppress(word, reason, now)

    def note(self, actor: str, detail: str, now: datetime) -> None:
        if self._tried is not None:
            return
        subject = f"newsletter {self._newsletter.slug}"
        self._connection.execute(
            audit_log.insert().values(at=now, actor=actor, action="import subscribers", subject=subject, detail=detail)
        )

    def _subscribe(self, now: datetime) -> None:
        put = self._put(Word.SUBSCRIBED, SubscriptionState.CONFIRMED, now, confirmed_at=sa.literal(now, Instant()))
        renewed = {name: put.excluded[name] for name in ("state", "consent", "requested_at", "confirmed_at")}
        pending = subscription.c.state == SubscriptionState.PENDING.value
        self._connection.execute(put.on_conflict_do_update(index_elements=KEY, set_=renewed, where=pending))

    def _close(self, now: datetime) -> None:
        left_at = sa.func.coalesce(laid_out.c.left_at, sa.literal(now, Instant()))
        put = self._put(Word.LEFT, SubscriptionState.UNSUBSCRIBED, now, unsubscribed_at=left_at)
        renewed = {name: put.excluded[name] for name in ("state", "unsubscribed_at")}
        standing = subscription.c.state != SubscriptionState.UNSUBSCRIBED.value
        self._connection.execute(put.on_conflict_do_update(index_elements=KEY, set_=renewed, where=standing))

    def _put(self, word: Word, state: SubscriptionState, now: datetime, **moments: sa.ColumnElement[Any]) -> Any:
        cadence = self._newsletter.schedules[0].cadence.value
        values: dict[str, sa.ColumnElement[Any]] = {
            "subscriber_id": subscriber.c.id,
            "newsletter_id": sa.literal(self._newsletter.id),
            "state": sa.literal(state.value),
            "cadence": sa.literal(cadence),
            "choice": sa.literal(asdict(Choice()), sa.JSON()),
            "consent": laid_out.c.consent,
            "requested_at": sa.literal(now, Instant()),
            **moments,
        }
        query = (
            sa.select(*values.values())
            .join_from(laid_out, subscriber, subscriber.c.address_norm == laid_out.c.norm)
            .where(laid_out.c.word == word.value)
        )
        return insert(self._connection, subscription).from_select(list(values), query)

    def _suppress(self, word: str, reason: str, now: datetime) -> None:
        query = sa.select(
            laid_out.c.hash, sa.literal(0), sa.literal(reason), sa.literal(now, Instant())
        ).where(laid_out.c.word == word)  # fmt: skip
        self._connection.execute(
            insert(self._connection, suppression)
            .from_select(["address_hash", "scope", "reason", "at"], query)
            .on_conflict_do_nothing(index_elements=["address_hash", "scope"])
        )


KEY = ["subscriber_id", "newsletter_id"]


def _copying(cursor: Any) -> Any:
    """PostgreSQL's own way in for many rows."""
    return cursor.copy(f"COPY {laid_out.name} ({COLUMNS}) FROM STDIN")


def _row(row: Applicant, hash: str, proof: str) -> tuple[Any, ...]:
    """As the driver takes it: SQLite keeps an instant as text without its zone."""
    left_at = row.left_at.astimezone(UTC).replace(tzinfo=None) if row.left_at else None
    told = left_at.isoformat(" ", "microseconds") if left_at else None
    return row.line, row.address, row.norm, hash, row.word.value, proof, told
