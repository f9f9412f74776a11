"""Batches in doubt, and how mail fares as a whole."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.jobs.ports.ledger import LedgerPage
from syndication.model.delivery import Fence
from syndication.model.doubt import Cancelled, Doubt, Evidence
from syndication.model.mail_health import MailHealth


class DoubtPage(LedgerPage, Protocol):
    def doubts(self, edition_id: int | None = None) -> Sequence[Doubt]:
        """Uncertain batches, of one edition or of all, the oldest first; a bounded number."""
        ...

    def in_doubt(self) -> Sequence[int]:
        """All editions that have a batch in doubt, in order."""
        ...

    def health(self, now: datetime) -> MailHealth: ...

    def cancelled(self) -> Sequence[Cancelled]:
        """Calls that were cancelled, as far as the provider still remembers them."""
        ...

    def disown(self, doubt: Doubt) -> bool:
        """An answer to its call that comes from now on changes nothing. False: it is in doubt no more."""
        ...

    def mark_fence(self, attempt_id: str, *, released: bool) -> None:
        """Its call is cancelled; or the provider remembers that no more, and need not."""
        ...


class Witness(Protocol):
    """A provider that can be asked about calls of ours."""

    def ask(self, doubt: Doubt, *, cancel: bool) -> Evidence | None:
        """What it says of the call; None: nothing. `cancel`: it is to cancel the call first."""
        ...

    def release(self, fence: Fence) -> bool:
        """Let it forget a cancelled call whose time is over. False when that could not be done."""
        ...


class Doubts(Protocol):
    def reading(self) -> AbstractContextManager[DoubtPage]: ...

    def writing(self) -> AbstractContextManager[DoubtPage]: ...
