"""What a page asks of robots for itself: X-Robots-Tag, meta robots, and the TDM Reservation Protocol."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Signals:
    """Stored with an article as its page said them, and passed on by whatever carries the article."""

    noindex: bool = False
    nosnippet: bool = False
    """No part of the text may be shown. `max-snippet:0` says the same."""
    max_snippet: int | None = None
    """Characters of an excerpt at most; None: as many as one likes."""
    noarchive: bool = False
    """No copy of the text may be kept for readers."""
    unavailable_after: datetime | None = None
    """From then on nothing of it may be shown."""
    tdm_reserved: bool = False
    """Text and data mining is reserved."""
    tdm_policy: str = ""
    """Where the publisher says under which terms it may be done."""
