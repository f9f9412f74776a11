"""Feed, articles -> FeedDocument. feedgen's faults, each put right, each with a test."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from syndication.feeds.build import build
from syndication.feeds.check import faults
from syndication.feeds.item import NO_ITEMS
from syndication.model.article import Figure, Permission, Stored
from syndication.model.feed import Feed, FeedFormat, Publication
from tests.builders import NOW, a_permission, a_stored

HOUSE = Publication(title="The Harvest", description="News of the coast", base_url="https://news.example.org")
FEED = Feed(id=1, slug="all", title="All of it", description="")
NS = {"a": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/elements/1.1/"}
Shown = list[tuple[Stored, Permission]]


def shown(count: int = 2, **permission: Any) -> Shown:
    return [(a_stored(published_at=NOW - timedelta(hours=n)), a_permission(**permission)) for n in range(count)]


def tree(items: Shown, format: FeedFormat, **given: Any) -> Any:
    return etree.fromstring(build(FEED, HOUSE, items, format, **given).data)


@pytest.mark.parametrize("format", list(FeedFormat))
@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_same_articles_give_the_same_bytes(format: FeedFormat, count: int) -> None:
    items = shown(count)
    first, second = (build(FEED, HOUSE, items, format) for _ in range(2))
    assert first == second
    assert first.etag.startswith('"') and first.etag.endswith('"')
    assert faults(first) == ()


def test_a_missing_date_does_not_become_now() -> None:
    document = build(FEED, HOUSE, [], FeedFormat.ATOM)
    assert document.updated_at == NO_ITEMS
    assert tree([], FeedFormat.ATOM).findtext("a:updated", namespaces=NS) == NO_ITEMS.isoformat()
    assert "2000" in tree([], FeedFormat.RSS).findtext("channel/lastBuildDate")


def test_entries_stand_in_the_order_given() -> None:
    items = shown(3)
    ids = [stored.article.publisher_guid for stored, _ in items]
    assert [e.text for e in tree(items, FeedFormat.ATOM).findall("a:entry/a:id", NS)] == ids
    assert [e.text for e in tree(items, FeedFormat.RSS).findall("channel/item/guid")] == ids


def test_an_atom_link_keeps_rel_and_type() -> None:
    items = [(a_stored(url="https://harbour.example/1"), a_permission(body="<p>Whole.</p>"))]
    links = tree(items, FeedFormat.ATOM).findall("a:entry/a:link", NS)
    assert [(link.get("rel"), link.get("type")) for link in links] == [("alternate", "text/html"), ("via", "text/html")]
    assert links[1].get("href") == "https://harbour.example/1"


def test_the_rss_channel_links_to_our_page_and_to_itself() -> None:
    channel = tree(shown(), FeedFormat.RSS).find("channel")
    assert channel.findtext("link") == "https://news.example.org/"
    assert [(link.get("rel"), link.get("href")) for link in channel.findall("a:link", NS)] == [
        ("self", "https://news.example.org/feeds/all.rss")
    ]


def test_an_author_without_a_mail_address_is_named_in_rss() -> None:
    assert tree(shown(1), FeedFormat.RSS).findtext("channel/item/dc:creator", namespaces=NS) == "Ada Quay"


def test_atom_source_is_complete_and_last() -> None:
    (entry,) = tree(shown(1), FeedFormat.ATOM).findall("a:entry", NS)
    source = entry[-1]
    assert source.tag == "{http://www.w3.org/2005/Atom}source"
    assert source.findtext("a:id", namespaces=NS) == "https://harbour-daily.example/feed"
    assert source.findtext("a:title", namespaces=NS) == "Harbour Daily"
    assert source.findtext("a:updated", namespaces=NS) == NOW.isoformat()


def test_rss_source_names_the_partners_feed() -> None:
    source = tree(shown(1), FeedFormat.RSS).find("channel/item/source")
    assert (source.get("url"), source.text) == ("https://harbour-daily.example/feed", "Harbour Daily")


@pytest.mark.parametrize("format", list(FeedFormat))
@pytest.mark.parametrize("character", ["\x00", "\x0b", "￿", "\ud800"])
def test_par_05_one_forbidden_character_ends_no_feed(format: FeedFormat, character: str) -> None:
    items = shown(1, title=f"Fer{character}ry", excerpt=f"It{character} sails.")
    named = Feed(id=1, slug="all", title=f"All{character}", description=f"x{character}")
    document = build(named, HOUSE, items, format)
    assert faults(document) == ()
    assert "Ferry" in document.data.decode()


@pytest.mark.parametrize("format", [FeedFormat.RSS, FeedFormat.ATOM])
def test_markup_is_escaped_html_and_never_cdata_or_xhtml(format: FeedFormat) -> None:
    document = build(FEED, HOUSE, shown(1, body="<p>A &amp; B</p>"), format)
    assert b"CDATA" not in document.data and b"xhtml" not in document.data
    assert b"&lt;p&gt;A &amp;amp; B&lt;/p&gt;" in document.data


def test_only_what_may_be_shown_is_in_it() -> None:
    items = [(a_stored(), a_permission(allowed=False)), (a_stored(), a_permission())]
    assert len(tree(items, FeedFormat.ATOM).findall("a:entry", NS)) == 1


@pytest.mark.parametrize("format", list(FeedFormat))
def test_credit_travels_with_the_text(format: FeedFormat) -> None:
    figure = Figure(src="https://harbour.example/f.jpg", caption="The ferry", credit="Photo: Ada Quay")
    data = build(FEED, HOUSE, shown(1, figures=(figure,)), format).data.decode()
    assert "First published by Harbour Daily" in data
    assert "The ferry" in data and "Photo: Ada Quay" in data
    assert "<img" not in data and "&lt;img" not in data


def test_an_excerpt_leads_to_the_publisher_and_a_whole_text_to_our_page() -> None:
    stored = a_stored(id=7, url="https://harbour.example/1")
    feed = orjson.loads(build(FEED, HOUSE, [(stored, a_permission())], FeedFormat.JSON).data)
    assert feed["items"][0]["url"] == "https://harbour.example/1"
    feed = orjson.loads(build(FEED, HOUSE, [(stored, a_permission(body="<p>All.</p>"))], FeedFormat.JSON).data)
    assert feed["items"][0]["url"] == "https://news.example.org/articles/7"
    assert feed["items"][0]["external_url"] == "https://harbour.example/1"


@pytest.mark.parametrize("guid", ["", "12345", "not a uri", "x y:z"])
def test_an_id_that_is_no_uri_gives_way_to_our_page(guid: str) -> None:
    entry = tree([(a_stored(id=9, publisher_guid=guid), a_permission())], FeedFormat.ATOM)
    assert entry.findtext("a:entry/a:id", namespaces=NS) == "https://news.example.org/articles/9"


def test_two_articles_of_one_id_are_told_apart() -> None:
    items = [(a_stored(id=n, publisher_guid="urn:ex:1"), a_permission()) for n in (1, 2)]
    document = build(FEED, HOUSE, items, FeedFormat.ATOM)
    assert faults(document) == ()


def test_topics_go_by_the_titles_that_readers_see() -> None:
    items = [(a_stored(topics=("harbour",)), a_permission())]
    entry = tree(items, FeedFormat.ATOM, topics={"harbour": "Harbour & Sea"}).find("a:entry/a:category", NS)
    assert (entry.get("term"), entry.get("label")) == ("harbour", "Harbour & Sea")
    assert tree(items, FeedFormat.RSS, topics={"harbour": "Harbour & Sea"}).findtext("channel/item/category") == (
        "Harbour & Sea"
    )


def test_a_correction_is_the_newest_change() -> None:
    later = NOW + timedelta(days=1)
    document = build(FEED, HOUSE, [(a_stored(rev=2, changed_at=later), a_permission())], FeedFormat.ATOM)
    assert document.updated_at == later


TEXT = st.text(st.characters(), max_size=60)
NO_CHARACTERS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
FORBIDDEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef{NO_CHARACTERS}]")
"""What XML 1.0 has no place for, or discourages."""
ENCODED_ONCE = TEXT.filter(lambda text: not re.search("[\xc2\xc3][\x80-\xbf]", text))


@settings(deadline=None)
@given(title=TEXT, excerpt=TEXT, byline=TEXT, format=st.sampled_from([FeedFormat.RSS, FeedFormat.ATOM]))
def test_a_built_feed_parses_back_to_its_articles(title: str, excerpt: str, byline: str, format: FeedFormat) -> None:
    stored = a_stored(byline=byline, language="en")
    document = build(FEED, HOUSE, [(stored, a_permission(title=title, excerpt=excerpt))], format)
    assert faults(document) == ()
    (entry,) = feedparser.parse(document.data, sanitize_html=False).entries
    assert entry.id == stored.article.publisher_guid
    assert entry.link == stored.article.url
    assert datetime(*entry.published_parsed[:6], tzinfo=UTC) == NOW


@settings(deadline=None)
@given(title=ENCODED_ONCE)
def test_a_json_feed_says_a_title_as_it_is(title: str) -> None:
    document = build(FEED, HOUSE, [(a_stored(), a_permission(title=title))], FeedFormat.JSON)
    kept = FORBIDDEN.sub("", title).replace("\x85", " ").replace("\N{REPLACEMENT CHARACTER}", "?")
    assert orjson.loads(document.data)["items"][0]["title"] == (kept.strip() or "Untitled")
