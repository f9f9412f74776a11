"""A partner's rhythm, and what follows from it."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.model.rhythm import Rhythm
from syndication.sources.rhythm import expected, known, learn, per_day, shares, silent, usual_gap

START = datetime(2026, 4, 6, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def weekdays(weeks: int, hours: tuple[int, ...] = (8, 10, 12, 14, 16)) -> list[datetime]:
    """A paper that posts on working days, at these hours."""
    return [
        START + timedelta(weeks=week, days=day, hours=hour, minutes=10)
        for week in range(weeks)
        for day in range(5)
        for hour in hours
    ]


def learned(dates: list[datetime], now: datetime | None = None) -> Rhythm:
    found = None
    for date in dates:
        found = learn(found, [date], date + timedelta(minutes=5))
    assert found is not None
    return learn(found, [], now) or found if now else found


def test_hours_and_days_are_learned() -> None:
    rhythm = learned(weekdays(4))
    assert known(rhythm)
    monday, sunday = shares(rhythm, 0), shares(rhythm, 6)
    assert monday[12] > 3 > 0.2 > monday[2]
    assert max(sunday) == 0
    assert sum(sum(shares(rhythm, day)) for day in range(7)) == pytest.approx(168, rel=1e-3)


def test_a_rate_is_what_was_posted() -> None:
    rhythm = learned(weekdays(8))
    assert per_day(rhythm, rhythm.as_of) == pytest.approx(25 / 7, rel=0.15)
    assert usual_gap(rhythm) == pytest.approx(timedelta(days=7 / 25), rel=0.15)


def test_what_is_expected_follows_the_hours() -> None:
    rhythm = learned(weekdays(8))
    saturday = START + timedelta(weeks=8, days=5)
    assert expected(rhythm, saturday, saturday + 2 * DAY) == pytest.approx(0, abs=0.3)
    assert expected(rhythm, saturday, saturday + 7 * DAY) == pytest.approx(25, rel=0.15)
    assert expected(rhythm, saturday, saturday + 70 * DAY) == pytest.approx(250, rel=0.15)
    assert expected(rhythm, saturday, saturday) == 0


@pytest.mark.parametrize(
    ("after_last", "is_silent"),
    [
        (timedelta(hours=15), False),  # a night
        (timedelta(hours=62), False),  # a weekend
        (timedelta(hours=62 + 16), True),  # a weekend, and all of Monday
        (timedelta(days=10), True),
    ],
)
def test_a_partner_is_silent_after_three_of_its_usual_gaps_in_its_own_hours(
    after_last: timedelta, is_silent: bool
) -> None:
    rhythm = learned(weekdays(4))  # the last one on a Friday at 16:10
    assert silent(rhythm, rhythm.last_at + after_last) is is_silent


def test_a_partner_that_posts_all_day_is_silent_sooner() -> None:
    rhythm = learned([START + n * 2 * HOUR for n in range(200)])
    assert not silent(rhythm, rhythm.last_at + timedelta(hours=5))
    assert silent(rhythm, rhythm.last_at + timedelta(hours=7))


def test_a_weekly_column_is_not_silent_within_its_week() -> None:
    rhythm = learned([START + timedelta(weeks=week, hours=10) for week in range(10)])
    assert not silent(rhythm, rhythm.last_at + timedelta(days=9))
    assert silent(rhythm, rhythm.last_at + timedelta(days=24))


def test_nothing_is_known_from_a_few_posts_or_one_afternoon() -> None:
    assert not known(None)
    assert not known(learned([START + n * DAY for n in range(4)]))
    assert not known(learned([START + n * 2 * HOUR for n in range(11)]))
    assert not silent(learned([START]), START + 300 * DAY)


def test_a_burst_counts_once() -> None:
    burst = [START + timedelta(minutes=minute) for minute in range(0, 40, 2)]
    rhythm = learn(None, burst, START + HOUR)
    assert rhythm is not None
    assert (rhythm.count, round(rhythm.weight)) == (1, 1)


def test_new_ways_are_learned_within_a_month() -> None:
    rhythm = learned(weekdays(8, hours=(8, 10)) + [date + 8 * 7 * DAY for date in weekdays(4, hours=(20, 22))])
    share = shares(rhythm, 2)
    assert share[20] > share[8]


def test_a_first_list_teaches_at_once() -> None:
    now = START + timedelta(weeks=2)
    rhythm = learn(None, weekdays(2), now)
    assert known(rhythm)
    assert rhythm is not None
    assert per_day(rhythm, now) == pytest.approx(50 / 14, rel=0.2)


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(st.lists(moments, max_size=30), moments)
def test_any_dates_make_a_sane_rhythm(dates: list[datetime], now: datetime) -> None:
    rhythm = learn(learn(None, dates, now), dates, now)
    if rhythm is None:
        return
    assert rhythm.weight >= 0
    assert abs(sum(rhythm.days) - rhythm.weight) < 0.1
    assert rhythm.since <= rhythm.last_at <= now
    assert expected(rhythm, now, now + DAY) >= 0
    silent(rhythm, now + random.Random(1).randrange(1000) * HOUR)
