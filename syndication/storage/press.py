"""The press of a database, as jobs ask for it: what an edition is made of, and the walk through its audience."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.engine import Connection

from syndication.model.article import Revision, Stored
from syndication.model.choice import Cadence
from syndication.model.edition import Edition, EditionState, Item, Rendered
from syndication.model.feed import Topic
from syndication.model.ledger import Manifested, Parcel, Standing, TakenOut
from syndication.model.newsletter import Newsletter, Slot
from syndication.model.told import Addressed, Outdated, ToldItem
from syndication.storage import alerts, articles, batches, carrying, editions, publication, readers, told
from syndication.storage.database import Database


class Press:
    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def reading(self) -> Iterator["Sheet"]:
        with self._database.read() as connection:
            yield Sheet(connection)

    @contextmanager
    def writing(self) -> Iterator["Sheet"]:
        with self._database.write() as connection:
            yield Sheet(connection)


class Sheet:
    """One transaction's view."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newsletters(self) -> Sequence[Newsletter]:
        return publication.newsletters(self._connection)

    def newsletter(self, newsletter_id: int) -> Newsletter:
        return editions.newsletter(self._connection, newsletter_id)

    def topics(self) -> tuple[Topic, ...]:
        return publication.topics(self._connection)

    def edition(self, edition_id: int) -> Edition | None:
        return editions.get(self._connection, edition_id)

    def lock(self, edition_id: int) -> Edition | None:
        return editions.lock(self._connection, edition_id, change=True)

    # -- slots

    def watermark(self, newsletter_id: int, cadence: Cadence) -> datetime | None:
        return editions.watermark(self._connection, newsletter_id, cadence)

    def move_watermark(self, newsletter_id: int, cadence: Cadence, to: datetime) -> None:
        editions.move_watermark(self._connection, newsletter_id, cadence, to)

    def add(
        self,
        newsletter_id: int,
        cadence: Cadence,
        slot: Slot,
        *,
        state: EditionState,
        reason: str,
        cutoff_at: datetime,
        now: datetime,
        held_state: EditionState | None = None,
    ) -> int | None:
        return editions.add(
            self._connection,
            newsletter_id,
            cadence,
            slot,
            state=state,
            reason=reason,
            cutoff_at=cutoff_at,
            held_state=held_state,
            now=now,
        )

    # -- assembling

    def lease(self, edition_id: int, until: datetime, now: datetime) -> Edition | None:
        return editions.lease(self._connection, edition_id, until, now)

    def last_cutoff(self, newsletter_id: int, cadence: Cadence) -> datetime | None:
        return editions.last_cutoff(self._connection, newsletter_id, cadence)

    def candidates(
        self, newsletter_id: int, cadence: Cadence, *, seen_since: datetime, seen_before: datetime, limit: int
    ) -> Sequence[Stored]:
        return editions.candidates(
            self._connection, newsletter_id, cadence, seen_since=seen_since, seen_before=seen_before, limit=limit
        )

    def told(self, newsletter_id: int, cadence: Cadence, items: Sequence[Item]) -> set[int]:
        return editions.told(self._connection, newsletter_id, cadence, items)

    def write_items(self, edition: Edition, items: Sequence[Item]) -> Sequence[int]:
        return editions.write_items(self._connection, edition, items)

    def write_content(
        self, edition_id: int, variant: str, item_ids: Sequence[int], rendered: Rendered, hash: str
    ) -> int:
        return editions.write_content(self._connection, edition_id, variant, item_ids, rendered, hash)

    def address(self, edition_id: int, content_id: int, readers: Sequence[Addressed]) -> None:
        told.address(self._connection, edition_id, content_id, readers)

    def items(self, edition_id: int) -> Sequence[Item]:
        return editions.items(self._connection, edition_id)

    def articles(self, ids: Sequence[int]) -> Sequence[Stored]:
        return articles.load(self._connection, ids)

    def revisions(self, article_id: int) -> Sequence[Revision]:
        return articles.revisions(self._connection, article_id)

    def contents(self, edition_id: int) -> Sequence[tuple[int, Rendered]]:
        ids = editions.content_ids(self._connection, edition_id)
        return [(id, editions.content(self._connection, id)) for id in ids]

    def move(
        self,
        edition: Edition,
        to: EditionState,
        *,
        now: datetime,
        reason: str | None = None,
        held_state: EditionState | None = None,
        content_hash: str | None = None,
    ) -> bool:
        return editions.move(
            self._connection,
            edition,
            to,
            now=now,
            reason=reason,
            held_state=held_state,
            content_hash=content_hash,
        )

    def held_state(self, edition_id: int) -> EditionState | None:
        return editions.held_state(self._connection, edition_id)

    def was_claimed(self, edition_id: int) -> bool:
        return editions.was_claimed(self._connection, edition_id)

    def begin_waits_anew(self, edition_id: int) -> None:
        carrying.begin_anew(self._connection, edition_id)

    def forget(self, edition_id: int) -> None:
        editions.forget(self._connection, edition_id)

    # -- telling again

    def outdated(self, newsletter_id: int, *, since: datetime) -> Sequence[Outdated]:
        return told.outdated(self._connection, newsletter_id, since=since)

    def told_items(self, newsletter_id: int, story_ids: Sequence[int]) -> Sequence[ToldItem]:
        return told.told_items(self._connection, newsletter_id, story_ids)

    def carriers(self, item_ids: Sequence[int]) -> Mapping[int, Sequence[Manifested]]:
        return told.carriers(self._connection, item_ids)

    def readers_of_stream(
        self, newsletter_id: int, cadence: Cadence, now: datetime, *, after_id: int, limit: int
    ) -> Sequence[tuple[int, datetime | None]]:
        return told.readers_of_stream(self._connection, newsletter_id, cadence, now, after_id=after_id, limit=limit)

    def in_review(self) -> Sequence[int]:
        return told.in_review(self._connection)

    def overtaken(self, edition_id: int) -> Sequence[tuple[Item, bool]]:
        return told.overtaken(self._connection, edition_id)

    def unfreeze(self, edition_id: int) -> None:
        told.unfreeze(self._connection, edition_id)

    # -- planning

    def last_subscriber_id(self) -> int:
        return readers.max_id(self._connection)

    def newest_story_at(self, edition_id: int) -> datetime | None:
        return editions.newest_story_at(self._connection, edition_id)

    def start_plan(self, edition: Edition, audience_max_id: int) -> bool:
        return editions.start_plan(self._connection, edition, audience_max_id)

    def audience(
        self,
        edition: Edition,
        *,
        limit: int,
        now: datetime,
        newest_story_at: datetime | None,
        only: Sequence[int] | None = None,
    ) -> Sequence[Standing]:
        return readers.audience(
            self._connection,
            edition.newsletter_id,
            edition.cadence,
            after_id=edition.plan_cursor,
            max_id=edition.audience_max_id or 0,
            limit=limit,
            now=now,
            newest_story_at=newest_story_at,
            only=only,
        )

    def content_for_all(self, edition_id: int) -> int | None:
        return told.content_for_all(self._connection, edition_id)

    def addressees(self, edition_id: int, *, after: int, to: int) -> Iterable[tuple[int, bytes]]:
        return told.addressees(self._connection, edition_id, after=after, to=to)

    def leave_out(self, edition_id: int, gone: Iterable[TakenOut], now: datetime) -> None:
        batches.take_out(self._connection, edition_id, None, gone, now)

    def add_batches(
        self, edition_id: int, parcels: Iterable[Parcel], *, content_id: int, wave: datetime, now: datetime
    ) -> None:
        first = batches.last_n(self._connection, edition_id) + 1
        for n, parcel in enumerate(parcels, first):
            batches.add(self._connection, edition_id, n, parcel, content_id=content_id, wave=wave, now=now)

    def move_cursor(self, edition: Edition, to: int, *, done: bool) -> bool:
        return editions.move_cursor(self._connection, edition, to, done=done)

    # -- telling people

    def alert(self, key: str, text: str, now: datetime) -> None:
        alerts.raise_alert(self._connection, key, text, now)

    def resolve_alert(self, key: str, now: datetime) -> None:
        alerts.resolve(self._connection, key, now)

    def audit(self, actor: str, action: str, subject: str, detail: str, now: datetime) -> None:
        alerts.audit(self._connection, actor=actor, action=action, subject=subject, detail=detail, now=now)

    def turnstile(self) -> None:
        alerts.turnstile(self._connection)

    def times(self, action: str, since: datetime) -> int:
        return alerts.times(self._connection, action, since)

    def refusing(self, newsletter_id: int, address_hashes: Sequence[str]) -> set[str]:
        return readers.refusing(self._connection, newsletter_id, address_hashes)
