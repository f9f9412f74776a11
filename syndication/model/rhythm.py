"""Rhythm: when a partner posts, as far as its own dates tell. What follows from it is for `sources.rhythm`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Weights of posts by hour and by weekday, each halved every two weeks. Posts within an hour count as one."""

    hours: tuple[float, ...]
    """24, from 00:00 UTC."""
    days: tuple[float, ...]
    """7, from Monday, in UTC. Their sum is that of the hours."""
    as_of: datetime
    """The weights are those of this moment."""
    since: datetime
    """The earliest post learned from."""
    last_at: datetime
    """The latest one."""
    count: int
    """Posts learned from, ever."""

    def __post_init__(self) -> None:
        if len(self.hours) != 24 or len(self.days) != 7:
            raise ValueError(f"a rhythm has 24 hours and 7 days, got {len(self.hours)} and {len(self.days)}")

    @property
    def weight(self) -> float:
        return sum(self.hours)
