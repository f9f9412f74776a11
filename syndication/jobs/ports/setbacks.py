"""What was said against addresses, and which of them are mailed no more."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.model.journal import Owed
from syndication.model.setback import Lifting, Setback


class SetbackPage(Protocol):
    """One transaction. What it wrote counts when it is left without an exception, and only then."""

    def address_hash(self, subscriber_id: int) -> str | None:
        """The keyed hash of the subscriber's address; None when there is no such subscriber."""
        ...

    def subscription(self, subscriber_id: int, newsletter_id: int) -> int | None: ...

    def add(self, subscriber_id: int, setback: Setback) -> bool:
        """Remember it. False when this mailing has said so before, even if that was forgiven."""
        ...

    def counting(self, subscriber_id: int) -> Sequence[Setback]:
        """Those that are not forgiven."""
        ...

    def delivered(self, subscriber_ids: Collection[int], at: datetime) -> None:
        """Something was delivered to these then: mails that were not taken before it count no more."""
        ...

    def owe(self, line: Owed) -> bool:
        """Apply what a reader is owed. False when nothing was to be done."""
        ...

    def suppressions(self, address_hash: str) -> Sequence[Lifting]: ...

    def forgive(self, address_hash: str, now: datetime) -> None:
        """Nothing that was said against this address until now counts any more."""
        ...

    def audit(self, actor: str, action: str, subject: str, detail: str, now: datetime) -> None: ...


class Setbacks(Protocol):
    def writing(self) -> AbstractContextManager[SetbackPage]: ...
