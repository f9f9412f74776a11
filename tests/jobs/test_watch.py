"""Lists over time, through the collector: what is withdrawn, what is never, what is held, where a feed moves to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.errors import PolicyError
from syndication.jobs.collect import collect
from syndication.model.article import ArticleState
from syndication.model.collecting import Collected
from syndication.storage import alerts, articles, review, sources
from syndication.storage.database import Database
from syndication.storage.due import Agenda
from syndication.storage.library import Library
from syndication.storage.schema import absence, fetch_log, source
from tests.builders import NOW, a_source, put_publication
from tests.world import World, item, rss

FEED = "https://harbour-daily.example/feed"
ALL = range(1, 13)


class House:
    """One source with a list of twelve, each an hour younger than the one before, and a page for each."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.library = Library(database)
        self.world = World()
        self.now = NOW
        self.posts: list[str] = []
        with database.write() as connection:
            put_publication(connection, sources=[a_source(id=0)])
        for n in ALL:
            self.page(n)
        self.lists(ALL)
        self.collect()

    def lists(self, numbers: Iterable[int], **given: Any) -> None:
        self.world.puts(FEED, rss(*(self.item(n, **given) for n in sorted(numbers, reverse=True)), title=str(self.now)))

    @staticmethod
    def item(n: int, **given: Any) -> str:
        return item(n, **{"date": f"Wed, 06 May 2026 {n:02}:00:00 GMT"} | given)

    def page(self, n: int, status: int = 200) -> None:
        self.world.puts(f"https://harbour.example/news/{n}", "<p>a page</p>", type="text/html", status=status)

    def collect(self, **given: Any) -> Collected:
        return collect(exchange=self.world, library=self.library, clock=lambda: self.now, jitter=lambda: 0.0, **given)

    def later(self, **by: float) -> Collected:
        self.now += timedelta(**by or {"minutes": 16})
        return self.collect()

    def states(self) -> dict[int, str]:
        with self.database.read() as connection:
            stored = articles.newest(connection, limit=100, leaders_only=False, states=tuple(ArticleState))
        return {int(one.article.guid.partition("-")[2]): one.state.value for one in stored}

    def withdrawn(self) -> set[int]:
        return {n for n, state in self.states().items() if state == "withdrawn"}

    def alerts(self) -> list[str]:
        with self.database.read() as connection:
            return [alert.key for alert in alerts.open_alerts(connection)]

    def row(self) -> sources.SourceRow:
        with self.database.read() as connection:
            return sources.listing(connection)[0]

    def rows(self, query: Any) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(query))


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def without(*numbers: int) -> set[int]:
    return set(ALL) - set(numbers)


# -- withdrawn -------------------------------------------------------------------------------------------------


def test_an_article_whose_page_is_gone_twice_is_withdrawn(house: House) -> None:
    house.lists(without(7))
    house.page(7, 404)
    first = house.later()
    assert (first.polled[0].missing, first.withdrawn) == (1, 0)
    assert house.later(minutes=5).withdrawn == 0  # too soon: it is not even looked at
    assert house.later(minutes=6).withdrawn == 1
    assert house.withdrawn() == {7}


def test_it_is_looked_for_without_a_poll_of_its_feed(house: House) -> None:
    house.lists(without(7))
    house.page(7, 410)
    house.later()
    house.now += timedelta(minutes=11)
    assert Agenda(house.database).due(house.now, limit=10).collect
    house.world.asked.clear()
    assert house.collect().withdrawn == 1
    assert house.world.asked == ["https://harbour.example/news/7"]


@pytest.mark.parametrize("status", [200, 403, 500, 503, 429])
def test_a_page_that_is_there_or_does_not_say_withdraws_nothing(house: House, status: int) -> None:
    house.lists(without(7))
    house.page(7, status)
    for _ in range(20):
        house.later(hours=3)
    assert house.withdrawn() == set()


def test_one_failure_withdraws_nothing(house: House) -> None:
    house.lists(without(7))
    house.page(7, 404)
    house.later()
    house.page(7)
    for _ in range(20):
        house.later(hours=3)
    assert house.withdrawn() == set()


def test_what_is_pushed_off_the_end_is_not_looked_for(house: House) -> None:
    house.lists([*without(1), 13])
    house.world.asked.clear()
    assert house.later().new == 1
    assert house.world.asked == [FEED]


@pytest.mark.parametrize(
    ("body", "status"),
    [(rss(), 200), ("<html><body>Database error</body></html>", 200), ("oops", 500), ("", 200)],
)
def test_col_17_an_empty_feed_or_an_error_removes_nothing_and_forgets_nothing(
    house: House, body: str, status: int
) -> None:
    for n in ALL:
        house.page(n, 404)
    house.world.puts(FEED, body, status=status)
    for _ in range(6):
        house.later(hours=1)
    assert house.withdrawn() == set()
    assert house.rows(sa.select(absence)) == []
    house.lists(without(7))
    house.later(hours=8)
    house.later(hours=8)
    assert house.withdrawn() == {7}


def test_more_than_three_in_ten_gone_at_once_withdraw_nothing_and_a_person_is_told(house: House) -> None:
    lost = {5, 6, 7, 8}
    house.lists(without(*lost))
    for n in lost:
        house.page(n, 404)
    told = house.later().polled[0]
    assert (told.missing, told.health) == (4, "lost")
    for _ in range(5):
        house.later(hours=1)
    assert house.withdrawn() == set()
    assert house.alerts() == ["lost:harbour-daily"]
    assert house.row().lost == 4
    with house.database.write() as connection:
        assert review.release(connection, "harbour-daily", actor="desk", now=house.now).looked_for == 4
    house.later()
    house.later()
    assert house.withdrawn() == lost
    assert house.alerts() == []


def test_what_was_lost_and_is_listed_again_is_forgotten(house: House) -> None:
    house.lists(without(5, 6, 7, 8))
    house.later()
    house.lists(ALL)
    house.later()
    assert house.rows(sa.select(absence)) == []
    assert house.alerts() == []


def test_a_withdrawn_article_that_is_listed_again_stands_again(house: House) -> None:
    house.lists(without(7))
    house.page(7, 404)
    house.later()
    house.later()
    assert house.withdrawn() == {7}
    house.lists(ALL)
    house.later()
    assert house.withdrawn() == set()
    assert house.states()[7] == "live"


def test_a_look_that_finds_the_page_is_made_again_a_day_later(house: House) -> None:
    house.lists(without(7))
    house.later()
    house.page(7, 404)
    house.world.asked.clear()
    house.later(hours=12)
    assert "https://harbour.example/news/7" not in house.world.asked
    house.later(hours=13)
    house.later()
    assert house.withdrawn() == {7}


def test_a_second_round_finds_nothing_to_look_for(house: House) -> None:
    house.lists(without(7))
    house.page(7, 404)
    house.later()
    house.world.asked.clear()
    assert house.collect() == Collected()
    assert house.world.asked == []


def test_additions_alone_say_nothing_of_what_is_gone(house: House) -> None:
    """RFC 3229: status 226 lists what is new, and the rest stands."""
    house.world.puts(FEED, rss(house.item(13)), status=226)
    assert house.later().new == 1
    assert house.rows(sa.select(absence)) == []
    house.lists([*without(7), 13])
    house.page(7, 404)
    house.later()
    house.later()
    assert house.withdrawn() == {7}


# -- held ------------------------------------------------------------------------------------------------------


def test_par_08_all_guids_changed_overnight_are_held(house: House) -> None:
    house.now += timedelta(days=1)
    moved = [
        house.item(n, guid=f"new-{n}", link=f"https://new.example/{n}", title=f"{n}: about the ferry") for n in ALL
    ]
    house.world.puts(FEED, rss(*moved))
    (told,) = house.collect().polled
    assert (told.new, told.held, told.health) == (12, 12, "flooded")
    assert house.alerts() == ["held:harbour-daily"]
    assert house.row().held == 12
    house.world.puts(FEED, rss(item(99, guid="new-99", date="Fri, 08 May 2026 06:35:00 GMT"), *moved))
    assert house.later().polled[0].held == 0  # what comes after it goes its way


def test_par_09_a_clock_that_jumped_is_held(house: House) -> None:
    future = [item(n, date="Mon, 07 Sep 2026 05:00:00 GMT") for n in range(20, 30)]
    house.world.puts(FEED, rss(*future, house.item(12), house.item(11)))
    (told,) = house.later().polled
    assert (told.new, told.held) == (10, 10)


def test_what_is_held_can_be_withdrawn_for_good(house: House) -> None:
    house.now += timedelta(days=1)
    house.world.puts(FEED, rss(*(house.item(n, guid=f"n-{n + 100}", link=f"https://x.example/{n}") for n in ALL)))
    house.collect()
    with house.database.write() as connection:
        done = review.release(connection, "harbour-daily", withdraw=True, actor="desk", now=house.now)
        assert done.withdrawn == 12
        with pytest.raises(PolicyError, match="nothing of the source"):
            review.release(connection, "harbour-daily", actor="desk", now=house.now)
    assert house.alerts() == []
    house.later()
    assert house.withdrawn() == {n + 100 for n in ALL}


# -- moves -----------------------------------------------------------------------------------------------------

NEW = "https://harbour-daily.example/rss"


def test_col_16_a_permanent_redirect_within_the_host_is_adopted_after_days(house: House) -> None:
    house.world.bodies[NEW] = house.world.bodies[FEED]
    house.world.moved[FEED] = (301, NEW)
    for _ in range(72):
        house.later(hours=1)
    assert house.row().source.url == FEED
    for _ in range(3):
        house.later(hours=1)
    assert (house.row().source.url, house.row().declared_url) == (NEW, FEED)
    house.world.asked.clear()
    house.later(hours=1)
    assert house.world.asked == [NEW]
    with house.database.write() as connection:
        put_publication(connection, sources=[a_source(id=0)])
    assert house.row().source.url == NEW  # the file has not changed
    with house.database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, url="https://harbour-daily.example/third")])
    assert house.row().source.url == "https://harbour-daily.example/third"


def test_col_16_a_redirect_that_ends_is_forgotten(house: House) -> None:
    house.world.bodies[NEW] = house.world.bodies[FEED]
    house.world.moved[FEED] = (301, NEW)
    house.later(hours=1)
    assert house.row().moved_to == NEW
    house.world.moved.clear()
    house.later(hours=1)
    assert house.row().moved_to == ""


def test_col_16_another_host_is_asked_when_a_person_has_agreed(house: House) -> None:
    elsewhere = "https://elsewhere.example/feed"
    house.world.moved[FEED] = (301, elsewhere)
    house.world.puts(elsewhere, rss(house.item(12), house.item(13)))
    for _ in range(10):
        house.later(days=1)
    assert len(house.states()) == 12
    assert house.row().moved_to == elsewhere
    with house.database.write() as connection:
        assert review.move(connection, "harbour-daily", actor="desk", now=house.now) == elsewhere
    house.later()
    assert len(house.states()) == 13
    assert house.alerts() == []
    with house.database.write() as connection, pytest.raises(PolicyError, match="has not moved"):
        review.move(connection, "harbour-daily", actor="desk", now=house.now)


# -- rhythm, silence, failures that last ------------------------------------------------------------------------


def posts_daily(house: House, days: int) -> None:
    for _ in range(days):
        house.now += timedelta(days=1)
        house.posts.insert(0, item(100 + len(house.posts), date=house.now.strftime("%a, %d %b %Y %H:%M:%S GMT")))
        house.world.puts(FEED, rss(*house.posts[:10]))
        house.collect()


def test_a_rhythm_is_learned_and_silence_is_told_once(house: House) -> None:
    posts_daily(house, 12)
    rhythm = house.row().rhythm
    assert rhythm is not None
    assert rhythm.last_at == house.now
    told = [house.later(hours=12).polled[0] for _ in range(9)]
    assert [each.health for each in told][-1] == "silent"
    assert house.alerts() == ["source:harbour-daily:silent"]
    posts_daily(house, 1)
    assert house.alerts() == []


def test_a_failure_that_lasts_is_told_with_what_to_do(house: House) -> None:
    house.world.down.add("harbour-daily.example")
    for _ in range(12):
        house.later(hours=1)
    assert house.alerts() == []
    for _ in range(8):
        house.later(hours=6)
    with house.database.read() as connection:
        (alert,) = alerts.open_alerts(connection)
    assert alert.key == "source:harbour-daily:failing"
    assert "What to do: look whether the address is right" in alert.text
    house.world.down.clear()
    house.later(days=1)
    assert house.alerts() == []


def test_clk_03_a_date_that_a_wrong_clock_wrote_keeps_nobody_waiting(house: House) -> None:
    with house.database.write() as connection:
        connection.execute(source.update().values(next_poll_at=datetime(2036, 1, 1, tzinfo=NOW.tzinfo)))
    assert len(house.later().polled) == 1
    assert house.rows(sa.select(sa.func.count()).select_from(fetch_log))[0][0] == 2
