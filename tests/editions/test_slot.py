"""One slot per local date, on every night of the year, wherever the reader lives."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.editions.slot import due_slots, next_slot, zone
from syndication.errors import SettingsError
from syndication.model.choice import Cadence
from syndication.model.newsletter import Schedule

DAY = timedelta(days=1)

# Each is odd in a way of its own.
ODD_ZONES = (
    "Africa/Casablanca",  # summer time all year, but not in Ramadan
    "America/Asuncion",
    "America/Havana",  # the gap is at midnight
    "America/New_York",
    "America/Nuuk",  # changed its standard offset and its summer time within two years
    "America/Sao_Paulo",  # the gap was at midnight, until 2019
    "America/St_Johns",  # changed at one minute past midnight, until 2011
    "Antarctica/Troll",  # moves by two hours
    "Asia/Beirut",
    "Asia/Kathmandu",  # +05:45
    "Asia/Pyongyang",  # moved by half an hour, in 2015 and in 2018
    "Australia/Lord_Howe",  # moves by half an hour
    "Europe/Amsterdam",
    "Europe/Dublin",  # its summer time is the standard one
    "Pacific/Apia",  # skipped a whole date
    "Pacific/Chatham",  # changes at 02:45
    "UTC",
)
FORTY_ZONES = (
    *ODD_ZONES,
    "Africa/Cairo",
    "America/Anchorage",
    "America/Chicago",
    "America/Denver",
    "America/Halifax",
    "America/Los_Angeles",
    "America/Miquelon",
    "America/Port-au-Prince",
    "America/Santiago",
    "America/Scoresbysund",
    "Asia/Amman",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Sydney",
    "Europe/Chisinau",
    "Europe/Istanbul",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Moscow",
    "Europe/Paris",
    "Pacific/Auckland",
    "Pacific/Easter",
    "Pacific/Fiji",
    "Pacific/Norfolk",
)


def daily(at: time, zone: str) -> Schedule:
    return Schedule(Cadence.DAILY, at, zone)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@cache
def nights_of_change(name: str) -> tuple[date, ...]:
    """The local dates, 1990 to 2040, on which this zone's clock was moved, or will be."""
    place, day, found = ZoneInfo(name), utc(1990, 1, 1), []
    while day.year < 2041:
        if day.astimezone(place).utcoffset() != (day + DAY).astimezone(place).utcoffset():
            found.append(day.astimezone(place).date())
        day += DAY
    return tuple(found)


@cache
def weeks_of_change(name: str) -> tuple[tuple[datetime, datetime, list[date]], ...]:
    """Around each such night: from, until, and the local dates that the clock showed meanwhile, found by walking it."""
    place, found = ZoneInfo(name), []
    for night in nights_of_change(name):
        middle = utc(night.year, night.month, night.day)
        hours = [middle + timedelta(hours=hour) for hour in range(-4 * 24, 4 * 24 + 1)]
        found.append((hours[0], hours[-1], sorted({moment.astimezone(place).date() for moment in hours})))
    return tuple(found)


@pytest.mark.parametrize(
    ("zone", "local", "at_utc"),
    [
        ("Europe/Amsterdam", (2026, 3, 29, 2, 30), (2026, 3, 29, 1, 30)),  # no 02:30: the winter offset makes it 03:30
        ("Europe/Amsterdam", (2026, 10, 25, 2, 30), (2026, 10, 25, 0, 30)),  # two of them: the first
        ("Europe/Amsterdam", (2026, 7, 1, 2, 30), (2026, 7, 1, 0, 30)),
        ("Australia/Lord_Howe", (2026, 10, 4, 2, 15), (2026, 10, 3, 15, 45)),  # a gap of half an hour
        ("America/Havana", (2026, 3, 8, 0, 0), (2026, 3, 8, 5, 0)),  # a day without midnight
        ("Asia/Kathmandu", (2026, 5, 7, 6, 0), (2026, 5, 7, 0, 15)),
    ],
)
def test_a_slot_means_one_instant(zone, local, at_utc):
    nominal = datetime(*local)
    due = utc(*at_utc)
    slot = next_slot(daily(nominal.time(), zone), due - timedelta(seconds=1))
    assert (slot.local, slot.due_at) == (nominal, due)


@pytest.mark.parametrize("name", FORTY_ZONES)
@pytest.mark.parametrize("at", [time(2, 30), time(0, 0), time(0, 30), time(2, 0), time(3, 0), time(23, 59)])
def test_clk_01_one_slot_per_local_date_on_every_night_of_change(name, at):
    schedule = daily(at, name)
    for start, end, lived in weeks_of_change(name):
        found = [slot.date for slot in due_slots(schedule, start, end)]
        assert found == [day for day in lived if found[0] <= day <= found[-1]]
        assert len(found) >= len(lived) - 2  # less the two ends, which the span may cut off


def test_clk_01_covers_at_least_forty_zones_and_many_nights():
    assert len(set(FORTY_ZONES)) >= 40
    assert sum(len(nights_of_change(name)) for name in FORTY_ZONES) > 2000


@pytest.mark.parametrize("name", ["Pacific/Apia", "Pacific/Fakaofo"])
def test_a_date_that_nobody_lived_has_no_daily_slot(name):
    slots = due_slots(daily(time(8), name), utc(2011, 12, 28, 20), utc(2012, 1, 1, 12))
    assert [slot.date.isoformat() for slot in slots] == ["2011-12-29", "2011-12-31", "2012-01-01"]
    assert len({slot.due_at for slot in slots}) == len(slots)


def test_a_weekly_slot_on_a_date_that_nobody_lived_is_kept():
    friday = Schedule(Cadence.WEEKLY, time(8), "Pacific/Apia", weekday=4)
    slots = due_slots(friday, utc(2011, 12, 20), utc(2012, 1, 8))
    assert [slot.date.isoformat() for slot in slots] == ["2011-12-23", "2011-12-30", "2012-01-06"]
    assert slots[1].due_at == utc(2011, 12, 30, 18)  # Saturday 08:00 there: Friday's wall clock by Thursday's offset


def test_a_weekdays_stream_leaves_out_a_friday_that_nobody_lived():
    weekdays = Schedule(Cadence.WEEKDAYS, time(8), "Pacific/Apia")
    slots = due_slots(weekdays, utc(2011, 12, 28, 20), utc(2012, 1, 2, 12))
    assert [slot.date.isoformat() for slot in slots] == ["2011-12-29", "2012-01-02"]


@pytest.mark.parametrize(
    ("schedule", "after", "then"),
    [
        (daily(time(6), "Europe/Paris"), utc(2026, 12, 31, 12), "2027-01-01"),  # year end
        (daily(time(6), "Europe/Paris"), utc(2028, 2, 28, 12), "2028-02-29"),  # leap day
        (daily(time(6), "Europe/Paris"), utc(2027, 2, 28, 12), "2027-03-01"),
        (Schedule(Cadence.WEEKLY, time(6), "UTC", weekday=0), utc(2026, 12, 24), "2026-12-28"),  # ISO week 53
        (Schedule(Cadence.WEEKLY, time(6), "UTC", weekday=0), utc(2026, 12, 28, 7), "2027-01-04"),
        (Schedule(Cadence.WEEKDAYS, time(6), "UTC"), utc(2026, 5, 8, 7), "2026-05-11"),  # Friday, then Monday
        (Schedule(Cadence.MONTHLY, time(6), "UTC", monthday=28), utc(2026, 1, 28, 7), "2026-02-28"),
        (Schedule(Cadence.MONTHLY, time(6), "UTC", monthday=1), utc(2026, 12, 1, 6), "2027-01-01"),
        # The zone was edited: the same local date keeps its name, so the store refuses a second edition of it.
        (daily(time(6), "Pacific/Auckland"), utc(2026, 5, 6, 12), "2026-05-07"),
        (daily(time(6), "Pacific/Honolulu"), utc(2026, 5, 6, 18), "2026-05-07"),
        # Rules changed: Nuuk gave up -03 for -02 with a summer time of its own, Casablanca counts by the moon.
        (daily(time(22, 30), "America/Nuuk"), utc(2024, 3, 30, 12), "2024-03-30"),
        (daily(time(2, 30), "Africa/Casablanca"), utc(2026, 3, 21, 12), "2026-03-22"),
    ],
)
def test_clk_02_the_next_slot_is_known_in_advance(schedule, after, then):
    assert next_slot(schedule, after).date.isoformat() == then


def test_clk_02_a_change_of_zone_keeps_the_names_of_the_dates():
    dates = [
        [slot.date for slot in due_slots(daily(time(6), name), utc(2026, 1, 1, 12), utc(2026, 2, 1, 12))]
        for name in ("Pacific/Auckland", "Pacific/Honolulu")
    ]
    assert set(dates[0][1:-1]) <= set(dates[1]) | {dates[0][0]}


def test_a_span_is_open_before_and_closed_after():
    schedule = daily(time(6), "UTC")
    six = utc(2026, 5, 7, 6)
    assert due_slots(schedule, six, six + DAY / 2) == ()
    assert [slot.due_at for slot in due_slots(schedule, six - DAY, six)] == [six]
    assert due_slots(schedule, six, six - DAY) == ()  # a clock that stepped back has nothing due


@pytest.mark.parametrize("name", ["Europe/Amsterdm", "", "../etc/passwd", "Nowhere"])
def test_an_unknown_zone_is_refused_in_words(name):
    with pytest.raises(SettingsError, match="no time zone"):
        zone(name)


def test_a_misspelt_zone_is_named():
    with pytest.raises(SettingsError, match="Europe/Amsterdam"):
        zone("Europe/Amsterdm")


def test_an_instant_without_utc_is_refused():
    with pytest.raises(ValueError, match="UTC"):
        next_slot(daily(time(6), "UTC"), datetime(2026, 5, 7))


zones = st.sampled_from(ODD_ZONES)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2045, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(zone=zones, at=times, start=moments, days=st.integers(0, 400))
def test_daily_has_one_slot_for_each_lived_date(zone, at, start, days):
    slots = due_slots(daily(at, zone), start, start + days * DAY)
    dates = [slot.date for slot in slots]
    span = (dates[-1] - dates[0]).days + 1 if dates else 0
    lived = [dates[0] + n * DAY for n in range(span)]
    assert dates == [day for day in lived if (zone, day) != ("Pacific/Apia", date(2011, 12, 30))]
    assert abs(span - days) <= 1


@given(
    cadence=st.sampled_from(Cadence),
    zone=zones,
    at=times,
    start=moments,
    weekday=st.integers(0, 6),
    monthday=st.integers(1, 28),
)
def test_a_week_has_one_weekly_slot_and_a_month_one_monthly(cadence, zone, at, start, weekday, monthday):
    schedule = Schedule(cadence, at, zone, weekday=weekday, monthday=monthday)
    slots = due_slots(schedule, start, start + 200 * DAY)
    span = {
        Cadence.DAILY: lambda day: day,
        Cadence.WEEKDAYS: lambda day: day,
        Cadence.WEEKLY: lambda day: day.isocalendar()[:2],
        Cadence.MONTHLY: lambda day: (day.year, day.month),
    }[cadence]
    assert len({span(slot.date) for slot in slots}) == len(slots)
    gaps = [(b.date - a.date).days for a, b in pairwise(slots)]
    assert all(
        gap <= {Cadence.DAILY: 2, Cadence.WEEKDAYS: 4, Cadence.WEEKLY: 7, Cadence.MONTHLY: 31}[cadence] for gap in gaps
    )
    assert all(slot.date.weekday() < 5 for slot in slots if cadence is Cadence.WEEKDAYS)
    assert all(slot.date.weekday() == weekday for slot in slots if cadence is Cadence.WEEKLY)


@given(cadence=st.sampled_from(Cadence), zone=zones, at=times, start=moments, cut=st.integers(0, 60 * 24 * 60))
def test_a_span_cut_in_two_has_the_same_slots(cadence, zone, at, start, cut):
    schedule = Schedule(cadence, at, zone)
    middle, end = start + timedelta(minutes=cut), start + 60 * DAY
    assert due_slots(schedule, start, middle) + due_slots(schedule, middle, end) == due_slots(schedule, start, end)


@given(cadence=st.sampled_from(Cadence), zone=zones, at=times, start=moments)
def test_slots_come_in_order_and_the_next_is_the_first(cadence, zone, at, start):
    schedule = Schedule(cadence, at, zone)
    slots = due_slots(schedule, start, start + 90 * DAY)
    instants = [slot.due_at for slot in slots]
    assert instants == sorted(set(instants))
    assert next_slot(schedule, start) == slots[0]
    assert all(slot.local.tzinfo is None and slot.local.time() == at for slot in slots)
