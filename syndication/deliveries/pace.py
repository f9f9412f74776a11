"""When to try a deferred batch again. In: how often it was, what the provider asked for. Out: an instant. Pure."""

from datetime import datetime, timedelta

FIRST_SECONDS = 5.0
LONGEST_SECONDS = 900.0
ASKED_SECONDS_MAX = 900.0
"""A provider that asks for more is asked again after this long: nobody may silence us for a day by a header."""


def next_try(deferrals: int, retry_after_seconds: float | None, now: datetime, *, jitter: float) -> datetime:
    """`deferrals` counts this one; `jitter` is 0 to 1 and spreads workers over half of the wait and the whole of it."""
    if not 0 <= jitter <= 1:
        raise ValueError(f"jitter is 0 to 1, got {jitter}")
    if retry_after_seconds is not None:
        wait = min(max(retry_after_seconds, 0.0), ASKED_SECONDS_MAX)
        return now + timedelta(seconds=wait + jitter * FIRST_SECONDS)
    longest = min(FIRST_SECONDS * 2.0 ** min(max(deferrals, 1) - 1, 16), LONGEST_SECONDS)
    return now + timedelta(seconds=longest * (1 + jitter) / 2)
