"""Lines that credit another publisher, and dates, in other languages than English."""

from datetime import UTC, datetime

import pytest

from syndication import extract_article
from syndication.articles.extract.dates import read_date
from syndication.articles.tidy import lines as rules
from syndication.articles.tidy.line import Line

HOME = "https://kurier.example/"
LINES = [
    ("HIER KLICKEN, UM MEHR VOM EELTONER KURIER ZU LESEN", "EELTONER KURIER"),
    ("Klicken Sie hier, um mehr von der Eeltoner Post zu lesen", "Eeltoner Post"),
    ("CLIQUEZ ICI POUR LIRE LA SUITE SUR LE COURRIER", "LE COURRIER"),
    ("Lire l’article complet sur Le Courrier", "Le Courrier"),
    ("HAGA CLIC AQUÍ PARA LEER MÁS DE EL CORREO DE EELTON", "EL CORREO DE EELTON"),
    ("CLIQUE AQUI PARA LER MAIS NO CORREIO DE EELTON", "CORREIO DE EELTON"),
    ("CLICCA QUI PER LEGGERE DI PIÙ SU IL CORRIERE", "IL CORRIERE"),
    ("KLIK HIER OM MEER VAN DE KOERIER TE LEZEN", "DE KOERIER"),
    ("KLIKNIJ TUTAJ, ABY PRZECZYTAĆ WIĘCEJ W KURIER", "KURIER"),
    ("НАЖМИТЕ ЗДЕСЬ, ЧТОБЫ ПРОЧИТАТЬ БОЛЬШЕ В КУРЬЕР", "КУРЬЕР"),
    ("KLICKA HÄR FÖR ATT LÄSA MER FRÅN KURIREN", "KURIREN"),
    ("KLIKK HER FOR Å LESE MER FRA KURIREN", "KURIREN"),
]


@pytest.mark.parametrize(("text", "name"), LINES, ids=range(len(LINES)))
def test_a_line_that_credits_a_publisher_is_known_in_other_languages(text, name):
    assert rules.credited(Line(text, ((text, HOME),), 1.0, 9, 9)) == (name, HOME)


@pytest.mark.parametrize(
    "text",
    [
        "Hier klicken, um mehr zu lesen, stand auf dem Schild am Steg.",
        "Cliquez ici pour lire la suite, disait le panneau du quai.",
        "Haga clic aquí para leer más, decía el cartel.",
    ],
    ids=["de", "fr", "es"],
)
def test_a_sentence_that_holds_such_words_stays(text):
    assert rules.credited(Line(text, (), 0.0, 9, 9)) is None


@pytest.mark.parametrize("text", ["Leggi di più su Porto", "Lees meer in het dossier haven", "Mehr von der Redaktion"])
def test_a_link_to_more_of_the_same_house_is_no_credit(text):
    assert rules.credited(Line(text, ((text, "/mehr"),), 1.0, 9, 9)) is None


def test_paragraphs_after_such_a_line_stay_and_its_publisher_is_named():
    told = [
        "Der Hafenrat hat am Dienstagabend beschlossen, den alten Fährsteg wieder zu öffnen, der gesperrt ist.",
        "Die Arbeiten an den Pfählen beginnen im März, und die ersten Boote könnten noch vor dem Sommerfest anlegen.",
        "Die Reederei, die zwei Boote betreibt, begrüßte den Beschluss und will sechs weitere Leute einstellen.",
    ]
    line = f"<p><a href='{HOME}'>HIER KLICKEN, UM MEHR VOM EELTONER KURIER ZU LESEN</a></p>"
    page = f"<article><h1>Der Steg öffnet</h1><p>{told[0]}</p><p>{told[1]}</p>{line}<p>{told[2]}</p></article>"
    found = extract_article(f"<html lang=de><body>{page}</body></html>", "https://news.example/steg")
    assert found.text.split("\n\n") == told
    assert (found.original_publisher, found.original_link) == ("Eeltoner Kurier", HOME)


@pytest.mark.parametrize(
    "text",
    ["20. November 2026", "20 novembre 2026", "20 de noviembre de 2026", "20 de novembro de 2026", "20 ноября 2026"],
    ids=["de", "fr", "es", "pt", "ru"],
)
def test_a_date_is_read_in_other_languages(text):
    assert read_date(text) == datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize("text", ["3 bateaux 2026", "12 Leute 2026", "31 февраля 2026"], ids=["fr", "de", "ru"])
def test_what_is_no_date_is_none(text):
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Cet article est paru dans Le Courrier.", "Le Courrier"),
        ("Publicado originalmente en El Correo.", "El Correo"),
        ("Este artigo foi publicado originalmente no Correio.", "Correio"),
        ("Pubblicato originariamente su Il Corriere.", "Il Corriere"),
    ],
    ids=["fr", "es", "pt", "it"],
)
def test_where_a_story_first_stood_is_known_in_other_languages(text, name):
    assert rules.first_published(Line(text, (), 0.0, 9, 0)) == (name, "")


def test_a_crediting_last_line_needs_no_link():
    text = "Click here to read more from The Harbour Herald"
    assert rules.credited(Line(text, (), 0.0, 9, 0)) == ("The Harbour Herald", "")
    assert rules.credited(Line(text + ", he said to us", (), 0.0, 9, 0)) is None
