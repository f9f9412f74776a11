"""What is due, as the rows tell it."""

from datetime import datetime
from typing import Protocol

from syndication.model.due import Due


class Agenda(Protocol):
    def due(self, now: datetime, *, limit: int) -> Due:
        """Everything that waits, `limit` editions of each kind at most. Reads only."""
        ...

    def sources_due(self, now: datetime) -> bool:
        """Whether any source may be claimed. Asked every few seconds, so it must be cheap."""
        ...
