"""Sitemaps: what is recent of a site, within the bounds that feeds have."""

import gzip
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.errors import ParseError
from syndication.sources import sitemap
from syndication.sources.limits import DEPTH_MAX, DOCUMENT_BYTES_MAX
from syndication.sources.sitemap import CHILDREN_MAX, KEPT_MAX, UNDATED_MAX, Sitemap, feed_of, unzipped
from tests.builders import NOW

AT = "https://harbour.example/sitemap.xml"
NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def page(path: str, lastmod: str = "", more: str = "") -> str:
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    address = path if path.startswith("http") else f"https://harbour.example{path}"
    return f"<url><loc>{escape(address)}</loc>{changed}{more}</url>"


def news(title: str, published: str) -> str:
    return (
        "<n:news><n:publication><n:name>Harbour Daily</n:name><n:language>en</n:language></n:publication>"
        f"<n:publication_date>{published}</n:publication_date><n:title>{escape(title)}</n:title>"
        "<n:keywords>ferry, port</n:keywords></n:news>"
    )


def urlset(*pages: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMES}>{"".join(pages)}</urlset>'


def index(*children: tuple[str, str]) -> str:
    inner = "".join(
        f"<sitemap><loc>https://harbour.example{path}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</sitemap>"
        for path, date in children
    )
    return f"<sitemapindex {NAMES}>{inner}</sitemapindex>"


def read(text: str | bytes) -> Sitemap:
    data = text.encode() if isinstance(text, str) else text
    return sitemap.read(data, url=AT, content_type="application/xml", now=NOW)


def paths(found: Sitemap) -> list[str]:
    return [(entry.url or "").removeprefix("https://harbour.example") for entry in found.entries]


def test_a_news_sitemap_tells_title_date_and_language() -> None:
    picture = "<image:image><image:loc>/ferry.jpg</image:loc><image:caption>At noon</image:caption></image:image>"
    found = read(urlset(page("/n/1", more=news("Tom & <Jerry> sail", "2026-05-07T05:00:00+02:00") + picture)))
    (entry,) = found.entries
    assert (entry.url, entry.title, entry.language) == ("https://harbour.example/n/1", "Tom & <Jerry> sail", "en")
    assert entry.published == datetime(2026, 5, 7, 3, tzinfo=UTC)
    assert entry.categories == ("ferry", "port")
    assert [(one.url, one.caption) for one in entry.pictures] == [("https://harbour.example/ferry.jpg", "At noon")]
    assert found.news
    assert feed_of([found], AT).dialect == "news sitemap"


def test_of_a_whole_site_the_recent_articles_are_kept_the_newest_first() -> None:
    found = read(
        urlset(
            page("/", "2026-05-07"),
            page("/about/", "2026-05-07"),
            page("/tag/ferry-and-port-news/", "2026-05-07"),
            page("/the-ferry-sails-again/", "2026-05-05"),
            page("/the-quay-is-closed/", "2026-05-06T10:00:00Z"),
            page("/last-winter-was-cold/", "2026-01-06"),
            page("/picture-of-a-ferry.jpg", "2026-05-06"),
        )
    )
    assert paths(found) == ["/the-quay-is-closed/", "/the-ferry-sails-again/"]
    assert found.entries[0].updated == datetime(2026, 5, 6, 10, tzinfo=UTC)
    assert not found.news


def test_without_any_date_all_that_look_like_articles_may_be_new() -> None:
    assert paths(read(urlset(page("/a-ferry-sails/"), page("/contact/")))) == ["/a-ferry-sails/"]


def test_too_many_without_a_date_cannot_serve() -> None:
    with pytest.raises(ParseError, match="cannot serve"):
        read(urlset(*(page(f"/a-ferry-sails-{n}/") for n in range(UNDATED_MAX + 1))))


@pytest.mark.parametrize(
    "date", ["yesterday", "0001-01-01", "9999-12-31", "2026-13-40", "2031-01-01", "07/05/26", "-1", "2" * 500]
)
def test_par_09_a_date_that_cannot_be_meant_is_none_or_long_ago(date: str) -> None:
    found = read(urlset(page("/the-ferry-sails/", date), page("/the-quay-is-closed/", "2026-05-06")))
    assert paths(found) == ["/the-quay-is-closed/"]


def test_another_house_and_other_schemes_are_passed_over() -> None:
    given = (page("https://elsewhere.example/a-ferry-sails/"), page("ftp://harbour.example/a-ferry-sails/"))
    assert read(urlset(*given, page("https://www.harbour.example/a-ferry-sails/"))).entries[0].url == (
        "https://www.harbour.example/a-ferry-sails/"
    )


def test_an_index_names_its_newest_children() -> None:
    old = [(f"/old-{n}.xml", "2026-02-01") for n in range(3)]
    new = [(f"/new-{n}.xml", f"2026-05-0{n + 1}") for n in range(6)]
    found = read(index(*old, *new, ("/news.xml", "")))
    assert [child.url.rpartition("/")[2] for child in found.children] == [f"new-{n}.xml" for n in (5, 4, 3, 2, 1)]
    assert len(found.children) == CHILDREN_MAX
    undated = read(index(("/pages.xml", ""), ("/posts-1.xml", "")))
    assert [child.url.rpartition("/")[2] for child in undated.children] == ["posts-1.xml", "pages.xml"]


def test_several_are_one_list_each_address_once() -> None:
    one = read(urlset(page("/a-ferry-sails/", "2026-05-05"), page("/b-ferry-sails/", "2026-05-06")))
    two = read(urlset(page("/b-ferry-sails/", "2026-05-06"), page("/c-ferry-sails/", "2026-05-04")))
    feed = feed_of([one, two], AT)
    assert [(entry.url or "")[24:25] for entry in feed.entries] == ["b", "a", "c"]
    assert (feed.title, feed.url) == ("harbour.example", "https://harbour.example/")


def test_a_large_one_is_read_and_little_of_it_kept() -> None:
    found = read(urlset(*(page(f"/a-ferry-sails-{n}/", "2026-05-05") for n in range(4000))))
    assert len(found.entries) == KEPT_MAX


def test_col_11_a_gzip_file_is_undone_within_the_limit() -> None:
    whole = urlset(page("/a-ferry-sails/", "2026-05-05")).encode()
    assert paths(read(gzip.compress(whole))) == ["/a-ferry-sails/"]
    with pytest.raises(ParseError, match="refused"):
        unzipped(gzip.compress(b" " * (DOCUMENT_BYTES_MAX + 1), compresslevel=1))
    for broken in (gzip.compress(whole)[:-9], b"\x1f\x8bnothing"):
        with pytest.raises(ParseError, match="cannot be read"):
            unzipped(broken)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
        '<!DOCTYPE urlset SYSTEM "https://harbour.example/x.dtd"><urlset/>',
        '<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
        '<urlset xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></urlset>',
        f"<urlset>{'<url>' * (DEPTH_MAX + 5)}",
        "<urlset><url " + " ".join(f'a{n}="1"' for n in range(300)) + "/></urlset>",
        f"<urlset>{'<url/>' * 50_001}</urlset>",
    ],
    ids=["external", "dtd", "nested", "xinclude", "deep", "attributes", "addresses"],
)
def test_par_01_to_03_what_is_built_to_hurt_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="refused"):
        read(text)


@pytest.mark.parametrize("text", ["", "{}", "<html><p>Log in</p></html>", "<rss><channel/></rss>", "<urlset><url>"])
def test_what_is_no_sitemap_says_so(text: str) -> None:
    with pytest.raises(ParseError):
        read(text)


@settings(max_examples=50, deadline=None)  # the machine may be busy
@given(st.binary(max_size=300))
def test_whatever_the_bytes_the_only_error_is_a_parse_error(data: bytes) -> None:
    for body in (data, b"<urlset>" + data + b"</urlset>", b"\x1f\x8b" + data):
        with suppress(ParseError):
            read(body)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


@settings(max_examples=50, deadline=None)  # the machine may be busy
@given(st.lists(MOMENTS, max_size=30))
def test_what_is_kept_is_recent_in_order_and_of_the_document(moments: list[datetime]) -> None:
    given = {f"/the-ferry-sails-{n}": moment for n, moment in enumerate(moments)}
    found = read(urlset(*(page(path, f"{moment:%Y-%m-%dT%H:%M:%SZ}") for path, moment in given.items())))
    dates = [entry.updated for entry in found.entries]
    if any(dates):
        assert all(date is not None and NOW - timedelta(days=30) <= date <= NOW + timedelta(days=2) for date in dates)
        assert dates == sorted(dates, reverse=True)  # type: ignore[type-var]
    assert set(paths(found)) <= set(given)
