"""docs/cleaning.md lists every rule, and each of its examples is true."""

import re
from pathlib import Path

import pytest

from syndication.articles.extract import extract_article
from syndication.articles.extract.rulebook import RULES

DOC = (Path(__file__).parents[2] / "docs" / "cleaning.md").read_text()
ROWS = re.findall(r"^\| `([\w-]+)` \| (\w+) \| (.*?) \| (.*?) ?\|$", DOC, re.M)
EXAMPLES = [(rule, place, block.strip("`")) for rule, place, block, _ in ROWS if block.startswith("`")]
KEPT = [(rule, kept.strip("`")) for rule, _, _, kept in ROWS if kept]

TITLE = "The ferry sails again"
STORY = (
    "The ferry sails again on Monday, after eleven weeks in the yard, the company said on the pier, "
    "where a small band played and a dog sang.",
    "She was painted twice, because the first green was that of a rival line, and the captain would not board her.",
    "Nobody had told the gulls, and they came all the same, as if they had read of it in the paper that morning.",
    "The fare is what it was, the timetable is what it will be, and the coffee on board is said to be "
    "better than both.",
)


def _page(place, block):
    at = dict.fromkeys(("above", "header", "top", "middle", "end", "beside"), "") | {place: block}
    if place == "above":  # nothing parts the body from what stands above it
        paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
        return f"<title>{TITLE}</title><body><div>{block}<h1>{TITLE}</h1>{paragraphs}</div>"
    first, second, third, fourth = (f"<p>{paragraph}</p>" for paragraph in STORY)
    head = f"<title>{TITLE}</title><meta name='author' content='Mara Quill'>"
    text = f"<div class='text'>{at['top']}{first}{second}{at['middle']}{third}{fourth}{at['end']}</div>"
    story = f"<article class='story'><header><h1>{TITLE}</h1>{at['header']}</header>{text}</article>"
    return f"<html><head>{head}</head><body><main>{story}{at['beside']}</main></body></html>"


def test_every_rule_is_told():
    assert {rule for rule, *_ in ROWS} == set(RULES)


@pytest.mark.parametrize(("rule", "place", "block"), EXAMPLES, ids=[rule for rule, *_ in EXAMPLES])
def test_an_example_is_taken_by_its_rule_and_the_story_stays(rule, place, block):
    extract = extract_article(_page(place, block), "https://coast.example/a")
    assert rule in {removed.rule for removed in extract.removed}, extract.removed
    assert extract.text.split("\n\n") == list(STORY)


@pytest.mark.parametrize(("rule", "kept"), KEPT, ids=[rule for rule, _ in KEPT])
def test_a_sentence_that_merely_looks_like_it_stays(rule, kept):
    extract = extract_article(_page("middle", kept), "https://coast.example/a")
    assert re.sub(r"<[^>]*>", "", kept) in extract.text
    assert len(extract.text.split("\n\n")) == len(STORY) + 1


def test_too_many_pictures_are_none():
    extract = extract_article(_page("middle", "<p><img src=/a.jpg></p>" * 301), "https://coast.example/a")
    assert "too-many-pictures" in {removed.rule for removed in extract.removed}
    assert extract.figures == ()
