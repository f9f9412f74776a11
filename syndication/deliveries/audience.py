"""Who is in, who is out and why. In: how readers stand. Out: the parts of an audience; what to take out. Pure.

Planning assigns each reader once. Whatever is learned later only takes readers out: their place stays theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from syndication.model.delivery import ExceptionKind
from syndication.model.ledger import Standing, TakenOut


@dataclass(frozen=True, slots=True)
class Division:
    """A stretch of the audience, divided: `parts` become batches, `left_out` get a line each and no batch."""

    parts: tuple[tuple[int, ...], ...]
    left_out: tuple[TakenOut, ...]


def divide(readers: Iterable[Standing], size: int) -> Division:
    """Cut confirmed readers, in order of their ids, into parts of at most `size`."""
    if size < 1:
        raise ValueError(f"a batch has at least one reader, got {size}")
    kept: list[int] = []
    left_out: list[TakenOut] = []
    for reader in readers:
        if reader.suppressed:
            left_out.append(TakenOut(reader.subscriber_id, ExceptionKind.SUPPRESSED, reader.suppressed))
        else:
            kept.append(reader.subscriber_id)
    parts = tuple(tuple(kept[start : start + size]) for start in range(0, len(kept), size))
    return Division(parts, tuple(left_out))


def reachable(
    ids: Iterable[int], standings: Mapping[int, Standing], *, doubtful: bool = False
) -> tuple[tuple[Standing, ...], tuple[TakenOut, ...]]:
    """Split `ids` into those who may be mailed now and those who may not any more, both in order.

    `doubtful`: an earlier attempt may have reached them, and the reason says so.
    """
    kept: list[Standing] = []
    gone: list[TakenOut] = []
    for id in ids:
        reader = standings.get(id)
        if reader is not None and reader.confirmed and not reader.suppressed:
            kept.append(reader)
        else:
            gone.append(_gone(id, reader, "; an earlier attempt may have reached them" if doubtful else ""))
    return tuple(kept), tuple(gone)


def _gone(id: int, reader: Standing | None, doubt: str) -> TakenOut:
    if reader is None:
        return TakenOut(id, ExceptionKind.UNSUBSCRIBED, f"no such subscription any more{doubt}")
    if reader.suppressed:
        return TakenOut(id, ExceptionKind.SUPPRESSED, reader.suppressed + doubt)
    return TakenOut(id, ExceptionKind.UNSUBSCRIBED, f"left after the edition was planned{doubt}")


def halves(ids: Sequence[int], taken_out: frozenset[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Split a manifest so that those still to be mailed are halved. Both halves together are `ids`, in order.

    Raises ValueError when fewer than two are left to mail.
    """
    live = [id for id in ids if id not in taken_out]
    if len(live) < 2:
        raise ValueError(f"a batch that is split has two readers to mail at least, got {len(live)}")
    first_of_second = ids.index(live[len(live) // 2])
    return tuple(ids[:first_of_second]), tuple(ids[first_of_second:])
