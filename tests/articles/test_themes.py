"""What stands on most pages is suggested as a rule; a theme that changed is noticed, and an odd story is not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.articles.themes import changed, look_of, suggestions
from syndication.model.pages import PageLook
from tests.builders import NOW, an_extract

USUAL = PageLook(
    "https://harbour.example/1",
    NOW,
    characters=3000,
    link_share=0.02,
    fields=("title", "byline", "date"),
    matched=("body div.story", "remove div.letter"),
)
BEFORE = [replace(USUAL, characters=3000 + 100 * n) for n in range(10)]


def test_a_look_says_what_a_page_was_like() -> None:
    extract = an_extract(text="Join our letter today.\n\n" + "word " * 60, byline="Ada Quay", title="T", date=NOW)
    look = look_of(extract, USUAL.url, NOW, matched=["a"], missed=["b"])
    assert (look.fields, look.blocks) == (("title", "byline", "date"), ("Join our letter today.",))
    assert (look.matched, look.missed, look.characters) == (("a",), ("b",), len(extract.text))


def test_a_block_on_nine_pages_of_ten_is_suggested_with_the_line_to_write() -> None:
    letter = 'Sign up for "our" letter'
    looks = [replace(USUAL, blocks=(f"Story {n}",) + ((letter,) if n else ())) for n in range(10)]
    (found,) = suggestions(looks)
    assert (found.text, found.on, found.of) == (letter, 9, 10)
    assert found.line == 'remove = "text:Sign up for \\"our\\" letter"'
    assert suggestions(looks[:4]) == ()


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ({"matched": ("remove div.letter",), "missed": ("body div.story",)}, "has no 'div.story'"),
        ({"matched": ("body div.story",), "missed": ("remove div.letter",)}, "remove div.letter"),
        ({"fields": ("title", "date")}, "no byline"),
        ({"characters": 300}, "300 characters at most"),
        ({"characters": 20_000}, "20000 characters at least"),
        ({"link_share": 0.6}, "links are 60%"),
    ],
)
def test_a_new_theme_is_noticed_when_several_pages_show_it(new: dict[str, object], says: str) -> None:
    pages = [replace(USUAL, **new) for _ in range(3)]  # type: ignore[arg-type]
    assert says in changed(pages, BEFORE)
    assert changed(pages[:1], BEFORE) == "" or "div.story" in says  # one page alone proves it of a declared body only
    assert changed([pages[0]], [pages[1], pages[2], *BEFORE]) != ""  # over several polls too


def test_a_declared_body_that_is_not_there_is_believed_of_one_page() -> None:
    page = replace(USUAL, matched=(), missed=("body div.story",))
    assert "div.story" in changed([page], BEFORE)
    assert "div.story" in changed([page], [])


@pytest.mark.parametrize(
    "odd",
    [
        [replace(USUAL, characters=200), USUAL, USUAL],  # a short story
        [replace(USUAL, fields=("title", "date")), replace(USUAL, fields=("title", "date")), USUAL],
        [replace(USUAL, refused="a door")] * 5,  # pages that were not read say nothing
        [],
    ],
)
def test_odd_stories_are_just_stories(odd: list[PageLook]) -> None:
    assert changed(odd, BEFORE) == ""


def test_what_is_hardly_known_cannot_change() -> None:
    assert changed([replace(USUAL, characters=100)] * 3, BEFORE[:5]) == ""


LENGTHS = st.lists(st.integers(500, 8000), min_size=0, max_size=40)


@settings(max_examples=50, deadline=None)  # the machine may be busy
@given(LENGTHS, st.integers(1, 10))
def test_what_lies_within_what_was_is_no_change(lengths: list[int], new: int) -> None:
    looks = [replace(USUAL, characters=length) for length in lengths]
    inside = [replace(USUAL, characters=min(lengths, default=1000))] * new
    assert changed(inside, looks) == ""
