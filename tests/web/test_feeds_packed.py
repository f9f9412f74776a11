"""Feeds over HTTP in every coding: prepared once, each with a tag of its own, all that matters named in Vary."""

import gzip
from collections.abc import Callable, Mapping
from itertools import product

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.feeds.pack import pack
from syndication.model.feed import Coding, FeedDocument, FeedFormat, Signal
from syndication.web.accept import codings
from syndication.web.shelf import Shelf
from tests.builders import NOW, a_publication

UNPACK: Mapping[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}
PATHS = [f"/feeds/all.{format.value}" for format in FeedFormat]


@pytest.mark.parametrize(("path", "coding"), list(product(PATHS, UNPACK)))
def test_every_coding_unpacks_to_the_same_document_under_a_tag_of_its_own(still, path, coding):
    plain = still.get(path)
    answer = still.get(path, {"Accept-Encoding": coding})
    assert answer.status == 200
    assert answer.headers.get("content-encoding", "") == coding
    assert UNPACK[coding](answer.body) == plain.body
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert (answer.headers["etag"] == plain.headers["etag"]) == (coding == "")
    assert len(answer.body) < len(plain.body) or coding == ""
    head = still.ask("HEAD", path, {"Accept-Encoding": coding})
    assert {name: head.headers[name] for name in ("etag", "content-length", "vary")} == {
        name: answer.headers[name] for name in ("etag", "content-length", "vary")
    }


def test_a_tag_holds_for_its_own_coding_only(still):
    path = PATHS[0]
    tags = {coding: still.get(path, {"Accept-Encoding": coding}).headers["etag"] for coding in UNPACK}
    assert len(set(tags.values())) == len(UNPACK)
    for asked, held in product(UNPACK, UNPACK):
        answer = still.get(path, {"Accept-Encoding": asked, "If-None-Match": tags[held]})
        assert answer.status == (304 if asked == held else 200)
        assert answer.headers["etag"] == tags[asked]


def test_pub_11_what_changes_an_answer_is_named_in_vary(still):
    for path in PATHS:
        assert still.get(path).headers["vary"] == "Accept-Encoding, A-IM"
        assert still.get(path, {"If-None-Match": "*"}).headers["vary"] == "Accept-Encoding, A-IM"
    negotiated = still.get("/feeds/all", {"Accept": "application/rss+xml", "Accept-Encoding": "br"})
    assert negotiated.headers["vary"] == "Accept, Accept-Encoding, A-IM"
    assert brotli.decompress(negotiated.body) == still.get("/feeds/all.rss").body


def test_a_cache_may_answer_while_it_asks_and_while_we_are_away(still):
    for asked in ({}, {"If-None-Match": "*"}):
        told = still.get(PATHS[0], asked).headers["cache-control"]
        assert told == "public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400"


@pytest.mark.parametrize(
    ("header", "first"),
    [
        (b"", ""),
        (b"gzip", "gzip"),
        (b"gzip, deflate, br, zstd", "br"),
        (b"gzip, deflate", "gzip"),
        (b"gzip;q=1.0, br;q=0.5", "gzip"),
        (b"br;q=0, *", "zstd"),
        (b"*", "br"),
        (b"*;q=0", ""),
        (b"identity", ""),
        (b"identity;q=1, gzip;q=0.5", ""),
        (b"identity;q=0", ""),  # an answer that nobody can refuse
        (b"x-gzip", "gzip"),
        (b"GZIP", "gzip"),
        (b"gzip;q=2", ""),  # no quality is above 1
        (b";;,;q=1,,\xff", ""),
    ],
)
def test_the_coding_that_is_liked_best(header, first):
    ranked = codings(header)
    assert ranked[0] == first
    assert ranked[-1] == ""


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_pub_15_any_accept_encoding_has_an_answer(header):
    assert set(codings(header)) <= {"", *(coding.value for coding in Coding)}


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_packing_is_the_same_each_time_and_never_longer(data):
    document = FeedDocument(FeedFormat.RSS, data, '"x"', NOW)
    packed = pack(document)
    assert packed == pack(document)
    for coding, smaller in packed.packed:
        assert UNPACK[coding](smaller) == data
        assert len(smaller) < len(data)


def test_what_partners_ask_of_robots_goes_with_the_document():
    marked = FeedDocument(FeedFormat.RSS, b"<rss/>", '"x"', NOW, signals=(Signal.NOINDEX, Signal.TDM))
    plain = FeedDocument(FeedFormat.RSS, b"<rss/>", '"y"', NOW)
    known = {"marked": marked, "plain": plain}
    shelf = Shelf(
        lambda: [(slug, FeedFormat.RSS, document.etag) for slug, document in known.items()],
        lambda slug, _: known[slug],
        publication=a_publication(hubs=("https://hub.example/",)),
    )
    assert shelf.refresh() == 2
    headers = {slug: dict(shelf.at(f"{slug}.rss").best(()).whole) for slug in known}
    assert (headers["marked"][b"x-robots-tag"], headers["marked"][b"tdm-reservation"]) == (b"noindex", b"1")
    assert b"x-robots-tag" not in headers["plain"] and b"tdm-reservation" not in headers["plain"]
    base = a_publication().base_url
    assert headers["plain"][b"link"].decode() == (
        f'<{base}/feeds/plain.rss>; rel="self", <{base}/websub/hub>; rel="hub", <https://hub.example/>; rel="hub"'
    )
