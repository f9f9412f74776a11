"""What a poll came to, the source's rhythm, now -> when it is next due. Pure; chance comes in as `jitter`.

Never earlier than the other side asked (`Retry-After`) or than an answer stays fresh (`max-age`); never later than a
day and its jitter, so that no feed is dead for ever. Only 410 ends the polling, and that is a state, not a date.
"""

from datetime import datetime, timedelta

from syndication.model.exchange import Failure
from syndication.model.source import Fetched, Source

SECONDS_MIN = 300.0
SECONDS_MAX = 86_400.0
SPREAD = 0.1
"""The share of a wait by which jitter may lengthen it."""


def next_due(source: Source, came: Fetched | Failure, failures: int, now: datetime, *, jitter: float) -> datetime:
    """`failures` in a row, this one included; 0 after a good answer. `jitter` is 0 to 1, drawn by the caller.

    Jitter only ever lengthens a wait: sources that were due together drift apart, and nobody is asked too early.
    """
    if not 0.0 <= jitter <= 1.0:
        raise ValueError(f"jitter is 0 to 1, got {jitter}")
    rhythm = _within(float(source.poll_seconds))
    if isinstance(came, Fetched) and came.outcome.ok:
        wait = max(rhythm, came.fresh_seconds or 0.0)
    else:
        wait = _back_off(rhythm, failures)
        if isinstance(came, Fetched):
            wait = max(wait, came.retry_after_seconds or 0.0)
    return now + timedelta(seconds=_within(wait) * (1.0 + SPREAD * jitter))


def _back_off(rhythm: float, failures: int) -> float:
    """The first failure changes nothing; each further one in a row doubles the wait, to a day."""
    return rhythm * 2.0 ** min(max(failures - 1, 0), 10)


def _within(seconds: float) -> float:
    return min(max(seconds, SECONDS_MIN), SECONDS_MAX)
