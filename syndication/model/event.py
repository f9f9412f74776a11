"""DeliveryEvent: what a provider tells of a mail after it took it. BitKind: what is kept of that, a bit a reader."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from syndication.model.setback import SetbackKind


class Trust(StrEnum):
    """Whether a body is the provider's."""

    GOOD = "good"
    FORGED = "forged"
    STALE = "stale"  # signed, and too long ago or yet to come: a replay, or a clock that is wrong


class EventKind(StrEnum):
    ACCEPTED = "accepted"  # the provider has it in hand
    DEFERRED = "deferred"  # the receiving host wants it later; the provider tries on
    DELIVERED = "delivered"
    BOUNCED = "bounced"  # the receiving host did not take it
    DROPPED = "dropped"  # the provider did not even offer it
    COMPLAINED = "complained"
    LEFT = "left"
    ENGAGED = "engaged"  # opened or clicked: proof that it was taken, and nothing else is kept of it
    QUOTA = "quota"  # dropped because the account may send no more
    OUR_FAULT = "our fault"  # dropped because of what we wrote
    SUSPENDED = "suspended"  # the account may not send
    REACTIVATED = "reactivated"
    UNKNOWN = "unknown"  # of a kind that is not known here: proof that it was taken, where it names a mail of ours


class BitKind(StrEnum):
    REPORTED = "reported"  # anything at all was told of this one
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    DROPPED = "dropped"
    COMPLAINED = "complained"
    LEFT = "left"


class DeliveryEvent(NamedTuple):
    """One event. Not a dataclass, because they come in tens of thousands a second.

    `attempt_id` and `delivery_id` are the ones that were sent along, empty when the event names none of ours.
    `setback` is what the provider itself says against the address; `status` (RFC 3463) and `text` are the answer as it
    came: untrusted, and not to be kept as it is.
    """

    id: str
    kind: EventKind
    at: datetime
    attempt_id: str = ""
    delivery_id: str = ""
    setback: SetbackKind | None = None
    status: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Spooled:
    """A signed body as it came, on disk before it was answered. `tries` counts how often it was taken up."""

    id: int
    transport: str
    at: datetime
    body: bytes
    tries: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """Bytes that could not be applied, kept with the reason so that a person can see what came."""

    transport: str
    reason: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Parsed:
    """A body read: the events of it, each once, and the parts that are none."""

    events: tuple[DeliveryEvent, ...]
    aside: tuple[SetAside, ...] = ()
