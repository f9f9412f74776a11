"""The ledger's own nouns: who stands how, what is taken out and why, what an edition came to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syndication.model.delivery import BatchRow, BatchState, ExceptionKind, Verdict
from syndication.model.edition import Counts, Edition, ItemKind
from syndication.model.subscriber import EmailAddress


class Bar(StrEnum):
    """Why nothing is sent at all, until a person lifts it."""

    STOPPED = "sending_stopped"  # the provider refuses us: configuration or account
    HELD = "sending_held"  # the journal knows of claims that the database does not


@dataclass(frozen=True, slots=True)
class Standing:
    """How one reader stands to one newsletter, now. A reader without a row has none at all."""

    subscriber_id: int
    subscription_id: int
    address: EmailAddress
    confirmed: bool
    suppressed: str
    """Why the address must not be mailed; empty when it may be."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A reader who keeps the place in the manifest and gets nothing."""

    subscriber_id: int
    kind: ExceptionKind
    detail: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A frozen manifest and how many readers are in it."""

    manifest: bytes
    count: int


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch that may be claimed. `taken_out` are the readers of its manifest who get nothing."""

    edition_id: int
    n: int
    content_id: int
    manifest: bytes
    attempt: int
    token: int
    taken_out: frozenset[int]
    doubtful: bool
    """An earlier attempt may have reached its readers."""
    deferred_since: datetime | None = None
    """When its readers were first put off, message by message; None: they were not."""


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try at one batch, with its evidence. No verdict: no answer was ever written."""

    attempt_id: str
    n: int
    attempt: int
    transport: str
    recipients: int
    claimed_at: datetime
    finished_at: datetime | None
    verdict: Verdict | None
    phase: str
    status: int | None
    detail: str
    provider_ref: str


@dataclass(frozen=True, slots=True)
class Attempted:
    """What an attempt was at, as an event of it needs to know."""

    edition_id: int
    n: int
    attempt: int
    newsletter_id: int
    cancelled: bool = False
    """Its call was taken, and cancelled before its time: that it was taken proves nothing."""


@dataclass(frozen=True, slots=True)
class News:
    """What was told of one reader after the provider had taken their mail."""

    edition_id: int
    n: int
    subscriber_id: int
    kind: ExceptionKind
    detail: str


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    subscriber_id: int
    kind: ExceptionKind
    batch_n: int | None
    """None: left out at plan, in no manifest."""
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """Who got an edition, who did not and why, as far as numbers say it."""

    edition: Edition
    counts: Counts
    batches: tuple[BatchRow, ...]
    attempts: tuple[AttemptRow, ...]
    exceptions: tuple[ExceptionRow, ...]


@dataclass(frozen=True, slots=True)
class Manifested:
    """A batch that carried a certain story, as the store keeps it."""

    edition_id: int
    n: int
    state: BatchState
    kind: ItemKind
    manifest: bytes
    taken_out: frozenset[int]


@dataclass(frozen=True, slots=True)
class Received:
    """A reader who got a certain text. Not `certain`: the provider may have taken it."""

    edition_id: int
    subscriber_id: int
    certain: bool
