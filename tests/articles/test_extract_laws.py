"""Laws of extraction: what comes out stays, nothing taken out is lost from the record, order is kept."""

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.articles.doubts import why_held
from syndication.articles.extract import extract_article, second
from syndication.articles.extract.blocks import Page
from syndication.articles.extract.layout import drop_unseen, lay_out
from syndication.articles.extract.page import parse_page
from syndication.articles.tidy import tidy_html

URL = "https://coast.example/a"
BENCH = Path(__file__).parents[2] / "bench"


def _bench():
    """The collection of pages and its scorer, by which the measure in docs is taken."""
    kept = list(sys.path)
    sys.path[:0] = [str(BENCH), str(BENCH / "pages")]
    try:
        import extract as bench
    finally:
        sys.path[:] = kept
    return bench


BENCHED = _bench()
PAGES = {page[0]: page for name, part in BENCHED.halves().items() if "blind" not in name for page in part}

SENTENCES = [f"Boat number {n} came in at dawn with {n * 7} crates, and its crew went home." for n in range(2, 14)]
FURNITURE = [
    "<p>See also: <a href='/b'>Bread riots on the quay</a></p>",
    "<div class='share'><a href='#'>Facebook</a><a href='#'>X</a></div>",
    "<p><a href='https://herald.example/'>CLICK HERE TO READ MORE FROM THE HERALD</a></p>",
    "<p>Advertisement</p>",
    "<figure><img src='/a.jpg'><figcaption>Boats at dawn. (Lena Holm/Coast Wire)</figcaption></figure>",
    "<ul class='related'><li><a href='/c'>Cake riots in the square</a></li></ul>",
    "<p>Sign up for our newsletter and get the news in your inbox.</p>",
]


@pytest.mark.parametrize("name", sorted(PAGES)[::3])
def test_a_page_of_the_collection_gives_its_story(name):
    _, url, html, story = PAGES[name]
    precision, recall = BENCHED.score(story.gold, extract_article(html, url).text)
    assert recall >= 0.95
    assert precision >= 0.6  # of the worst page; the average is measured, not tested


@pytest.mark.parametrize("name", sorted(PAGES)[::5])
def test_cleaning_twice_is_cleaning_once(name):
    _, url, html, story = PAGES[name]
    once = extract_article(html, url)
    again = tidy_html(once.body, base_url=url, title=story.title)
    assert again.text == once.text


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=3, max_size=10, unique=True), st.data())
def test_every_word_is_in_the_text_or_in_the_record_and_order_is_kept(told, data):
    pieces = []
    for sentence in told:
        pieces += [f"<p>{sentence}</p>", *data.draw(st.lists(st.sampled_from(FURNITURE), max_size=2))]
    html = (
        f"<html><body><article><h1>Boats</h1><div class='entry-content'>{''.join(pieces)}</div></article></body></html>"
    )
    extract = extract_article(html, URL)
    assert extract.text.split("\n\n") == told
    record = " ".join([*(block.text for block in extract.removed), *(f.caption + f.credit for f in extract.figures)])
    for piece in pieces:
        words = re.sub(r"<[^>]*>", " ", piece).split()
        if piece in FURNITURE:
            assert all(word.strip("().") in record for word in words), (piece, record)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=400))
def test_nothing_raises_on_anything(data):
    extract_article(data, URL)


PIECES = [
    "<table><tr><td>",
    "</table>",
    "<br><br>",
    "<font>",
    "</font>",
    "<p>",
    "<div>",
    "</div>",
    "a b c",
    "<li>",
    "<a>",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_a_page_laid_out_has_the_same_words_in_the_same_order(html):
    page = parse_page(f"<body>{html}</body>")
    if page is None:
        return
    before = "".join(page.text_content().split())
    drop_unseen(page)
    lay_out(page)
    assert "".join(page.text_content().split()) == before
    assert "".join("".join(block.text.split()) for block in Page(page).blocks) == before


def test_the_second_opinion_is_not_asked_about_what_could_take_long(monkeypatch):
    asked = []
    monkeypatch.setattr("trafilatura.core.bare_extraction", lambda *_, **__: asked.append(1))
    for html in ("<div>" * 150 + "deep", "<p>wide</p>" * 5_000, "<p>" + "long " * 200_000 + "</p>"):
        page = parse_page(f"<body>{html}</body>")
        assert second.second_opinion(Page(page)) is None
    assert asked == []


def test_a_second_opinion_that_raises_is_none(monkeypatch):
    def broken(*_, **__):
        raise RecursionError

    monkeypatch.setattr("trafilatura.core.bare_extraction", broken)
    text = extract_article("".join(f"<p>{sentence}</p>" for sentence in SENTENCES), URL).text
    assert text.split("\n\n") == SENTENCES


GERMAN = "Das ist ein Satz, der nicht in der Sprache ist, die die Seite nennt, und er ist mit Absicht so lang. "


@pytest.mark.parametrize(
    ("html", "flag"),
    [
        ("<p>Eight words are a sentence, but no story.</p>", "too-short"),
        (f"<p>{' '.join(SENTENCES)}</p><p>And then the boats […]</p>", "cut"),
        (f"<p>{' '.join(SENTENCES[:3])}</p><p>Already a subscriber? Log in to read on.</p>", "paywalled"),
        (f"<p>{GERMAN * 6}</p>", "other-language"),
    ],
)
def test_what_a_person_should_see_first_is_flagged(html, flag):
    extract = extract_article(f"<html lang=en><body><article><h1>Boats</h1>{html}</article></body></html>", URL)
    assert flag in extract.flags
    assert why_held(extract.flags)


def test_data_that_says_not_free_is_believed():
    data = '{"@type": "NewsArticle", "headline": "Boats", "isAccessibleForFree": "False", "wordCount": 900}'
    html = f'<script type="application/ld+json">{data}</script><p>{" ".join(SENTENCES)}</p>'
    assert {"paywalled", "cut"} <= set(extract_article(html, URL).flags)


def test_a_whole_page_is_not_held():
    html = f"<html lang=en><body><h1>Boats</h1>{''.join(f'<p>{sentence}</p>' for sentence in SENTENCES)}"
    assert why_held(extract_article(html, URL).flags) == ""
