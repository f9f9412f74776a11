"""What extensions say counts where the format's own element says nothing; and what Atom packs is unpacked."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from syndication.model.source import Entry, ParsedFeed, Person
from syndication.sources.parse import parse_feed

URL = "https://harbour.example/news/feed"
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:cc="http://creativecommons.org/ns#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:old="http://backend.userland.com/creativeCommonsRssModule"'
)
LICENCE = "https://licences.example/by/4.0/"


def rss(item: str, channel: str = "") -> ParsedFeed:
    text = f'<rss version="2.0" {SPACES}><channel>{channel}<item>{item}</item></channel></rss>'
    return parse_feed(text.encode(), url=URL)


def atom(entry: str, version: str = "1.0") -> Entry:
    space = "http://www.w3.org/2005/Atom" if version == "1.0" else "http://purl.org/atom/ns#"
    text = f'<feed xmlns="{space}" {SPACES.replace("xmlns:atom", "xmlns:a")}><entry>{entry}</entry></feed>'
    return parse_feed(text.encode(), url=URL).entries[0]


@pytest.mark.parametrize(
    ("item", "field", "value"),
    [
        ("<dc:title>Two</dc:title>", "title", "Two"),
        ("<title>One</title><dc:title>Two</dc:title>", "title", "One"),
        ("<atom:title>Two</atom:title>", "title", "Two"),
        ("<media:title>Picture</media:title><guid>1</guid>", "title", ""),  # of the picture, not of the story
        ("<itunes:summary>Told</itunes:summary>", "summary_html", "Told"),
        ("<description>Own</description><itunes:summary>Told</itunes:summary>", "summary_html", "Own"),
        ("<dc:description>Told</dc:description>", "summary_html", "Told"),
        ("<dcterms:abstract>Told</dcterms:abstract>", "summary_html", "Told"),
        ("<atom:summary>Told</atom:summary>", "summary_html", "Told"),
        ("<summary>Told</summary>", "summary_html", "Told"),
        ("<media:description>1 &lt; 2</media:description>", "summary_html", "1 &lt; 2"),
        ('<media:description type="html">&lt;b>1&lt;/b></media:description>', "summary_html", "<b>1</b>"),
        ("<description>One</description><description>Two</description>", "content_html", "Two"),
        ("<fullitem>All</fullitem>", "content_html", "All"),
        ("<atom:id>urn:1</atom:id>", "id", "urn:1"),
        ("<guid>2</guid><atom:id>urn:1</atom:id>", "id", "2"),
        ("<dc:author>Ann Holm</dc:author>", "authors", (Person("Ann Holm"),)),
        ("<managingEditor>a@harbour.example (Ann)</managingEditor>", "authors", (Person("Ann", "a@harbour.example"),)),
        (
            "<atom:author><atom:name>Ann</atom:name><atom:uri>/ann</atom:uri></atom:author>",
            "authors",
            (Person("Ann", None, "https://harbour.example/ann"),),
        ),
        ("<category>a</category><itunes:keywords>b, c</itunes:keywords>", "categories", ("a", "b", "c")),
        ('<media:category>a</media:category><itunes:category text="b"/>', "categories", ("a", "b")),
        ("<copyright>Ours</copyright>", "rights", "Ours"),
        (f"<old:license>{LICENCE}</old:license>", "rights", LICENCE),
        (f'<cc:license rdf:resource="{LICENCE}"/>', "rights", LICENCE),
        (f"<dc:rights>Ours</dc:rights><cc:license>{LICENCE}</cc:license>", "rights", "Ours"),
        ("<dc:date>2026-03-02</dc:date>", "published", datetime(2026, 3, 2, tzinfo=UTC)),
        ("<dc:date>2026-03-02</dc:date>", "updated", datetime(2026, 3, 2, tzinfo=UTC)),
    ],
)
def test_an_extension_fills_what_is_empty_and_nothing_else(item: str, field: str, value: object) -> None:
    assert getattr(rss(item).entries[0], field) == value


@pytest.mark.parametrize(
    "item",
    [
        "<author>Ann Holm</author>",
        "<pubDate>Mon, 02 Mar 2026 06:00:00 GMT</pubDate>",
        "<category>Harbour</category>",
        '<enclosure url="https://harbour.example/a.mp3" length="1" type="audio/mpeg"/>',
    ],
)
def test_an_item_that_says_anything_is_an_entry_and_one_that_says_nothing_is_set_aside(item: str) -> None:
    assert len(rss(item).entries) == 1
    assert [aside.reason for aside in rss("").set_aside] == ["it has neither id, link, title nor text"]


def test_a_podcast_tells_who_owns_it_and_what_it_is_about() -> None:
    owner = "<itunes:owner><itunes:name>Ann</itunes:name><itunes:email>a@harbour.example</itunes:email></itunes:owner>"
    feed = rss("<guid>1</guid>", f"<itunes:author>Desk</itunes:author>{owner}<itunes:subtitle>Tides</itunes:subtitle>")
    assert (feed.authors, feed.description) == ((Person("Ann", "a@harbour.example"),), "Tides")


def test_a_film_that_is_told_in_its_group_only_has_a_summary() -> None:
    found = atom("<id>1</id><media:group><media:description>Ships\n\nand tides</media:description></media:group>")
    assert found.summary_html == "<p>Ships</p>\n<p>and tides</p>"


@pytest.mark.parametrize(
    ("version", "attributes"),
    [("0.3", 'type="text/html" mode="base64"'), ("1.0", 'type="application/octet-stream"')],
)
def test_what_atom_packs_in_base64_is_unpacked(version: str, attributes: str) -> None:
    packed = b64encode("Ships <b>sail</b> \x00é".encode()).decode()
    found = atom(f"<title {attributes}>{packed}</title><content {attributes}>{packed}</content>", version)
    assert (found.title, found.content_html) == ("Ships sail é", "Ships <b>sail</b> é")


def test_a_picture_in_base64_is_no_text() -> None:
    packed = b64encode(b"\x89PNG\xff\xfe").decode()
    assert atom(f'<id>1</id><content type="image/png">{packed}</content>').content_html is None


def test_an_id_that_looks_like_a_link_is_one_when_there_is_no_other() -> None:
    assert atom("<id>https://harbour.example/1</id>").url == "https://harbour.example/1"
    assert atom('<id>https://harbour.example/1</id><link href="/2"/>').url == "https://harbour.example/2"
    assert atom("<id>tag:harbour.example,2026:1</id>").url is None


def test_what_headers_say_counts_where_the_feed_is_silent() -> None:
    headers = {"Content-Language": "de_AT", "CONTENT-LOCATION": "/deep/feed.xml"}
    data = b"<rss><channel><item><link>1</link></item></channel></rss>"
    feed = parse_feed(data, url="https://harbour.example/feed", headers=headers)
    assert (feed.language, feed.entries[0].language) == ("de-AT", "de-AT")
    assert feed.entries[0].url == "https://harbour.example/deep/1"


@pytest.mark.parametrize("said", ["de, en", "", "\ud800", "the King's English", "x" * 999])
def test_headers_that_name_no_one_language_name_none(said: str) -> None:
    data = b"<rss><channel><item><title>1</title></item></channel></rss>"
    feed = parse_feed(data, url="https://harbour.example/feed", headers={"content-language": said})
    assert (feed.language, feed.entries[0].language) == (None, None)


def test_a_links_licence_is_the_feeds_own_and_not_that_of_its_entries() -> None:
    """RFC 4946, section 2: what stands at the feed says nothing of its entries."""
    data = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>H</title><link rel="license"
        href="https://creativecommons.org/licenses/by/4.0/"/><entry><id>1</id></entry></feed>"""
    feed = parse_feed(data, url="https://harbour.example/feed")
    assert feed.rights == "https://creativecommons.org/licenses/by/4.0/"
    assert (feed.entries[0].rights, feed.entries[0].licence) == (None, None)
