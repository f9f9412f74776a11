"""Where records of the past are kept, seen by whoever throws them away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from syndication.model.retention import Kept


class Attic(Protocol):
    def older(self, kept: Kept, before: datetime, limit: int) -> Sequence[int]:
        """Ids of records of before that instant, lowest first."""
        ...

    def beyond(self, kept: Kept, rows_max: int, limit: int) -> Sequence[int]:
        """Ids of the records behind the newest `rows_max`, lowest first."""
        ...

    def drop(self, kept: Kept, ids: Sequence[int]) -> int:
        """Throw these away, and answer how many were still there."""
        ...
