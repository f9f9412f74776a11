"""A picture and the line under it: whose picture it is stays known, however a page parts the two."""

import pytest

from syndication.articles.credits import agencies_in
from syndication.articles.extract import extract_article
from syndication.articles.tidy import split_credit, tidy_html
from syndication.model.rights import AGENCIES

PAGE = "https://coast.example/2026/a"
FIRST = (
    "<p>The ferry sails again on Monday, after eleven weeks in the yard, the company said on the pier, where a band "
    "played and a dog sang.</p>"
)
SECOND = (
    "<p>The captain told the guests that the ship is sound and that nobody needs to be afraid of the sea this year.</p>"
)
PICTURES = (
    '<p><img src="/b.jpg"></p><p>{}</p>',
    '<div class="image"><img src="/b.jpg"></div><p>{}</p>',
    '<img src="/b.jpg"><p>{}</p>',
)
LINES = (
    "The boat at the quay on Monday. (AFP Photo)",
    "(Getty Images)",
    "Photo: Getty Images",
    "A boat. (AFP)",
    "A boat at the quay. (AP Photo/Lena Holm)",
    "A boat | Reuters",
    "A boat. REUTERS/Lena Holm",
    "港の船（共同）",
)


def _page(body):
    return (
        "<html><head><title>The ferry sails</title></head><body><article><h1>The ferry sails</h1>"
        f'<div class="entry-content">{body}</div></article></body></html>'
    )


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2)])
def test_a_credited_line_under_a_picture_is_the_pictures(picture, line, order):
    parts = (picture.format(line), FIRST, SECOND)
    body = "".join(parts[place] for place in order)
    for told in (tidy_html(body, base_url=PAGE), extract_article(_page(body), PAGE)):
        (figure,) = told.figures
        assert agencies_in(figure.credit, figure.caption, AGENCIES)
        assert line not in told.text
        assert "The ferry sails again" in told.text
        assert "The captain told the guests" in told.text


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor opened the pier on Monday and went home.",
        "She told Reuters that the pier is closed until the end of the week.",
    ],
)
def test_a_paragraph_under_a_picture_that_credits_nobody_stays(sentence):
    told = tidy_html(f'<p><img src="/b.jpg"></p><p>{sentence}</p>{FIRST}', base_url=PAGE)
    assert sentence in told.text


def test_the_only_paragraph_stays_although_it_ends_in_an_agency():
    told = tidy_html('<p><img src="/b.jpg"></p><p>The pier is closed until Friday. (AFP)</p>', base_url=PAGE)
    assert "The pier is closed" in told.text
    assert told.figures[0].credit == "AFP"


@pytest.mark.parametrize(
    "attributes",
    [
        'alt="A boat (AFP)"',
        'title="A boat. Photo: Getty Images"',
        'data-credit="Lena Holm / Reuters"',
        'alt="Reuters"',
    ],
)
def test_the_elements_own_words_tell_its_credit(attributes):
    (figure,) = tidy_html(f'{FIRST}<p><img src="/b.jpg" {attributes}></p>{SECOND}', base_url=PAGE).figures
    assert agencies_in(figure.credit, "", AGENCIES)


def test_the_name_after_a_bar_is_the_credit():
    assert split_credit("Boats at dawn | Lena Holm for Coast Wire") == ("Boats at dawn", "Lena Holm for Coast Wire")
    assert split_credit("Boats at dawn | the second day") == ("Boats at dawn | the second day", "")
