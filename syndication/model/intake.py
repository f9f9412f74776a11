"""A list of readers from elsewhere: what one row says, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from syndication.model.subscriber import SubscriptionState


class Word(StrEnum):
    """What a list says of an address."""

    SUBSCRIBED = "subscribed"
    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Applicant(NamedTuple):
    """A row that names an address. A tuple, because a list has millions of them."""

    line: int
    address: str
    """As it is written, the domain in lower case."""
    norm: str
    word: Word
    agreed_at: datetime | None
    """When its owner agreed, as far as the list knows. In UTC."""
    left_at: datetime | None


class Fate(StrEnum):
    """What came of a row. The counts of all of them add up to the rows of the list."""

    ADDED = "added"
    KNOWN = "known"
    CLOSED = "closed"
    """The list says that it left, bounced or complained; that holds here now."""
    TWICE = "twice"
    LEFT = "left"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"


class Judged(NamedTuple):
    line: int
    fate: Fate
    address: str
    reason: str


class Standing(NamedTuple):
    """How an address stands here already, with one newsletter."""

    state: SubscriptionState | None
    confirmed_at: datetime | None
    suppressed: str
    """Why it must not be mailed, or ""."""
    twice: bool = False
    """An earlier row of this list had it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A group of rows, on disk. `others` are those that were not added, each with its reason."""

    rows: int
    added: int
    others: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a list says what, by position. `shape` names the product that writes lists like this, "" for any other."""

    shape: str
    address: int
    flags: tuple[tuple[int, Mapping[str, Word]], ...] = ()
    """Columns that say whether it is subscribed, and what each of their values means."""
    agreed_at: tuple[int, ...] = ()
    """The first that is filled counts."""
    left_at: tuple[int, ...] = ()
    """Filled: the address has left."""
    bounced_at: tuple[int, ...] = ()
    suppressed: tuple[int, ...] = ()
    """Filled: the address must not be mailed."""
    newsletter: int | None = None
    """Whose subscription the row is, in a list of our own."""
