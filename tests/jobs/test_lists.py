"""Sources that are no feeds: pages that list articles, sitemaps, posts of WordPress. And what their hosts ask of us."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from syndication.jobs.collect import collect
from syndication.model.article import ArticleState
from syndication.model.collecting import Collected
from syndication.model.pages import PageLook
from syndication.model.source import ArticleFrom, PageRule, RuleKind, Source, SourceKind
from syndication.sources.health import health
from syndication.storage import alerts, articles, page_reads, review, sources
from syndication.storage.database import Database
from syndication.storage.library import Library
from syndication.storage.manners import StoredManners
from tests.builders import NOW, a_source, put_publication
from tests.world import World, item, rss

SITE = "https://harbour.example"
LIST = f"{SITE}/news/"
NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


class House:
    def __init__(self, database: Database) -> None:
        self.database, self.library, self.world, self.now = database, Library(database), World(), NOW
        self.waited: list[float] = []

    def declare(self, kind: SourceKind, url: str = LIST, **given: Any) -> Source:
        source = a_source(id=0, url=url, kind=kind, **given)
        with self.database.write() as connection:
            put_publication(connection, sources=[source])
        return source

    def collect(self, **by: float) -> Collected:
        self.now += timedelta(**by)
        return collect(
            exchange=self.world,
            library=self.library,
            clock=lambda: self.now,
            jitter=lambda: 0.0,
            hosts=StoredManners(self.database),
            wait=self.waited.append,
        )

    def lists(self, *numbers: int, more: str = "") -> None:
        blocks = "".join(
            f'<article><h2><a href="/news/the-ferry-sails-{n}/">The ferry sails, part {n}</a></h2>'
            f"<p>After repairs it crosses the sound for the {n}th time.</p></article>"
            for n in numbers
        )
        self.world.puts(LIST, f"<html><body>{blocks}{more}</body></html>", type="text/html")

    def page(self, n: int, *, head: str = "", said: str = "again", status: int = 200, more: str = "") -> str:
        url = f"{SITE}/news/the-ferry-sails-{n}/"
        text = "".join(f"<p>Sentence {i} of part {n} tells at length how the ferry sails {said}.</p>" for i in range(8))
        date = f'<meta property="article:published_time" content="2026-05-07T0{n % 6}:00:00Z">'
        body = f"<article><h1>The ferry sails, part {n}</h1><div class=story>{text}</div>{more}</article>"
        self.world.puts(
            url, f"<html><head>{date}{head}</head><body>{body}</body></html>", type="text/html", status=status
        )
        return url

    def stored(self) -> list[Any]:
        with self.database.read() as connection:
            every = tuple(ArticleState)
            return sorted(articles.newest(connection, limit=500, states=every), key=lambda one: one.article.url)

    def row(self) -> sources.SourceRow:
        with self.database.read() as connection:
            return sources.listing(connection)[0]

    def health(self) -> tuple[str, str]:
        found = health(self.row().condition, "harbour-daily", self.now)
        return found.state.value, found.next_step

    def robots(self, text: str, status: int = 200) -> None:
        self.world.puts(f"{SITE}/robots.txt", text, type="text/plain", status=status)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def test_a_page_that_lists_articles_is_a_source_like_any_other(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.lists(2, 1)
    pages = [house.page(1), house.page(2)]
    assert [(one.outcome, one.new) for one in house.collect().polled] == [("fresh", 2)]
    first, second = house.stored()
    assert (first.article.title, first.article.url, first.backfill) == ("The ferry sails, part 1", pages[0], True)
    assert first.article.published_at.hour == 1
    assert "Sentence 7 of part 2" in second.article.text
    house.lists(3, 2, 1)
    house.page(3)
    assert house.collect(hours=1).new == 1
    assert [one.backfill for one in house.stored()] == [True, True, False]


def test_a_list_is_the_same_while_it_lists_the_same(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.lists(1, 2)
    house.page(1), house.page(2)
    house.collect()
    house.world.asked.clear()
    house.lists(1, 2, more="<aside><p>Another advertisement, and a clock: 12:30.</p></aside>")
    assert [one.outcome for one in house.collect(minutes=30).polled] == ["same body"]
    assert house.world.asked == [LIST]
    assert [one.outcome for one in house.collect(minutes=15).polled] == ["unchanged"]


def test_a_page_is_read_once_more_and_a_correction_is_found(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.lists(1, 2)
    house.page(1), house.page(2)
    house.collect()
    house.page(1, said="tomorrow")
    assert house.collect(minutes=30).changed == 0  # it is too early to look
    assert house.collect(minutes=31).changed == 1
    assert ["tomorrow" in one.article.text for one in house.stored()] == [True, False]
    asked = len(house.world.asked)
    house.collect(minutes=20)
    assert len(house.world.asked) == asked + 1  # the list alone


def test_what_is_stored_stays_when_its_page_does_not_come(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.lists(1, 2)
    house.page(1), house.page(2)
    house.collect()
    before = house.stored()
    house.page(1, status=500), house.page(2, status=403)
    house.collect(minutes=61)
    assert [one.article for one in house.stored()] == [one.article for one in before]


def test_what_there_is_no_room_for_comes_with_the_next_polls_as_backfill(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.lists(*range(1, 41))
    for n in range(1, 41):
        house.page(n)
    assert house.collect().new == 30
    assert house.collect(minutes=5).new == 10
    assert all(one.backfill and one.article.body for one in house.stored())
    assert house.collect(minutes=15).new == 0


def test_a_sitemap_says_what_is_new_and_what_has_changed(house: House) -> None:
    house.declare(SourceKind.SITEMAP, f"{SITE}/sitemap.xml")

    def sitemap(*pages: tuple[int, str]) -> str:
        inner = "".join(
            f"<url><loc>{SITE}/news/the-ferry-sails-{n}/</loc><lastmod>{at}</lastmod></url>" for n, at in pages
        )
        return f"<urlset {NAMES}>{inner}</urlset>"

    house.world.puts(f"{SITE}/sitemap.xml", sitemap((1, "2026-05-06"), (2, "2026-05-07")), type="application/xml")
    house.page(1), house.page(2)
    assert house.collect().new == 2
    assert [one.article.title for one in house.stored()] == ["The ferry sails, part 1", "The ferry sails, part 2"]
    house.page(1, said="tomorrow")
    changed = sitemap((1, "2026-05-07T08:00:00Z"), (2, "2026-05-07"))
    house.world.puts(f"{SITE}/sitemap.xml", changed, type="application/xml")
    house.world.asked.clear()
    assert house.collect(hours=2).changed == 1
    assert house.world.asked == [f"{SITE}/sitemap.xml", f"{SITE}/news/the-ferry-sails-1/"]


def test_an_index_is_followed_and_one_broken_sitemap_hurts_itself_only(house: House) -> None:
    house.declare(SourceKind.SITEMAP, f"{SITE}/sitemap.xml")
    children = "".join(f"<sitemap><loc>{SITE}/{name}.xml</loc></sitemap>" for name in ("posts", "broken"))
    house.world.puts(f"{SITE}/sitemap.xml", f"<sitemapindex {NAMES}>{children}</sitemapindex>", type="text/xml")
    date = "<news:publication_date>2026-05-07</news:publication_date>"
    news = f"<news:news>{date}<news:title>A title</news:title></news:news>"
    url = f"<url><loc>{SITE}/news/the-ferry-sails-1/</loc>{news}</url>"
    house.world.puts(f"{SITE}/posts.xml", f"<urlset {NAMES}>{url}</urlset>", type="text/xml")
    house.world.puts(f"{SITE}/broken.xml", "<urlset><url>", type="text/xml")
    house.page(1)
    assert house.collect().new == 1
    assert house.stored()[0].article.title == "A title"
    assert [one.outcome for one in house.collect(minutes=15).polled] == ["same body"]


def test_an_address_without_a_story_behind_it_is_no_article(house: House) -> None:
    house.declare(SourceKind.SITEMAP, f"{SITE}/sitemap.xml")
    urls = "".join(
        f"<url><loc>{SITE}/news/the-ferry-sails-{n}/</loc><lastmod>2026-05-07</lastmod></url>" for n in (1, 2)
    )
    house.world.puts(f"{SITE}/sitemap.xml", f"<urlset {NAMES}>{urls}</urlset>", type="text/xml")
    house.page(1)
    assert house.collect().new == 1


def test_posts_of_wordpress_are_read_page_by_page_at_first(house: House) -> None:
    house.declare(SourceKind.WORDPRESS, f"{SITE}/")

    def posts(*numbers: int) -> str:
        return json.dumps(
            [
                {
                    "guid": {"rendered": f"{SITE}/?p={n}"},
                    "link": f"{SITE}/news/the-ferry-sails-{n}/",
                    "title": {"rendered": f"Part {n}"},
                    "content": {"rendered": "<p>It crosses the sound again, and again, and again.</p>" * 30},
                    "date_gmt": f"2026-05-0{n}T05:00:00",
                }
                for n in numbers
            ]
        )

    at = f"{SITE}/wp-json/wp/v2/posts?per_page=20&_embed=author,wp:term,wp:featuredmedia"
    house.world.puts(at, posts(4, 3), type="application/json")
    house.world.puts(f"{at}&page=2", posts(2, 1), type="application/json")
    house.world.headers[at] = (("x-wp-total", "4"), ("x-wp-totalpages", "2"))
    assert house.collect().new == 4
    assert house.world.asked == [at, f"{at}&page=2"]
    house.world.puts(at, posts(5, 4, 3), type="application/json")
    assert house.collect(hours=1).new == 1
    assert house.world.asked[2:] == [at]


# -- what hosts ask ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        (SourceKind.LISTING, LIST),
        (SourceKind.SITEMAP, f"{SITE}/news/sitemap.xml"),
        (SourceKind.WORDPRESS, f"{SITE}/news/"),
    ],
)
def test_col_20_a_source_that_robots_txt_closes_is_not_asked_and_told(house: House, kind: SourceKind, url: str) -> None:
    house.declare(kind, url)
    house.lists(1, 2)
    house.robots("User-agent: *\nDisallow: /news/")
    (told,) = house.collect().polled
    assert (house.world.asked, told.outcome, told.health) == ([], "asked not to", "not allowed")
    assert "robots.txt of harbour.example" in told.detail
    state, step = house.health()
    assert (state, "let Syndication in" in step) == ("not allowed", True)
    house.robots("User-agent: *\nDisallow:")
    house.page(1), house.page(2)
    house.collect(days=1, hours=1)  # what is closed is asked for again within a day
    assert len(house.world.asked) > 0
    assert house.health()[0] != "not allowed"


def test_col_20_a_feed_that_was_given_to_us_is_read_and_its_closed_pages_are_not(house: House) -> None:
    house.declare(SourceKind.FEED, f"{SITE}/feed", article_from=ArticleFrom.PAGE)
    house.world.puts(f"{SITE}/feed", rss(item(1, link=house.page(1))))
    house.robots("User-agent: syndication\nDisallow: /")
    assert house.collect().new == 1
    assert house.world.asked == [f"{SITE}/feed"]
    assert house.health()[0] == "pages closed"


def test_col_20_a_host_that_cannot_say_is_not_read(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.lists(1, 2)
    house.page(1), house.page(2)
    house.robots("", status=503)
    assert house.collect().polled[0].health == "not allowed"
    assert house.world.asked == []
    house.robots("User-agent: *\nDisallow:")
    assert house.collect(hours=2).new == 2


def test_a_host_that_is_down_is_down_and_not_closed(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.world.down.add("harbour.example")
    assert house.collect().polled[0].health == "unreachable"
    house.world.down.clear()
    house.lists(1, 2)
    house.page(1), house.page(2)
    assert house.collect(hours=1).new == 2


@pytest.mark.parametrize("closing", ["door", "401", "redirect"])
def test_col_20_a_door_before_the_pages_is_respected_and_told(house: House, closing: str) -> None:
    house.declare(SourceKind.LISTING)
    house.lists(1, 2)
    form = "<html><body><form>Log in <input type=password></form></body></html>"
    for n in (1, 2):
        url = house.page(n)
        if closing == "redirect":
            house.world.moved[url] = (302, f"{SITE}/login/")
            house.world.puts(f"{SITE}/login/", "<html><body><p>Who are you?</p></body></html>", type="text/html")
        else:
            house.world.puts(url, form, type="text/html", status=401 if closing == "401" else 200)
    house.collect()
    assert [(one.article.title, one.article.body) for one in house.stored()] == [
        ("The ferry sails, part 1", ""),
        ("The ferry sails, part 2", ""),
    ]
    assert house.health()[0] == "pages closed"
    with house.database.read() as connection:
        assert [one.key for one in alerts.open_alerts(connection)] == ["source:harbour-daily:pages"]
    house.lists(3, 1, 2)
    house.page(3)
    house.collect(hours=1)
    assert house.health()[0] == "healthy"


@pytest.mark.parametrize(
    ("html", "outcome", "state"),
    [
        ("<form>Log in <input type=password></form>", "log in", "log in"),
        ("<meta name=robots content='noindex, nofollow'><h2><a href=/a-story-of-ours>A story of ours</a></h2>",
         "not allowed", "not allowed"),
        ("<p>Nothing here.</p>", "not a feed", "not a feed"),
    ],
)  # fmt: skip
def test_col_20_a_list_that_is_closed_says_so(house: House, html: str, outcome: str, state: str) -> None:
    house.declare(SourceKind.LISTING)
    house.world.puts(LIST, f"<html><body>{html}</body></html>", type="text/html")
    (told,) = house.collect().polled
    assert (told.outcome, told.health, house.health()[0]) == (outcome, state, state)


def test_a_redirect_leads_to_no_page_that_may_not_be_read(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.lists(1, 2)
    house.page(2)
    house.world.moved[house.page(1)] = (302, "https://other.example/private/1")
    house.world.puts(
        "https://other.example/private/1", "<html><body><p>secret words</p></body></html>", type="text/html"
    )
    house.world.puts("https://other.example/robots.txt", "User-agent: *\nDisallow: /private", type="text/plain")
    house.collect()
    assert [bool(one.article.body) for one in house.stored()] == [False, True]


def test_a_host_that_wants_a_delay_is_given_it_and_the_rest_waits(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.robots("User-agent: *\nCrawl-delay: 12")
    house.lists(*range(1, 6))
    for n in range(1, 6):
        house.page(n)
    assert house.collect().new == 2  # two of them take 24 of the 30 seconds that a round waits
    assert house.world.asked[1:] == [f"{SITE}/news/the-ferry-sails-{n}/" for n in (1, 2)]
    assert sum(house.waited) == pytest.approx(24, abs=0.5)
    assert house.collect(minutes=5).new + house.collect(minutes=5).new == 3


def test_what_a_page_asks_of_robots_is_stored_with_its_article(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.lists(1, 2)
    house.page(1, head='<meta name="robots" content="noindex, max-snippet:80">')
    house.world.headers[house.page(2)] = (("x-robots-tag", "noarchive"),)
    rules = [{"location": "/news/the-ferry-sails-2/", "tdm-reservation": 1, "tdm-policy": f"{SITE}/terms"}]
    house.world.puts(f"{SITE}/.well-known/tdmrep.json", json.dumps(rules), type="application/json")
    house.collect()
    one, two = (each.article.signals for each in house.stored())
    assert (one.noindex, one.max_snippet, one.tdm_reserved) == (True, 80, False)
    assert (two.noarchive, two.tdm_reserved, two.tdm_policy) == (True, True, f"{SITE}/terms")


def test_robots_txt_is_asked_for_once_a_day(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.lists(1, 2)
    house.page(1), house.page(2)
    for _ in range(5):
        house.collect(hours=4)
    assert house.world.manners_asked.count(f"{SITE}/robots.txt") == 1
    house.collect(hours=8)
    assert house.world.manners_asked.count(f"{SITE}/robots.txt") == 2


# -- a partner's own rules -----------------------------------------------------------------------------------------

LETTER = "<div class=letter><p>Read more in our harbour letter, out each Friday.</p></div>"


def test_declared_rules_are_applied_to_pages_and_what_they_took_is_kept(house: House) -> None:
    rules = (PageRule(RuleKind.BODY, "article"), PageRule(RuleKind.REMOVE, "text:Read more in our *"))
    house.declare(SourceKind.LISTING, rules=rules)
    house.lists(1, 2)
    house.page(1, more=LETTER), house.page(2, more=LETTER)
    house.collect()
    (one, two) = (each.article for each in house.stored())
    assert "letter" not in one.text + two.text
    assert [each.rule for each in one.removed if each.rule.startswith("partner:")] == [
        "partner:remove text:Read more in our *"
    ]
    with house.database.read() as connection:
        look = page_reads.latest(connection, 1)[0]
    assert (look.matched, look.missed) == (("body article", "remove text:Read more in our *"), ())


def test_rules_hold_for_what_a_feed_brings_too(house: House) -> None:
    house.declare(SourceKind.FEED, f"{SITE}/feed", rules=(PageRule(RuleKind.REMOVE, "text:Read more*"),))
    text = "<p>" + "The ferry crosses the sound. " * 60 + "</p><p>Read more in our letter</p>"
    house.world.puts(f"{SITE}/feed", rss(item(1, text=text)))
    house.collect()
    (stored,) = house.stored()
    assert "Read more" not in stored.article.text + stored.article.excerpt
    assert "Read more in our letter" in [each.text for each in stored.article.removed]


def with_history(house: House) -> None:
    """Ten pages of one theme, read and stored."""
    house.declare(SourceKind.LISTING, rules=(PageRule(RuleKind.BODY, "div.story"),))
    house.lists(*range(1, 11))
    for n in range(1, 11):
        house.page(n)
    house.collect()
    assert house.health()[0] == "healthy"


def test_a_new_theme_holds_what_comes_before_it_is_mailed_until_a_person_has_looked(house: House) -> None:
    with_history(house)
    house.lists(11, *range(1, 11))
    url = house.page(11)
    new = b"<div class=content><p>Cookies, menus and other junk of the new theme stand here now.</p></div>"
    status, type, body = house.world.bodies[url]
    house.world.bodies[url] = (status, type, body.replace(b"<div class=story>", new + b"<div class=text>"))
    (told,) = house.collect(hours=1).polled
    assert (told.health, told.held) == ("new theme", 1)
    assert "source test harbour-daily" in told.next_step
    held = [one for one in house.stored() if one.state is ArticleState.HELD]
    assert [one.article.title for one in held] == ["The ferry sails, part 11"]
    assert house.health()[0] == "new theme"
    with house.database.write() as connection:
        assert review.release(connection, "harbour-daily", actor="ada", now=house.now).released == 1
        assert page_reads.latest(connection, 1) == []
    assert house.health()[0] == "healthy"


def test_texts_that_are_suddenly_short_are_held_when_several_are(house: House) -> None:
    house.declare(SourceKind.LISTING)
    house.lists(*range(1, 11))
    for n in range(1, 11):
        house.page(n)
    house.collect()
    house.lists(13, 12, 11, *range(1, 11))
    for n in (11, 12, 13):
        url = house.page(n)
        status, type, body = house.world.bodies[url]
        house.world.bodies[url] = (
            status,
            type,
            body[: body.index(b"Sentence 1 ")] + b"</p></div></article></body></html>",
        )
    (told,) = house.collect(hours=4).polled
    assert (told.health, told.held) == ("new theme", 3)


def test_other_rules_begin_another_history(house: House) -> None:
    with_history(house)
    with house.database.read() as connection:
        assert len(page_reads.latest(connection, 1)) == 10
    house.declare(SourceKind.LISTING, rules=(PageRule(RuleKind.BODY, "article"),))
    with house.database.read() as connection:
        assert page_reads.latest(connection, 1) == []


def test_of_the_pages_of_a_source_the_latest_are_remembered(house: House) -> None:
    house.declare(SourceKind.LISTING)
    look = PageLook(LIST, NOW, blocks=("a", "b"))
    with house.database.write() as connection:
        for n in range(page_reads.KEPT_MAX + 5):
            page_reads.add(connection, 1, [replace(look, characters=n)])
        kept = page_reads.latest(connection, 1)
    assert [one.characters for one in kept] == list(range(page_reads.KEPT_MAX + 4, 4, -1))
    assert kept[0] == replace(look, characters=page_reads.KEPT_MAX + 4)
