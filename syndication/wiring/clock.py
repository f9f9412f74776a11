"""The clock of the house: where the time is asked, once, for everyone who is handed it."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
