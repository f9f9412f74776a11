"""Pages of many stories: by topic, by partner, by date; a page at a time, and nothing that may not be shown."""

import re
from datetime import timedelta

import pytest

from syndication.jobs.browse import CARDS_MAX, LINES_MAX
from syndication.model.article import ArticleState
from syndication.model.choice import Choice
from syndication.storage import publication
from tests.builders import NOW, a_declared, a_feed, a_partner, a_source, put_article, put_publication
from tests.web.house import House

LONG = " ".join(["After the storm the harbour of the island counted its boats and found every one of them."] * 9)


def stories_of(page: str) -> list[int]:
    return [int(id) for id in re.findall(r'<(?:h3|li)[^>]*><a href="/articles/(\d+)"', page)]


def put_many(house: House, count: int) -> None:
    with house.database.write() as connection:
        for n in range(count):
            put_article(
                connection,
                source_id=1,
                title=f"Boats counted, part {n}",
                excerpt=LONG,
                topics=("harbour",),
                published_at=NOW - timedelta(minutes=n + 1),
            )


def test_a_topic_has_its_stories_and_no_others(still):
    page = still.get("/topics/harbour").text
    assert stories_of(page) == [1]
    assert 'href="/feeds/harbour"' in page
    assert f'href="{still.publication.base_url}/feeds/harbour.rss"' in page
    assert stories_of(still.get("/topics/hills").text) == [2]


def test_a_partner_has_its_stories_its_home_and_its_feed(still):
    page = still.get("/partners/upland-post").text
    assert stories_of(page) == [2]
    assert 'href="https://upland.example/"' in page
    assert 'href="/feeds/upland"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/topics/nothing",
        "/partners/nobody",
        "/topics/harbour/1",  # the first page has one address
        "/topics/harbour/2",
        "/topics/harbour/0",
        "/topics/harbour/9999",
        "/topics/harbour/x",
        "/archive/2026-05/2",
        "/archive/2026-13",
        "/archive/2026-02-31",
        "/topics",
    ],
)
def test_an_address_that_would_show_nothing_is_none(still, path):
    assert still.get(path).status == 404


def test_a_long_list_goes_on_by_numbers_and_every_story_stands_on_one_page(house):
    put_many(house, 2 * CARDS_MAX)
    seen, path, before = [], "/topics/harbour", ""
    while path:
        answer = house.get(path)
        newer = re.search(r'<link rel="next" href="[^"]*?(/topics[^"]*)"', answer.text)
        assert (newer.group(1) if newer else "") == before
        seen.append(stories_of(answer.text))
        older = re.search(r'<link rel="prev" href="[^"]*?(/topics[^"]*)"', answer.text)
        before, path = path, older.group(1) if older else ""
        assert before in ("/topics/harbour", f"/topics/harbour/{len(seen)}")
    assert [len(page) for page in seen] == [CARDS_MAX, CARDS_MAX, 1]
    assert len({id for page in seen for id in page}) == 2 * CARDS_MAX + 1


def test_a_list_of_long_stories_is_a_small_page_still(house):
    put_many(house, 60)
    style = len(house.get(re.search(r'href="(/assets/[^"]*css)"', house.get("/").text).group(1)).body)
    for path in ("/", "/topics/harbour", "/partners/harbour-daily", "/archive/2026-05", "/archive/2026-05-07"):
        assert len(house.get(path).body) + style <= 30_000, path


def test_a_month_and_a_day_list_their_stories_and_lead_to_those_beside_them(house):
    put_many(house, LINES_MAX)
    month = house.get("/archive/2026-05").text
    assert len(stories_of(month)) == LINES_MAX
    assert '<link rel="prev" href="' in month
    assert len(stories_of(house.get("/archive/2026-05/2").text)) == 2
    last = house.get("/archive/2026-05/2").text
    assert f'<link rel="prev" href="{house.publication.base_url}/archive/2026-04">' in last
    assert f'<link rel="next" href="{house.publication.base_url}/archive/2026-05">' in last
    day = house.get("/archive/2026-05-06").text
    assert f'<link rel="next" href="{house.publication.base_url}/archive/2026-05-07">' in day


def test_all_feeds_stand_on_one_page_by_what_they_are_about(still):
    page = still.get("/feeds").text
    assert [page.index(f">{title}<") for title in ("Stories", "By topic", "By partner")] == sorted(
        page.index(f">{title}<") for title in ("Stories", "By topic", "By partner")
    )
    for slug in ("all", "harbour", "upland"):
        assert page.count(f'href="/feeds/{slug}"') == 1
    assert 'href="/opml"' in page


def test_a_feed_of_editions_shows_editions(house):
    with house.database.write() as connection:
        publication.apply(
            connection,
            a_declared(feeds=[a_feed(id=0, slug="letters", title="All letters", newsletter="morning")]),
            NOW,
        )
    page = house.get("/feeds/letters", {"Accept": "text/html"}).text
    assert re.findall(r'href="/editions/(\d+)"', page) == ["1", "7"]
    assert stories_of(page) == []
    assert '<h2 id="group-4" class="day">Editions</h2>' in house.get("/feeds").text


def test_a_house_with_many_partners_and_feeds_has_a_small_front_page(house):
    partners = [a_partner(slug=f"partner-{n}", name=f"The Partner of Place {n}") for n in range(60)]
    sources = [a_source(id=0, partner=partner, slug=partner.slug) for partner in partners]
    feeds = [a_feed(id=0, slug=f"feed-{n}", choice=Choice(partners=(f"partner-{n}",))) for n in range(60)]
    with house.database.write() as connection:
        put_publication(connection, sources=sources, feeds=feeds)
    put_many(house, 12)
    page = house.get("/")
    style = len(house.get(re.search(r'href="(/assets/[^"]*css)"', page.text).group(1)).body)
    assert len(page.body) + style <= 30_000
    assert 'href="/archive#partners-title">All 62 partners<' in page.text
    assert 'href="/feeds">All 63 feeds<' in page.text


def test_names_and_feeds_of_hundreds_of_partners_go_on_by_numbers(house):
    partners = [a_partner(slug=f"partner-{n}", name=f"The Partner of Place {n}") for n in range(250)]
    sources = [a_source(id=0, partner=partner, slug=partner.slug) for partner in partners]
    feeds = [a_feed(id=0, slug=f"feed-{n}", choice=Choice(partners=(f"partner-{n}",))) for n in range(250)]
    with house.database.write() as connection:
        put_publication(connection, sources=sources, feeds=feeds)
    style = len(house.get(re.search(r'href="(/assets/[^"]*css)"', house.get("/").text).group(1)).body)
    assert 'href="/archive/partners">All 252 partners<' in house.get("/archive").text
    for first, pattern, count in (
        ("/archive/partners", r'href="(/partners/[^"]+)"', 252),
        ("/feeds", r'<li><a href="(/feeds/[^"/]+)"', 253),
    ):
        found, path = [], first
        while path:
            answer = house.get(path)
            assert answer.status == 200 and len(answer.body) + style <= 30_000, path
            found += re.findall(pattern, answer.text)
            older = re.search(r'<link rel="prev" href="https?://[^"/]+([^"]*)"', answer.text)
            path = older.group(1) if older else ""
        assert len(found) == len(set(found)) == count, first
    assert len(house.get("/archive").body) + style <= 30_000
    for path in ("/archive/partners/9", "/archive/partners/1", "/archive/topics/2", "/feeds/page/1", "/feeds/page/9"):
        assert house.get(path).status == 404, path


@pytest.mark.parametrize("state", [ArticleState.WITHDRAWN, ArticleState.HELD])
def test_what_may_not_go_out_is_on_no_list(house, state):
    with house.database.write() as connection:
        put_article(connection, source_id=1, title="A secret of the harbour", topics=("harbour",), state=state)
    for path in ("/topics/harbour", "/partners/harbour-daily", "/archive/2026-05"):
        assert "A secret" not in house.get(path).text


def test_a_story_leads_to_the_one_before_and_the_one_after(still):
    page = still.get("/articles/2").text
    assert f'<link rel="next" href="{still.publication.base_url}/articles/1">' in page
    assert f'<link rel="prev" href="{still.publication.base_url}/articles/3">' in page
    assert "<span>Later</span> <bdi>The ferry sails again</bdi>" in page
    assert '<link rel="next"' not in still.get("/articles/1").text


def test_an_edition_leads_to_the_public_ones_beside_it(still):
    newest, oldest = still.get("/editions/1").text, still.get("/editions/7").text
    assert f'<link rel="prev" href="{still.publication.base_url}/editions/7">' in newest  # those between are not public
    assert f'<link rel="next" href="{still.publication.base_url}/editions/1">' in oldest
    assert '<link rel="next"' not in newest
