"""Assistant: a second process for work that needs nothing but its task. All of it can as well be done here."""

from collections.abc import Sequence
from typing import Protocol

from syndication.jobs.assess import Assessed, Task
from syndication.model.feed import Topic


class Pending(Protocol):
    """Work that was handed over."""

    def done(self) -> bool: ...

    def result(self) -> Sequence[Assessed | None] | None:
        """What came of each task, None where it is to be done here; None for all when nothing came in good time."""
        ...


class Assistant(Protocol):
    def begin(self, tasks: Sequence[Task], topics: Sequence[Topic]) -> Pending | None:
        """Hand these over; None when it has enough to do, or cannot. Never waits for it."""
        ...
