"""Nothing invalid leaves the house, and nothing unwise: judged by checkers that share nothing with our own gate."""

from datetime import timedelta
from itertools import product

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.articles.clean import clean
from syndication.articles.permit import may
from syndication.feeds.archive import place_of_feed, place_of_page
from syndication.feeds.build import build, write
from syndication.feeds.check import faults
from syndication.feeds.item import items_of
from syndication.model.article import Figure, Permission, Stored
from syndication.model.feed import Feed, FeedFormat
from syndication.model.rights import Channel, ImageRight, Rights, TextRight
from syndication.model.source import Picture
from syndication.sources.parse import parse_feed
from tests.builders import NOW, a_partner, a_permission, a_publication, a_source, a_stored, an_entry
from tests.feeds.advice import warnings_of

HOUSE = a_publication(hubs=("https://hub.example/",))
FEED = Feed(id=1, slug="all", title="All of it", description="", items_max=1000)
HUBS = (HOUSE.hub, *HOUSE.hubs)

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "Tom & <Jerry>",
    "AT&T &amp; R&D &copy; &#x41; &bogus;",
    "]]><b>bold</b>",
    "<![CDATA[x]]>",
    "<!-- comment -->",
    "<?xml version='1.0'?>",
    "\x00\x01\x0b\x1f null and friends \x7f\x80\x9f",
    "\ufffe\uffff\ufffd lost \ud800 half",
    "\u202egnp.exe\u202c bidi \u2066isolate\u2069",
    "zero\u200bwidth\ufeffmarks",
    "'\"`={}[]|\\^~%00%2F",
    "javascript:alert(1)",
    "漢字 и кириллица عربي \U0001f469\u200d\U0001f469\u200d\U0001f466",
    "A" * 5000,
    " \t\r\n ",
    "",
    "CafÃ© â€œquotedâ€\x9d",
    "<b>unclosed <i>nested",
    "CafÃ© MÃ¼ller, Â© Ã\x89tude",
    "MANHÃ» and «MANHû",
    "no character \ufdd0 \U0001fffe \U0010ffff",
    "Ada Quay <ada@harbour.example>",
    "By <a href='/ada'>Ada Quay</a> &amp; Bo",
    "&lt;b&gt;already escaped&lt;/b&gt;",
]


def told(entry, **rights) -> tuple[Stored, Permission]:
    """An entry the whole way: cleaned, stored, and shown as rights allow."""
    granted = Rights(**{"text": TextRight.FULL, "images": ImageRight.ALL} | rights)
    source = a_source(rights=granted)
    stored = a_stored(article=clean(entry, source, NOW), rights=granted)
    return stored, may(stored, Channel.FEED, NOW)


def documents(shown, feed=FEED):
    for format in FeedFormat:
        place = place_of_feed(feed, format.value, 1, HUBS)
        yield format, build(feed, HOUSE, shown, format, {"harbour": "Harbour & Sea"}, place=place)


def assert_good(shown, feed=FEED) -> None:
    for format, document in documents(shown, feed):
        assert faults(document) == ()
        assert warnings_of(document.data, format.value) == []
        parsed = feedparser.parse(document.data) if format is not FeedFormat.JSON else None
        ours = parse_feed(document.data, url="https://news.example.org/feeds/all")
        assert parsed is None or (not parsed.bozo and len(parsed.entries) == len(ours.entries))
        assert len(ours.entries) == len(shown) and not ours.lenient and not ours.set_aside


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_everywhere_is_only_text(text):
    entry = an_entry(
        title=text,
        summary_html=f"<p>{text}</p>",
        content_html=f"<p>{text}</p><p>{'It sails hourly. ' * 40}</p>",
        categories=(text,),
        rights=text,
        pictures=(Picture("https://harbour.example/f.jpg", credit=text, caption=text),),
    )
    shown = told(entry, attribution=f"First published by {{publisher}} {text}")
    assert_good([shown], Feed(1, "all", text, text))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_that_slipped_by_the_cleaning_is_only_text_too(text):
    figure = Figure("https://harbour.example/f.jpg", caption=text, credit=text)
    stored = a_stored(byline=text, publisher=text, rights_note=text, language=text, topics=("harbour",))
    assert_good([(stored, a_permission(title=text, excerpt=text, attribution=text, figures=(figure,)))])


SPELLED = [
    "https://Harbour.Example",
    "https://harbour.example:443/a/../b",
    "https://harbour.example/%7eada/%c3%a9",
    "https://harbour.example/%ff",
    "https://harbour.example/100%25",
    "https://harbour.example/a%zz",
    "https://harbour.example./",
    "https://harbour.example/#a#b",
    "https://harbour.example?p=1",
    "URN:ISBN:9780000000001",
    "tag:harbour.example,2026:%7eada",
]


@pytest.mark.parametrize(
    "guid", [*HOSTILE, "1", "urn:x:1", "HTTP://Harbour.example:80/?p=1", "tag:x", "//x", "a b", *SPELLED]
)
def test_a_hostile_id_and_link_break_nothing(guid):
    assert_good([(a_stored(publisher_guid=guid, url=guid, publisher_url=guid), a_permission())])
    assert_good([told(an_entry(id=guid, url=guid))])


@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_from_no_story_to_a_thousand(count):
    long = f"<p>{'It sails hourly. ' * 30}</p>"
    shown = [(a_stored(published_at=NOW), a_permission(body=long, title=f"Story {n}")) for n in range(count)]
    assert_good(shown)


def test_a_document_stays_below_what_readers_take():
    body = f"<p>{'It sails hourly & daily. ' * 2000}</p>"
    shown = [(a_stored(), a_permission(body=body)) for _ in range(300)]
    for format, document in documents(shown):
        assert faults(document) == ()
        assert len(document.data) < 5_000_000
        assert len(parse_feed(document.data, url="https://news.example.org/").entries) > 50, format


@pytest.mark.parametrize(
    "missing",
    [
        {"published": None, "published_raw": None},
        {"authors": ()},
        {"summary_html": None, "content_html": None},
        {"id": None},
        {"url": None},
        {"title": ""},
        {"published": None, "summary_html": None, "title": "", "id": None, "url": None},
    ],
)
@pytest.mark.parametrize("text", list(TextRight))
def test_whatever_an_entry_lacks_the_feed_is_whole(missing, text):
    assert_good([told(an_entry(**missing), text=text)])


def test_many_stories_of_one_instant_are_told_apart():
    shown = [(a_stored(published_at=NOW, changed_at=NOW), a_permission()) for _ in range(20)]
    assert_good(shown)


def test_an_archive_page_is_as_good():
    items = items_of(HOUSE, [(a_stored(published_at=NOW - timedelta(hours=n)), a_permission()) for n in range(3)])
    for number in (1, 2):
        document = write(FEED, HOUSE, items, FeedFormat.ATOM, place=place_of_page(FEED, number))
        assert faults(document) == ()
        assert warnings_of(document.data, "atom") == []


ANY = st.text(st.characters(), max_size=40)
MARKUP = st.text(st.sampled_from("<>&;/\"'ab#x1 !-[]\u0085\x80é漢"), max_size=40)


@settings(max_examples=150, deadline=None)
@given(title=ANY | MARKUP, excerpt=ANY | MARKUP, byline=ANY | MARKUP, note=ANY | MARKUP, caption=ANY | MARKUP)
def test_no_text_makes_a_document_that_is_invalid_or_unwise(title, excerpt, byline, note, caption):
    figure = Figure("https://harbour.example/f.jpg", caption=caption, credit=caption)
    stored = a_stored(byline=byline, rights_note=note, partner=a_partner(name=byline))
    permission = a_permission(title=title, excerpt=excerpt, attribution=note, figures=(figure,))
    for format, document in documents([(stored, permission)]):
        assert faults(document) == ()
        assert warnings_of(document.data, format.value) == []


BAD = [
    ("atom", "<id>https://harbour.example/", "<id>https://HARBOUR.example/"),
    ("atom", "<name>Ada Quay", "<name>&lt;b&gt;Ada&lt;/b&gt; Quay"),
    ("atom", "<title>The ferry", "<title>CafÃ© ferry"),
    ("atom", "<updated>2026", "<updated>26"),
    ("atom", ' rel="self"', ' rel="canonical"'),
    ("atom", "<title>The ferry", "<title>&lt;b&gt;x&lt;/b&gt; The ferry"),
    ("atom", "<author><name>Ada Quay</name></author>", ""),
    ("rss", "<title>The ferry", "<title>&lt;b&gt;x&lt;/b&gt; The ferry"),
    ("rss", "<description>&#x3C;p&gt;", "<description>&#x3C;p&gt;&lt;script&gt;"),
    ("rss", "<link>https://harbour.example/", "<link>https://harbour.example/straße/"),
    ("rss", "<pubDate>Thu, 07", "<pubDate>7"),
    ("json", '"id":', '"uid":'),
    ("json", '"content_html":"<p>', '"content_html":"<p onclick=x>'),
]


@pytest.mark.parametrize(("ending", "old", "new"), BAD)
def test_the_judges_can_tell(ending, old, new):
    data = {format.value: document.data for format, document in documents([(a_stored(), a_permission())])}[ending]
    text = data.decode()
    assert old in text and warnings_of(data, ending) == []
    assert warnings_of(text.replace(old, new, 1).encode(), ending) != []


def test_every_hostile_title_in_one_feed():
    shown = [told(an_entry(title=a + b)) for a, b in product(HOSTILE[:6], HOSTILE[:6])]
    assert_good(shown)
