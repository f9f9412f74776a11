"""Events of deliveries: spooled as they came, and applied to the ledger and to what is known of addresses."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.jobs.ports.ledger import LedgerPage
from syndication.jobs.ports.setbacks import SetbackPage
from syndication.model.event import BitKind, Parsed, SetAside, Spooled
from syndication.model.ledger import Attempted, News

Parse = Callable[[bytes], Parsed]
"""A transport's way to read its bodies."""


class EventPage(LedgerPage, SetbackPage, Protocol):
    """One transaction, for one drain at a time."""

    def take(self, bodies_max: int, bytes_max: int) -> Sequence[Spooled]:
        """The oldest, those that failed before last. At least one when there is any."""
        ...

    def done(self, ids: Collection[int]) -> None: ...

    def failed(self, id: int) -> None:
        """It could not be applied; it waits behind the others."""
        ...

    def set_aside(self, what: Iterable[SetAside], now: datetime) -> None: ...

    def tally(self, counts: Mapping[str, int], now: datetime) -> None: ...

    def attempts_of(self, ids: Collection[str]) -> Mapping[str, Sequence[Attempted]]:
        """Those of these attempts that are ours, each with every batch that its readers are in by now."""
        ...

    def manifests(self, batches: Collection[tuple[int, int]]) -> Mapping[tuple[int, int], bytes]: ...

    def add_bits(self, bits: Mapping[tuple[int, int], Mapping[BitKind, int]]) -> None: ...

    def add_news(self, news: Iterable[News], now: datetime) -> None:
        """Of readers in the ledger; whoever has such news keeps the first."""
        ...

    def accept(self, edition_id: int, n: int, attempt: int, now: datetime) -> bool:
        """An event of that attempt came: the batch was accepted, unless its newest attempt still waits for an answer.

        False when that changes nothing.
        """
        ...

    def doubtful(self, edition_id: int) -> bool:
        """Whether a batch of it is uncertain."""
        ...

    def accept_letter(self, id: int, now: datetime) -> int | None:
        """An event of this service mail came. Answers whose it is; None when there is no such mail."""
        ...

    def with_setbacks(self, subscriber_ids: Collection[int]) -> frozenset[int]:
        """Those of them against whom something that a delivery would end counts."""
        ...

    def pause(self, edition_id: int, reason: str, now: datetime) -> bool:
        """Stop an edition that is being sent. False when it is not."""
        ...

    def account(self, at: datetime) -> bool:
        """Note when the account's status was told to change. False when something newer is known."""
        ...

    def reactivate(self, reason_start: str) -> bool:
        """Lift the bar on all sending whose reason begins so. False when there is none."""
        ...


class Events(Protocol):
    def writing(self) -> AbstractContextManager[EventPage]: ...


class Spool(Protocol):
    def put(self, transport: str, body: bytes, now: datetime) -> None:
        """Keep a verified body, on disk when this returns. Raises StoreError."""
        ...

    def count(self, counts: Mapping[str, int], now: datetime) -> None:
        """Add to what is counted by day. Raises StoreError."""
        ...
