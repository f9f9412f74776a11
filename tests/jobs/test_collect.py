"""Collecting, from a partner's answer to stored articles: each once, corrected where it was corrected, and no harm done
by any answer to any other source."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.jobs.collect import collect
from syndication.model.article import ArticleState
from syndication.model.collecting import Collected
from syndication.model.rights import Rights, TextRight
from syndication.model.source import ArticleFrom, Source, SourceState
from syndication.storage import alerts, articles, review, sources
from syndication.storage.database import Database
from syndication.storage.library import Library
from syndication.storage.schema import feed, fetch_log, quarantine
from tests.builders import NOW, a_partner, a_source, put_publication
from tests.world import World, item, rss

FEED = "https://harbour-daily.example/feed"


class House:
    """A library, the world outside, and a clock that is moved by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.library = Library(database)
        self.world = World()
        self.now = NOW

    def declare(self, *declared: Source) -> None:
        with self.database.write() as connection:
            put_publication(connection, sources=list(declared) or [a_source(id=0)])

    def collect(self, **given: Any) -> Collected:
        return collect(exchange=self.world, library=self.library, clock=lambda: self.now, jitter=lambda: 0.0, **given)

    def later(self, **by: float) -> Collected:
        self.now += timedelta(**by) if by else timedelta(hours=1)
        return self.collect()

    def rows(self, query: Any) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(query))

    def stored(self, **given: Any) -> list[Any]:
        with self.database.read() as connection:
            return articles.newest(connection, limit=1000, **given)

    def source(self, slug: str = "harbour-daily") -> sources.SourceRow:
        with self.database.read() as connection:
            return next(row for row in sources.listing(connection) if row.source.slug == slug)

    def stale(self) -> int:
        return int(self.rows(sa.select(feed.c.stale))[0][0])

    def everything(self) -> dict[str, list[Any]]:
        tables = ("article", "article_revision", "article_topic", "article_shingle", "story", "feed", "quarantine")
        return {name: sorted(map(repr, self.rows(sa.text(f"SELECT * FROM {name}")))) for name in tables}


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def several(count: int) -> list[Source]:
    """Sources of partners and hosts of their own: `s0`, `s1` …"""
    return [
        a_source(
            id=0, slug=f"s{n}", partner=a_partner(slug=f"p{n}", name=f"Partner {n}", homepage=f"https://s{n}.example/")
        )
        for n in range(count)
    ]


# -- what comes in ---------------------------------------------------------------------------------------------


def test_a_first_poll_is_backfill_and_what_comes_later_is_new(house: House) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1), item(2)))
    assert [(each.source, each.outcome, each.new) for each in house.collect().polled] == [("harbour-daily", "fresh", 2)]
    house.world.puts(FEED, rss(item(1), item(2), item(3)))
    assert house.later().new == 1
    assert {one.article.guid: one.backfill for one in house.stored()} == {
        "harbour-1": True,
        "harbour-2": True,
        "harbour-3": False,
    }
    assert [one.topics for one in house.stored()] == [("harbour",)] * 3


def test_a_second_round_changes_nothing(house: House) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1), item(2)))
    house.collect()
    before = house.everything()
    assert house.collect() == Collected()
    assert house.later().polled[0].outcome == "unchanged"
    assert house.everything() == before


def test_the_same_body_under_a_new_etag_is_not_parsed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1)))
    house.collect()
    before = house.everything()
    house.world.headers[FEED] = (("last-modified", "Thu, 07 May 2026 07:00:00 GMT"),)
    monkeypatch.setattr("syndication.jobs.gather.parse_feed", None)  # calling it would raise
    house.now += timedelta(days=1)  # and so the whole feed is asked for
    assert house.collect().polled[0].outcome == "same body"
    assert house.everything() == before


def test_once_a_day_the_whole_feed_is_asked_for(house: House) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1)))
    house.collect()
    for _ in range(25):
        house.later()
    assert house.world.statuses.count(200) == 2
    assert house.world.statuses.count(304) == 24


def test_a_correction_is_a_revision_and_a_text_that_comes_back_is_the_old_one(house: House) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1), item(2)))
    house.collect()
    stale = house.stale()
    house.world.puts(FEED, rss(item(1, text="The ferry sails on Friday after all, its owner says."), item(2)))
    assert house.later().changed == 1
    (first,) = [one for one in house.stored() if one.article.guid == "harbour-1"]
    assert (first.rev, first.changed_at) == (2, house.now)
    assert "Friday" in first.article.excerpt
    assert first.article.first_seen_at == NOW
    assert house.stale() == stale + 1
    house.world.puts(FEED, rss(item(1), item(2)))
    house.later()
    (first,) = [one for one in house.stored() if one.article.guid == "harbour-1"]
    assert first.rev == 1
    with house.database.read() as connection:
        assert [one.rev for one in articles.revisions(connection, first.id)] == [1, 2]


def test_an_entry_listed_twice_is_one_article_and_stays_as_it_is(house: House) -> None:
    house.declare()
    early = item(1, text="The ferry is late by an hour.", date="Thu, 07 May 2026 04:00:00 GMT")
    late = item(1, text="The ferry is late by two hours.", date="Thu, 07 May 2026 05:00:00 GMT")
    house.world.puts(FEED, rss(late, early))
    assert house.collect().new == 1
    house.world.puts(FEED, rss(early, late, item(2)))
    house.later()
    one = next(one for one in house.stored() if one.article.guid == "harbour-1")
    assert (one.rev, one.article.excerpt) == (1, "The ferry is late by two hours.")


def test_col_14_an_etag_that_changes_on_every_reply_brings_no_article_twice(house: House) -> None:
    house.declare()
    for n in range(4):
        house.world.puts(FEED, rss(item(1), item(2), title=f"Harbour Daily, {n} readers online"))
        house.later()
    assert len(house.stored()) == 2
    assert {one.rev for one in house.stored()} == {1}


def test_par_07_the_same_guid_in_two_sources_is_two_articles(house: House) -> None:
    one, two = several(2)
    house.declare(one, two)
    house.world.puts(one.url, rss(item(1, title="Noon ferry")))
    house.world.puts(two.url, rss(item(1, text="The council met about parking, and parted without a vote.")))
    house.collect()
    assert len(house.stored()) == 2
    assert {stored.source_slug for stored in house.stored()} == {"s0", "s1"}


# -- stories ---------------------------------------------------------------------------------------------------

LONG = " ".join(
    f"The harbour master said on day {n} that the ferry number {n * 7} would sail at noon." for n in range(12)
)


def test_a_copy_in_another_source_joins_the_story_and_is_not_shown_twice(house: House) -> None:
    one, two = several(2)
    house.declare(one, two)
    house.world.puts(one.url, rss(item(1, text=LONG)))
    house.world.puts(two.url, rss(item(9, text=f"{LONG} It is the first time since spring.", guid="elsewhere-9")))
    house.collect()
    (shown,) = house.stored()
    assert len(house.stored(leaders_only=False)) == 2
    assert [link.partner for link in shown.also_in] == ["Partner 1"]


IMPRINT = " ".join(
    f"The Harbour Daily is made by paragraph {n} of its statutes and printed by hand on the quay." for n in "abcdefghij"
)


def test_what_a_house_says_in_every_article_makes_no_copies(house: House) -> None:
    own = ["ferry is late again", "council has met twice", "bridge is being painted", "mayor opens a school"] * 2
    house.declare()
    house.world.puts(FEED, rss(*(item(n, text=f"{text} {n}. {IMPRINT}", title=text) for n, text in enumerate(own[:6]))))
    house.collect()
    house.world.puts(FEED, rss(item(90, text=f"A whale was seen off the mole. {IMPRINT}", title="A whale")))
    house.later()
    house.world.puts(FEED, rss(item(91, text=f"The choir sings on Sunday. {IMPRINT}", title="The choir")))
    house.later()
    assert {"A whale", "The choir"} <= {one.article.title for one in house.stored()}


def test_an_article_that_moves_to_another_guid_stays_one_story(house: House) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1)))
    house.collect()
    house.world.puts(FEED, rss(item(1, guid="https://new-platform.example/?id=1")))
    assert house.later().new == 1
    assert len(house.stored()) == 1
    assert len(house.stored(leaders_only=False)) == 2


# -- pages -----------------------------------------------------------------------------------------------------

PAGE = (
    "<html><head><title>Ferry {n} sails again</title></head><body><article><h1>Ferry {n} sails again</h1>"
    "<p>The ferry number {n} crosses the sound again, the harbour master said on Thursday morning.</p>"
    "<p>It sails every hour until nine in the evening, and tickets cost as much as before the repairs.</p>"
    "<p>The council had closed the line in winter, when a crack was found in the hull of the old boat.</p>"
    "</article></body></html>"
)


def paged(**given: Any) -> Source:
    return a_source(id=0, article_from=ArticleFrom.PAGE, rights=Rights(text=TextRight.FULL), **given)


def test_pages_come_in_a_second_wave_and_once(house: House) -> None:
    house.declare(paged())
    house.world.puts(FEED, rss(item(1), item(2)))
    for n in (1, 2):
        house.world.puts(f"https://harbour.example/news/{n}", PAGE.format(n=n), type="text/html")
    house.collect()
    assert house.world.asked == [FEED, "https://harbour.example/news/1", "https://harbour.example/news/2"]
    assert all("crack was found" in one.article.text for one in house.stored())
    house.world.puts(FEED, rss(item(1), item(2), title="another title"))
    house.later()
    assert house.world.asked[3:] == [FEED]


def test_a_new_entry_waits_for_a_page_that_fails_for_now(house: House) -> None:
    house.declare(paged())
    house.world.puts(FEED, rss(item(1)))
    house.world.puts("https://harbour.example/news/1", PAGE.format(n=1), type="text/html")
    house.collect()
    house.now += timedelta(hours=1)
    house.world.puts(FEED, rss(item(1), item(2, date="Thu, 07 May 2026 07:00:00 GMT")))
    house.world.down.add("harbour.example")
    assert house.collect().new == 0
    house.world.down.clear()
    house.world.puts("https://harbour.example/news/2", PAGE.format(n=2), type="text/html")
    assert house.later().new == 1
    assert all(one.rev == 1 and "crack was found" in one.article.text for one in house.stored())


def test_an_entry_does_without_a_page_that_is_not_there(house: House) -> None:
    house.declare(paged())
    house.world.puts(FEED, rss(item(1)))
    assert house.collect().new == 1
    assert house.later().polled[0].outcome == "unchanged"


# -- what goes wrong -------------------------------------------------------------------------------------------


def test_a_source_that_fails_hurts_no_other(house: House) -> None:
    good, page, broken, gone, down = several(5)
    house.declare(good, page, broken, gone, down)
    house.world.puts(good.url, rss(item(1)))
    house.world.puts(page.url, "<!doctype html><html><body>Please log in</body></html>", type="text/html")
    house.world.puts(broken.url, "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss version='2.0'/>")
    house.world.puts(gone.url, "", status=410)
    house.world.down.add("s4.example")
    assert {each.source: each.outcome for each in house.collect().polled} == {
        "s0": "fresh",
        "s1": "not a feed",
        "s2": "not a feed",
        "s3": "gone",
        "s4": "unreachable",
    }
    assert len(house.stored()) == 1
    assert [house.source(f"s{n}").state for n in range(5)] == [
        SourceState.IDLE,
        SourceState.BACKOFF,
        SourceState.BACKOFF,
        SourceState.GONE,
        SourceState.BACKOFF,
    ]


def test_col_17_an_error_page_is_quarantined_and_removes_nothing(house: House) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1)))
    house.collect()
    house.world.puts(FEED, "<html><body><h1>Database error</h1></body></html>", type="text/html")
    house.later()
    house.later(days=1)
    assert len(house.stored()) == 1
    (row,) = house.rows(sa.select(quarantine.c.what, quarantine.c.reason, quarantine.c.data))
    assert row.what == "document"
    assert "web page" in row.reason
    assert b"Database error" in row.data
    house.world.puts(FEED, rss(item(1), item(2)))
    assert house.later(days=1).new == 1


def test_a_document_that_cannot_be_read_leaves_no_validator_behind(house: House) -> None:
    house.declare()
    house.world.puts(FEED, "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss version='2.0'/>")
    house.collect()
    house.later()
    assert 304 not in house.world.statuses


def test_an_answer_that_breaks_the_reader_is_kept_and_breaks_nothing_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from syndication.jobs import gather

    parse = gather.parse_feed

    def breaks(data: bytes, **named: Any) -> Any:
        if b"poison" in data:
            raise ZeroDivisionError
        return parse(data, **named)

    monkeypatch.setattr(gather, "parse_feed", breaks)
    one, two = several(2)
    house.declare(one, two)
    house.world.puts(one.url, rss(item(1, text="poison")))
    house.world.puts(two.url, rss(item(2)))
    assert {(each.source, each.outcome) for each in house.collect().polled} == {("s0", "failed"), ("s1", "fresh")}
    assert b"poison" in house.rows(sa.select(quarantine.c.data))[0].data
    assert "ZeroDivisionError" in house.source("s0").last_error


def test_an_entry_that_cannot_be_cleaned_is_set_aside_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from syndication.jobs import gather

    clean = gather.clean

    def stumbles(entry: Any, *rest: Any, **named: Any) -> Any:
        if entry.id == "harbour-2":
            raise RecursionError("too deep")
        return clean(entry, *rest, **named)

    monkeypatch.setattr(gather, "clean", stumbles)
    house.declare()
    house.world.puts(FEED, rss(item(1), item(2), item(3)))
    (told,) = house.collect().polled
    assert (told.new, told.set_aside) == (2, 1)
    (row,) = house.rows(sa.select(quarantine.c.what, quarantine.c.reason))
    assert row.what == "entry"
    assert "too deep" in row.reason


def test_a_row_that_the_database_refuses_is_set_aside_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from syndication.jobs import gather

    clean = gather.clean

    def slips(entry: Any, *rest: Any, **named: Any) -> Any:
        article = clean(entry, *rest, **named)
        return replace(article, title="a lone \ud800 surrogate") if entry.id == "harbour-2" else article

    monkeypatch.setattr(gather, "clean", slips)
    one, two = several(2)
    house.declare(one, two)
    house.world.puts(one.url, rss(item(1), item(2), item(3)))
    house.world.puts(two.url, rss(item(4)))
    assert {(each.source, each.new, each.set_aside) for each in house.collect().polled} == {("s0", 2, 1), ("s1", 1, 0)}
    assert len(house.stored()) == 3


def test_col_13_a_failure_keeps_the_articles_backs_off_and_says_why(house: House) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1)))
    house.collect()
    house.world.down.add("harbour-daily.example")
    waits = []
    for _ in range(4):
        house.now = max(house.now, house.source().next_poll_at)
        house.collect()
        waits.append(house.source().next_poll_at - house.now)
    assert waits == [timedelta(minutes=15 * factor) for factor in (1, 2, 4, 8)]
    assert house.source().failures == 4
    assert "does not answer" in house.source().last_error
    assert len(house.stored()) == 1
    house.world.down.clear()
    house.later(days=1)
    assert (house.source().failures, house.source().state, house.source().last_error) == (0, SourceState.IDLE, "")


def test_col_15_a_host_that_is_busy_is_left_alone_with_all_its_sources(house: House) -> None:
    one = a_source(id=0, slug="one", url="https://busy.example/one")
    two = a_source(id=0, slug="two", url="https://busy.example/two")
    house.declare(one, two)
    house.world.puts(two.url, rss(item(2)))
    house.collect()
    house.world.puts(one.url, "slow down", type="text/plain", status=429)
    house.world.headers[one.url] = (("retry-after", "7200"),)
    house.now += timedelta(hours=1)
    house.collect()
    for slug in ("one", "two"):
        assert house.source(slug).next_poll_at >= house.now + timedelta(hours=2)


def test_col_16_a_feed_that_is_gone_is_not_asked_again_and_a_person_is_told(house: House) -> None:
    house.declare()
    house.world.puts(FEED, "", status=410)
    house.collect()
    assert house.later(days=30) == Collected()
    with house.database.read() as connection:
        assert [alert.key for alert in alerts.open_alerts(connection)] == ["source:harbour-daily:gone"]


def test_col_16_nothing_is_taken_from_another_host_that_the_feed_moved_to(house: House) -> None:
    house.declare()
    house.world.moved[FEED] = (301, "https://elsewhere.example/feed")
    house.world.puts("https://elsewhere.example/feed", rss(item(1)))
    assert house.collect().polled[0].outcome == "moved away"
    assert house.stored() == []
    with house.database.read() as connection:
        assert "elsewhere.example" in alerts.open_alerts(connection)[0].text


def test_when_no_host_answers_nobody_is_blamed(house: House) -> None:
    house.declare(*several(3))
    house.world.down.add("*")
    assert house.collect().own_network
    assert {house.source(f"s{n}").failures for n in range(3)} == {0}
    house.world.down.clear()
    for n in range(3):
        house.world.puts(f"https://s{n}.example/feed", rss(item(n)))
    assert house.later().new == 3


def test_when_one_host_answers_the_others_failures_count(house: House) -> None:
    house.declare(*several(4))
    house.world.down |= {"s1.example", "s2.example", "s3.example"}
    house.world.puts("https://s0.example/feed", rss(item(0)))
    assert not house.collect().own_network
    assert [house.source(f"s{n}").failures for n in range(4)] == [0, 1, 1, 1]


def test_sources_that_failed_last_time_keep_no_healthy_one_waiting(house: House) -> None:
    house.declare(*several(6))
    house.world.down |= {"s0.example", "s1.example", "s2.example"}
    for n in range(3, 6):
        house.world.puts(f"https://s{n}.example/feed", rss(item(n)))
    house.collect()
    house.world.asked.clear()
    house.later()
    assert [url[8:10] for url in house.world.asked] == ["s3", "s4", "s5", "s0", "s1", "s2"]


# -- floods ----------------------------------------------------------------------------------------------------


def test_par_08_a_flood_is_held_with_its_reason_until_a_person_lets_it_out(house: House) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1)))
    house.collect()
    house.world.puts(FEED, rss(item(1), item(2), item(3)))
    house.later()
    house.world.puts(FEED, rss(*(item(n, guid=f"moved-{n}", link=f"https://new.example/{n}") for n in range(100, 140))))
    (told,) = house.later().polled
    assert (told.new, told.held) == (40, 40)
    assert len(house.stored()) == 3
    held = house.stored(states=[ArticleState.HELD])
    assert len(held) == 40
    assert "held: 40 new at once, where 2 are usual" in held[0].article.flags
    with house.database.write() as connection:
        assert [alert.key for alert in alerts.open_alerts(connection)] == ["held:harbour-daily"]
        done = review.release(connection, "harbour-daily", mail_last=3, actor="desk", now=house.now)
        assert (done.released, done.mailed) == (40, 3)
        assert alerts.open_alerts(connection) == []
    assert len(house.stored()) == 43
    fit_for_mail = [one for one in house.stored() if one.article.guid.startswith("moved-") and not one.backfill]
    assert len(fit_for_mail) == 3


def test_a_busy_day_of_a_busy_source_is_no_flood(house: House) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1)))
    house.collect()
    house.world.puts(FEED, rss(*(item(n) for n in range(2, 20))))
    house.later()
    house.world.puts(FEED, rss(*(item(n) for n in range(20, 60))))
    (told,) = house.later().polled
    assert (told.new, told.held) == (40, 0)


# -- claims ----------------------------------------------------------------------------------------------------


def test_del_02_a_worker_that_comes_too_late_writes_nothing(house: House) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1)))
    stale = house.library.claim(house.now, limit=10, lease_seconds=300)
    house.now += timedelta(seconds=301)
    fresh = house.library.claim(house.now, limit=10, lease_seconds=300)
    assert (stale[0].token, fresh[0].token) == (1, 2)

    class Late:
        """The library, as the worker sees it that was given the first lease."""

        def __init__(self) -> None:
            self.left = [stale, []]

        def claim(self, *_: Any, **__: Any) -> Any:
            return self.left.pop(0)

        def __getattr__(self, name: str) -> Any:
            return getattr(house.library, name)

    collected = collect(exchange=house.world, library=Late(), clock=lambda: house.now)
    assert collected.polled[0].outcome == "lease lost"
    assert house.stored() == []
    assert house.rows(sa.select(fetch_log)) == []
    assert house.source().state is SourceState.LEASED


def test_only_one_source_is_polled_when_one_is_asked_for_due_or_not(house: House) -> None:
    house.declare(*several(3))
    for n in range(3):
        house.world.puts(f"https://s{n}.example/feed", rss(item(n)))
    house.collect()
    house.world.asked.clear()
    assert [each.source for each in house.collect(only="s1").polled] == ["s1"]
    assert house.world.asked == ["https://s1.example/feed"]


def test_a_stop_leaves_the_rest_to_whoever_comes_next(house: House) -> None:
    house.declare(*several(4))
    for n in range(4):
        house.world.puts(f"https://s{n}.example/feed", rss(item(n)))
    stopping: Callable[[], bool] = lambda: len(house.world.asked) >= 2  # noqa: E731
    house.collect(stopping=stopping)
    assert len(house.stored()) < 4
    house.later(seconds=301)
    assert len(house.stored()) == 4


def test_the_log_keeps_a_line_for_each_poll(house: House) -> None:
    house.declare()
    house.world.puts(FEED, rss(item(1)))
    house.collect()
    house.later()
    with house.database.read() as connection:
        lines = sources.log_of(connection, "harbour-daily")
    assert [(line.outcome, line.status, line.new) for line in lines] == [("unchanged", 304, 0), ("fresh", 200, 1)]
    assert lines[1].bytes > 0


@pytest.mark.parametrize("at", [NOW, NOW + timedelta(days=2)])
def test_dates_of_the_future_are_clamped_to_when_they_were_seen(house: House, at: datetime) -> None:
    house.declare()
    house.now = at
    house.world.puts(FEED, rss(item(1, date="Fri, 01 Jan 2100 00:00:00 GMT")))
    house.collect()
    assert house.stored()[0].article.published_at == at


def test_col_18_our_own_feed_is_refused_when_it_is_polled_and_told_why(house: House) -> None:
    """Declared at an address that leads to it, or with a base URL that was another then."""
    house.declare()
    ours = "https://digest.example"
    link = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="{ours}/feeds/all.rss"/>'
    house.world.puts(FEED, rss(item(1)).replace("<channel>", f"<channel>{link}"))
    (polled,) = house.collect(base_url=ours).polled
    assert (polled.outcome, polled.new) == ("not a feed", 0)
    assert "our own stories" in polled.detail
    assert house.stored() == []
    house.now += timedelta(days=2)
    assert house.collect(base_url="https://another.example").new == 1
