"""The corpus: one small file for each oddity met, which says what it expects. See tests/corpus/README.md."""

import json
import re
import time
import tracemalloc
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import syndication
from syndication.errors import ParseError
from syndication.model.source import Enclosure, Origin, ParsedFeed, Person, Picture
from syndication.sources import limits
from syndication.sources.parse import parse_feed

CORPUS = Path(__file__).parent.parent / "corpus" / "feeds"
URL = "https://harbour.example/news/feed"


@dataclass(frozen=True)
class Case:
    oddity: str
    expect: tuple[str, ...]
    headers: dict[str, str]


def the_case(path: Path) -> Case:
    data = path.read_bytes()
    if path.suffix == ".json":
        found = dict(re.findall(r'^\{?"_(\w+)": (.*),$', data.decode(), re.MULTILINE))
        return Case(json.loads(found["oddity"]), tuple(json.loads(found["expect"])), {})
    text = re.sub(rb"\A\xff\xfe", b"", data)
    if b"\0<" in text[:8] or b"<\0" in text[:8]:
        text = text.replace(b"\0", b"")
    lines = text.decode("utf-8", errors="surrogateescape").splitlines()
    said = [line.split(": ", 1) for line in lines if re.match(r"(Oddity|Header|Expect): ", line)]
    headers = dict([("Content-Type", value) for name, value in said if name == "Header"][:1])
    return Case(said[0][1], tuple(value for name, value in said if name == "Expect"), headers)


def holds(expectation: str, feed: ParsedFeed | ParseError) -> bool:
    def refused(word: str) -> bool:
        return isinstance(feed, ParseError) and word in str(feed)

    entries = () if isinstance(feed, ParseError) else feed.entries
    names = {"feed": feed, "entries": entries, "entry": entries[0] if entries else None, "refused": refused}
    names |= {"utc": lambda *parts: datetime(*parts, tzinfo=UTC), "Person": Person, "Picture": Picture}
    names |= {"Enclosure": Enclosure, "Origin": Origin}
    return bool(eval(expectation, names))


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_a_corpus_file_reads_as_it_says(path: Path) -> None:
    case = the_case(path)
    assert case.expect, "a corpus file says what it expects"
    feed: ParsedFeed | ParseError
    try:
        feed = parse_feed(path.read_bytes(), url=URL, headers=case.headers)
    except ParseError as error:
        feed = error
    for expectation in case.expect:
        assert holds(expectation, feed), f"{case.oddity}\n{expectation}\n{feed!r}"


RSS = b'<rss version="2.0"><channel><title>Harbour</title>%s</channel></rss>'
JSON = b'{"version": "https://jsonfeed.org/version/1.1", "items": [%s]}'


def bounded(data: bytes, *, seconds: float, mebibytes: float) -> ParsedFeed | ParseError:
    """Read `data`, and see that it costs no more than said. The time is this process's own."""
    tracemalloc.start()
    before = time.process_time()
    found: ParsedFeed | ParseError
    try:
        found = parse_feed(data, url=URL)
    except ParseError as error:
        found = error
    spent, peak = time.process_time() - before, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert spent < seconds
    assert peak < mebibytes * 1024 * 1024
    return found


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_par_02_nested_entities_are_refused_at_once_and_in_little_memory(charset: str) -> None:
    names = "abcdefghijklmnop"
    nested = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    text = f'<!DOCTYPE rss [<!ENTITY a "xxxxxxxxxx">{nested}]><rss><channel><title>&p;</title></channel></rss>'
    found = bounded(text.encode(charset), seconds=0.1, mebibytes=50)
    assert isinstance(found, ParseError)
    assert "document type" in str(found)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<rss><channel>" + b"<a>" * 100_000, "deeper than"),
        (RSS % (b"<item><description>" + b"<b>" * 100_000), "deeper than"),
        (RSS % (b"<item " + b" ".join(b'a%d=""' % n for n in range(1_000_000)) + b"/>"), "longer than"),
        (RSS % (b"<item " + b" ".join(b'a%d=""' % n for n in range(20_000)) + b"/>"), "attributes"),
        (RSS % (b"<item><title>" + b"a" * 50_000_000 + b"</title></item>"), "bytes"),
        (RSS % (b"<a/>" * 600_000), "nodes"),
        (RSS % (b"<item><description>" + b"<b/>" * 600_000 + b"</description></item>"), "nodes"),
        (RSS % (b"<item><guid>1</guid></item>" * (limits.ENTRIES_MAX + 1)), "entries"),
        (JSON % b",".join([b"{}"] * (limits.ENTRIES_MAX + 1)), "entries"),
    ],
    ids=["deep", "deep html", "attributes", "fewer attributes", "bytes", "nodes", "html nodes", "entries", "json"],
)
def test_par_03_what_is_out_of_all_measure_is_refused_by_a_counter(data: bytes, why: str) -> None:
    found = bounded(data, seconds=10, mebibytes=300)
    assert isinstance(found, ParseError)
    assert why in str(found)


def test_par_03_one_entry_that_is_too_large_is_set_aside_and_the_rest_goes_on() -> None:
    large = b"<item><title>" + b"a" * limits.ENTRY_BYTES_MAX + b"</title></item>"
    feed = parse_feed(RSS % (large + b"<item><guid>2</guid></item>"), url=URL)
    assert [entry.id for entry in feed.entries] == ["2"]
    assert [aside.position for aside in feed.set_aside] == [0]
    assert len(feed.set_aside[0].data) == limits.SET_ASIDE_BYTES_MAX


def test_par_06_a_whole_entry_reads_the_same_whether_or_not_its_neighbour_is_broken() -> None:
    def item(n: int, title: str = "Story") -> bytes:
        return (
            f"<item><guid>g{n}</guid><title>{title} {n}</title><description>&lt;p&gt;{n}</description></item>".encode()
        )

    whole = parse_feed(RSS % b"".join(map(item, range(100))), url=URL)
    broken = parse_feed(RSS % b"".join(item(n, "<b>Oh" if n == 50 else "Story") for n in range(100)), url=URL)
    assert not whole.lenient
    assert broken.lenient
    assert [entry for entry in broken.entries if entry.id != "g50"] == [e for e in whole.entries if e.id != "g50"]
    assert len({entry.id for entry in broken.entries}) == len(broken.entries)


def test_par_06_a_document_of_nothing_but_broken_entries_costs_little_and_is_refused() -> None:
    found = bounded(RSS % (b"<item><title>x</b></item>" * 5_000), seconds=10, mebibytes=100)
    assert isinstance(found, ParseError)
    assert "broken" in str(found)


def test_par_07_ids_come_as_written_missing_empty_or_twice() -> None:
    items = (
        b"<item><title>a</title></item><item><guid> </guid><title>b</title></item>" + b"<item><guid>X</guid></item>" * 2
    )
    feed = parse_feed(RSS % items, url=URL)
    assert [entry.id for entry in feed.entries] == [None, None, "X", "X"]


def test_par_08_ten_thousand_entries_are_read() -> None:
    feed = parse_feed(RSS % b"".join(b"<item><guid>%d</guid></item>" % n for n in range(10_000)), url=URL)
    assert len(feed.entries) == 10_000
    assert feed.entries[-1].id == "9999"


HOSTILE = [
    b"<rss",
    b"<feed>",
    b"</rss>",
    b"<item>",
    b"</item>",
    b"<title>",
    b"]]>",
    b"<![CDATA[",
    b"&#x1;",
    b"&nbsp;",
    b"&",
]
HOSTILE += [
    b"<!DOCTYPE rss [",
    b"<!--",
    b"-->",
    b"<a:b>",
    b'xmlns:a="u"',
    b'xml:base="//["',
    b'"',
    b"'",
    b">",
    b"\0",
    b"\xff",
]
HOSTILE += [
    b'{"version":"https://jsonfeed.org/version/1.1","items":[',
    b"{",
    b"[",
    b"]}",
    b'"id":1e5,',
    b"1",
    b"\xef\xbb\xbf",
]
HOSTILE += [
    b"<link>http://[</link>",
    b"<pubDate>99 Jan 99999</pubDate>",
    b"<guid>x</guid>",
    b"\xfe\xff",
    b"<html>",
    b"<?xml ?>",
]
HOSTILE += [
    b'<rss version="2.0"><channel><item>',
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml"><p>',
]


@settings(deadline=None)  # the first broken document imports feedparser
@given(st.one_of(st.binary(max_size=400), st.lists(st.sampled_from(HOSTILE), max_size=25).map(b"".join)))
@example(b"")
@example(b"<rss><channel><item><title>&#xD83D;</title><b></item></channel></rss>")
def test_no_bytes_raise_anything_but_parse_error(data: bytes) -> None:
    try:
        feed = parse_feed(data, url=URL)
    except ParseError:
        return
    assert feed.dialect


@settings(deadline=None)
@given(st.data(), st.sampled_from(sorted(CORPUS.iterdir())))
def test_no_corpus_file_with_a_bite_taken_raises_anything_but_parse_error(data: st.DataObject, path: Path) -> None:
    whole = path.read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    bitten = (
        whole[:start] + data.draw(st.sampled_from([*HOSTILE, b""])) + whole[start + data.draw(st.integers(0, 40)) :]
    )
    try:
        feed = parse_feed(bitten, url=URL)
    except ParseError:
        return
    for text in (feed.title, *(entry.title for entry in feed.entries)):
        text.encode()  # PAR-05: no half of a character is left


def test_the_library_face_reads_a_feed() -> None:
    assert syndication.parse_feed is parse_feed
    assert "parse_feed" in dir(syndication)
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = syndication.nothing_such
