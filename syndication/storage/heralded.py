"""A library that tells at once when something came or changed, not when the round is over that brought it.

In: whom to tell. It tells after the transaction is on the disk, so whoever is told finds it there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from syndication.storage.database import Database
from syndication.storage.library import Library, Stack


class Heralded(Library):
    def __init__(self, database: Database, tell: Callable[[], None]) -> None:
        super().__init__(database)
        self._tell = tell

    @contextmanager
    def writing(self) -> Iterator[Stack]:
        with super().writing() as stack:
            yield stack
        if stack.told or stack.changed:
            self._tell()
