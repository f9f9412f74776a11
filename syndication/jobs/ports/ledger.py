"""The ledger: batches, attempts, exceptions. A job reads, lets a room decide and writes, in one transaction: a Page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.model.carrying import Broken, Cursor, Part, Rest
from syndication.model.delivery import BatchRow, BatchState, Claim, Fence, Outcome
from syndication.model.edition import Counts, Edition, Rendered
from syndication.model.journal import Owed
from syndication.model.ledger import (
    AttemptRow,
    Bar,
    ExceptionRow,
    Manifested,
    OpenBatch,
    Parcel,
    Standing,
    TakenOut,
)
from syndication.model.newsletter import Newsletter
from syndication.model.route import Reserved, Usage


class LedgerPage(Protocol):
    """One transaction. What it wrote counts when it is left without an exception, and only then."""

    def edition(self, edition_id: int) -> Edition | None: ...

    def lock(self, edition_id: int, *, change: bool) -> Edition | None:
        """The edition; until this transaction ends nobody else changes its state. `change`: nobody claims either."""
        ...

    def newsletter(self, newsletter_id: int) -> Newsletter: ...

    def content(self, content_id: int) -> Rendered: ...

    def barred(self) -> Mapping[Bar, str]:
        """Why nothing may be sent at all; empty when it may."""
        ...

    def bar(self, bar: Bar, reason: str) -> None:
        """Stop all sending. An earlier reason stays."""
        ...

    def unbar(self, now: datetime) -> None:
        """Lift every bar. Claims that only the journal knows, up to now, bar nothing any more."""
        ...

    def alert(self, key: str, text: str, now: datetime) -> None:
        """Tell people, once: while an alert of that key is open, nothing is added."""
        ...

    def resolve_alert(self, key: str, now: datetime) -> None: ...

    def audit(self, actor: str, action: str, subject: str, detail: str, now: datetime) -> None: ...

    def owe(self, line: Owed) -> bool:
        """Apply an unsubscribe or a suppression that the journal has and the database may lack."""
        ...

    # -- claiming

    def next_batch(self, edition_id: int, now: datetime) -> OpenBatch | None:
        """The first planned batch that is due and that nobody else is looking at."""
        ...

    def standings(self, newsletter_id: int, ids: Sequence[int]) -> Mapping[int, Standing]: ...

    def unfit(self, newsletter_id: int, ids: Sequence[int]) -> Sequence[int]:
        """Those of them who must not be mailed now. Most often nobody, so this costs less than how each stands."""
        ...

    def take_out(self, edition_id: int, n: int, gone: Iterable[TakenOut], now: datetime) -> None:
        """Give each an exception. Whoever has one keeps the first."""
        ...

    def close_empty(self, batch: OpenBatch, now: datetime) -> None:
        """Nobody is left to mail: the batch is done without an attempt."""
        ...

    def begin(
        self, claim: Claim, transport: str, now: datetime, *, by_message: bool = False, fenced: bool = False
    ) -> bool:
        """planned -> sending, under the claim's token. False when the batch is not as it was found.

        `by_message`: its messages will be offered one by one, and a cursor says how far that has come. `fenced`: they
        will be offered behind a fence, and nothing is until it is written.
        """
        ...

    def fence(self, claim: Claim, fence: Fence) -> None:
        """Write the fence of a claim, which this transaction has found to be held."""
        ...

    def holds(self, claim: Claim) -> bool:
        """Whether the claim is still this worker's. Nobody else changes the batch until this transaction ends."""
        ...

    # -- message by message

    def halted(self, edition_id: int) -> str:
        """Why nothing more of it may be offered: it was paused or cancelled, or all sending is stopped. Else empty."""
        ...

    def advance(self, claim: Claim, cursor: Cursor, lease_until: datetime | None) -> None:
        """Write how far a claim has come, which this transaction has found to be held; and prolong its lease."""
        ...

    def break_up(self, claim: Claim, outcome: Outcome, parts: Sequence[tuple[Part, Parcel]], now: datetime) -> bool:
        """Write what came of it: the first part keeps the batch and its exceptions, each other becomes a new batch.

        False, and nothing is written, when the claim is no longer this worker's. Lock the edition for a change first.
        """
        ...

    def broken(self, now: datetime) -> Sequence[Broken]:
        """Claims with a cursor whose lease ran out."""
        ...

    def still_broken(self, claim: Claim, now: datetime) -> Broken | None:
        """The same claim as it is by now, locked until this transaction ends. None: it has moved on, or goes on."""
        ...

    def rests(self, domains: Collection[str]) -> Mapping[str, Rest]:
        """Of these domains, those that have asked for a rest lately."""
        ...

    def rest(self, given: Mapping[str, tuple[Rest, str]]) -> None:
        """Let domains rest; with the words in which they asked for it."""
        ...

    def rested(self, domains: Collection[str], long_ago: datetime) -> None:
        """These take mail again. Rests that ended before `long_ago` are forgotten too."""
        ...

    # -- pace

    def usages(self, names: Collection[str], day: str, *, counted: bool) -> Mapping[str, Usage]:
        """Of these transports. `counted`: what they took that day, which nobody adds to until this transaction ends."""
        ...

    def reserve(self, reserved: Reserved) -> None: ...

    def give_back(self, reserved: Reserved) -> None: ...

    def rest_transport(self, transport: str, times: int, until: datetime, detail: str) -> None:
        """It has put us off so many times in a row, and is offered nothing until then."""
        ...

    def transport_rested(self, transport: str) -> None: ...

    def wait(self, edition_id: int, n: int, until: datetime, why: str, now: datetime) -> None:
        """A planned batch is offered to nobody before then. Lock the edition for a change first."""
        ...

    # -- recording

    def finish(
        self, claim: Claim, outcome: Outcome, state: BatchState, *, next_try_at: datetime | None, now: datetime
    ) -> bool:
        """Write what came of an attempt. False, and nothing is written, when the claim is no longer this worker's."""
        ...

    def deferrals(self, edition_id: int, n: int) -> int:
        """How many attempts at the batch the provider has deferred."""
        ...

    def manifest(self, edition_id: int, n: int) -> tuple[bytes, frozenset[int]]:
        """The batch's manifest, and who of it is taken out."""
        ...

    def split(self, edition_id: int, n: int, first: Parcel, second: Parcel, moved: Sequence[int], now: datetime) -> int:
        """The batch keeps `first`; a new one, whose number is answered, gets `second` and the exceptions of `moved`."""
        ...

    def expire(
        self, state: BatchState, now: datetime, *, of: str | None = None, but: str | None = None, at_once: bool = False
    ) -> Sequence[tuple[int, int]]:
        """Move every batch whose lease ran out while sending to `state`. Answers (edition, n).

        `of`: only attempts by that transport; `but`: not those by it; `at_once`: whatever is left of the lease.
        """
        ...

    def expire_unfenced(self, now: datetime) -> Sequence[tuple[int, int]]:
        """Plan every batch again whose lease ran out before its fence was written: nothing of it was offered."""
        ...

    def resolve(self, edition_id: int, n: int, state: BatchState, detail: str, now: datetime) -> bool:
        """uncertain or held -> `state`, by a person's word. A late answer to an earlier attempt counts no more."""
        ...

    def settle(self, edition_id: int, now: datetime) -> bool:
        """sending -> settled when every batch is terminal."""
        ...

    # -- telling

    def counts(self, edition_id: int) -> Counts: ...

    def batches(self, edition_id: int) -> Sequence[BatchRow]: ...

    def attempts(self, edition_id: int) -> Sequence[AttemptRow]: ...

    def exceptions(self, edition_id: int, limit: int) -> Sequence[ExceptionRow]: ...

    def carrying(self, story_id: int, rev: int) -> Sequence[Manifested]:
        """The batches that carried this revision of the story and may have reached somebody."""
        ...


class Ledger(Protocol):
    def reading(self) -> AbstractContextManager[LedgerPage]:
        """A consistent look."""
        ...

    def writing(self) -> AbstractContextManager[LedgerPage]:
        """A transaction: whole or not at all."""
        ...
