import gzip
import tracemalloc
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from syndication.model.exchange import FailureKind
from syndication.outbound.inflate import GZIP_MEMBERS_MAX, BadBody, Body

MEBIBYTE = 1024 * 1024


def raw_deflate(data: bytes) -> bytes:
    press = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return press.compress(data) + press.flush()


PRESSES = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.ZstdCompressor(level=19).compress),
    "identity": ("identity", bytes),
}
each_coding = pytest.mark.parametrize(("coding", "press"), PRESSES.values(), ids=PRESSES)
each_press = pytest.mark.parametrize(
    ("coding", "press"),
    [pair for name, pair in PRESSES.items() if name != "identity"],
    ids=[n for n in PRESSES if n != "identity"],
)


def unpack(coding: str, wire: bytes, *, bytes_max: int = MEBIBYTE, step: int = 16_384) -> bytes:
    body = Body(coding, bytes_max)
    for start in range(0, len(wire), step):
        body.feed(wire[start : start + step])
    return body.finish()


@each_coding
@given(data=st.binary(max_size=3_000), times=st.integers(1, 200), step=st.sampled_from((1, 2, 17, 1_000, 100_000)))
def test_a_body_comes_out_as_it_went_in_however_it_is_cut(coding, press, data, times, step):
    assert unpack(coding, press(data * times), step=step) == data * times


@each_press
def test_col_11_a_bomb_stops_at_the_limit_in_flat_memory(coding, press):
    bomb = press(b"\0" * 60 * MEBIBYTE)
    assert len(bomb) < 70_000
    tracemalloc.start()
    try:
        with pytest.raises(BadBody) as raised:
            unpack(coding, bomb, bytes_max=2 * MEBIBYTE)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert raised.value.kind is FailureKind.TOO_LARGE
    # A growing buffer reserves an eighth more, and one slice of zstd may make four blocks of 128 KiB, held twice.
    assert peak < 2 * MEBIBYTE * 1.125 + MEBIBYTE


@each_coding
def test_col_11_the_limit_itself_is_allowed_and_one_byte_more_is_not(coding, press):
    assert len(unpack(coding, press(b"a" * 200_000), bytes_max=200_000)) == 200_000
    with pytest.raises(BadBody):
        unpack(coding, press(b"a" * 200_001), bytes_max=200_000)


@pytest.mark.parametrize("codings", ["gzip, gzip", "gzip, br", "deflate, gzip, br", "gzip,identity,zstd"])
def test_col_11_stacked_codings_are_refused(codings):
    with pytest.raises(BadBody, match="more than once") as raised:
        Body(codings, MEBIBYTE)
    assert raised.value.kind is FailureKind.GARBLED


@pytest.mark.parametrize("codings", ["", "identity", "identity, identity", " , "])
def test_no_coding_at_all_is_said_in_many_ways(codings):
    assert unpack(codings, b"<rss/>") == b"<rss/>"


@pytest.mark.parametrize("codings", ["compress", "x-zip", "aws-chunked", "gzip;q=1"])
def test_an_unknown_coding_is_refused(codings):
    with pytest.raises(BadBody, match="unknown coding"):
        Body(codings, MEBIBYTE)


@pytest.mark.parametrize("step", [1, 2, 3, 1_000])
def test_col_11_further_gzip_members_are_part_of_the_body(step):
    wire = gzip.compress(b"one ", mtime=0) + gzip.compress(b"") + gzip.compress(b"two")
    assert unpack("gzip", wire, step=step) == b"one two"


@pytest.mark.parametrize(
    "after", [b"\0" * 512, b"junk", b"\x1f", b"\x1fjunk", b"\0\0junk", b"\0\0" + gzip.compress(b"!", mtime=0)]
)
@pytest.mark.parametrize("step", [1, 5, 1_000])
def test_padding_after_the_last_gzip_member_is_passed_over(after, step):
    assert unpack("gzip", gzip.compress(b"whole", mtime=0) + after, step=step) in (b"whole", b"whole!")


def test_col_11_a_bomb_in_a_trailing_member_counts_too():
    wire = gzip.compress(b"small", mtime=0) + gzip.compress(b"\0" * 3 * MEBIBYTE)
    with pytest.raises(BadBody) as raised:
        unpack("gzip", wire)
    assert raised.value.kind is FailureKind.TOO_LARGE


def test_col_11_a_flood_of_empty_gzip_members_ends():
    assert unpack("gzip", gzip.compress(b"", mtime=0) * GZIP_MEMBERS_MAX) == b""
    with pytest.raises(BadBody, match="members"):
        unpack("gzip", gzip.compress(b"", mtime=0) * (GZIP_MEMBERS_MAX + 1))


@each_press
def test_col_13_a_coded_body_cut_short_is_garbled(coding, press):
    wire = press(bytes(range(256)) * 40)
    with pytest.raises(BadBody) as raised:
        unpack(coding, wire[:-9])
    assert raised.value.kind is FailureKind.GARBLED


@each_press
def test_a_body_that_is_not_what_it_says_is_garbled(coding, press):
    with pytest.raises(BadBody) as raised:
        unpack(coding, b"<?xml version='1.0'?><rss/>" * 3)
    assert raised.value.kind is FailureKind.GARBLED


@each_coding
def test_no_bytes_at_all_are_a_whole_body(coding, press):
    assert unpack(coding, b"") == b""


def test_a_zstd_window_beyond_what_a_content_coding_may_ask_is_refused():
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    press = zstandard.ZstdCompressor(compression_params=parameters).compressobj()  # no size in the frame: window counts
    wire = press.compress(b"x" * 1000) + press.flush()
    with pytest.raises(BadBody, match="zstd"):
        unpack("zstd", wire)


def test_several_zstd_frames_are_one_body():
    press = zstandard.ZstdCompressor().compress
    assert unpack("zstd", press(b"one ") + press(b"two"), step=3) == b"one two"
