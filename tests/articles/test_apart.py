"""A story in several boxes comes out whole; names that stand on the story itself take nothing from it."""

import pytest

from syndication.articles.extract import extract_article

URL = "https://coast.example/a"
LEAD = "The line to the islands is open again, and the coffee on board is said to be better than it was."
STORY = [
    f"Boat number {n} came in at dawn with {n * 7} crates of herring, and its crew went home to sleep until noon."
    for n in range(2, 12)
]


def _page(inside: str, head: str = "") -> str:
    return (
        f"<html><head><title>The ferry sails again to the islands</title>{head}</head><body>"
        f"<main><article><h1>The ferry sails again to the islands</h1>{inside}</article></main></body></html>"
    )


def _paragraphs(lines: list[str], name: str = "") -> str:
    return "".join(f"<p{name}>{line}</p>" for line in lines)


@pytest.mark.parametrize("parts", [(3, 10), (2, 4, 10), (8, 10)])
def test_a_story_in_several_boxes_is_taken_whole(parts):
    boxes, begin = [], 0
    for end in parts:
        boxes.append(f"<div class='chunk'><div class='inner'>{_paragraphs(STORY[begin:end])}</div></div>")
        begin = end
    advert = "<div class='slot'><span>Advertisement</span></div>"
    extract = extract_article(_page(f"<div class='chunks'>{advert.join(boxes)}</div>"), URL)
    assert extract.text.split("\n\n") == STORY


@pytest.mark.parametrize("name", ["paywall", "premium", "meter", "subscriber-only"])
def test_paragraphs_that_are_called_paywall_are_the_story(name):
    extract = extract_article(_page(f"<div class='text'>{_paragraphs(STORY, f' class={name}')}</div>"), URL)
    assert extract.text.split("\n\n") == STORY


def test_a_standfirst_that_is_the_pages_summary_is_its_excerpt():
    summary = f'<meta name="description" content="{LEAD}">'
    extract = extract_article(
        _page(f"<p class='lead'>{LEAD}</p><div class='text'>{_paragraphs(STORY)}</div>", summary), URL
    )
    assert extract.text.split("\n\n") == STORY
    assert extract.excerpt == LEAD


def test_a_standfirst_that_is_said_nowhere_else_is_the_storys():
    extract = extract_article(_page(f"<p class='lead'>{LEAD}</p><div class='text'>{_paragraphs(STORY)}</div>"), URL)
    assert extract.text.split("\n\n") == [LEAD, *STORY]


@pytest.mark.parametrize("caption", ["Boats. (/)", "Boats at dawn. (Foto: /)", "Boats ( / )", "Boats (,)", "(|)"])
def test_a_caption_that_credits_nobody_breaks_nothing(caption):
    figure = f"<figure><img src='/a.jpg'><figcaption>{caption}</figcaption></figure>"
    assert extract_article(_page(figure + _paragraphs(STORY)), URL).text.split("\n\n") == STORY
