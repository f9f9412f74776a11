"""A small record outside the database of what must never be forgotten."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from syndication.model.carrying import Cursor
from syndication.model.journal import Carried, JournalLine, Owed


class Journal(Protocol):
    def append(self, line: JournalLine) -> None:
        """Write one line and return when it would survive a power cut. Thread-safe.

        Raises StoreError when that is not certain: then the thing that the line tells of must not be done.
        """
        ...

    def append_all(self, lines: Sequence[JournalLine]) -> None:
        """Write several as `append` does, with one wait for the disk."""
        ...

    def news(self) -> tuple[Sequence[Owed], int]:
        """What readers are owed by lines that anybody has appended since this journal was opened, less what was `seen`.

        The number is for `seen`.
        """
        ...

    def seen(self, mark: int) -> None:
        """The database has all of `news` up to `mark`."""
        ...

    def marking(self, attempt_id: str, cursor: Cursor) -> AbstractContextManager[None]:
        """How far a claim has come that goes message by message: written beside what is done within, as one wait for
        the disk, and there at its end. Raises StoreError.
        """
        ...

    def marks(self) -> Mapping[str, Cursor]:
        """What was marked of claims whose end is not told yet, by attempt."""
        ...

    def ended(self, line: Carried) -> None:
        """The claim goes on no more; its line takes the place of its mark."""
        ...

    def lines(self) -> Iterator[JournalLine]:
        """All that is kept, oldest first. A torn or foreign line is passed over."""
        ...
