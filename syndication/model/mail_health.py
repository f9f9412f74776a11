"""MailHealth: how mail fares as a whole, by what providers tell."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MailHealth:
    accepted: int
    """Readers whose mail was accepted within the span that is looked at, by transports that tell of it."""
    delivered: int
    complained: int
    silent_since: datetime | None
    """When the oldest of the batches was accepted that should be heard of by now; None: one was, or there is none."""
    oldest_doubt: datetime | None
    spool: int
    """Bodies that wait to be applied, the oldest since `spool_since`."""
    spool_since: datetime | None
    aside: int
    """What could not be applied and waits for a person's look."""
    stale: int
    """Bodies refused today because of their time."""
