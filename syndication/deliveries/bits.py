"""Events of a batch -> bits over the places of its manifest. In and out: bytes, lowest place first. Pure.

OR-ing twice changes nothing and no order matters, so events may come twice and late.
"""

from collections.abc import Iterable, Iterator

from syndication.model.event import BitKind, EventKind

BITS: dict[EventKind, tuple[BitKind, ...]] = {
    EventKind.ACCEPTED: (),
    EventKind.DEFERRED: (BitKind.DEFERRED,),
    EventKind.DELIVERED: (BitKind.DELIVERED,),
    EventKind.BOUNCED: (BitKind.BOUNCED,),
    EventKind.DROPPED: (BitKind.DROPPED,),
    EventKind.QUOTA: (BitKind.DROPPED,),
    EventKind.OUR_FAULT: (BitKind.DROPPED,),
    EventKind.COMPLAINED: (BitKind.COMPLAINED,),
    EventKind.LEFT: (BitKind.LEFT,),
    EventKind.ENGAGED: (),
    EventKind.UNKNOWN: (),
}
"""What is kept of an event besides REPORTED, which is kept of all. A kind that is not here is about no mail."""


def bit(places: Iterable[int]) -> int:
    """Those places as a number that can be OR-ed."""
    found = 0
    for place in places:
        found |= 1 << place
    return found


def to_bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def from_bytes(data: bytes) -> int:
    return int.from_bytes(data, "little")


def count(data: bytes, *, of: int) -> int:
    """How many of the first `of` places are set: a manifest that was halved keeps bits of places it has no more."""
    return (from_bytes(data) & ((1 << of) - 1)).bit_count()


def places(data: bytes) -> Iterator[int]:
    """Those that are set, in order."""
    bits, place = from_bytes(data), 0
    while bits:
        lowest = (bits & -bits).bit_length()
        place += lowest
        yield place - 1
        bits >>= lowest


def has(data: bytes, place: int) -> bool:
    return bool(from_bytes(data) >> place & 1)


def without(data: bytes, gone: Iterable[int]) -> bytes:
    """The same bits after these places have left the manifest, and those behind them have moved up."""
    bits = from_bytes(data)
    for place in sorted(set(gone), reverse=True):
        bits = (bits >> place + 1) << place | bits & ((1 << place) - 1)
    return to_bytes(bits)
