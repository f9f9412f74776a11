"""A source drawn in characters: its last polls in a line, its rhythm as a week. In: rows and values. Out: lines."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from syndication.model.rhythm import Rhythm
from syndication.model.source import FetchOutcome
from syndication.sources.pace import Plan
from syndication.sources.rhythm import known, per_day, shares
from syndication.storage.sources import FetchRow

BARS = " ▁▂▃▄▅▆▇█"
LEGEND = "newest last:  + new   ~ changed   . nothing new   x failed"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_GOOD = frozenset(outcome.value for outcome in FetchOutcome if outcome.ok)


def line_of(polls: Sequence[FetchRow]) -> str:
    """A character for each poll; the newest stands last. `polls` come newest first."""
    return "".join(_mark(poll) for poll in reversed(polls))


def week_of(rhythm: Rhythm | None) -> list[str]:
    """A line for each weekday, a bar for each hour in UTC; the tallest is the liveliest hour of the week."""
    if rhythm is None or not known(rhythm):
        return []
    week = [shares(rhythm, weekday) for weekday in range(7)]
    highest = max(max(day) for day in week) or 1.0
    rows = [f"{name} {''.join(_bar(hour / highest) for hour in day)}" for name, day in zip(DAYS, week, strict=True)]
    return [*rows, "    0     6     12    18   UTC"]


def told(rhythm: Rhythm | None, plan: Plan, now: datetime) -> str:
    """The rhythm in words, and what the budget buys with it."""
    pace = f"about {plan.requests_per_day:.0f} requests a day, a post is seen after {_span(plan.delay_seconds)}"
    if rhythm is None or not known(rhythm):
        return f"not known yet; {pace}"
    rate = per_day(rhythm, now)
    often = f"{rate:.1f} posts a day" if rate >= 1 else f"a post in {1 / max(rate, 1e-3):.0f} days"
    return f"{often}; {pace}"


def _mark(poll: FetchRow) -> str:
    if poll.outcome not in _GOOD:
        return "x"
    if poll.new:
        return "+"
    return "~" if poll.changed else "."


def _bar(height: float) -> str:
    return BARS[min(len(BARS) - 1, int(height * (len(BARS) - 1) + 0.999))]


def _span(seconds: float) -> str:
    span = timedelta(seconds=seconds)
    if span < timedelta(hours=2):
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours" if span < timedelta(days=2) else f"{seconds / 86_400:.0f} days"
