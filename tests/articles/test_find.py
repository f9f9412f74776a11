"""Words for the index, queries that can only ask for words, and what of a text is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.articles.find import (
    QUERY_CHARS_MAX,
    SNIPPET_WORDS,
    TERMS_MAX,
    WORD_CHARS_MAX,
    holds,
    marked,
    may_hold,
    snippet,
    wanted,
    words,
)
from syndication.model.search import Term


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The ferry sails again.", ["the", "ferry", "sails", "again"]),
        ("Café CAFE\u0301 cafe", ["cafe", "cafe", "cafe"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("ferry-boat foo_bar R2D2 3.14", ["ferry", "boat", "foo", "bar", "r2d2", "3", "14"]),
        ("渡船は今日", ["渡", "船", "は", "今", "日"]),
        ("ИЗВЕСТИЯ Ελλάδα", ["известия", "ελλαδα"]),
        ("ﬁsh", ["fish"]),
        ("… — !?", []),
        ("a" * 99, ["a" * WORD_CHARS_MAX]),
    ],
)
def test_words_are_letters_and_digits_without_case_and_accents(text, found):
    import unicodedata

    assert words(unicodedata.normalize("NFC", text)) == found


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("ferry", [Term(("ferry",), open=True)]),
        ("of a", [Term(("of",)), Term(("a",))]),  # too short to stand for longer ones
        ('"ferry sails"', [Term(("ferry", "sails"))]),
        ('"ferry sails', [Term(("ferry", "sails"))]),
        ("ferry ferry", [Term(("ferry",), open=True)]),
        ("渡船", [Term(("渡", "船"))]),
        ("", []),
        ("   ", []),
        ("***", []),
        ("\"\" ''", []),
    ],
)
def test_a_query_asks_for_words(query, terms):
    assert list(wanted(query).terms) == terms


HOSTILE = [
    "ferry* OR 1=1 --",
    "'; DROP TABLE article; --",
    "NEAR(ferry sails, 2)",
    "title:ferry ^ferry -ferry +ferry",
    '"ferry" AND NOT "sails"',
    "ferry & !sails | (harbour)",
    "%_%\\x00\x00\ud800"[:-1],
    "(a+)+$" * 2000,
    "[" * 5000,
    "a " * 5000,
]


@pytest.mark.parametrize("query", HOSTILE)
def test_pub_16_operators_wildcards_and_bombs_are_words_or_nothing(query):
    found = wanted(query)
    assert len(found.terms) <= TERMS_MAX
    for term in found.terms:
        assert all(word.isalnum() and len(word) <= WORD_CHARS_MAX for word in term.words)


@given(st.text(max_size=2 * QUERY_CHARS_MAX))
def test_pub_16_any_query_is_bounded_and_made_of_letters_and_digits(query):
    for term in wanted(query).terms:
        assert term.words
        assert all(word and all(c.isalnum() for c in word) for word in term.words)


@given(st.text(max_size=300), st.text(max_size=40))
def test_marking_and_cutting_lose_and_add_nothing(text, query):
    import unicodedata

    pieces = marked(text, wanted(query))
    assert "".join(piece.text for piece in pieces) == unicodedata.normalize("NFC", text)
    assert all(piece.text for piece in pieces)


@given(
    st.lists(st.sampled_from(["ferry", "sails", "Café", "渡船", "again."]), max_size=90),
    st.sampled_from(["cafe", "渡船"]),
)
def test_a_snippet_is_short_and_shows_what_was_looked_for(told, query):
    text = " ".join(told)
    pieces = snippet(text, wanted(query))
    assert len(words("".join(piece.text for piece in pieces))) <= SNIPPET_WORDS
    assert any(piece.hit for piece in pieces) == holds([text], wanted(query))


def test_a_snippet_begins_a_little_before_the_find():
    text = "one two three four five six seven eight nine ten FERRY " + "more " * 60
    pieces = snippet(text, wanted("ferries ferry"))
    assert pieces[0].text == "… "
    assert [piece.text for piece in pieces if piece.hit] == ["FERRY"]
    assert pieces[-1].text == " …"


def test_every_term_must_be_in_what_is_shown():
    assert holds(["The ferry", "sails again"], wanted("ferry again"))
    assert not holds(["The ferry", "sails again"], wanted("ferry hill"))
    assert not holds(["The ferry", "sails again"], wanted('"ferry sails"'))
    assert holds(["The ferries"], wanted("ferr"))
    assert not holds(["The ferry"], wanted(""))


@pytest.mark.parametrize("query", ["ferry", "ferr", '"night boat"', "ferry boat", "fe", "Fähre", '"boat night"', ""])
@pytest.mark.parametrize("text", ["The night boat is a ferry", "Ferries", "boat", "", "Die Fähre"])
def test_what_may_not_hold_does_not_hold(query, text):
    terms = wanted(query)
    assert may_hold(set(words(text)), terms) or not holds([text], terms)


def test_most_texts_need_no_second_look():
    assert not may_hold({"the", "ferry"}, wanted("boat"))
    assert not may_hold({"the", "ferry"}, wanted('"ferr"'))
    assert may_hold({"the", "ferry"}, wanted("ferr"))
