"""A form filled in twice is two stories; a copy with a correction, other numerals or a telephone number is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.articles.forms import facts, is_form

POLICE = (
    "Police in {town} are looking for witnesses after a {age}-year-old man was hurt in {street} on {day} evening. He "
    "was taken to the district hospital, where he was said to be in a stable condition. Sergeant Alan {name} said that "
    "somebody must have seen the car and asked drivers to look at their recordings. Call 0800 555 010 at any time."
)
FIRST = POLICE.format(town="Carrow", age=34, street="Mill Lane", day="Monday", name="Marsh")
SECOND = POLICE.format(town="Upwell", age=71, street="Dock Row", day="Friday", name="Varga")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (FIRST, SECOND),
        (FIRST, f"Breaking News\n{SECOND}\nFollow Us On Every Channel"),
        (
            "Morgens sind es 4 Grad in Altenfurt, mittags werden es 9 Grad, der Wind weht mit 20 Kilometern.",
            "Morgens sind es 7 Grad in Altenfurt, mittags werden es 12 Grad, der Wind weht mit 31 Kilometern.",
        ),
        (  # weekdays have no capital in French
            "Le marché de Montrevel se tiendra mardi sur la place suivi d'un bal donné par les élèves de Rochemaure",
            "Le marché de Montrevel se tiendra jeudi sur la place suivi d'un bal donné par les élèves de Calvignac",
        ),
        (
            "潮見市の県道で車と自転車が衝突し、男性（34）が足の骨を折った。運転の女性（51）にけがはなかった。",
            "潮見市の県道で車と自転車が衝突し、男性（68）が足の骨を折った。運転の女性（22）にけがはなかった。",
        ),
    ],
)
def test_other_facts_at_the_same_places_are_another_story(a: str, b: str) -> None:
    assert is_form(a, b) and is_form(b, a)


@pytest.mark.parametrize(
    "copy",
    [
        FIRST,
        FIRST.replace("34-year-old", "35-year-old"),  # a correction
        FIRST.replace("Sergeant Alan Marsh said", "Sgt Marsh has said"),
        FIRST[:200],
        f"NEWS OF THE COAST\n{FIRST}",
        f"{FIRST}\nCall the desk on 0555 10 20 30 or write to 14 Dock Row, 9000 Eastquay, until 31 December 2026.",
        FIRST.replace(" He was taken", " See Also: Ten Walks With A View. He was taken"),
        FIRST.upper(),
    ],
)
def test_a_copy_keeps_what_stands_between_the_same_words(copy: str) -> None:
    assert not is_form(FIRST, copy) and not is_form(copy, FIRST)


def test_numerals_and_months_are_the_same_however_they_are_written() -> None:
    a = "The board met on 4 November for three hours and heard 12 members, of whom eight were against the plan."
    b = "The board met on 4 Nov for 3 hours and heard twelve members, of whom 8 were against the plan."
    assert facts(a, b).numbers_changed == 0 and not is_form(a, b)


def test_another_wording_is_no_form() -> None:
    a = "The trust is expected to open the centre in June, and work to make the roof safe is due to begin on Monday."
    b = "The trust should soon open the centre in June, and work to make the roof safe will start on Monday."
    assert facts(a, b).reworded == 2 and not is_form(a, b)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_laid_side_by_side(a: str, b: str) -> None:
    assert not is_form(a, a)
    assert is_form(a, b) in (True, False)
