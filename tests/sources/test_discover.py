"""A page -> its feeds, the likeliest first; what two people would call one address; what would feed us ourselves."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.model.source import Document, Origin, ParsedFeed
from syndication.sources.discover import (
    LINKS_MAX,
    TAGS_MAX,
    Page,
    address_key,
    addresses,
    own_output,
    places,
    read_page,
    rest_places,
)
from tests.builders import an_entry

HOME = "https://harbour.example/news/"
OURS = "https://news.example.org"


def page(html: str, *headers: str) -> Page:
    return read_page(Document(html.encode(), HOME, "text/html; charset=utf-8"), headers)


@pytest.mark.parametrize(
    ("html", "feeds"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/feed">', ["https://harbour.example/feed"]),
        ("<LINK HREF=feed.json TYPE=application/feed+json REL='ALTERNATE home'>", [HOME + "feed.json"]),
        ('<link rel=alternate type="application/atom+xml; charset=utf-8" href="//hill.example/a?b=1&amp;c=2">',
         ["https://hill.example/a?b=1&c=2"]),
        ('<base href="https://cdn.example/x/"><link rel="feed" href="f">', ["https://cdn.example/x/f"]),
        ('<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
         '<link rel="alternate" type="application/rss+xml" href="/feed/">',
         ["https://harbour.example/feed/", "https://harbour.example/comments/feed/"]),  # comments are seldom meant
        ('<a href="/world.rss">RSS</a><link rel="alternate" type="text/xml" href="/a.xml">',
         ["https://harbour.example/a.xml", "https://harbour.example/world.rss"]),  # what it says of itself goes first
        ('<a href="/rss/">1</a><a href="/feeds/sport.xml">2</a><a href="/feedback">3</a><a href="/rss-explained">4</a>',
         ["https://harbour.example/rss/", "https://harbour.example/feeds/sport.xml"]),
        # not feeds: a page in another language, an embed, a post of the REST interface, a style
        ('<link rel="alternate" hreflang="de" href="/de"><link rel="alternate" type="text/xml+oembed" href="/o">'
         '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">'
         '<link rel="alternate stylesheet" type="text/xml" href="/s">', []),
        ('<!-- <link rel="feed" href="/old"> --><script>"<link rel=\'feed\' href=\'/x\'>"</script>', []),
        ('<link rel="feed" href="javascript:alert(1)"><link rel="feed" href="ftp://x.example/f"><link rel="feed">', []),
    ],
)  # fmt: skip
def test_a_page_names_its_feeds(html: str, feeds: list[str]) -> None:
    assert list(page(f"<html><head>{html}</head></html>").feeds) == feeds


def test_a_page_may_name_them_in_its_header_too() -> None:
    found = page(
        "<title>Harbour &amp; Hill</title>",
        '</feed>; rel="alternate"; type="application/rss+xml", </style.css>; rel=preload',
        '<https://harbour.example/wp-json/>; rel="https://api.w.org/"',
    )
    assert found == Page(
        feeds=("https://harbour.example/feed",), title="Harbour & Hill", wordpress="https://harbour.example/wp-json/"
    )


def test_a_wordpress_site_names_its_interface_in_a_link_tag() -> None:
    assert page('<link rel="https://api.w.org/" href="/blog/wp-json/">').wordpress == (
        "https://harbour.example/blog/wp-json/"
    )


def test_only_so_many_are_looked_at() -> None:
    links = "".join(f'<link rel="feed" href="/{n}">' for n in range(50))
    assert len(page(links).feeds) == LINKS_MAX


@pytest.mark.parametrize(
    "html", ["<script", "<!--", "<a '", '<link "', "<a " + "x" * 3000, "<a " + "x=" * 1000, "<base "]
)
def test_a_hostile_page_is_read_in_linear_time(html: str) -> None:
    document = Document((html * (2_000_000 // len(html))).encode(), HOME, "text/html")
    started = perf_counter()
    read_page(document)
    assert perf_counter() - started < 5
    assert TAGS_MAX < 2_000_000 // 3


@given(st.binary(max_size=300), st.text(max_size=60))
def test_no_page_raises(data: bytes, header: str) -> None:
    for address in read_page(Document(b"<link rel=feed href=" + data, HOME), (header,)).feeds:
        assert address.startswith(("http://", "https://"))


def test_feeds_usually_lie_beside_the_page_or_at_the_top() -> None:
    found = places("https://harbour.example/news/today.html?x=1")
    assert found[0] == "https://harbour.example/news/feed/"
    assert {"https://harbour.example/feed/", "https://harbour.example/?feed=rss2"} <= set(found)
    assert len(set(found)) == len(found) <= 20


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        ("https://w.example/wp-json/", "https://w.example/wp-json/wp/v2/posts?per_page=20&"),
        ("https://w.example/?rest_route=/", "https://w.example/?rest_route=/wp/v2/posts&per_page=20&"),
    ],
)
def test_a_wordpress_lists_its_posts_under_its_interface(named: str, asked: str) -> None:
    (place,) = rest_places("https://w.example/", named)
    assert place.startswith(asked)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" https://harbour.example/ ", ("https://harbour.example/",)),
        ("harbour.example/feed", ("https://harbour.example/feed", "http://harbour.example/feed")),
        ("harbour.example:8080", ("https://harbour.example:8080", "http://harbour.example:8080")),
        ("ftp://harbour.example", ("ftp://harbour.example",)),  # refused by the way out, by its name
        ("javascript:alert(1)", ("javascript:alert(1)",)),
    ],
)
def test_an_address_may_leave_its_scheme_out(typed: str, meant: tuple[str, ...]) -> None:
    assert addresses(typed) == meant


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.Harbour.example/feed/", "https://harbour.example/feed", True),
        ("https://harbour.example:443/feed#top", "https://harbour.example/feed", True),
        ("https://harbour.example/Feed", "https://harbour.example/feed", False),
        ("https://harbour.example/?feed=a", "https://harbour.example/?feed=b", False),
        ("https://harbour.example:8443/feed", "https://harbour.example/feed", False),
        ("https://[broken/", "https://[broken/", True),
    ],
)
def test_two_spellings_of_one_address(one: str, other: str, same: bool) -> None:
    assert (address_key(one) == address_key(other)) is same


@pytest.mark.parametrize(
    ("url", "feed", "why"),
    [
        ("http://www.news.example.org/feeds/all.rss", None, "published by this very service"),
        ("https://mirror.example/f", ParsedFeed("rss", "", self_url=f"{OURS}/feeds/all.rss"), "as its own address"),
        ("https://mirror.example/f", ParsedFeed("rss", "", url=OURS), "as its home page"),
        ("https://mirror.example/f",
         ParsedFeed("rss", "", entries=(an_entry(), an_entry(source=Origin(url=f"{OURS}/feeds/all.atom")))),
         "1 of its 2 entries"),
        ("https://news.example.org.evil.example/", ParsedFeed("rss", "", url="https://news.example.orgs/"), ""),
        ("https://harbour.example/feed", ParsedFeed("rss", "", url="https://harbour.example/"), ""),
    ],
)  # fmt: skip
def test_col_18_our_own_output_is_no_source(url: str, feed: ParsedFeed | None, why: str) -> None:
    said = own_output(url, OURS, feed)
    assert why in said and bool(said) is bool(why)
