"""ServiceMail: one mail that the service itself owes one person, such as "please confirm". It is never a digest."""

from dataclasses import dataclass
from datetime import datetime

from syndication.model.subscriber import Subscriber


@dataclass(frozen=True, slots=True)
class ServiceMail:
    """A service mail that this worker may send until `lease_until`, under this token and no other."""

    id: int
    purpose: str
    """What it is for, once: a second row of the same purpose cannot be written."""
    kind: str
    """The name of its template."""
    subscriber: Subscriber
    attempt: int
    token: int
    lease_until: datetime
    created_at: datetime
