"""What the journal keeps outside the database: claims, how they ended, and each unsubscribe, suppression and its end.
One value a line.

After a restored backup it is the memory of what the database forgot. No line holds an address: only its keyed hash.
"""

from dataclasses import dataclass
from datetime import datetime

from syndication.model.choice import Cadence


@dataclass(frozen=True, slots=True)
class Claimed:
    """A batch is about to be offered to a provider. The slot is told along, for a database that lost the edition."""

    at: datetime
    attempt_id: str
    edition_id: int
    n: int
    attempt: int
    recipients: int
    newsletter: str
    """The newsletter's slug."""
    cadence: Cadence
    slot_local: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Carried:
    """A claim that went message by message has ended. Bits over the places of its batch, in hexadecimal."""

    at: datetime
    attempt_id: str
    begun: str
    accepted: str


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    at: datetime
    subscription_id: int
    address_hash: str
    """Empty when the database was away and could not name the address."""
    wished_at: datetime | None = None
    """When they wished it; None: at the same moment."""


@dataclass(frozen=True, slots=True)
class Departed:
    """Readers who have left a newsletter elsewhere, as a list that was taken in says."""

    at: datetime
    newsletter_id: int
    address_hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suppressed:
    at: datetime
    address_hash: str
    scope: int
    """A newsletter's id, or 0 for all."""
    reason: str


@dataclass(frozen=True, slots=True)
class Lifted:
    """A person has ended the suppression of this scope that was there at `at`."""

    at: datetime
    address_hash: str
    scope: int


Owed = Unsubscribed | Departed | Suppressed | Lifted
"""What a reader was promised: it holds from the moment it is in the journal."""

JournalLine = Claimed | Carried | Owed
