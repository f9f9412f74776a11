"""The library that `jobs.collect` asks for (`jobs.ports.library`), on a Database. It judges nothing."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.errors import ParseError
from syndication.model.collecting import Absence, Arrival, Correction, DueSource, Known, Listing, Memory, Poll
from syndication.model.feed import Topic
from syndication.model.hub import Offer
from syndication.model.pages import PageLook
from syndication.model.signals import Signals
from syndication.model.source import SetAside
from syndication.model.story import Candidate
from syndication.storage import alerts, feed_entries, hub, page_reads, publication, revisions, sources, stories, watch
from syndication.storage.database import Database, insert
from syndication.storage.schema import feed, quarantine

DATA_MAX = 64 * 1024
"""Bytes kept of what could not be read: enough to see what it was."""
PLACING = 5_140_216_894
"""PostgreSQL's advisory lock under which two workers place tellings one after the other, and so see each other's."""


class Library:
    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, now: datetime, *, limit: int, lease_seconds: int, only: str | None = None) -> Sequence[DueSource]:
        with self._database.write() as connection:
            return sources.claim(connection, now, limit=limit, lease_seconds=lease_seconds, only=only)

    def looks(self, source_id: int) -> Sequence[PageLook]:
        with self._database.read() as connection:
            return page_reads.latest(connection, source_id)

    def topics(self) -> Sequence[Topic]:
        with self._database.read() as connection:
            return publication.topics(connection)

    def listings(self, listed: Mapping[int, Collection[str]]) -> Mapping[int, Listing]:
        with self._database.read() as connection:
            known = revisions.known(connection, listed)
            memories = watch.memories(connection, listed)
        return {id: Listing(known[id], memories.get(id, Memory())) for id in listed}

    def dates(self, source_id: int, guids: Sequence[str]) -> Mapping[str, datetime]:
        with self._database.read() as connection:
            return watch.dates(connection, source_id, guids)

    def to_look_for(self, now: datetime, *, limit: int, only: str | None = None) -> Sequence[Absence]:
        with self._database.read() as connection:
            if not watch.any_due(connection, now):
                return ()
        with self._database.write() as connection:
            return watch.to_look_for(connection, now, limit=limit, only=only)

    @contextmanager
    def writing(self) -> Iterator["Stack"]:
        with self._database.write() as connection:
            stack = Stack(connection)
            yield stack
            if stack.changed:
                connection.execute(feed.update().values(stale=feed.c.stale + 1))
            else:
                feed_entries.mark_stale(connection, sorted(stack.told))


class Stack:
    """The library inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._alone = False
        self.told: set[int] = set()
        """Articles that came or changed: the feeds that have them, or should, are to be built."""
        self.changed = False
        """True when articles came back and nobody knows which: every feed is to be built."""

    @contextmanager
    def apart(self) -> Iterator[None]:
        before, told = self.changed, set(self.told)
        try:
            with self._connection.begin_nested():
                yield
        except BaseException as error:
            self.changed, self.told = before, told
            if not _refused_row(error):
                raise
            why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise ParseError("the database does not take this text", why=why) from error

    def ours(self, polls: Sequence[Poll]) -> frozenset[int]:
        return sources.still_ours(self._connection, polls)

    def finish(self, polls: Sequence[Poll]) -> frozenset[int]:
        return sources.finish(self._connection, polls)

    def slow(self, host: str, until: datetime) -> None:
        sources.slow_host(self._connection, host, until)

    def traces(self, shingles: Collection[int], urls: Collection[str], *, since: datetime) -> AbstractSet[int | str]:
        self._place_alone()
        return stories.traces(self._connection, shingles, urls, since=since)

    def _place_alone(self) -> None:
        if not self._alone and self._connection.dialect.name == "postgresql":
            self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(PLACING)))
        self._alone = True

    def candidates(self, shingles: frozenset[int], *, url: str, since: datetime, limit: int) -> Sequence[Candidate]:
        self._place_alone()
        return stories.candidates(self._connection, shingles, url=url, since=since, limit=limit)

    def tellings(self, article_ids: Collection[int]) -> Sequence[Candidate]:
        return stories.tellings(self._connection, article_ids)

    def join(self, story_id: int, other_id: int) -> int:
        self.changed = True  # feeds of either may show another telling now
        return stories.join(self._connection, story_id, other_id)

    def lead(self, story_id: int, article_id: int) -> None:
        self.changed = True
        stories.lead(self._connection, story_id, article_id)

    def relate(self, article_id: int, versions: Collection[tuple[int, int]]) -> None:
        stories.relate(self._connection, article_id, versions)

    def leader(self, story_id: int) -> Candidate | None:
        return stories.leader(self._connection, story_id)

    def recent(self, source_id: int, *, limit: int) -> Sequence[frozenset[int]]:
        return stories.recent(self._connection, source_id, limit=limit)

    def usual_new(self, source_id: int) -> float:
        return sources.usual_new(self._connection, source_id)

    def remember(self, lists: Mapping[int, Sequence[str]]) -> None:
        watch.remember(self._connection, lists)

    def miss(self, source_id: int, guids: Sequence[str], now: datetime, *, lost: bool) -> None:
        watch.miss(self._connection, source_id, guids, now, lost=lost)

    def listed_again(self, source_id: int, slug: str, guids: Sequence[str], now: datetime) -> int:
        back = watch.listed_again(self._connection, source_id, guids)
        self.changed = self.changed or back > 0
        if not watch.lost(self._connection, source_id):
            alerts.resolve(self._connection, f"lost:{slug}", now)
        return back

    def looked(
        self,
        absent: Absence,
        *,
        refusals: int,
        refused_at: datetime | None,
        next_look_at: datetime | None,
        withdraw_at: datetime | None,
    ) -> bool:
        ours = watch.looked(
            self._connection, absent, refusals=refusals, refused_at=refused_at, next_look_at=next_look_at
        )
        withdrawn = (
            ours and withdraw_at is not None and watch.withdraw(self._connection, absent.article_id, withdraw_at)
        )
        if withdrawn:
            self._tell(absent.article_id)
        return withdrawn

    def offer(self, offers: Mapping[int, Offer | None], now: datetime) -> None:
        hub.offer(self._connection, offers, now)

    def looked_like(self, source_id: int, looks: Sequence[PageLook]) -> None:
        page_reads.add(self._connection, source_id, looks)

    def doubt(self, source_id: int) -> None:
        hub.doubt(self._connection, source_id)

    def add(self, arrivals: Sequence[Arrival]) -> Sequence[int]:
        ids = revisions.add(self._connection, arrivals)
        self._tell(*ids)
        return ids

    def revise(self, corrections: Sequence[Correction]) -> None:
        self._tell(*(one.known.article_id for one in corrections))
        revisions.revise_all(self._connection, corrections)

    def same(self, listed: Iterable[tuple[Known, str]]) -> None:
        revisions.write_entry_hashes(self._connection, ((known.article_id, hash) for known, hash in listed))

    def asked(self, signals: Iterable[tuple[int, Signals]]) -> None:
        self._tell(*revisions.write_signals(self._connection, signals))

    def set_aside(self, source_id: int, what: str, refused: Iterable[SetAside], now: datetime) -> None:
        for each in refused:
            row = {
                "source_id": source_id,
                "what": what,
                "at": now,
                "reason": each.reason.replace("\x00", "")[:1000],
                "hash": blake2b(each.data, digest_size=16).hexdigest(),
                "data": each.data[:DATA_MAX],
            }
            self._connection.execute(insert(self._connection, quarantine).values(**row).on_conflict_do_nothing())

    def _tell(self, *article_ids: int) -> None:
        feed_entries.note_change(self._connection, *article_ids)
        self.told.update(article_ids)

    def alert(self, key: str, text: str, now: datetime) -> None:
        alerts.raise_alert(self._connection, key, text, now)


def _refused_row(error: BaseException) -> bool:
    """Whether it is the row that is at fault, and not the database."""
    if isinstance(error, sa.exc.OperationalError | sa.exc.InternalError | sa.exc.ProgrammingError):
        return False
    return isinstance(error, sa.exc.StatementError | UnicodeError | OverflowError)
