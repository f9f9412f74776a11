"""Pages of the usual kind come out clean, in several themes and wordings; an innocent page comes out whole."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest

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
