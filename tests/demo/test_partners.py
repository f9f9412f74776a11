"""Four partners over real HTTP: what their feeds say, what becomes of it in time, and that asking twice is cheap."""

import struct
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

from syndication.articles.clean import clean, wants_page
from syndication.articles.extract import extract_article
from syndication.articles.relate import leads, place
from syndication.demo.house import HOUSES
from syndication.demo.partners import Partners
from syndication.demo.stories import STORIES
from syndication.model.rights import Rights, TextRight
from syndication.model.source import Partner, Source
from syndication.model.story import Candidate
from syndication.sources.parse import parse_feed
from tests.demo.conftest import NOW, get

SLUGS = [house.slug for house in HOUSES]
DIALECTS = {
    "harbour-daily": "rss 2.0",
    "hill-post": "atom 1.0",
    "valley-letter": "json feed 1.1",
    "coast-courier": "rss 2.0",
}


def entries_of(partners, slug):
    return parse_feed(get(partners.feed_urls[slug]), url=partners.feed_urls[slug]).entries


def titles_of(partners):
    return {entry.title for slug in SLUGS for entry in entries_of(partners, slug)}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_feed_reads_as_it_is_meant(whole, slug):
    url = whole.feed_urls[slug]
    feed = parse_feed(get(url), url=url)
    (house,) = [house for house in whole.houses if house.slug == slug]
    assert (feed.dialect, feed.lenient, feed.set_aside) == (DIALECTS[slug], False, ())
    assert (feed.title, feed.url, feed.self_url, feed.description) == (house.name, house.home, url, house.motto)
    told = {story.title: story for story in STORIES if story.partner == slug}
    assert {entry.title for entry in feed.entries} == set(told)
    for entry in feed.entries:
        story = told[entry.title]
        assert [author.name for author in entry.authors] == [story.byline]
        assert entry.categories == story.categories
        assert entry.id == f"tag:{slug}.example,2026:{story.slug}"
        assert entry.url.startswith(whole.urls[slug])
        assert entry.published == NOW.replace(microsecond=0) - timedelta(minutes=story.minutes_before)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_feed_is_newest_first(whole, slug):
    dates = [entry.published for entry in entries_of(whole, slug)]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("slug", ["harbour-daily", "valley-letter"])
def test_a_feed_in_full_carries_every_paragraph(whole, slug):
    for entry in entries_of(whole, slug):
        (story,) = [story for story in STORIES if story.title == entry.title]
        assert entry.summary_html == story.summary
        paragraphs = len(story.text.strip().split("\n\n")) + bool(story.correction)
        assert entry.content_html.count("<p>") == paragraphs
        assert len(entry.pictures) == bool(story.picture)


def test_hill_post_syndicates_summaries_only(whole):
    for entry in entries_of(whole, "hill-post"):
        assert entry.summary_html
        assert not entry.content_html


def test_coast_courier_cuts_its_stories_to_55_words(whole):
    for entry in entries_of(whole, "coast-courier"):
        first = entry.summary_html.partition("</p>")[0].removeprefix("<p>")
        assert first.endswith(" […]")
        assert len(first.removesuffix(" […]").split()) == 55
        assert not entry.content_html


def test_waves_bring_stories_out_once(partners):
    assert len(titles_of(partners)) == 8
    assert partners.publish(1) == 8
    assert len(titles_of(partners)) == 16
    assert partners.publish(1) == 0
    assert partners.publish(7) == 1
    assert len(titles_of(partners)) == 17


def test_later_stories_arrive_one_by_one_and_end(partners):
    partners.publish(1)
    partners.publish(3)
    arrived = []
    while title := partners.next_arrival():
        assert title in titles_of(partners)
        arrived.append(title)
    assert len(arrived) == len(set(arrived)) == 11
    assert partners.next_arrival() is None


def test_a_correction_changes_a_paragraph_and_says_so_with_a_later_date(partners):
    partners.publish(1)
    title = partners.correct()
    (entry,) = [entry for entry in entries_of(partners, "harbour-daily") if entry.title == title]
    (story,) = [story for story in STORIES if story.correction]
    assert title == story.title
    assert story.correction.right in entry.content_html
    assert story.correction.wrong not in entry.content_html
    assert story.correction.note in entry.content_html
    assert entry.updated > entry.published
    assert entry.updated <= NOW
    assert story.correction.right in get(entry.url).decode()


def test_a_correction_is_made_once(partners):
    partners.publish(1)
    titles = {partners.correct()}
    before = get(partners.feed_urls["harbour-daily"])
    titles.add(partners.correct())
    assert len(titles) == 1
    assert get(partners.feed_urls["harbour-daily"]) == before


def test_a_correction_keeps_the_identity_of_its_story(partners):
    partners.publish(1)
    before = {entry.title: (entry.id, entry.url) for entry in entries_of(partners, "harbour-daily")}
    partners.correct()
    assert {entry.title: (entry.id, entry.url) for entry in entries_of(partners, "harbour-daily")} == before


def as_collected(partners, slug, number):
    """The article about the flood gates, as it would come out of a collection."""
    (house,) = [house for house in partners.houses if house.slug == slug]
    source = Source(number, slug, Partner(slug, house.name, house.home), house.feed_url, Rights(text=TextRight.FULL))
    (entry,) = [entry for entry in entries_of(partners, slug) if "gates" in entry.title]
    page = extract_article(get(entry.url), entry.url) if wants_page(entry, source) else None
    return Candidate(number, number, source.partner, clean(entry, source, NOW, extract=page))


def test_the_story_told_twice_is_one_story_led_by_its_originator(whole):
    original, copy = (
        as_collected(whole, slug, number) for number, slug in enumerate(("valley-letter", "coast-courier"), 1)
    )
    assert copy.article.publisher == original.article.publisher == "Valley Letter"
    assert place(copy.article, [original]) is original
    assert leads(original, copy)
    assert not leads(copy, original)


@pytest.mark.parametrize("slug", SLUGS)
def test_asking_again_with_either_validator_is_answered_304(partners, slug):
    for url in (partners.feed_urls[slug], partners.urls[slug], entries_of(partners, slug)[0].url):
        with urllib.request.urlopen(url, timeout=10) as answer:
            etag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
        assert etag.startswith('"')
        for header in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(urllib.request.Request(url, headers=header), timeout=10)
            assert caught.value.code == 304
            assert caught.value.headers["ETag"] == etag


def test_a_new_story_changes_the_entity_tag_of_its_partners_feed_only(partners):
    def tags():
        return {
            slug: urllib.request.urlopen(url, timeout=10).headers["ETag"] for slug, url in partners.feed_urls.items()
        }

    before = tags()
    partners.publish(2)
    after = tags()
    assert {slug for slug in SLUGS if before[slug] != after[slug]} == {"harbour-daily"}


@pytest.mark.parametrize(
    ("slug", "content_type"),
    [
        ("harbour-daily", "application/rss+xml; charset=utf-8"),
        ("hill-post", "application/atom+xml; charset=utf-8"),
        ("valley-letter", "application/feed+json; charset=utf-8"),
        ("coast-courier", "application/rss+xml; charset=utf-8"),
    ],
)
def test_a_feed_says_what_it_is(partners, slug, content_type):
    assert urllib.request.urlopen(partners.feed_urls[slug], timeout=10).headers["Content-Type"] == content_type


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_and_picture_of_a_partner_is_there(whole, slug):
    (house,) = [house for house in whole.houses if house.slug == slug]
    front = get(house.home).decode()
    for story in (story for story in STORIES if story.partner == slug):
        assert house.url_of(story) in front
        page = get(house.url_of(story)).decode()
        assert f">{story.title}</h1>" in page
        if story.picture:
            assert house.picture_url(story) in page
            data = get(house.picture_url(story))
            assert data.startswith(b"\x89PNG\r\n\x1a\n")
            assert struct.unpack(">II", data[16:24]) == (720, 405)


def test_every_partner_has_a_port_of_its_own_on_loopback(partners):
    assert len(set(partners.addresses)) == 4
    assert all(address.startswith("127.0.0.1:") for address in partners.addresses)
    assert {f"http://{address}/" for address in partners.addresses} == set(partners.urls.values())


def test_partners_are_gone_when_the_block_ends():
    with Partners() as partners:
        url = partners.urls["hill-post"]
        assert get(url)
    with pytest.raises(urllib.error.URLError):
        get(url)


def test_nothing_is_dated_in_the_future():
    with Partners() as partners:
        partners.publish(1)
        partners.correct()
        partners.publish(2)
        now = datetime.now(UTC)
        for slug in SLUGS:
            assert all(
                max(entry.published, entry.updated or entry.published) <= now for entry in entries_of(partners, slug)
            )
