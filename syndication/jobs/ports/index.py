"""The index of words, as the job that fills it asks for it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from syndication.model.article import Stored


class Index(Protocol):
    def waiting(self, *, limit: int) -> Sequence[Stored]:
        """Articles that are not in the index as they are now, oldest first."""
        ...

    def searches(self) -> Mapping[int, str]:
        """The saved searches: what is looked for, by the id of the feed."""
        ...

    def put(self, rows: Iterable[tuple[Stored, Sequence[str]]], *, found_by: Collection[int] = ()) -> None:
        """Put each in with its words, instead of what was there before, in one transaction.

        The feeds of the searches that may find one now, and of those that did, are to be built.
        """
        ...
