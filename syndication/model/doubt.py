"""Doubt: a batch that may or may not have been accepted, and what is known of it. OnUncertain: what is done then."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OnUncertain(StrEnum):
    HOLD = "hold"  # a person decides
    SILENCE = "silence"  # sent again when others of its kind have reported and it has not
    RESEND = "resend"  # sent again at once: rather twice than never


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
