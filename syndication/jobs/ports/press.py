"""The press: what an edition is made of, and the walk through its audience. One transaction is a Sheet."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.model.article import Revision, Stored
from syndication.model.choice import Cadence
from syndication.model.edition import Edition, EditionState, Item, Rendered
from syndication.model.feed import Topic
from syndication.model.ledger import Manifested, Parcel, Standing, TakenOut
from syndication.model.newsletter import Newsletter, Slot
from syndication.model.told import Addressed, Outdated, ToldItem


class Sheet(Protocol):
    """One transaction. What it wrote counts when it is left without an exception, and only then."""

    def newsletters(self) -> Sequence[Newsletter]: ...

    def newsletter(self, newsletter_id: int) -> Newsletter: ...

    def topics(self) -> tuple[Topic, ...]: ...

    def edition(self, edition_id: int) -> Edition | None: ...

    def lock(self, edition_id: int) -> Edition | None:
        """The edition; until this transaction ends nobody else changes its state or claims a batch of it."""
        ...

    # -- slots

    def watermark(self, newsletter_id: int, cadence: Cadence) -> datetime | None:
        """Up to when the stream's slots are dealt with. Until this transaction ends nobody else deals with any."""
        ...

    def move_watermark(self, newsletter_id: int, cadence: Cadence, to: datetime) -> None: ...

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
        """A new edition of this slot; None when the slot has one already."""
        ...

    # -- assembling

    def lease(self, edition_id: int, until: datetime, now: datetime) -> Edition | None:
        """open -> assembling under a new token; so is one whose assembler's lease ran out. None for any other."""
        ...

    def last_cutoff(self, newsletter_id: int, cadence: Cadence) -> datetime | None:
        """Up to when the stream's stories are told; None when it has told none."""
        ...

    def candidates(
        self, newsletter_id: int, cadence: Cadence, *, seen_since: datetime, seen_before: datetime, limit: int
    ) -> Sequence[Stored]:
        """Live leaders first seen in this span, no backfill, that the stream has not told; the newest first."""
        ...

    def told(self, newsletter_id: int, cadence: Cadence, items: Sequence[Item]) -> set[int]:
        """Those of these items' stories that the stream has told. Nobody adds any until this transaction ends."""
        ...

    def write_items(self, edition: Edition, items: Sequence[Item]) -> Sequence[int]:
        """Answers the ids of the rows, in that order."""
        ...

    def write_content(
        self, edition_id: int, variant: str, item_ids: Sequence[int], rendered: Rendered, hash: str
    ) -> int:
        """Answers its id."""
        ...

    def address(self, edition_id: int, content_id: int, readers: Sequence[Addressed]) -> None:
        """This content is for these alone."""
        ...

    def items(self, edition_id: int) -> Sequence[Item]: ...

    def articles(self, ids: Sequence[int]) -> Sequence[Stored]: ...

    def revisions(self, article_id: int) -> Sequence[Revision]: ...

    def contents(self, edition_id: int) -> Sequence[tuple[int, Rendered]]: ...

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
        """From the state and token that `edition` has. False, and nothing is written, when either has changed."""
        ...

    def held_state(self, edition_id: int) -> EditionState | None:
        """The state that a paused or held edition goes back to."""
        ...

    def was_claimed(self, edition_id: int) -> bool: ...

    def begin_waits_anew(self, edition_id: int) -> None:
        """Readers of it who were put off wait as if that had just happened."""
        ...

    def forget(self, edition_id: int) -> None:
        """Delete the items, so that their stories are untold again. Only while nobody was ever offered them."""
        ...

    # -- telling again

    def outdated(self, newsletter_id: int, *, since: datetime) -> Sequence[Outdated]:
        """What editions made since then carried, of articles that read otherwise now or are withdrawn."""
        ...

    def told_items(self, newsletter_id: int, story_ids: Sequence[int]) -> Sequence[ToldItem]:
        """Corrections and retractions of these stories in the newsletter's streams."""
        ...

    def carriers(self, item_ids: Sequence[int]) -> Mapping[int, Sequence[Manifested]]:
        """By item: batches whose content has it, that were accepted or may have been."""
        ...

    def readers_of_stream(
        self, newsletter_id: int, cadence: Cadence, now: datetime, *, after_id: int, limit: int
    ) -> Sequence[tuple[int, datetime | None]]:
        """Who is to get the stream's editions now, by their ids, each with their own watermark."""
        ...

    def in_review(self) -> Sequence[int]: ...

    def overtaken(self, edition_id: int) -> Sequence[tuple[Item, bool]]:
        """Items whose article reads otherwise by now, each with whether it is live."""
        ...

    def unfreeze(self, edition_id: int) -> None:
        """Delete items and contents. Only while nobody was planned for them."""
        ...

    # -- planning

    def last_subscriber_id(self) -> int: ...

    def newest_story_at(self, edition_id: int) -> datetime | None:
        """When the newest of its new stories was first seen; None when it has none."""
        ...

    def start_plan(self, edition: Edition, audience_max_id: int) -> bool:
        """frozen -> dispatching; the audience ends with this id."""
        ...

    def audience(
        self,
        edition: Edition,
        *,
        limit: int,
        now: datetime,
        newest_story_at: datetime | None,
        only: Sequence[int] | None = None,
    ) -> Sequence[Standing]:
        """The next stretch of readers behind the edition's cursor, suppressed ones among them, by their ids.

        `newest_story_at` leaves out those who have seen that story and all before; `only` all but these.
        """
        ...

    def content_for_all(self, edition_id: int) -> int | None:
        """The content of whoever is not addressed by another; None when there is none for them."""
        ...

    def addressees(self, edition_id: int, *, after: int, to: int) -> Iterable[tuple[int, bytes]]:
        """Contents, each with a manifest of those it is for alone, of whom some are in this stretch of ids."""
        ...

    def leave_out(self, edition_id: int, gone: Iterable[TakenOut], now: datetime) -> None: ...

    def add_batches(
        self, edition_id: int, parcels: Iterable[Parcel], *, content_id: int, wave: datetime, now: datetime
    ) -> None: ...

    def move_cursor(self, edition: Edition, to: int, *, done: bool) -> bool:
        """Only from where `edition` saw it. `done`: dispatching -> sending."""
        ...

    # -- telling people

    def alert(self, key: str, text: str, now: datetime) -> None: ...

    def resolve_alert(self, key: str, now: datetime) -> None: ...

    def audit(self, actor: str, action: str, subject: str, detail: str, now: datetime) -> None: ...

    def turnstile(self) -> None:
        """One transaction at a time goes on from here until it ends: what it counts, it counts alone."""
        ...

    def times(self, action: str, since: datetime) -> int:
        """How often the audit log has this since then."""
        ...

    def refusing(self, newsletter_id: int, address_hashes: Sequence[str]) -> set[str]:
        """Those of these keyed hashes that must not be mailed for this newsletter."""
        ...


class Press(Protocol):
    def reading(self) -> AbstractContextManager[Sheet]: ...

    def writing(self) -> AbstractContextManager[Sheet]: ...
