"""Documents built to hurt: what must come of each, by its line in the list of threats."""

import socket
from pathlib import Path
from typing import NoReturn

import pytest

from syndication.errors import ParseError
from syndication.model.source import Enclosure
from syndication.sources.parse import parse_feed

CORPUS = Path(__file__).parent.parent / "corpus" / "feeds"
URL = "https://harbour.example/news/feed"
RSS = '<rss version="2.0"><channel><title>Harbour Daily</title><item><guid>1</guid>{}</item></channel></rss>'
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE rss {}>' + RSS.format("<title>&x;</title>")


@pytest.fixture
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a file or a socket while reading is caught."""

    def caught(*_: object, **__: object) -> NoReturn:
        raise AssertionError("reading a document opened something")

    monkeypatch.setattr(socket, "socket", caught)
    monkeypatch.setattr("builtins.open", caught)


@pytest.mark.usefixtures("no_way_out")
@pytest.mark.parametrize(
    "document",
    [
        DOCTYPE.format('[<!ENTITY x SYSTEM "file:///etc/hostname">]'),
        DOCTYPE.format('[<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]'),
        DOCTYPE.format('[<!ENTITY x PUBLIC "-//A//B//EN" "http://127.0.0.1:9/x">]'),
        DOCTYPE.format('[<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]'),
        DOCTYPE.format('[<!ENTITY x "inside">]'),
        DOCTYPE.format('SYSTEM "http://127.0.0.1:9/rss.dtd"'),
        DOCTYPE.format('PUBLIC "-//A//B//EN" "http://127.0.0.1:9/rss.dtd"'),
        RSS.format('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname"/>'),
        # Broken as well, so that the patient pass has its turn.
        DOCTYPE.format('[<!ENTITY x SYSTEM "file:///etc/hostname">]').replace("</channel>", "<b></channel>"),
    ],
)
@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_par_01_nothing_external_is_ever_read(document: str, charset: str) -> None:
    with pytest.raises(ParseError, match="refused"):
        parse_feed(document.encode(charset), url=URL)


@pytest.mark.parametrize("field", ["title", "description", "author", "category", "link", "guid", "pubDate", "source"])
@pytest.mark.parametrize(
    "written", ["\x00", "\x0b", "\uffff", "\ufffe", "&#11;", "&#0;", "&#xFFFF;", "&#xD800;", "&#xDC00;"]
)
def test_par_05_what_xml_has_no_place_for_is_in_no_field(field: str, written: str) -> None:
    document = RSS.format(f"<title>One</title><link>https://harbour.example/1</link><{field}>a{written}b</{field}>")
    feed = parse_feed(document.encode(), url=URL)
    assert feed.entries
    told = repr(feed).encode().decode("unicode_escape", "surrogatepass")
    assert not set(told) & {"\x00", "\x0b", "\uffff", "\ufffe"}
    assert not any("\ud800" <= character <= "\udfff" for character in told)


def test_par_05_a_line_separator_ends_no_title_and_an_emoji_in_two_halves_is_one() -> None:
    feed = parse_feed(RSS.format("<title>One\u2028two &#xD83D;&#xDE00;</title>").encode(), url=URL)
    assert feed.entries[0].title == "One two \U0001f600"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            '{"version":"https://jsonfeed.org/version/1.1","title":"T","items":' + "[" * 10_000 + "]" * 10_000 + "}",
            "deep",
        ),
        ('{"version":"https://jsonfeed.org/version/1.1","title":"T","title":"U","items":[]}', "twice"),
        ('{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[],"_n":NaN}', "."),
        ('{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[],"_n":Infinity}', "."),
        ('{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[],"_n":1' + "0" * 5_000 + "}", "."),
    ],
    ids=["deep", "doubled key", "not a number", "infinite", "huge"],
)
def test_par_10_json_that_two_readers_would_read_in_two_ways_is_refused(text: str, why: str) -> None:
    with pytest.raises(ParseError, match=why):
        parse_feed(text.encode(), url=URL)


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ('url="https://harbour.example/a.mp3" length="-5" type="audio/mpeg"', None),
        ('url="https://harbour.example/a.mp3" length="many" type="audio/mpeg"', None),
        ('url="https://harbour.example/a.mp3" length="99999999999999999999" type="audio/mpeg"', None),
        ('url="https://harbour.example/a.mp3" length="4294967296" type="audio/mpeg"', 4_294_967_296),
        ('url="https://harbour.example/a.mp3" length="12" type="audio/mpeg"', 12),
    ],
)
def test_par_12_a_false_length_claims_nothing(attributes: str, found: int | None) -> None:
    feed = parse_feed(RSS.format(f"<enclosure {attributes}/>").encode(), url=URL)
    assert feed.entries[0].enclosures == (Enclosure("https://harbour.example/a.mp3", "audio/mpeg", found),)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScript:alert(1)", "data:audio/mpeg;base64,AA", "file:///etc/hostname", ""]
)
def test_par_12_a_file_at_no_web_address_is_dropped(address: str) -> None:
    feed = parse_feed(RSS.format(f'<enclosure url="{address}" length="1" type="audio/mpeg"/>').encode(), url=URL)
    assert feed.entries[0].enclosures == ()
