"""Coast Courier's page, the usual kind of a partner's: everything that it puts around a story comes off again."""

import pytest

from syndication.articles.extract import extract_article
from syndication.demo.stories import STORIES
from tests.demo.conftest import NOW, get

COURIER = {story.slug: story for story in STORIES if story.partner == "coast-courier"}
FOREIGN = ("[…]", "[&hellip;]", "CLICK HERE", "See also", "Facebook", "WhatsApp", "Sign up", "You may also like")
FOREIGN += (
    "thoughts on",
    "Quayside Kit",
    "Comments are closed",
    "Tides at Lanmouth",
    "| by",
    "Tagged",
    "Lost: one grey oar",
)


@pytest.fixture(scope="module")
def pages(whole):
    house = next(house for house in whole.houses if house.slug == "coast-courier")
    return {slug: (house, get(house.url_of(story)).decode()) for slug, story in COURIER.items()}


@pytest.fixture(params=COURIER)
def read(request, pages):
    """The story as written, its house, the page, and what was made of it."""
    story = COURIER[request.param]
    house, html = pages[request.param]
    return story, house, html, extract_article(html, house.url_of(story))


def test_the_page_is_of_the_usual_kind(read):
    story, _, html, _ = read
    body = html[html.index('<div class="entry-content">') : html.index('<footer class="entry-footer">')]
    cut = " ".join(story.text.split()[:55]) + " [&hellip;]"
    assert html.count(cut) == 2
    assert 'alt="Facebook"' in body and 'alt="Print"' in body
    shout = body.index("CLICK HERE TO READ MORE FROM ")
    assert "<p>" in body[shout : body.index("sharedaddy")]
    for part in ("comment-list", "newsletter-signup", "related-posts", "wp-caption-text"):
        assert part in html


def test_title_byline_and_date(read):
    story, _, _, extract = read
    assert extract.title == story.title
    assert extract.byline == story.byline
    assert extract.site == "Coast Courier"
    assert extract.date is not None and extract.date <= NOW


def test_the_body_is_the_story_to_the_last_paragraph(read):
    story, _, _, extract = read
    assert extract.text.split("\n\n") == [" ".join(part.split()) for part in story.text.strip().split("\n\n")]


def test_nothing_foreign_is_in_the_body(read):
    _, _, _, extract = read
    assert not [line for line in FOREIGN if line in extract.body or line in extract.text]


def test_caption_and_credit_are_apart(read):
    story, house, _, extract = read
    (figure,) = extract.figures
    assert figure.src == house.picture_url(story)
    assert (figure.caption, figure.credit) == (story.picture.caption, story.picture.credit)


def test_the_cross_link_is_apart(read):
    story, house, html, extract = read
    others = {house.url_of(other): other.title for other in COURIER.values() if other is not story}
    assert bool(extract.related) is ("See also" in html)
    assert all(others[link.url] == link.title for link in extract.related)


def test_the_excerpt_is_of_whole_sentences(read):
    story, _, _, extract = read
    assert " ".join(story.text.split()).startswith(extract.excerpt)
    assert extract.excerpt[-1] in ".!?”"


def test_the_shouted_line_names_the_originator(read, whole):
    story, _, _, extract = read
    originator = story.originator or "coast-courier"
    (house,) = [house for house in whole.houses if house.slug == originator]
    assert (extract.original_publisher, extract.original_link) == (house.name, house.home)


def test_a_page_stays_as_it_is_when_others_come_out_later(partners):
    house = next(house for house in partners.houses if house.slug == "coast-courier")
    urls = [house.url_of(story) for story in COURIER.values() if story.wave == 0]
    before = [get(url) for url in urls]
    partners.publish(1)
    partners.next_arrival()
    partners.next_arrival()
    partners.next_arrival()
    assert [get(url) for url in urls] == before
