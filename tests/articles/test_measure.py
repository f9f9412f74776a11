"""How much a text is, and where its prose begins, in scripts with blanks and without."""

import pytest

from syndication.articles.extract import extract_article
from syndication.articles.measure import beginning, size_of

PROSE = "The ferry sails again on Monday, the company said."
MORE = "A small band played on the pier and a dog sang."
JAPANESE = "港の船は月曜日に島へ出ると町の人は言った。船長は海が静かなら午後にも出ると話した。"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (f"{PROSE}\n\n{MORE}", f"{PROSE} {MORE}"),
        (f"By Mara Quill\n\n{PROSE}", PROSE),
        (f"{PROSE}\n\n- a first thing that the company said it would do soon\n\n{MORE}", PROSE),
        (f"{PROSE}\n\nfor boat in harbour:\n    boat.sail(to=island, at=noon, with_band=True) or boat.stay()", PROSE),
        (JAPANESE, JAPANESE),
        ("", ""),
    ],
)
def test_prose_begins_after_labels_and_ends_before_lists_and_code(text, begins):
    assert beginning(text) == begins


def test_a_japanese_page_has_an_excerpt_and_a_short_one():
    body = "".join(f"<p>{JAPANESE}</p><p>{number}日の朝、{JAPANESE}</p>" for number in range(1, 20))
    page = f"<html><head><title>船が出る</title></head><body><article><h1>船が出る</h1>{body}</article></body></html>"
    told = extract_article(page, "https://coast.example/a").excerpt
    assert told
    assert size_of(told) <= 55
