"""When a source is next due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.model.exchange import Failure, FailureKind, Phase
from syndication.model.rhythm import Rhythm
from syndication.model.source import Fetched, FetchOutcome, Partner, Source, Validators
from syndication.sources.pace import SECONDS_MAX, SECONDS_MIN, SPREAD, next_due, plan
from syndication.sources.rhythm import learn

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DAY = 86_400.0


def a_source(poll_seconds: int = 900) -> Source:
    partner = Partner("harbour", "Harbour Daily", "https://harbour.example/")
    return Source(1, "harbour", partner, "https://harbour.example/feed", poll_seconds=poll_seconds)


def came(outcome: FetchOutcome, retry: float | None = None, fresh: float | None = None) -> Fetched:
    return Fetched(outcome, None, Validators(), retry_after_seconds=retry, fresh_seconds=fresh)


UNREACHABLE = Failure("https://harbour.example/feed", FailureKind.UNREACHABLE, Phase.CONNECT, "refused")


def wait(result: Fetched | Failure, failures: int = 0, *, poll_seconds: int = 900, jitter: float = 0.0) -> float:
    return (next_due(a_source(poll_seconds), result, failures, NOW, jitter=jitter) - NOW).total_seconds()


@pytest.mark.parametrize(
    ("result", "failures", "seconds"),
    [
        (came(FetchOutcome.FRESH), 0, 900),
        (came(FetchOutcome.UNCHANGED), 0, 900),
        (came(FetchOutcome.SAME_BODY), 0, 900),
        (came(FetchOutcome.UNCHANGED, fresh=3600), 0, 3600),  # asking earlier brings nothing
        (came(FetchOutcome.UNCHANGED, fresh=60), 0, 900),
        (UNREACHABLE, 1, 900),
        (UNREACHABLE, 2, 1800),
        (UNREACHABLE, 5, 14_400),
        (UNREACHABLE, 50, DAY),
        (came(FetchOutcome.FAILED), 3, 3600),
        (came(FetchOutcome.NOT_A_FEED), 2, 1800),
        (came(FetchOutcome.BUSY, retry=7200), 1, 7200),
        (came(FetchOutcome.UNAVAILABLE, retry=10), 1, 900),  # never sooner than the back-off
        (came(FetchOutcome.UNAVAILABLE, retry=DAY), 1, DAY),
    ],
)
def test_col_15_a_source_is_due_by_its_rhythm_and_never_before_it_was_asked_for(
    result: Fetched | Failure, failures: int, seconds: float
) -> None:
    assert wait(result, failures) == seconds


@pytest.mark.parametrize(("poll_seconds", "seconds"), [(1, SECONDS_MIN), (10**9, SECONDS_MAX)])
def test_a_rhythm_keeps_between_five_minutes_and_a_day(poll_seconds: int, seconds: float) -> None:
    assert wait(came(FetchOutcome.FRESH), poll_seconds=poll_seconds) == seconds


results = st.one_of(
    st.just(UNREACHABLE),
    st.builds(came, st.sampled_from(FetchOutcome), st.none() | st.floats(0, DAY), st.none() | st.floats(0, DAY)),
)


@given(results, st.integers(0, 10**6), st.integers(1, 10**9), st.floats(0, 1))
def test_no_feed_is_dead_for_ever(result: Fetched | Failure, failures: int, poll_seconds: int, jitter: float) -> None:
    seconds = wait(result, failures, poll_seconds=poll_seconds, jitter=jitter)
    assert SECONDS_MIN <= seconds <= SECONDS_MAX * (1 + SPREAD)
    assert seconds >= wait(result, failures, poll_seconds=poll_seconds)


def test_jitter_is_a_share() -> None:
    assert wait(came(FetchOutcome.FRESH), jitter=1.0) == pytest.approx(900 * (1 + SPREAD))
    with pytest.raises(ValueError, match="jitter"):
        next_due(a_source(), UNREACHABLE, 1, NOW, jitter=1.5)
    assert next_due(a_source(), UNREACHABLE, 1, NOW, jitter=0.0) == NOW + timedelta(seconds=900)


# -- once a rhythm is known ------------------------------------------------------------------------------------


def a_rhythm(hours: tuple[int, ...] = (8, 10, 12, 14, 16), *, every_days: int = 1) -> Rhythm:
    days = [NOW - timedelta(days=n) for n in range(0, 56, every_days)]
    rhythm = learn(None, [day.replace(hour=hour) for day in days for hour in hours], NOW)
    assert rhythm is not None
    return rhythm


def by_rhythm(rhythm: Rhythm, hour: int, poll_seconds: int = 900) -> float:
    at = NOW.replace(hour=hour)
    due = next_due(a_source(poll_seconds), came(FetchOutcome.UNCHANGED), 0, at, jitter=0.0, rhythm=rhythm)
    return (due - at).total_seconds()


def test_a_source_is_asked_more_often_in_its_posting_hours() -> None:
    rhythm = a_rhythm()
    assert by_rhythm(rhythm, 12) < 900 < by_rhythm(rhythm, 2)


def test_a_quiet_hour_ends_where_a_lively_one_begins() -> None:
    rhythm = a_rhythm(hours=(8, 9, 10))
    assert by_rhythm(rhythm, 2, poll_seconds=7200) <= 5.5 * 3600  # not later than soon after seven


@given(st.integers(1, 200_000), st.lists(st.integers(0, 23), min_size=1, max_size=6), st.integers(1, 9))
def test_a_rhythm_keeps_to_the_budget(poll_seconds: int, hours: list[int], every_days: int) -> None:
    budget = DAY / min(max(poll_seconds, SECONDS_MIN), SECONDS_MAX)
    made = plan(a_source(poll_seconds), a_rhythm(tuple(hours), every_days=every_days), NOW)
    assert made.requests_per_day <= max(budget, 1.0) * 1.05 + 1


def test_a_budget_spent_by_rhythm_finds_news_sooner() -> None:
    flat = plan(a_source(3600), None, NOW)
    made = plan(a_source(3600), a_rhythm(), NOW)
    assert made.requests_per_day <= flat.requests_per_day * 1.01
    assert made.delay_seconds < 0.8 * flat.delay_seconds


def test_a_partner_that_posts_rarely_is_asked_rarely() -> None:
    weekly = plan(a_source(900), a_rhythm(hours=(10,), every_days=7), NOW)
    assert 24 <= weekly.requests_per_day <= 48


def test_what_the_other_side_asks_for_stands_above_the_rhythm() -> None:
    at = NOW.replace(hour=12)
    due = next_due(a_source(), came(FetchOutcome.UNCHANGED, fresh=7200), 0, at, jitter=0.0, rhythm=a_rhythm())
    assert due - at == timedelta(hours=2)
    failed = next_due(a_source(), UNREACHABLE, 3, at, jitter=0.0, rhythm=a_rhythm())
    assert failed - at == timedelta(hours=1)
