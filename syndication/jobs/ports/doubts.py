"""Batches in doubt, and how mail fares as a whole."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.jobs.ports.ledger import LedgerPage
from syndication.model.doubt import Doubt
from syndication.model.mail_health import MailHealth


class DoubtPage(LedgerPage, Protocol):
    def doubts(self, edition_id: int | None = None) -> Sequence[Doubt]:
        """Uncertain batches, of one edition or of all, the oldest first; a bounded number."""
        ...

    def in_doubt(self) -> Sequence[int]:
        """All editions that have a batch in doubt, in order."""
        ...

    def health(self, now: datetime) -> MailHealth: ...


class Doubts(Protocol):
    def reading(self) -> AbstractContextManager[DoubtPage]: ...

    def writing(self) -> AbstractContextManager[DoubtPage]: ...
