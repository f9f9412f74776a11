"""A source's condition -> its health: one word, why, and what a person should do next. Pure: one table, a few rules.

The worst that is true is told. A failure is told from the first one on, and needs nobody until it has lasted.
"""

from datetime import datetime, timedelta

from syndication.model.exchange import FailureKind
from syndication.model.health import OWN_NETWORK, Condition, Health, HealthState
from syndication.model.source import FetchOutcome, SourceState
from syndication.sources.rhythm import silent, usual_gap

LASTING = timedelta(days=1)
FAILURES_MIN = 3
"""A failure waits for a person when it has come so often in a row and for so long."""
OVERDUE_BY = timedelta(hours=1)
SILENT_ALERT = timedelta(days=1)
"""Silence of less than a day is shown, and wakes nobody."""

_STATES = {
    FetchOutcome.BUSY: HealthState.BUSY,
    FetchOutcome.UNAVAILABLE: HealthState.UNAVAILABLE,
    FetchOutcome.DENIED: HealthState.DENIED,
    FetchOutcome.MISSING: HealthState.MISSING,
    FetchOutcome.MOVED_AWAY: HealthState.MOVED,
    FetchOutcome.NOT_A_FEED: HealthState.NOT_A_FEED,
    FetchOutcome.NOT_ALLOWED: HealthState.NOT_ALLOWED,
    FetchOutcome.LOG_IN: HealthState.LOG_IN,
    FailureKind.ASKED_NOT_TO: HealthState.NOT_ALLOWED,
    FailureKind.REFUSED: HealthState.REFUSED,
    FailureKind.UNREACHABLE: HealthState.UNREACHABLE,
    FailureKind.TLS: HealthState.TLS,
    FailureKind.TIMEOUT: HealthState.SLOW,
    FailureKind.TOO_LARGE: HealthState.TOO_LARGE,
    FailureKind.GARBLED: HealthState.GARBLED,
}
_BY_OUTCOME = {outcome.value: state for outcome, state in _STATES.items()}
_GOOD = frozenset(outcome.value for outcome in FetchOutcome if outcome.ok)

_STEPS = {
    HealthState.DENIED: "ask the partner for access, or name credentials for the source",
    HealthState.MISSING: "ask the partner for the feed's address, and declare it",
    HealthState.NOT_A_FEED: "look at the address in a browser: is it a log-in page, or an error?",
    HealthState.NOT_ALLOWED: "ask the partner to let Syndication in by its robots.txt, or for a feed",
    HealthState.LOG_IN: "ask the partner for access, or for a page that is open",
    HealthState.PAGES_CLOSED: 'ask the partner to open its pages to us, or say article_from = "feed"',
    HealthState.BUSY: "raise poll_minutes for the sources of this host",
    HealthState.UNAVAILABLE: "tell the partner, if it lasts",
    HealthState.UNREACHABLE: "look whether the address is right and the host is up; tell the partner",
    HealthState.TLS: "tell the partner: its certificate does not hold",
    HealthState.SLOW: "tell the partner: its host does not answer in time",
    HealthState.TOO_LARGE: "ask the partner for a shorter feed",
    HealthState.GARBLED: "tell the partner: its host does not speak HTTP as it should",
    HealthState.REFUSED: "correct the address or the credentials; allow a private address under [outbound] allow",
    HealthState.FAILING: "tell the partner, if it lasts",
}


def health(condition: Condition, slug: str, now: datetime) -> Health:
    """`slug` is for the commands in `next_step`."""
    return (
        _stopped(condition, slug)
        or _failing(condition, slug)
        or _waiting(condition, slug)
        or _late(condition, now)
        or _quiet(condition, slug, now)
        or Health(HealthState.HEALTHY if condition.outcome else HealthState.NEW)
    )


def lasting(failures: int, last_ok_at: datetime | None, now: datetime) -> bool:
    """Whether a failure has lasted long enough to be told to a person."""
    return failures >= FAILURES_MIN and (last_ok_at is None or now - last_ok_at >= LASTING)


def next_step(state: HealthState, slug: str) -> str:
    if state is HealthState.NEW_THEME:
        return f"`syndication source test {slug}`, mend the source's rules, then `syndication source release {slug}`"
    if state is HealthState.MOVED:
        return f"`syndication source move {slug}` agrees to the new address"
    return _STEPS.get(state, "")


def state_of(outcome: str) -> HealthState:
    """What a failed poll makes of a source."""
    return _BY_OUTCOME.get(outcome, HealthState.FAILING)


def _stopped(condition: Condition, slug: str) -> Health | None:
    if condition.state is SourceState.GONE:
        return Health(
            HealthState.GONE,
            condition.error or "the publisher has taken the feed away for good",
            f"ask the partner; declare another address, or `syndication source resume {slug}` when it is back",
        )
    if condition.state is SourceState.PAUSED:
        return Health(HealthState.PAUSED, condition.error, f"`syndication source resume {slug}` when it should go on")
    return None


def _failing(condition: Condition, slug: str) -> Health | None:
    if not condition.outcome or condition.outcome in _GOOD:
        return None
    if condition.outcome == OWN_NETWORK:
        why = "no host at all answered, so nobody's failure was counted"
        return Health(HealthState.UNREACHABLE, why, "look at this machine's own network")
    state = state_of(condition.outcome)
    times = f" ({condition.failures} times in a row)" if condition.failures > 1 else ""
    return Health(state, f"{condition.error}{times}", next_step(state, slug))


def _waiting(condition: Condition, slug: str) -> Health | None:
    if condition.theme:
        return Health(HealthState.NEW_THEME, condition.theme, next_step(HealthState.NEW_THEME, slug))
    look = f"`syndication article list --state held`, then `syndication source release {slug}`"
    if condition.held:
        return Health(HealthState.FLOODED, f"{condition.held} articles are held for a person", look)
    if condition.lost:
        why = f"{condition.lost} articles have gone from its list at once; all of them still stand"
        step = f"ask the partner; `syndication source release {slug}` looks at each one's own page"
        return Health(HealthState.LOST, why, step)
    if condition.closed:
        return Health(HealthState.PAGES_CLOSED, condition.closed, next_step(HealthState.PAGES_CLOSED, slug))
    return None


def _late(condition: Condition, now: datetime) -> Health | None:
    if condition.state not in (SourceState.IDLE, SourceState.BACKOFF) or now - condition.next_poll_at < OVERDUE_BY:
        return None
    return Health(HealthState.OVERDUE, "it is due and nobody polls it", "look with `syndication status` what runs")


def _quiet(condition: Condition, slug: str, now: datetime) -> Health | None:
    rhythm = condition.rhythm
    if rhythm is None or not silent(rhythm, now):
        return None
    hours = usual_gap(rhythm).total_seconds() / 3600
    usual = f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
    why = f"nothing new since {rhythm.last_at:%Y-%m-%d %H:%M}Z, where {usual} between two posts are usual"
    return Health(HealthState.SILENT, why, f"look at the partner's site; `syndication source test {slug}`")
