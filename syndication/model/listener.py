"""Listener: who asked our hub to be told when a document of ours changes (WebSub)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Wish(StrEnum):
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asked for at the hub. Nothing comes of it until the callback itself says yes."""

    wish: Wish
    topic: str
    """A document of ours, as "all.atom"."""
    callback: str
    secret: str = ""
    lease_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Listener:
    id: int
    ask: Ask | None
    """What is asked for and not verified yet."""
    topic: str
    callback: str
    secret: str
    lease_until: datetime | None
    """None: never verified."""
    failures: int
    """In a row."""
