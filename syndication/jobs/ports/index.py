"""The index of words, as the job that fills it asks for it."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from syndication.model.article import Stored


class Index(Protocol):
    def waiting(self, *, limit: int) -> Sequence[Stored]:
        """Articles that are not in the index as they are now, oldest first."""
        ...

    def put(self, rows: Iterable[tuple[Stored, Sequence[str]]]) -> None:
        """Put each in with its words, instead of what was there before, in one transaction."""
        ...
