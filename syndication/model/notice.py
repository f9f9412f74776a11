"""Notice: an alert to be told to the operator on one way, when it began or when it was over."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Notice:
    alert_id: int
    key: str
    """What it is about, such as "source:harbour-daily:gone": the same when it begins and when it is over."""
    text: str
    at: datetime
    """When it began."""
    resolved_at: datetime | None
    """When it was over; None while it lasts."""
    attempt: int
    """This one, counting from 1."""

    @property
    def over(self) -> bool:
        return self.resolved_at is not None
