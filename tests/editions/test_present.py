"""What a digest shows: what may be shown, in words that fit where they stand."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.articles.permit import may
from syndication.deliveries.personalize import Tags
from syndication.editions.plan import Selection
from syndication.editions.present import Digest, direction, present, shorten
from syndication.model.article import Figure, StoryLink
from syndication.model.rights import Channel, Rights
from syndication.rendering import Renderer
from tests.builders import NOW, a_newsletter, a_permission, a_publication, a_stored, a_topic
from tests.images import a_figure, an_image

TEMPLATES = Path(__file__).parents[2] / "templates"
TOPICS = (a_topic(slug="harbour", title="Harbour"), a_topic(slug="town", title="Town"))


def a_digest(*chosen: Any, more: int = 0, **publication: Any) -> Digest:
    return present(
        Selection(tuple(chosen), more),
        newsletter=a_newsletter(),
        publication=a_publication(**publication),
        topics=TOPICS,
        date=date(2026, 5, 7),
        web_url="https://news.example.org/editions/5",
    )


def test_a_card_shows_what_the_rights_permit_and_nothing_else_of_the_article() -> None:
    stored = a_stored(id=7, title="The real title", excerpt="A secret.", also_in=(StoryLink(9, "t", "u", "Bay News"),))
    (card,) = a_digest((stored, a_permission(title="As permitted", excerpt="Permitted."))).cards
    assert (card.title, card.excerpt) == ("As permitted", "Permitted.")
    assert card.url == "https://news.example.org/articles/7"
    assert card.original_url == stored.article.url
    assert card.attribution == "First published by Harbour Daily"
    assert card.also_in[0].partner == "Bay News"
    assert "secret" not in repr(card)


def test_sections_follow_topics_and_the_rest_comes_last_under_a_heading_of_its_own() -> None:
    stories = [a_stored(topics=("harbour",)), a_stored(topics=("harbour",)), a_stored(topics=("town",)), a_stored()]
    digest = a_digest(*((stored, a_permission()) for stored in stories))
    assert [(section.title, len(section.cards)) for section in digest.sections] == [
        ("Harbour", 2),
        ("Town", 1),
        ("More stories", 1),
    ]
    assert [section.title for section in a_digest((a_stored(), a_permission())).sections] == [""]


def test_the_subject_names_the_newsletter_and_its_first_story() -> None:
    digest = a_digest((a_stored(), a_permission(title="Ferry sails\n again")), more=3)
    assert digest.title == "The Morning Sound: Ferry sails again"
    assert (digest.more, digest.date) == (3, date(2026, 5, 7))


@given(st.lists(st.tuples(st.text(min_size=1, max_size=200), st.text(max_size=200)), min_size=1, max_size=5))
def test_a_preheader_is_one_line_of_the_right_length(texts: list[tuple[str, str]]) -> None:
    digest = a_digest(*((a_stored(), a_permission(title=title, excerpt=excerpt)) for title, excerpt in texts))
    assert len(digest.preheader) <= 110 and len(digest.title) <= 90
    assert len((digest.preheader + digest.title).splitlines()) == 1
    assert digest.preheader


def test_a_single_short_story_still_fills_its_preheader() -> None:
    digest = a_digest((a_stored(), a_permission(title="Rain", excerpt="")))
    assert digest.preheader == "The news of the day, from Harbour Daily"
    digest = a_digest((a_stored(), a_permission(title="Rain", excerpt="It rains.")))
    assert 40 <= len(digest.preheader) <= 110


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (Figure("https://x.example/1.jpg", "The ferry.", "Ada Quay"), "The ferry. (Ada Quay)"),
        (Figure("https://x.example/1.jpg", alt="a ferry"), "a ferry"),
        (Figure("https://x.example/1.jpg"), "see the picture"),
    ],
)
def test_a_picture_is_a_link_in_words(figure: Figure, text: str) -> None:
    (card,) = a_digest((a_stored(), a_permission(figures=(figure,)))).cards
    assert card.figure_link is not None
    assert (card.figure_link.url, card.figure_link.text) == (figure.src, text)


@pytest.mark.parametrize(("language", "runs"), [("en", "ltr"), ("ar", "rtl"), ("he-IL", "rtl"), ("", "ltr")])
def test_a_language_has_a_direction(language: str, runs: str) -> None:
    assert direction(language) == runs
    assert a_digest((a_stored(), a_permission()), language=language).direction == runs


@given(st.text(), st.integers(2, 80))
def test_shortening_twice_is_shortening_once(text: str, length: int) -> None:
    short = shorten(text, length)
    assert len(short) <= length and shorten(short, length) == short


def test_words_are_cut_between_words() -> None:
    assert shorten("The ferry sails again, at last", 24) == "The ferry sails again…"
    assert shorten("Donaudampfschifffahrtsgesellschaft", 10) == "Donaudamp…"


def test_a_long_headline_in_the_text_part_stays_under_its_first_letter() -> None:
    digest = a_digest((a_stored(), a_permission(title="word " * 30)))
    text = Renderer([TEMPLATES]).email("digest", digest=digest, tags=Tags("7f3a91")).text
    headline = text[text.index("* word") :].split("]")[0].splitlines()
    assert len(headline) == 3
    assert all(line.startswith("  word") for line in headline[1:])


# -- pictures


def _with_picture(*, kept=True, **given):
    figure = a_figure(alt="A ferry at the pier")
    stored = a_stored(figures=(figure,), images=(an_image(figure),) if kept else (), **given)
    return stored, may(stored, Channel.MAIL, NOW)


def _cards(*pairs):
    digest = present(
        Selection(chosen=pairs, more=0),
        newsletter=a_newsletter(),
        publication=a_publication(),
        topics=(),
        date=NOW.date(),
        web_url="https://news.example.org/editions/1",
    )
    return digest.cards


def test_the_first_story_has_its_picture_at_our_address_with_its_credit_and_the_others_a_link():
    first, second = _cards(_with_picture(), _with_picture())
    assert first.picture is not None
    assert first.picture.url.startswith("https://news.example.org/images/")
    assert first.picture.url.endswith("-640.jpg")
    assert (first.picture.credit, first.picture.alt) == ("Harbour Daily", "A ferry at the pier")
    assert first.figure_link is None
    assert second.picture is None
    assert second.figure_link is not None
    assert second.figure_link.url == second.url


def test_a_picture_that_we_do_not_keep_is_a_link_to_its_publisher():
    (card,) = _cards(_with_picture(kept=False))
    assert card.picture is None
    assert card.figure_link is not None
    assert card.figure_link.url == a_figure().src


def test_no_picture_goes_by_mail_where_the_agreement_does_not_reach():
    (card,) = _cards(_with_picture(rights=Rights(image_channels=(Channel.WEB,))))
    assert (card.picture, card.figure_link) == (None, None)


def test_the_picture_of_a_section_is_that_of_the_first_that_has_one():
    first, second, third = _cards(_with_picture(kept=False), _with_picture(), _with_picture())
    assert [card.picture is not None for card in (first, second, third)] == [False, True, False]
