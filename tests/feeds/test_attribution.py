"""Credit survives the way: what we publish, read by our own collector, has lost nothing of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import feedparser
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from syndication.feeds.build import build
from syndication.feeds.check import faults
from syndication.feeds.words import identity, language, licence_in, person, rss_text, scrub, web_address
from syndication.model.article import Figure
from syndication.model.feed import Feed, FeedFormat, Signal
from syndication.model.source import Entry, Picture
from syndication.sources.parse import parse_feed
from tests.builders import NOW, a_permission, a_publication, a_stored
from tests.images import an_image

HOUSE = a_publication()
FEED = Feed(id=1, slug="all", title="All of it", description="")
NS = {
    "a": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "fb": "http://rssnamespace.org/feedburner/ext/1.0",
}

# Letters of several scripts, and all that markup is made of.
LETTERS = st.text(st.sampled_from("abcÄß漢ع &<>\"';#x/!-1"), min_size=1, max_size=30)
MARKUP = ["<b>", "</b>", "<br/>", "<Jerry>", "<a href='x'>", "<!-- x -->", "<script>", "]]>", "<", "Tom ", " and "]
ENTITIES = ["&amp;", "&lt;", "&copy", "&#65;", "&#x", "&nosuch;", "&"]
PIECES = st.lists(st.sampled_from(MARKUP + ENTITIES), min_size=1, max_size=8).map("".join)
WORDS = (LETTERS | PIECES).map(lambda s: " ".join(s.split()))
NAMES = WORDS.filter(bool)


def read_back(stored: Any, permission: Any, format: FeedFormat) -> Entry:
    document = build(FEED, HOUSE, [(stored, permission)], format, {"harbour": "Harbour & Sea"})
    assert faults(document) == ()
    (entry,) = parse_feed(document.data, url=f"{HOUSE.base_url}/feeds/all.{format.value}").entries
    return entry


@settings(max_examples=60, deadline=None)
@given(
    title=NAMES,
    byline=st.text(st.sampled_from("abcÄß漢 .-"), min_size=1, max_size=20).map(lambda s: " ".join(s.split())),
    summary=NAMES,
    rights=NAMES,
    caption=NAMES,
    credit=st.text(st.sampled_from("abcÄ /&"), min_size=1, max_size=20).map(lambda s: " ".join(s.split())),
    whole=st.booleans(),
    format=st.sampled_from(FeedFormat),
)
def test_import_of_our_own_output_loses_nothing(
    title: str, byline: str, summary: str, rights: str, caption: str, credit: str, whole: bool, format: FeedFormat
) -> None:
    stored = a_stored(
        byline=byline,
        language="de",
        rights_note=rights,
        topics=("harbour",),
        published_at=NOW,
        changed_at=NOW + timedelta(hours=2),
    )
    figure = Figure("https://harbour.example/ferry.jpg?w=1&h=2", caption=caption, credit=credit)
    body = "<p>It sails <em>hourly</em> &amp; daily.</p>" if whole else ""
    image = an_image(figure)
    permission = a_permission(title=title, excerpt=summary, body=body, figures=(figure,), images=(image,))
    entry = read_back(stored, permission, format)
    assert entry.id == stored.article.publisher_guid
    assert entry.url == stored.article.url
    assert entry.title == title
    assert [person.name for person in entry.authors] == [byline or "Harbour Daily"]
    assert entry.published == NOW
    assert entry.updated is not None and abs(entry.updated - NOW - timedelta(hours=2)) < timedelta(seconds=1)
    assert entry.categories == ("Harbour & Sea",)
    assert entry.language == "de"
    assert entry.rights == rights
    assert entry.source is not None and entry.source.title == "Harbour Daily"
    assert entry.source.url in ("https://harbour-daily.example/feed", "https://harbour.example/")
    assert entry.pictures == (Picture(HOUSE.base_url + image.path(image.large), credit or None, caption),)
    shown = entry.content_html or entry.summary_html or ""
    assert body in shown
    assert "First published by Harbour Daily" in shown and stored.article.url in shown


@pytest.mark.parametrize("format", [FeedFormat.RSS, FeedFormat.ATOM])
def test_the_originator_the_licence_and_the_publishers_own_link_are_named(format: FeedFormat) -> None:
    note = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/."
    stored = a_stored(publisher="Island Wire", rights_note=note, url="https://harbour.example/1")
    document = build(FEED, HOUSE, [(stored, a_permission(body="<p>All.</p>"))], format)
    entry = etree.fromstring(document.data).find("a:entry" if format is FeedFormat.ATOM else "channel/item", NS)
    assert entry is not None
    assert entry.findtext("dc:publisher", namespaces=NS) == "Island Wire"
    assert entry.findtext("fb:origLink", namespaces=NS) == "https://harbour.example/1"
    (licence,) = [link for link in entry.findall("a:link", NS) if link.get("rel") == "license"]
    assert licence.get("href") == "https://creativecommons.org/licenses/by/4.0/"


def test_json_says_in_its_extension_what_it_has_no_word_for() -> None:
    figure = Figure("https://harbour.example/f.jpg", caption="The ferry", credit="Photo: Ada Quay")
    image = an_image(figure)
    permission = a_permission(figures=(figure,), images=(image,), noindex=True, tdm_reserved=True)
    permission = replace(permission, noarchive=True, tdm_policy="https://harbour.example/terms")
    document = build(FEED, HOUSE, [(a_stored(rights_note="All rights reserved"), permission)], FeedFormat.JSON)
    (item,) = orjson.loads(document.data)["items"]
    said = item["_syndication"]
    assert said["publisher"] == "Harbour Daily"
    assert said["attribution"] == "First published by Harbour Daily"
    assert said["rights"] == "All rights reserved"
    address = HOUSE.base_url + image.path(image.large)
    assert said["figures"] == [
        {"url": address, "width": 1280, "height": 800, "caption": "The ferry", "credit": "Photo: Ada Quay"}
    ]
    assert item["image"] == address
    assert item["attachments"] == [{"url": address, "mime_type": "image/jpeg", "size_in_bytes": 120_000}]
    assert said["noindex"] is True and said["tdm_reserved"] is True
    assert said["noarchive"] is True and said["tdm_policy"] == "https://harbour.example/terms"
    assert document.signals == (Signal.NOINDEX, Signal.TDM)


def test_another_parser_reads_the_same_credit() -> None:
    figure = Figure("https://harbour.example/f.jpg", caption="The ferry", credit="Photo: Ada Quay")
    for format in (FeedFormat.RSS, FeedFormat.ATOM):
        stored = a_stored(rights_note="© Harbour Daily")
        image = an_image(figure)
        permission = a_permission(figures=(figure,), images=(image,))
        document = build(FEED, HOUSE, [(stored, permission)], format)
        (entry,) = feedparser.parse(document.data).entries
        assert entry.author == "Ada Quay"
        assert entry.publisher == "Harbour Daily"
        assert entry.rights == "© Harbour Daily"
        assert entry.source.title == "Harbour Daily"
        assert entry.media_content[0]["url"] == HOUSE.base_url + image.path(image.large)
        assert entry.media_thumbnail[0]["url"] == HOUSE.base_url + image.path(image.small)
        assert [(one.href, one.type, one.length) for one in entry.enclosures] == [
            (HOUSE.base_url + image.path(image.large), "image/jpeg", "120000")
        ]
        assert entry.media_credit[0]["content"] == "Photo: Ada Quay"


@pytest.mark.parametrize("format", FeedFormat)
def test_a_picture_that_we_do_not_keep_is_a_link_in_words_and_nothing_that_loads(format: FeedFormat) -> None:
    figure = Figure("https://harbour.example/f.jpg", caption="The ferry", credit="Photo: Ada Quay")
    data = build(FEED, HOUSE, [(a_stored(), a_permission(figures=(figure,)))], format).data.decode()
    assert data.count("harbour.example/f.jpg") == 1
    assert "Photo: Ada Quay" in data
    for word in ("media:content", "enclosure", "img", '"image"', "attachments"):
        assert word not in data.replace("xmlns:media", "")


@pytest.mark.parametrize("format", FeedFormat)
def test_a_counter_is_there_by_agreement_and_the_text_stays_first(format: FeedFormat) -> None:
    permission = a_permission(body="<p>All.</p>", pixel="https://count.example/p.gif?u=1&i=2")
    data = build(FEED, HOUSE, [(a_stored(), permission)], format).data.decode()
    assert data.index("All.") < data.index("count.example/p.gif")


@pytest.mark.parametrize(
    ("guid", "kept"),
    [
        ("https://harbour.example/?p=12", True),
        ("tag:harbour.example,2026:news/12", True),
        ("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", True),
        ("urn:isbn:9780000000001", True),
        ("urn:uuid:12", False),
        ("urn:x:1", False),
        ("javascript:alert(1)", False),
        ("12345", False),
        ("https://harbour.example/straße", False),
        ("https://harbour.example/a b", False),
        ("", False),
    ],
)
def test_an_id_is_the_publishers_own_where_it_may_be(guid: str, kept: bool) -> None:
    assert identity(guid) == (guid if kept else "")


@pytest.mark.parametrize(
    ("guid", "written"),
    [
        ("HTTPS://Harbour.Example:443?p=1", "https://harbour.example/?p=1"),
        ("https://harbour.example:08080/%7eada/%c3%a9", "https://harbour.example:8080/~ada/%C3%A9"),
        ("URN:ISBN:9780000000001", "urn:ISBN:9780000000001"),
        ("tag:harbour.example,2026:%7eada", "tag:harbour.example,2026:~ada"),
        ("https://harbour.example/%ff", ""),
        ("https://harbour.example/a/../b", ""),
        ("https://harbour.example/%2541", ""),
        ("https://harbour.example/e%CC%81", ""),
    ],
)
def test_an_id_has_the_one_spelling_of_all_that_mean_the_same(guid: str, written: str) -> None:
    assert identity(guid) == written
    assert not written or identity(written) == written


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Ada Quay <ada@harbour.example>", "Ada Quay"),
        ("<b>Ada</b> Quay", "Ada Quay"),
        ("Tom <Jerry>", "Tom <Jerry>"),
        ("<b></b>", ""),
    ],
)
def test_a_name_is_a_name_alone(name: str, told: str) -> None:
    assert person(name) == told


def test_what_was_encoded_twice_is_read_as_it_was_meant() -> None:
    assert scrub("CafÃ© Ã\x89tude") == "Café Étude"
    assert scrub("«MANHû — Ã©") == "«MANHû — Ã©"


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://harbour.example/straße?q=ä|b#ü", "https://harbour.example/stra%C3%9Fe?q=%C3%A4%7Cb#%C3%BC"),
        ("https://harbour.example/100%25", "https://harbour.example/100%25"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://[2001:db8::1]:8080/x", "https://[2001:db8::1]:8080/x"),
        ("javascript:alert(1)", ""),
        ("//harbour.example/", ""),
        ("https://harbour.example\\@evil.example/", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_an_address_is_written_in_the_letters_of_a_uri(url: str, written: str) -> None:
    assert web_address(url) == written


@pytest.mark.parametrize(
    ("code", "kept"), [("en", True), ("pt-BR", True), ("DE", True), ("xx", False), ("klingon", False), ("", False)]
)
def test_a_language_is_named_when_readers_know_it(code: str, kept: bool) -> None:
    assert language(code) == (code if kept else "")


def test_of_two_licences_none_is_named() -> None:
    assert licence_in("https://a.example/1 or https://a.example/2") == ""
    assert licence_in("All rights reserved") == ""


def test_a_title_that_rss_readers_would_take_for_html_is_written_as_html() -> None:
    assert rss_text("<b>Tom</b>") == "&lt;b&gt;Tom&lt;/b&gt;"
    assert rss_text("R&amp;D") == "R&amp;amp;D"
    for plain in ("Tom & <Jerry>", "AT&T", "a < b > c", "x<y", "R&D;"):
        assert rss_text(plain) == plain
