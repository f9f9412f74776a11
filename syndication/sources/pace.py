"""What a poll came to, the source's rhythm, now -> when it is next due. Pure; chance comes in as `jitter`.

`poll_seconds` is a budget: so many requests a day as if they were spread evenly. Once the rhythm is known they are
spread by the square root of what is to be expected, which makes the mean wait of a post the shortest that the budget
can buy. A partner that posts less than once a day gets less of it, by the same root.

Never earlier than the other side asked (`Retry-After`) or than an answer stays fresh (`max-age`); never later than a
day and its jitter, so that no feed is dead for ever. Only 410 ends the polling, and that is a state, not a date.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from syndication.model.exchange import Failure
from syndication.model.rhythm import Rhythm
from syndication.model.source import Fetched, Source
from syndication.sources.rhythm import known, per_day, shares

SECONDS_MIN = 300.0
SECONDS_MAX = 86_400.0
SPREAD = 0.1
"""The share of a wait by which jitter may lengthen it."""
QUIET = 0.05
"""What an hour counts in which nothing was ever posted, as a share of the mean hour: news keeps no hours."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a source is asked, and what that buys."""

    requests_per_day: float
    delay_seconds: float
    """How old a new post is on the mean when we see it."""


def next_due(
    source: Source,
    came: Fetched | Failure,
    failures: int,
    now: datetime,
    *,
    jitter: float,
    rhythm: Rhythm | None = None,
) -> datetime:
    """`failures` in a row, this one included; 0 after a good answer. `jitter` is 0 to 1, drawn by the caller.

    Jitter only ever lengthens a wait: sources that were due together drift apart, and nobody is asked too early.
    """
    if not 0.0 <= jitter <= 1.0:
        raise ValueError(f"jitter is 0 to 1, got {jitter}")
    if isinstance(came, Fetched) and came.outcome.ok:
        wait = max(_by_rhythm(source, rhythm, now), came.fresh_seconds or 0.0)
    else:
        wait = _back_off(_within(source.poll_seconds), failures)
        if isinstance(came, Fetched):
            wait = max(wait, came.retry_after_seconds or 0.0)
    return now + timedelta(seconds=_within(wait) * (1.0 + SPREAD * jitter))


def plan(source: Source, rhythm: Rhythm | None, now: datetime) -> Plan:
    """What `next_due` comes to over a week, when nothing goes wrong."""
    even = 3600.0 / _within(source.poll_seconds)
    if rhythm is None or not known(rhythm):
        return Plan(24.0 * even, 1800.0 / even)
    week = [hour for weekday in range(7) for hour in shares(rhythm, weekday)]
    scale = _scale(source, rhythm, now)
    asked = [_asked(scale, share) for share in week]
    late = sum(share * 1800.0 / rate for share, rate in zip(week, asked, strict=True)) / (sum(week) or 1.0)
    return Plan(sum(asked) / 7.0, late)


def _by_rhythm(source: Source, rhythm: Rhythm | None, now: datetime) -> float:
    """The wait in seconds until one request's worth of the budget has come together."""
    if rhythm is None or not known(rhythm):
        return _within(source.poll_seconds)
    scale, left, at, waited = _scale(source, rhythm, now), 1.0, now, 0.0
    day, of_day = -1, [0.0]
    while waited < SECONDS_MAX:
        if at.weekday() != day:
            day = at.weekday()
            of_day = shares(rhythm, day)
        rate = _asked(scale, of_day[at.hour])
        step = 3600.0 - (at.minute * 60 + at.second)
        if left * 3600.0 <= rate * step:
            return waited + left * 3600.0 / rate
        left -= rate * step / 3600.0
        waited += step
        at += timedelta(seconds=step)
    return SECONDS_MAX


def _scale(source: Source, rhythm: Rhythm, now: datetime) -> float:
    """Requests an hour for each unit of the square root of an hour's share, so that the week keeps to the budget."""
    even = 3600.0 / _within(source.poll_seconds) * sqrt(min(per_day(rhythm, now), 1.0))
    roots = [sqrt(share + QUIET) for weekday in range(7) for share in shares(rhythm, weekday)]
    return even * len(roots) / sum(roots)


def _asked(scale: float, share: float) -> float:
    """Requests in an hour of that share."""
    return min(max(scale * sqrt(share + QUIET), 3600.0 / SECONDS_MAX), 3600.0 / SECONDS_MIN)


def _back_off(rhythm: float, failures: int) -> float:
    """The first failure changes nothing; each further one in a row doubles the wait, to a day."""
    return rhythm * 2.0 ** min(max(failures - 1, 0), 10)


def _within(seconds: float) -> float:
    return min(max(float(seconds), SECONDS_MIN), SECONDS_MAX)
