"""What every page shares: the codings that it is sent in."""

import gzip

import brotli
import pytest
import zstandard

UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstandard.ZstdDecompressor().decompress}
PATHS = ["/articles/1", "/archive", "/feeds"]


@pytest.mark.parametrize("path", PATHS)
def test_pub_11_a_page_is_the_same_in_every_coding_and_each_has_a_tag(still, path):
    plain = still.get(path, {"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    tags = {plain.headers["etag"]}
    for coding, unpacked in UNPACK.items():
        packed = still.get(path, {"Accept-Encoding": coding})
        assert packed.headers["content-encoding"] == coding
        assert "Accept-Encoding" in packed.headers["vary"]
        assert unpacked(packed.body) == plain.body and len(packed.body) < len(plain.body)
        asked = {"Accept-Encoding": coding, "If-None-Match": packed.headers["etag"]}
        unchanged = still.get(path, asked)
        assert (unchanged.status, unchanged.body) == (304, b"")
        assert "content-encoding" not in unchanged.headers
        tags.add(packed.headers["etag"])
    assert len(tags) == 4


def test_a_page_that_may_hold_a_token_is_not_compressed(still):
    for path in ("/subscribe", "/search?q=ferry"):
        found = still.get(path, {"Accept-Encoding": "br, gzip"})
        assert found.status == 200
        assert "content-encoding" not in found.headers
