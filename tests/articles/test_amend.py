"""What is a correction worth telling, in many languages, and what is only a revision."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.articles.amend import amendment, changes, notes
from syndication.articles.differ import difference
from syndication.model.amendment import Mark, Replaced
from tests.builders import an_article

BODY = "The ferry will stop on 3 March.\n\nThe council voted on Tuesday, and 9 members were for it."


@pytest.mark.parametrize(
    "note",
    [
        "Correction: The ferry stops on 13 March, not on 3 March as we wrote.",
        "CORRECTION (24 November): the ferry stops on 13 March.",
        "Correction, 24 November: An earlier date was wrong.",
        "Correction November 24, 2026: An earlier date was wrong.",
        "Correction on 24 November: An earlier date was wrong.",
        "Clarification: the vote was held in private.",
        "Editor’s note: the name of the mayor was spelled wrong.",
        "An earlier version of this article gave the wrong date.",
        "This article was amended on 24 November to give the right date.",
        "This story has been updated to correct the date.",
        "[Correction] The date was wrong.",
        "* Correction — the date was wrong.",
        "Berichtigung: Die Fähre fährt am 13. März zum letzten Mal.",
        "Korrektur vom 24. November: Der Termin war falsch.",
        "In einer früheren Version dieses Artikels stand ein falsches Datum.",
        "Anmerkung der Redaktion: Der Termin wurde berichtigt.",
        "Rectificatif : la date était fausse.",
        "Une version précédente de cet article donnait une date fausse.",
        "Corrección: la fecha era incorrecta.",
        "Fe de erratas: la fecha era incorrecta.",
        "Una versión anterior de este artículo daba otra fecha.",
        "Rettifica: la data era sbagliata.",
        "Correção: a data estava errada.",
        "Correctie: de datum was verkeerd.",
        "Rättelse: datumet var fel.",
        "Исправление: дата была указана неверно.",
        "【訂正】運航の終了は三月十三日です。",
        "訂正：運航の終了は三月十三日です。",
        "当初の記事では日付が誤っていました。",
        "更正：日期有误。",
        "تصحيح: كان التاريخ خاطئا.",
    ],
)
def test_a_note_of_correction_is_known_in_many_languages(note: str) -> None:
    assert notes(f"{BODY}\n\n{note}") == (note,)
    found = amendment(
        an_article(text=BODY), an_article(text=f"{BODY}\n\n{note}", title="The ferry sails again, part 1")
    )
    assert found is not None and found.note == note


@pytest.mark.parametrize(
    "text",
    [
        "Correction officers said that the prison was quiet.",
        "Corrections to the map will be printed in spring.",
        "The correction: a market falls by a tenth before it rises again, said the broker, and nobody minds."[
            4:
        ].replace("correction:", "correction of the market,"),
        "Korrekturen am Plan lehnte der Rat ab.",
        "She said that an earlier version of this plan had been cheaper.",
        "Update: the road is open again.",
        "Editor’s note: This is the third part of our series on the islands.",
        "Editor's Note: This story describes violence.",
        "Anmerkung der Redaktion: Der Autor ist Mitglied des Vereins.",
        "Note de la rédaction : le prénom a été changé.",
        "訂正のために委員会は来週また集まる。",
    ],
)
def test_sentences_with_such_words_are_no_notes(text: str) -> None:
    assert notes(f"{BODY}\n\n{text}") == ()


def test_a_heading_alone_is_a_note_with_the_paragraph_below_it() -> None:
    assert notes(f"{BODY}\n\nCorrection\n\nThe date was wrong.") == ("Correction: The date was wrong.",)


def test_a_note_at_the_end_of_a_paragraph_is_taken_from_there() -> None:
    text = f"{BODY} This article was corrected on 24 November: the date was wrong."
    assert notes(text) == ("This article was corrected on 24 November: the date was wrong.",)


@pytest.mark.parametrize(
    ("before", "after", "replaced"),
    [
        ("12 people were hurt on the quay", "14 people were hurt on the quay", [("12", "14")]),
        ("The ferry stops on Monday night", "The ferry stops on Friday night", [("Monday", "Friday")]),
        ("The prize goes to Ada Quay of Carrow", "The prize goes to Olga Lund of Carrow", [("Ada Quay", "Olga Lund")]),
        ("Die Fähre fährt am 3. März", "Die Fähre fährt am 13. März", [("3", "13")]),
        ("The prize goes to Ada Quey of Carrow", "The prize goes to Ada Quay of Carrow", []),  # a typo
        ("The ferry stopps on Monday", "The ferry stops on Monday", []),
        ("The  ferry stops", "The ferry stops.", []),
        ("The ferry’s last day", "The ferry's last day", []),
        ("Ferry stops on Monday", "Boats stop on Monday", []),  # another wording
        ("1,250 people came", "1.250 people came", []),
        ("The ferry stops on Monday", "The ferry stops on Monday, says the council of Carrow", []),  # it goes on
    ],
)
def test_another_fact_in_headline_or_excerpt_is_told(before: str, after: str, replaced: list[tuple[str, str]]) -> None:
    expected = tuple(Replaced(*pair) for pair in replaced)
    old = an_article(title=before, text=BODY)
    for given_ in ({"title": after}, {"title": before, "excerpt": "x"}):
        new = an_article(text=BODY, **{"excerpt": old.excerpt} | given_)
        found = amendment(old, new)
        if given_["title"] == after:
            assert (found.replaced if found else ()) == expected
        else:
            assert found is None


def test_a_text_that_grows_or_is_put_back_is_no_correction() -> None:
    old = an_article(title="Live: the storm", excerpt="It blows.", text=BODY)
    grown = an_article(title="Live: the storm", excerpt="It blows.", text=f"{BODY}\n\n14:10 The bridge is closed.")
    assert amendment(old, grown) is None and amendment(grown, old) is None and amendment(old, old) is None


def test_the_same_note_is_told_once_and_a_second_note_again() -> None:
    once = an_article(title="x", excerpt="y", text=f"{BODY}\n\nCorrection: the date was wrong.")
    typo = an_article(title="x", excerpt="y", text=f"{BODY}\n\nCorrection: the date  was wrong.\n\nMore.")
    twice = an_article(title="x", excerpt="y", text=f"{once.text}\n\nCorrection: so was the place.")
    assert amendment(once, typo) is None
    found = amendment(once, twice)
    assert found is not None and found.note == "Correction: so was the place."


def test_a_difference_reads_word_by_word() -> None:
    (passage,) = difference(["One line.", "The ferry stops on 3 March."], ["One line.", "The ferry stops on 13 April."])
    assert [(piece.mark, piece.text) for piece in passage.pieces] == [
        (Mark.SAME, "The ferry stops on "),
        (Mark.OUT, "3 March"),
        (Mark.IN, "13 April"),
        (Mark.SAME, "."),
    ]


def test_only_headline_and_excerpt_are_compared_where_no_more_is_granted() -> None:
    old = an_article(title="Old", excerpt="Same.", text="The secret was 1.")
    new = an_article(title="New", excerpt="Same.", text="The secret was 2.")
    assert [passage.after for passage in changes(old, new, whole=False)] == ["", "New"]
    assert [passage.after for passage in changes(old, new, whole=True)][-1] == "The secret was 2."


LINES = st.lists(st.text(alphabet="ab c.1", max_size=12), max_size=8)


@given(LINES, LINES)
def test_a_difference_has_what_was_and_what_is_and_nothing_else(before: list[str], after: list[str]) -> None:
    old, new = ([" ".join(line.split()) for line in lines] for lines in (before, after))
    found = difference(before, after)
    assert all(not passage.before or passage.before in old for passage in found)
    assert all(not passage.after or passage.after in new for passage in found)
    assert (found == ()) >= (old == new)
