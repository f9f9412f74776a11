"""The pictures that we keep, and the end of rights, as the job that carries both out asks for them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from syndication.model.article import Stored
from syndication.model.decision import Decision
from syndication.model.image import Drawn, Wanted


class Gallery(Protocol):
    """Raises StoreError when it cannot be reached."""

    def undecided(self, now: datetime, *, limit: int) -> Sequence[Stored]:
        """Articles whose text, state or rights changed since their pictures were decided, or whose rights end now."""
        ...

    def decide(self, decisions: Iterable[Decision], now: datetime) -> int:
        """Carry these out in one transaction: pictures wanted, pictures that leave, rights that end or hold again.

        Answers how many articles the outputs show otherwise now. One that changed meanwhile stays undecided.
        """
        ...

    def claim(self, now: datetime, until: datetime, *, limit: int) -> Sequence[Wanted]:
        """Take pictures that are due to be fetched, so that nobody else does before `until`."""
        ...

    def keep(self, wanted: Wanted, drawn: Drawn, now: datetime) -> bool:
        """Write its files, then its row. False when it is no longer wanted, or another worker has it."""
        ...

    def put_off(self, wanted: Wanted, reason: str, next_try_at: datetime | None, now: datetime) -> None:
        """It did not come. None: it is not tried again."""
        ...

    def drop(self, now: datetime, *, limit: int) -> int:
        """Remove the files of pictures that leave, and tell that they are gone. Answers how many."""
        ...

    def sweep(self, before: datetime) -> tuple[int, int]:
        """Files without a row, written before then, go; rows without files are wanted again. How many of each."""
        ...
