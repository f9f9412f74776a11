"""Sifted entries -> what they are, wherever that is worked out. In: a Task. Out: Assessed, or None: do it at home.

A Task is the part of a Gathered that cleaning and judging need, small enough to be sent to another process. What would
be told in the log or set aside is not told there: the task comes back undone, and is done where it came from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndication.jobs.gather import Gathered, Judged, judge, settle
from syndication.model.article import Changes
from syndication.model.collecting import DueSource, Known
from syndication.model.exchange import Failure, FailureKind, Phase
from syndication.model.feed import Topic
from syndication.model.source import Entry, SourceKind

_NO_ANSWER = Failure("", FailureKind.GARBLED, Phase.JUDGED, "")
"""Stands for the answer, which nobody asks once it is read."""


@dataclass(frozen=True, slots=True)
class Task:
    """One source's new entries, by guid, and what is stored under these guids."""

    due: DueSource
    at: datetime
    entries: Mapping[str, Sequence[Entry]]
    known: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class Assessed:
    changes: Changes
    judged: Judged
    same: tuple[str, ...]


def may_be_sent(gathered: Gathered) -> bool:
    """Whether it is entries alone; what pages told stays at home."""
    by_pages = gathered.reads or gathered.again or gathered.left or gathered.waiting
    return bool(gathered.entries) and not by_pages and gathered.due.source.kind is SourceKind.FEED


def task_of(gathered: Gathered) -> Task:
    known = {guid: gathered.known[guid] for guid in gathered.entries if guid in gathered.known}
    return Task(gathered.due, gathered.at, gathered.entries, known)


def assess(task: Task, topics: Sequence[Topic]) -> Assessed | None:
    gathered = Gathered(task.due, task.at, _NO_ANSWER, _NO_ANSWER, entries=dict(task.entries), known=task.known)
    try:
        settle(gathered)
        judge(gathered, topics)
    except Exception:  # noqa: BLE001 (whatever it is, it is met again at home, and told there)
        return None
    return None if gathered.set_aside else Assessed(gathered.changes, gathered.judged, gathered.same)


def take_over(gathered: Gathered, found: Assessed) -> None:
    gathered.changes, gathered.judged, gathered.same = found.changes, found.judged, found.same
