"""The alarm clock, on a real scheduler: it wakes at slots and at ticks, and remembers nothing."""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest

from syndication.errors import StoreError
from syndication.model.choice import Cadence
from syndication.model.due import Due
from syndication.model.newsletter import Newsletter, Schedule
from syndication.schedule import AlarmClock, SlotTrigger, Ticks
from tests.builders import a_newsletter

SOON = 15.0
NEVER = Ticks(reconcile_seconds=3600, sources_seconds=3600, tidy_seconds=3600, watch_seconds=0.02)


class Bell:
    """A TaskPort whose wake-ups can be waited for."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.rung: list[tuple[str, int]] = []

    def wake(self, task: str, subject: int = 0) -> None:
        with self.changed:
            self.rung.append((task, subject))
            self.changed.notify_all()

    def until(self, condition: Callable[[list[tuple[str, int]]], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: condition(self.rung), SOON), self.rung


class Paper:
    """An agenda with what it was given; it can be away, as a database can."""

    def __init__(self) -> None:
        self.found = Due()
        self.away = False

    def due(self, now: datetime, *, limit: int) -> Due:
        if self.away:
            raise StoreError("the database cannot be used")
        return self.found

    def sources_due(self, now: datetime) -> bool:
        return self.due(now, limit=1).collect


class House:
    def __init__(self) -> None:
        self.bell, self.paper = Bell(), Paper()
        self.newsletters: list[Newsletter] = []
        self.step = timedelta(0)
        self.clocks: list[AlarmClock] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + self.step

    def start(self, ticks: Ticks = NEVER) -> AlarmClock:
        clock = AlarmClock(self.bell, self.paper, lambda: self.newsletters, self.now, ticks=ticks)
        self.clocks.append(clock)
        clock.start()
        return clock


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    for clock in made.clocks:
        clock.stop()


def daily(at: time, zone: str = "UTC") -> Schedule:
    return Schedule(Cadence.DAILY, at, zone)


def test_a_trigger_has_one_slot_for_each_date_of_a_spring_and_an_autumn():
    trigger = SlotTrigger(daily(time(2, 30), "Europe/Amsterdam"))
    fired = [trigger.get_next_fire_time(None, datetime(2026, 3, 20, tzinfo=UTC))]
    while fired[-1] < datetime(2026, 11, 1, tzinfo=UTC):
        fired.append(trigger.get_next_fire_time(fired[-1], fired[-1]))
    assert {after - before for before, after in pairwise(fired)} == {
        timedelta(hours=23),  # the day after the skipped 02:30, which came an hour late
        timedelta(hours=24),
        timedelta(hours=25),  # the day after the first of two
    }


def test_clk_03_a_trigger_fires_nothing_again_when_the_clock_steps_back():
    trigger = SlotTrigger(daily(time(6)))
    fired = trigger.get_next_fire_time(None, datetime(2026, 5, 7, 5, tzinfo=UTC))
    again = trigger.get_next_fire_time(fired, fired - timedelta(hours=2))
    assert again == fired + timedelta(days=1)


def test_the_first_round_is_at_once(house):
    house.paper.found = Due(collect=True, send=(3,))
    house.start()
    house.bell.until(lambda rung: {("open-slots", 0), ("collect", 0), ("send", 3), ("tidy", 0)} <= set(rung))


def test_a_round_comes_again_and_again(house):
    house.start(Ticks(reconcile_seconds=0.05, sources_seconds=3600, tidy_seconds=3600))
    house.bell.until(lambda rung: rung.count(("open-slots", 0)) >= 3)


def test_sources_are_asked_about_between_rounds(house):
    house.start(Ticks(reconcile_seconds=3600, sources_seconds=0.05, tidy_seconds=3600))
    house.bell.until(lambda rung: ("open-slots", 0) in rung)
    assert ("collect", 0) not in house.bell.rung
    house.paper.found = Due(collect=True)
    house.bell.until(lambda rung: rung.count(("collect", 0)) >= 3)


def test_a_slot_wakes_whoever_opens_editions(house):
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    house.newsletters = [a_newsletter(slug="harbour", schedules=(daily(soon.time()),))]
    clock = house.start()
    house.bell.until(lambda rung: rung.count(("open-slots", 0)) == 2)
    assert datetime.now(UTC) >= soon
    assert clock.next_slots() == {"harbour daily": soon + timedelta(days=1)}


def test_a_newsletter_that_changes_is_read_again_at_the_next_round(house):
    six, seven = daily(time(6)), daily(time(7))
    weekly = Schedule(Cadence.WEEKLY, time(8), "Europe/Paris")
    house.newsletters = [a_newsletter(slug="harbour", schedules=(six,)), a_newsletter(slug="gone", schedules=(six,))]
    clock = house.start()
    house.bell.until(lambda rung: ("open-slots", 0) in rung)
    assert {name: due.time() for name, due in clock.next_slots().items()} == {
        "gone daily": time(6),
        "harbour daily": time(6),
    }
    house.newsletters = [a_newsletter(slug="harbour", schedules=(seven, weekly))]
    clock.round()
    assert set(clock.next_slots()) == {"harbour daily", "harbour weekly"}
    assert clock.next_slots()["harbour daily"].time() == time(7)
    assert clock.next_slots()["harbour weekly"].weekday() == 0


def test_a_second_round_changes_nothing(house):
    house.newsletters = [a_newsletter(slug="harbour", schedules=(daily(time(6)),))]
    clock = house.start()
    house.bell.until(lambda rung: ("open-slots", 0) in rung)
    before = clock.next_slots()
    clock.round()
    assert clock.next_slots() == before


def test_an_unknown_zone_is_said_once_and_stops_no_other(house, caplog):
    bad, good = daily(time(6), "Europe/Amsterdm"), daily(time(6))
    house.newsletters = [a_newsletter(slug="bad", schedules=(bad,)), a_newsletter(slug="good", schedules=(good,))]
    with caplog.at_level(logging.ERROR, logger="syndication"):
        clock = house.start()
        house.bell.until(lambda rung: ("open-slots", 0) in rung)
        clock.round()
        clock.round()
    assert set(clock.next_slots()) == {"good daily"}
    assert [record.__dict__["stream"] for record in caplog.records] == ["bad daily"]


def test_a_database_that_is_away_stops_no_tick(house, caplog):
    house.paper.away = True
    with caplog.at_level(logging.WARNING, logger="syndication"):
        clock = house.start(Ticks(reconcile_seconds=0.05, sources_seconds=0.05, tidy_seconds=3600))
        house.bell.until(lambda rung: ("tidy", 0) in rung)
        clock.round()
        house.paper.away = False
        house.bell.until(lambda rung: ("open-slots", 0) in rung)
    assert "round put off" in caplog.text


@pytest.mark.parametrize("step", [timedelta(hours=-2), timedelta(days=2)])
def test_clk_03_a_clock_that_was_set_is_noticed_and_keeps_no_tick_waiting(house, caplog, step):
    with caplog.at_level(logging.WARNING, logger="syndication"):
        house.start()
        house.bell.until(lambda rung: ("open-slots", 0) in rung and ("tidy", 0) in rung)
        rounds = house.bell.rung.count(("open-slots", 0))
        house.step = step
        house.bell.until(lambda rung: rung.count(("open-slots", 0)) > rounds)
    steps = [record.__dict__["step_seconds"] for record in caplog.records if record.message == "the clock was set"]
    assert steps == [step.total_seconds()]


def test_nothing_rings_after_the_stop(house):
    clock = house.start(Ticks(reconcile_seconds=0.02, sources_seconds=0.02, tidy_seconds=0.02))
    house.bell.until(lambda rung: len(rung) > 5)
    clock.stop()
    count = len(house.bell.rung)
    assert not threading.Event().wait(0.2)
    assert len(house.bell.rung) == count


def test_a_stop_in_the_middle_of_a_round_waits_for_it_and_comes_to_an_end(house):
    reading, may_go_on = threading.Event(), threading.Event()

    def newsletters() -> list[Newsletter]:
        reading.set()
        assert may_go_on.wait(SOON)
        return [a_newsletter(schedules=(daily(time(7)),))]

    clock = AlarmClock(house.bell, house.paper, newsletters, house.now, ticks=NEVER)
    clock.start()
    assert reading.wait(SOON)
    stopping = threading.Thread(target=clock.stop, daemon=True)
    stopping.start()
    may_go_on.set()  # the round hangs its schedule in while the stop is under way
    stopping.join(SOON)
    assert not stopping.is_alive()
