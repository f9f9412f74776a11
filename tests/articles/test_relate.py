"""Copies are found however they were cut; forms filled in twice are two stories; the originator leads."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.articles.relate import (
    WINDOW,
    boilerplate,
    compare_texts,
    house_phrases,
    leads,
    place,
    sample,
    shingles,
    weigh,
)
from syndication.articles.shingle import SAMPLE_MAX
from syndication.model.source import Partner
from syndication.model.story import Candidate, Relation
from tests.builders import NOW, a_partner, an_article

WORDS = [
    "harbour",
    "ferry",
    "island",
    "council",
    "board",
    "bread",
    "lamp",
    "winter",
    "school",
    "quay",
    "storm",
    "boat",
    "herring",
    "baker",
    "bell",
    "mill",
]


def _text(seed, words):
    chosen = random.Random(seed)
    return " ".join(f"{chosen.choice(WORDS)}{chosen.randint(0, 400)}x" for _ in range(words))


def _candidate(article_id=1, *, partner=None, **of_article):
    return Candidate(article_id, article_id, partner or a_partner(), an_article(**of_article))


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        (_text(1, 200), _text(1, 200), Relation.COPY),
        (_text(1, 200), f"{_text(2, 30)} {_text(1, 200)} {_text(3, 60)}", Relation.COPY),  # prefaced and continued
        (_text(1, 400), _text(1, 60), Relation.COPY),  # cut to its beginning
        (_text(1, 200), _text(1, 100) + " " + _text(4, 100), Relation.RELATED),
        (_text(1, 200), _text(2, 200), Relation.DISTINCT),
        (_text(1, 20), _text(1, 20), Relation.RELATED),  # too short to be sure
        ("Same headline here today", "Same headline here today", Relation.DISTINCT),
        ("", "", Relation.DISTINCT),
    ],
)
def test_two_texts_are_copy_related_or_distinct(a, b, relation):
    assert compare_texts(a, b).relation is relation
    assert compare_texts(b, a) == compare_texts(a, b)


def test_case_punctuation_and_typography_make_no_difference():
    text = "The ferry’s bell — “old Margit” — rang nine times. " + " ".join(_text(5, 60).split())
    assert compare_texts(text, text.upper().replace("’", "'").replace("—", "-")).containment == 1.0


def test_a_form_filled_in_twice_is_two_stories():
    form = " ".join(
        ["The harbour sold {} crates of herring at {} crowns, {} crates of cod at {} crowns and {} of sole."] * 1
        + [
            f"Weather on the quay was {word} all morning and the buyers came early, as they always do."
            for word in WORDS
        ]
    )
    first, second = form.format(12, 410, 33, 520, 7), form.format(19, 388, 41, 505, 2)
    near = compare_texts(first, second)
    assert near.containment >= 0.8
    assert near.relation is Relation.RELATED
    assert compare_texts(first, first + " More was said.").relation is Relation.COPY


@given(
    st.lists(st.sampled_from(WORDS), max_size=300).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=300).map(" ".join),
)
def test_containment_is_a_share(a, b):
    near = compare_texts(a, b)
    assert 0.0 <= near.containment <= 1.0
    assert near.shared <= min(len(shingles(a)), len(shingles(b)))
    assert near == compare_texts(b, a)


def test_shingles_fit_the_database():
    assert all(-(2**63) <= shingle < 2**63 for shingle in shingles(_text(6, 500)))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9))
def test_the_index_finds_every_copy_of_eighty_words(seed):
    chosen = random.Random(seed)
    words = _text(seed, 80).split()
    for place_ in chosen.sample(range(0, 80, 16), 2):  # two edits: containment stays at about 0.87
        words[place_] = "edited"
    copy, original = " ".join(words), _text(seed, 80) + " " + _text(seed + 1, chosen.randint(0, 600))
    assert compare_texts(copy, original).containment >= 0.8
    assert len(sample(shingles(copy)) & sample(shingles(original))) >= 3


def test_the_index_keeps_a_quarter_at_least_eight_and_a_bound():
    found = shingles(_text(7, 2000))
    assert 0.15 * len(found) < len(sample(found)) < 0.35 * len(found)
    assert len(sample(shingles(_text(8, 14)))) >= 8
    assert sample(shingles(_text(9, 40))) <= shingles(_text(9, 40))
    assert len(sample(shingles(_text(10, 30_000)))) <= SAMPLE_MAX
    assert sample(frozenset()) == frozenset()


def test_an_article_is_placed_with_its_nearest_copy():
    article = an_article(text=_text(11, 200))
    near, nearer, far = (
        _candidate(1, text=_text(11, 170) + _text(12, 20)),
        _candidate(2, text=_text(11, 200)),
        _candidate(3, text=_text(13, 200)),
    )
    assert place(article, [near, nearer, far]) is nearer
    assert place(article, [far]) is None
    assert place(article, []) is None


def test_beyond_the_window_nothing_is_a_copy():
    article = an_article(text=_text(14, 100))
    old = _candidate(text=_text(14, 100), first_seen_at=NOW - WINDOW - timedelta(minutes=1))
    assert place(article, [old]) is None
    assert place(article, [replace(old, article=replace(old.article, first_seen_at=NOW - WINDOW))]) is not None


def test_an_excerpt_stands_for_a_body_that_was_not_given():
    text = _text(15, 55)
    assert place(an_article(text="", excerpt=text), [_candidate(text=f"{text} {_text(16, 200)}")]) is not None


def test_house_phrases_prove_nothing():
    phrase = _text(17, 60)
    articles = [sample(shingles(f"{_text(100 + n, 20)} {phrase}")) for n in range(6)]
    assert boilerplate(articles[:3]) == frozenset()
    assert boilerplate(articles) <= shingles(phrase)
    article, other = an_article(text=f"{_text(18, 8)} {phrase}"), _candidate(text=f"{_text(19, 8)} {phrase}")
    assert place(article, [other]) is other
    assert place(article, [other], house_phrases=shingles(phrase)) is None


def test_house_phrases_are_found_whole_from_the_quarter_that_the_index_keeps():
    phrase, own = _text(17, 60), _text(30, 60)
    marks = boilerplate([sample(shingles(f"{_text(100 + n, 20)} {phrase}")) for n in range(6)])
    text = f"{own} {phrase}"
    found = house_phrases(text, marks)
    assert found <= shingles(phrase)
    assert len(found) > 0.7 * len(shingles(phrase))
    assert house_phrases(own, marks) == house_phrases(text, frozenset()) == frozenset()
    assert house_phrases("", marks) == frozenset()


def test_other_versions_are_found_nearest_first_and_are_no_copies():
    article = an_article(text=_text(20, 200))
    half = _candidate(1, text=f"{_text(20, 100)} {_text(21, 100)}")
    more = _candidate(2, text=f"{_text(20, 140)} {_text(22, 60)}")
    copy = _candidate(4, text=_text(20, 200))
    found = weigh(article, [half, more, _candidate(3, text=_text(23, 200)), copy])
    assert found.twin is copy
    assert [id for id, _ in found.versions] == [2, 1] and 60 < found.versions[0][1] < 80


HERALD = Partner("herald", "Harbour Herald", "https://www.herald.example/")
COURIER = Partner("courier", "Coast Courier", "https://courier.example/")


@pytest.mark.parametrize(
    ("challenger", "leader"),
    [
        # The house that the other credits, by name or by address.
        ({"publisher": "Harbour Herald", "body": ""}, {"publisher": "harbour herald"}),
        ({"publisher": "Harbour Herald"}, {"publisher": "HH", "publisher_url": "https://herald.example/desk"}),
        # One's own story before one that is credited to a third house.
        ({"publisher": "Harbour Herald"}, {"publisher": "Third Post"}),
        # Full text before an excerpt, then the earlier one.
        ({"publisher": "Harbour Herald", "body": "<p>x</p>"}, {"publisher": "Coast Courier", "body": ""}),
        (
            {"publisher": "Harbour Herald", "published_at": NOW - timedelta(hours=1)},
            {"publisher": "Coast Courier", "published_at": NOW},
        ),
    ],
)
def test_the_originator_leads(challenger, leader):
    one = _candidate(7, partner=HERALD, **challenger)
    other = _candidate(3, partner=COURIER, **leader)
    assert leads(one, other)
    assert not leads(other, one)


@given(
    *[
        st.tuples(
            st.sampled_from([HERALD, COURIER]),
            st.sampled_from(["Harbour Herald", "Coast Courier", "X"]),
            st.sampled_from(["", "b"]),
            st.integers(0, 2),
        )
    ]
    * 2
)
def test_no_two_tellings_lead_each_other(a, b):
    one, other = (
        _candidate(n, partner=partner, publisher=publisher, body=body, published_at=NOW + timedelta(hours=hours))
        for n, (partner, publisher, body, hours) in enumerate((a, b), start=1)
    )
    assert leads(one, other) is not leads(other, one)
