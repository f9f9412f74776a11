"""Instants are aware and in UTC, everywhere. A span of time is a Window."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def require_utc(moment: datetime, name: str) -> None:
    """Raise ValueError unless `moment` is aware and in UTC."""
    if moment.utcoffset() != timedelta(0):
        raise ValueError(f"{name} is in UTC, got {moment!r}")


def utc(moment: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive datetime: a guess would be wrong somewhere."""
    if moment.tzinfo is None:
        raise ValueError(f"an instant has a zone, got {moment!r}")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time, `start <= t < end`, in UTC. Half-open, so neighbours share an edge and never an article."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        require_utc(self.start, "a Window's start")
        require_utc(self.end, "a Window's end")
        if self.end <= self.start:
            raise ValueError(f"a Window ends after it starts, got {self.start} to {self.end}")

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end
