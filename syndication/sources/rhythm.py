"""A partner's dates -> its rhythm; a rhythm -> how many posts to expect when. Pure.

The model is small: a rate, shared out over the hours of the day and the days of the week, each by its own weights.
Posts within an hour are one event, so that a burst is not taken for a habit. Weights halve every two weeks, so that a
partner that changes its ways is known again within a month.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import log

from syndication.model.rhythm import Rhythm

HALF_LIFE_DAYS = 14.0
MEMORY_DAYS = 60
"""Dates older than this teach nothing."""
BURST = timedelta(hours=1)
EVENTS_MIN = 8
DAYS_MIN = 4.0
"""A rhythm is believed from so many events over so many days on."""
SILENT_GAPS = 3.0
SILENT_MIN = timedelta(hours=6)
"""Nobody is called silent sooner."""

_DAY = 86_400.0


def learn(rhythm: Rhythm | None, dates: Iterable[datetime], now: datetime) -> Rhythm | None:
    """The rhythm with these posts. Dates after `now`, or too old to teach anything, are passed over."""
    oldest = now - timedelta(days=MEMORY_DAYS)
    events = _events(rhythm, sorted(date for date in dates if oldest <= date <= now))
    if not events:
        return rhythm
    hours = _faded(rhythm.hours, rhythm.as_of, now) if rhythm else [0.0] * 24
    days = _faded(rhythm.days, rhythm.as_of, now) if rhythm else [0.0] * 7
    for date in events:
        weight = _fade(date, now)
        hours[date.hour] += weight
        days[date.weekday()] += weight
    return Rhythm(
        hours=tuple(round(weight, 3) for weight in hours),
        days=tuple(round(weight, 3) for weight in days),
        as_of=now,
        since=min(events[0], rhythm.since) if rhythm else events[0],
        last_at=max(events[-1], rhythm.last_at) if rhythm else events[-1],
        count=len(events) + (rhythm.count if rhythm else 0),
    )


def known(rhythm: Rhythm | None) -> bool:
    """Whether enough has been seen to go by."""
    return (
        rhythm is not None
        and rhythm.count >= EVENTS_MIN
        and (rhythm.last_at - rhythm.since).total_seconds() >= DAYS_MIN * _DAY
        and rhythm.weight > 0
    )


def per_day(rhythm: Rhythm, now: datetime) -> float:
    """Events a day, on the mean of what is remembered."""
    age_days = max((now - rhythm.since).total_seconds() / _DAY, 1.0)
    remembered_days = HALF_LIFE_DAYS / log(2) * (1.0 - 2.0 ** (-age_days / HALF_LIFE_DAYS))
    return float(rhythm.weight * _fade(rhythm.as_of, now) / remembered_days)


def shares(rhythm: Rhythm, weekday: int) -> list[float]:
    """For each hour of that weekday, how much livelier than its mean hour: 1.0 is the mean of the week.

    An hour lends a quarter of itself to each neighbour: an editor's ten o'clock is not always ten o'clock.
    """
    total = rhythm.weight or 1.0
    day = 7.0 * rhythm.days[weekday] / total
    hours = rhythm.hours
    return [day * 24.0 * (hours[h - 1] + 2.0 * hours[h] + hours[(h + 1) % 24]) / (4.0 * total) for h in range(24)]


def expected(rhythm: Rhythm, start: datetime, end: datetime) -> float:
    """How many events the rhythm says come between two moments; 0 when `end` is not after `start`."""
    seconds = (end - start).total_seconds()
    if seconds <= 0:
        return 0.0
    rate = per_day(rhythm, rhythm.as_of)
    weeks, rest = divmod(seconds, 7 * _DAY)
    return rate * (7.0 * weeks + _part(rhythm, start, rest))


def usual_gap(rhythm: Rhythm) -> timedelta:
    """The mean time between two events, nights and weekends included."""
    return timedelta(days=1.0 / max(per_day(rhythm, rhythm.as_of), 1e-3))


def silent(rhythm: Rhythm | None, now: datetime) -> bool:
    """Whether nothing has come for three of its usual gaps, measured along the rhythm: a night counts little."""
    if rhythm is None or not known(rhythm) or now - rhythm.last_at < SILENT_MIN:
        return False
    return expected(rhythm, rhythm.last_at, now) >= SILENT_GAPS


def _events(rhythm: Rhythm | None, dates: list[datetime]) -> list[datetime]:
    """One date for each burst; none for one that goes on with the last burst known."""
    last = rhythm.last_at if rhythm else None
    found = []
    for date in dates:
        if last is None or not timedelta(0) <= date - last < BURST:
            found.append(date)
            last = date
    return found


def _part(rhythm: Rhythm, start: datetime, seconds: float) -> float:
    """Mean days that pass in less than a week from `start`: each hour by its share."""
    passed, at, left = 0.0, start, seconds
    day, of_day = -1, [0.0]
    while left > 0:
        if at.weekday() != day:
            day = at.weekday()
            of_day = shares(rhythm, day)
        step = min(3600.0 - (at.minute * 60 + at.second + at.microsecond / 1e6), left)
        step = max(step, 1e-3)
        passed += step * of_day[at.hour]
        at += timedelta(seconds=step)
        left -= step
    return passed / _DAY


def _faded(weights: tuple[float, ...], as_of: datetime, now: datetime) -> list[float]:
    factor = _fade(as_of, now)
    return [weight * factor for weight in weights]


def _fade(then: datetime, now: datetime) -> float:
    """What a weight of `then` is worth `now`. A clock that was set back makes nothing grow."""
    return float(2.0 ** (-max((now - then).total_seconds(), 0.0) / _DAY / HALF_LIFE_DAYS))
