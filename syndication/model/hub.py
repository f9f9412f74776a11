"""Hubs of others that tell us when a source has something new (WebSub, W3C Recommendation of 23 January 2018)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LeaseState(StrEnum):
    WANTED = "wanted"  # the feed names a hub, which is to be asked
    ASKED = "asked"  # the hub took the request and has not called back
    ACTIVE = "active"  # the hub called back: it will tell us until the lease ends
    REFUSED = "refused"  # the hub said no, or does not answer; asked again a week later


@dataclass(frozen=True, slots=True)
class Offer:
    """What a feed says of itself: who tells of its changes, and under which address it goes there."""

    hub: str
    topic: str


@dataclass(frozen=True, slots=True)
class Lease:
    """Our subscription to one source at its hub. `callback` is the unguessable end of the address that we gave."""

    source_id: int
    callback: str
    offer: Offer
    secret: str
    """Signs what the hub sends. Empty for a hub that is spoken to in clear: a secret sent so would be none."""
    state: LeaseState
    lease_until: datetime | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Push:
    """What a poll needs to know of a source's hub: until when it tells us, and whether that has proved true."""

    until: datetime
    last_at: datetime | None = None
    trusted: bool = False
