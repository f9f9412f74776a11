"""What a start asks of the database when the journal may know more. One transaction at a time."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.model.carrying import Cursor
from syndication.model.journal import Claimed, Owed


class RecoveryPage(Protocol):
    def replayed_until(self) -> datetime | None:
        """Up to when the journal's unsubscribes and suppressions are known to be in this database."""
        ...

    def mark_replayed(self, until: datetime) -> None: ...

    def owe(self, line: Owed) -> bool:
        """Unsubscribe, unless they came back since; or suppress. False when nothing was to be done."""
        ...

    def unknown(self, lines: Sequence[Claimed]) -> Sequence[Claimed]:
        """Those claims that this database has no attempt of, and that nobody has put up with."""
        ...

    def doubt(self, line: Claimed, now: datetime) -> bool:
        """The batch of this claim, if it is there and knows less: uncertain, with the attempt. False when it is not."""
        ...

    def hold_slot(self, line: Claimed, readers: int, now: datetime) -> bool:
        """The slot of this claim, if nothing of it is there: an edition, held. False when there is one."""
        ...

    def under_way(self) -> Mapping[str, Cursor]:
        """Claims that go message by message and have not ended, by attempt."""
        ...

    def move_on(self, attempt_id: str, known: Cursor, *, older: bool) -> None:
        """A claim has come further than its cursor. `older`: this database is, so no policy sends it again."""
        ...

    def doubt_cursors(self, but: Collection[str] = ()) -> int:
        """Whatever cursors of this older database do not have behind them is in doubt. Answers how many cursors.

        `but`: attempts of which it is known how far they came, and those that were moved on.
        """
        ...

    def doubt_calls(self, now: datetime) -> int:
        """Calls that were under way in this older database: over, in doubt, and sent again by no policy."""
        ...

    def hold_editions(self, reason: str, now: datetime) -> int:
        """Every edition that is not over waits for a person. Answers how many."""
        ...

    def is_known(self, installation: str) -> bool:
        """Whether this installation is the one that sends from this database. The first to ask is; another becomes it
        when a person lets sending go on.
        """
        ...

    def hold_sending(self, reason: str, now: datetime) -> None: ...


class Recovery(Protocol):
    def writing(self) -> AbstractContextManager[RecoveryPage]: ...
