"""Subscriber ids <-> a manifest: the readers of one batch in order, frozen. Pure.

A version byte, then a zlib stream of the gaps between ids as varints (7 bits a byte, lowest first, the top bit says
that more follows). Ids rise, so a position in the manifest names a reader for ever.
"""

import zlib
from collections.abc import Iterator, Sequence
from itertools import accumulate

VERSION = 1
IDS_MAX = 1000
"""As many as any provider takes in one call."""
ID_MAX = 2**63 - 1
VARINT_BYTES_MAX = 9


def encode(ids: Sequence[int]) -> bytes:
    """Raises ValueError unless the ids are 1 to 1,000, positive, and rise."""
    if not 1 <= len(ids) <= IDS_MAX:
        raise ValueError(f"a manifest names 1 to {IDS_MAX} readers, got {len(ids)}")
    gaps = bytearray()
    before = 0
    for id in ids:
        if not before < id <= ID_MAX:
            raise ValueError(f"the ids of a manifest are positive and rise, got {id} after {before}")
        _put(gaps, id - before)
        before = id
    return bytes([VERSION]) + zlib.compress(gaps, 6)


def decode(manifest: bytes) -> tuple[int, ...]:
    """Raises ValueError for what `encode` cannot have written."""
    if manifest[:1] != bytes([VERSION]):
        raise ValueError(f"a manifest of version {VERSION} is needed, got {manifest[:1]!r}")
    gaps = _inflate(manifest[1:])
    if 0 < len(gaps) <= IDS_MAX and gaps.isascii() and 0 not in gaps:
        return tuple(accumulate(gaps))  # no gap of more than a byte: nearly always
    ids: list[int] = []
    id = 0
    for gap in _gaps(gaps):
        id += gap
        if gap == 0 or id > ID_MAX or len(ids) == IDS_MAX:
            raise ValueError("a manifest is damaged: its ids do not rise, or are too many")
        ids.append(id)
    if not ids:
        raise ValueError("a manifest is damaged: it names nobody")
    return tuple(ids)


def _put(gaps: bytearray, gap: int) -> None:
    while gap > 0x7F:
        gaps.append(gap & 0x7F | 0x80)
        gap >>= 7
    gaps.append(gap)


def _inflate(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        gaps = inflater.decompress(data, IDS_MAX * VARINT_BYTES_MAX)
    except zlib.error as error:
        raise ValueError(f"a manifest is damaged: {error}") from error
    if not inflater.eof or inflater.unused_data:
        raise ValueError("a manifest is damaged: it is cut short, or something follows it")
    return gaps


def _gaps(data: bytes) -> Iterator[int]:
    gap = shift = 0
    for byte in data:
        gap |= (byte & 0x7F) << shift
        shift += 7
        if byte & 0x80:
            if shift >= 7 * VARINT_BYTES_MAX:
                raise ValueError("a manifest is damaged: a gap without an end")
            continue
        yield gap
        gap = shift = 0
    if shift:
        raise ValueError("a manifest is damaged: it ends within a gap")
