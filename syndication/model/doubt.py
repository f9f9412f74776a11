"""Doubt: a batch that may or may not have been accepted, and what is known of it. OnUncertain: what is done then."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syndication.model.delivery import Fence


class OnUncertain(StrEnum):
    HOLD = "hold"  # a person decides
    SILENCE = "silence"  # sent again when others of its kind have reported and it has not
    RESEND = "resend"  # sent again at once: rather twice than never
    FENCED = "fenced"  # kept back by the provider, cancelled when in doubt, and sent again: neither twice nor never


@dataclass(frozen=True, slots=True)
class Doubt:
    edition_id: int
    n: int
    readers: int
    """Places in the batch's manifest."""
    transport: str
    since: datetime
    """When the attempt that is in doubt was claimed."""
    reported: int
    """Of how many of its readers anything was told since."""
    later: int
    """Batches that the same transport accepted later, and of which something was told."""
    doubtful_attempts: int
    """How often it has come to this."""
    detail: str
    going: bool
    """The edition is being sent: not paused, held or over."""
    by_message: bool
    """It was offered message by message, so an event of one reader says nothing of the others."""
    attempt_id: str = ""
    """Of the attempt that is in doubt."""
    fence: Fence | None = None
    """Under which the provider keeps it back."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a provider has said of a call in doubt, when asked: that it was accepted, or never will be sent."""

    accepted: bool
    words: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A call that the provider has cancelled, and still remembers as such."""

    attempt_id: str
    transport: str
    fence: Fence
