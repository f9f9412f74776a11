"""How a source is, in one word; each with what to do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndication.model.exchange import FailureKind
from syndication.model.health import Condition, HealthState
from syndication.model.rhythm import Rhythm
from syndication.model.source import FetchOutcome, SourceState
from syndication.sources.health import health, lasting
from syndication.sources.rhythm import learn

NOW = datetime(2026, 5, 7, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def daily(last: datetime) -> Rhythm:
    rhythm = learn(None, [last - n * DAY for n in range(20)], last)
    assert rhythm is not None
    return rhythm


def condition(**given: Any) -> Condition:
    usual = {"state": SourceState.IDLE, "outcome": "unchanged", "next_poll_at": NOW + HOUR, "last_ok_at": NOW - HOUR}
    return Condition(**usual | given)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({}, HealthState.HEALTHY),
        ({"outcome": ""}, HealthState.NEW),
        ({"state": SourceState.PAUSED}, HealthState.PAUSED),
        ({"state": SourceState.GONE, "outcome": "gone"}, HealthState.GONE),
        ({"outcome": "moved away", "state": SourceState.BACKOFF}, HealthState.MOVED),
        ({"outcome": "denied"}, HealthState.DENIED),
        ({"outcome": "missing"}, HealthState.MISSING),
        ({"outcome": "not a feed"}, HealthState.NOT_A_FEED),
        ({"outcome": "busy"}, HealthState.BUSY),
        ({"outcome": "unavailable"}, HealthState.UNAVAILABLE),
        ({"outcome": "unreachable"}, HealthState.UNREACHABLE),
        ({"outcome": "tls"}, HealthState.TLS),
        ({"outcome": "timeout"}, HealthState.SLOW),
        ({"outcome": "refused"}, HealthState.REFUSED),
        ({"outcome": "too-large"}, HealthState.TOO_LARGE),
        ({"outcome": "garbled"}, HealthState.GARBLED),
        ({"outcome": "failed"}, HealthState.FAILING),
        ({"outcome": "not stored"}, HealthState.FAILING),
        ({"outcome": "own network"}, HealthState.UNREACHABLE),
        ({"held": 40}, HealthState.FLOODED),
        ({"lost": 12}, HealthState.LOST),
        ({"rhythm": daily(NOW - 9 * DAY)}, HealthState.SILENT),
        ({"rhythm": daily(NOW - DAY)}, HealthState.HEALTHY),
        ({"next_poll_at": NOW - 3 * HOUR}, HealthState.OVERDUE),
        ({"held": 40, "rhythm": daily(NOW - 9 * DAY)}, HealthState.FLOODED),  # the worst is told
        ({"held": 40, "outcome": "missing"}, HealthState.MISSING),
    ],
)
def test_every_trouble_has_a_name_and_a_next_step(given: dict[str, Any], state: HealthState) -> None:
    found = health(condition(**given), "harbour", NOW)
    assert found.state is state
    assert bool(found.next_step) is not found.good


def test_every_way_to_fail_has_a_state_of_its_own() -> None:
    outcomes = [outcome.value for outcome in FetchOutcome if not outcome.ok] + [kind.value for kind in FailureKind]
    states = {outcome: health(condition(outcome=outcome), "harbour", NOW).state for outcome in outcomes}
    unnamed = {outcome for outcome, state in states.items() if state is HealthState.FAILING}
    assert unnamed == {"failed", "gone"}  # "gone" stops the source, and that is told first


@pytest.mark.parametrize(
    ("failures", "last_ok_at", "is_lasting"),
    [
        (1, NOW - 9 * DAY, False),
        (3, NOW - HOUR, False),
        (3, NOW - 2 * DAY, True),
        (3, None, True),  # it never worked
    ],
)
def test_a_failure_is_for_a_person_when_it_lasts(failures: int, last_ok_at: datetime | None, is_lasting: bool) -> None:
    assert lasting(failures, last_ok_at, NOW) is is_lasting
