"""A manifest names its readers for ever, or is refused."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.deliveries.manifest import ID_MAX, IDS_MAX, decode, encode

ids = st.sets(st.integers(1, ID_MAX), min_size=1, max_size=IDS_MAX).map(lambda found: tuple(sorted(found)))


@given(ids)
def test_what_is_encoded_is_decoded(readers: tuple[int, ...]) -> None:
    assert decode(encode(readers)) == readers


def test_neighbours_cost_next_to_nothing() -> None:
    assert len(encode(range(5_000_000, 5_001_000))) < 50


@pytest.mark.parametrize(
    "readers",
    [(), (0,), (-1,), (2, 1), (1, 1), (ID_MAX + 1,), range(1, IDS_MAX + 2)],
    ids=lambda found: str(found)[:20],
)
def test_what_is_no_audience_is_refused(readers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="manifest"):
        encode(readers)


@given(ids, st.data())
def test_a_damaged_manifest_is_an_error_or_another_manifest_and_never_a_crash(
    readers: tuple[int, ...], data: st.DataObject
) -> None:
    written = bytearray(encode(readers))
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] ^= data.draw(st.integers(1, 255))
    try:
        found = decode(bytes(written))
    except ValueError:
        return
    assert list(found) == sorted(set(found)) and len(found) <= IDS_MAX


def crafted(gaps: bytes) -> bytes:
    return b"\x01" + zlib.compress(gaps)


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        (b"", "version"),
        (b"\x02" + encode((1, 2))[1:], "version"),
        (encode((1, 2, 3))[:-1], "cut short"),
        (encode((1, 2, 3)) + b"more", "follows"),
        (crafted(b""), "nobody"),
        (crafted(b"\x00"), "rise"),
        (crafted(b"\x81"), "within a gap"),
        (crafted(b"\xff" * 12 + b"\x01"), "without an end"),
        (crafted(b"\x01" * (IDS_MAX + 1)), "too many"),
        (crafted(b"\x01" * 50_000_000), "cut short"),  # a bomb: 50 MB in 50 kB
    ],
    ids=lambda found: found if isinstance(found, str) else "",
)
def test_what_encode_cannot_have_written_is_refused(manifest: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        decode(manifest)
