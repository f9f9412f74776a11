"""Backing off: longer each time, never past the longest, spread by chance."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.deliveries.pace import ASKED_SECONDS_MAX, FIRST_SECONDS, LONGEST_SECONDS, next_try

NOW = datetime(2026, 5, 7, 6, 30, tzinfo=UTC)


def wait(deferrals: int, asked: float | None = None, jitter: float = 1.0) -> float:
    return (next_try(deferrals, asked, NOW, jitter=jitter) - NOW).total_seconds()


@pytest.mark.parametrize(
    ("deferrals", "asked", "seconds"),
    [
        (1, None, 5),
        (2, None, 10),
        (3, None, 20),
        (9, None, 900),
        (10_000, None, 900),
        (0, None, 5),
        (1, 30, 35),  # what a provider asks for counts, however often it was
        (5, 30, 35),
        (1, 86_400, ASKED_SECONDS_MAX + 5),
        (1, -7, 5),
    ],
)
def test_del_05_how_long_a_deferred_batch_waits(deferrals: int, asked: float | None, seconds: float) -> None:
    assert wait(deferrals, asked) == seconds


@given(st.integers(0, 100), st.floats(0, 1))
def test_a_wait_grows_and_has_bounds(deferrals: int, jitter: float) -> None:
    assert wait(deferrals, jitter=jitter) <= wait(deferrals + 1, jitter=jitter)
    assert FIRST_SECONDS / 2 <= wait(deferrals, jitter=jitter) <= LONGEST_SECONDS


def test_chance_has_bounds() -> None:
    with pytest.raises(ValueError, match="jitter"):
        wait(1, jitter=1.5)
