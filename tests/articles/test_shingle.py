"""Shingles know no typography, and are as long in a script without spaces as five words are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.articles.shingle import level, shingled, shingles

TEXT = "The ferry’s bell rang nine times on 3 March, and 1,250 people heard it from the quay — or so they say."


@pytest.mark.parametrize(
    "same",
    [
        TEXT.upper(),
        TEXT.replace("’", "'"),
        TEXT.replace("’", "´"),
        TEXT.replace("—", "-"),
        TEXT.replace("1,250", "1.250"),
        TEXT.replace("1,250", "1\u202f250"),
        TEXT.replace("quay", "qu\u00aday"),  # a soft hyphen
        TEXT.replace("nine", "n\u200bine"),
        TEXT.replace(" ", "  ").replace(", ", " , "),
        f"{TEXT}\nThe post The ferry rings appeared first on Harbour Herald.",
        f"{TEXT} Continue reading at the Coast Courier",
    ],
)
def test_typography_and_house_lines_make_no_difference(same: str) -> None:
    assert shingles(same) == shingles(TEXT)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert shingles("Der Bürgermeister hält heute eine Rede") == shingles(
        "Der Bu\u0308rgermeister ha\u0308lt heute eine Rede"
    )


def test_innocent_sentences_with_such_words_stay() -> None:
    text = "Nine of ten subscribe to the paper because their parents did, and they read more than others do."
    assert len(shingles(f"{text} {text[:-1]}, said the editor.")) > len(shingles(text))


@pytest.mark.parametrize(
    ("text", "count", "a_word"),
    [
        ("one two three four", 0, 1.0),
        ("one two three four five", 1, 1.0),
        ("港町の駅舎が本の店にな", 2, 2.0),  # eleven letters, ten to a shingle
        ("港町の駅舎が", 0, 2.0),
        ("ร้านหนังสือในสถานีรถไฟ", 3, 4.0),
    ],
)
def test_five_words_are_ten_letters_of_japanese(text: str, count: int, a_word: float) -> None:
    found = shingled(text)
    assert (len(found.found), found.a_word) == (count, a_word)


def test_vowel_signs_stay_with_their_word() -> None:
    assert len(shingles("पहाड़ी गाँव देवलखेत में महिलाओं")) == 1
    assert shingles("كَتَبَ الولدُ رسالةً إلى صديقِهِ البعيد") == shingles("كتب الولد رسالة إلى صديقه البعيد")


@given(st.text(max_size=300))
def test_levelling_twice_is_levelling_once_and_nothing_raises(text: str) -> None:
    assert level(level(text)) == level(text)
    assert all(-(2**63) <= shingle < 2**63 for shingle in shingles(text))


@given(st.lists(st.sampled_from(["ferry", "quay", "港", "の", "駅", "ไ", "bell"]), max_size=60))
def test_a_longer_text_has_the_shingles_of_its_beginning(words: list[str]) -> None:
    assert shingles(" ".join(words)) <= shingles(" ".join([*words, "and", "more"]))
