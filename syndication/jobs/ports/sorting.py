"""Stored articles, to be put into topics anew."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from syndication.model.article import DecidedBy
from syndication.model.feed import Topic
from syndication.model.sorting import Sorted


class Sorting(Protocol):
    def mark(self) -> str:
        """By which rules everything was sorted last; empty when that is not known."""
        ...

    def topics(self) -> Sequence[Topic]: ...

    def defaults(self) -> Mapping[str, Sequence[str]]:
        """The default topics of each source, by slug."""
        ...

    def after(self, id: int, *, limit: int) -> Sequence[Sorted]:
        """The next articles by id."""
        ...

    def write(self, changed: Mapping[int, Sequence[tuple[str, DecidedBy]]]) -> None:
        """Give these articles these topics; what a person gave stays. Feeds take it up with their next build."""
        ...

    def finish(self, mark: str) -> None:
        """Everything is sorted by these rules."""
        ...
