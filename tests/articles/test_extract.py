"""Pages of the usual kind come out clean, in several themes and wordings; an innocent page comes out whole."""

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.articles.extract import extract_article
from syndication.articles.sanitize import safe_html

PAGES = Path(__file__).parents[1] / "corpus" / "pages"
NAMES = sorted(page.stem for page in PAGES.glob("*.html"))


def _page(name):
    expected = json.loads((PAGES / f"{name}.json").read_text())
    return extract_article((PAGES / f"{name}.html").read_bytes(), expected["url"]), expected


def test_the_corpus_has_pages():
    assert len(NAMES) >= 7


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("field", ["title", "byline", "site", "original_publisher", "original_link", "excerpt"])
def test_a_page_tells_its_field(name, field):
    extract, expected = _page(name)
    assert getattr(extract, field) == expected[field]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_tells_its_date(name):
    extract, expected = _page(name)
    assert extract.date == datetime.fromisoformat(expected["date"])


@pytest.mark.parametrize("name", NAMES)
def test_a_body_holds_the_story_and_nothing_else(name):
    extract, expected = _page(name)
    assert extract.text.startswith(expected["first"])
    assert extract.text.endswith(expected["last"])
    assert extract.body.count("<p>") == expected["paragraphs"], extract.body
    for piece in expected["body_holds"]:
        assert piece in extract.body
    for piece in expected["body_lacks"]:
        assert piece not in extract.body
    assert safe_html(extract.body, base_url=expected["url"]) == extract.body


@pytest.mark.parametrize("name", NAMES)
def test_figures_have_caption_and_credit_apart(name):
    extract, expected = _page(name)
    assert [asdict(figure) for figure in extract.figures] == expected["figures"]


@pytest.mark.parametrize("name", NAMES)
def test_related_links_stand_apart(name):
    extract, expected = _page(name)
    assert [asdict(link) for link in extract.related] == expected["related"]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_removed_is_kept_with_its_rule(name):
    extract, expected = _page(name)
    rules = [removed.rule for removed in extract.removed]
    for rule in expected["removed"]:
        assert rule in rules, extract.removed
    if not expected["removed"]:
        assert extract.removed == ()
    assert all(removed.text for removed in extract.removed)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (f'<meta charset="utf-8"><body>{"Grüße aus dem Süden, sagte der Wirt am Tor. " * 3}'.encode(), "Grüße"),
        (
            f'<meta charset="iso-8859-1"><body>{"Grüße aus dem Süden, sagte der Wirt am Tor. " * 3}'.encode("cp1252"),
            "Grüße",
        ),
        (f"<body>{'Grüße aus dem Süden, sagte der Wirt am Tor. ' * 3}".encode("cp1252"), "Grüße"),
        (f"<body>{'Grüße aus dem Süden, sagte der Wirt am Tor. ' * 3}".encode("utf-16"), "Grüße"),
        (
            f'<meta charset="utf-7"><body>{"Plain words from the south, said the man at the gate. " * 3}'.encode(),
            "Plain",
        ),
        (f'<meta charset="nonsense"><body>{"Grüße aus dem Süden, sagte der Wirt am Tor. " * 3}'.encode(), "Grüße"),
    ],
)
def test_bytes_are_read_in_the_encoding_they_are_in(data, word):
    assert extract_article(data, "https://a.example/").text.startswith(word)


@pytest.mark.parametrize(
    "html", ["", "   ", b"", "\x00", "<html></html>", "<!-- -->", "plain", "<p>Short.</p>", "<?xml version='1.0'?>"]
)
def test_a_page_without_a_story_says_so(html):
    extract = extract_article(html, "https://a.example/")
    assert extract.body == ""
    assert set(extract.flags) & {"no-page", "no-body"}


def test_data_that_is_broken_or_hostile_is_passed_over():
    story = "<p>The words of the story stand here, and there are enough of them to be sentences.</p>" * 3
    for data in (
        "{",
        "[" * 90_000,
        '{"@type": "NewsArticle", "headline": 7, "author": {"name": {}}, "datePublished": []}',
        "null",
    ):
        page = f'<script type="application/ld+json">{data}</script><h1>Title</h1>{story}'
        assert extract_article(page, "https://a.example/").title == "Title"


def test_dates_in_data_are_read_or_left():
    page = (
        '<meta property="article:published_time" content="{}"><body>'
        + "<p>Words enough to make up a sentence of it.</p>" * 3
    )
    moments = {
        "2026-05-12T09:30:00+01:00": datetime(2026, 5, 12, 8, 30, tzinfo=UTC),
        "2026-05-12T09:30:00Z": datetime(2026, 5, 12, 9, 30, tzinfo=UTC),
        "2026-05-12": datetime(2026, 5, 12, tzinfo=UTC),
        "0001-01-01T00:00:00+12:00": None,
        "9999-12-31T23:59:59-12:00": None,
        "yesterday": None,
        "2026-13-45": None,
    }
    for written, moment in moments.items():
        assert extract_article(page.format(written), "https://a.example/").date == moment, written


def test_another_houses_canonical_link_is_the_original():
    story = "<p>Words enough to make up a sentence of it, more or less.</p>" * 3
    page = f'<link rel="canonical" href="https://herald.example/a"><body>{story}'
    assert extract_article(page, "https://shore.example/a").original_link == "https://herald.example/a"
    assert extract_article(page, "https://www.herald.example/a").original_link == ""


HOSTILE = {
    "images": "<img src=/a.jpg>text " * 10_000,
    "paragraphs": "<p>word word word word word word word word word</p>" * 5_000,
    "breaks": "<p>" + "line<br>" * 10_000,
    "cut": "<p>word word word word word word word word […]</p>" * 2_000,
    "shares": "<p>" + "share on " * 5_000 + "!a</p><p>The words of a story stand here, eight of them and more.</p>",
    "links": "<p>See also: "
    + "<a href=/x>y z</a>, " * 5_000
    + "</p><p>The words of a story stand here, eight of them and more.</p>",
    "classes": "<div class='share related comments byline date'>x y z a b c d e f" * 3_000,
    "spaces": "<p>Click here to read more from" + " " * 100_000 + "x</p><p>" + "Read more from " * 3_000 + "</p>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_costs_bounded_time(name):
    start = time.perf_counter()
    extract_article(HOSTILE[name], "https://a.example/")
    assert time.perf_counter() - start < 10  # generous: a shared machine


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div class=entry-content>",
                "</div>",
                "<h1>",
                "<img src=/a alt=Facebook>",
                "<figure>",
                "<figcaption>",
            ]
        )
        | st.sampled_from(
            [
                "<article>",
                "</article>",
                "<aside>",
                "See also",
                "<a href=/x>",
                "</a>",
                "<br>",
                "<ul><li>",
                "<table><tr><td>",
                "12 May 2026",
            ]
        )
        | st.sampled_from(
            [
                "Some words that make up a sentence of the story.",
                "CLICK HERE TO READ MORE FROM X",
                " […]",
                "(AP)",
                "By Ida Roe",
            ]
        )
        | st.text(max_size=12),
        max_size=30,
    ).map("".join)
)
def test_extraction_never_raises_and_its_body_is_safe(html):
    extract = extract_article(html, "https://a.example/b")
    assert safe_html(extract.body, base_url="https://a.example/b") == extract.body
    assert "<img" not in extract.body
    assert extract == extract_article(html, "https://a.example/b")
