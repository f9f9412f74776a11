"""Whatever is due is woken, once each; nothing else is done."""

import pytest

from syndication.jobs.ports.tasks import TASKS
from syndication.jobs.reconcile import EDITIONS_MAX, collect_if_due, reconcile
from syndication.model.due import Due
from tests.builders import NOW


class Bell:
    """A TaskPort that knows the house's tasks."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, int]] = []

    def wake(self, task: str, subject: int = 0) -> None:
        if task not in TASKS:
            raise KeyError(task)
        self.rung.append((task, subject))


class Paper:
    """An agenda as it was written down."""

    def __init__(self, due: Due) -> None:
        self.written = due
        self.limits: list[int] = []

    def due(self, now, *, limit):
        self.limits.append(limit)
        return self.written

    def sources_due(self, now):
        return self.written.collect


@pytest.mark.parametrize(
    ("due", "woken"),
    [
        (Due(), []),
        (Due(collect=True), [("collect", 0)]),
        (Due(publish=True), [("publish", 0)]),
        (Due(notify=True), [("notify", 0)]),
        (Due(assemble=(1, 2)), [("assemble", 1), ("assemble", 2)]),
        (Due(plan=(3,), send=(4, 5), settle=(6,)), [("plan", 3), ("send", 4), ("send", 5), ("settle", 6)]),
    ],
)
def test_what_is_due_is_woken_and_slots_are_always_asked_about(due, woken):
    bell = Bell()
    assert reconcile(Paper(due), bell, NOW) == due
    assert bell.rung == [("open-slots", 0), *woken, ("doubt", 0), ("tell", 0), ("returns", 0), ("announce", 0)]


def test_people_who_wait_for_a_mail_come_first():
    bell = Bell()
    reconcile(Paper(Due(collect=True, publish=True, notify=True, send=(1,))), bell, NOW)
    assert bell.rung[1] == ("notify", 0)


def test_a_round_is_bounded():
    paper = Paper(Due())
    reconcile(paper, Bell(), NOW)
    assert paper.limits == [EDITIONS_MAX]


@pytest.mark.parametrize("due", [True, False])
def test_between_rounds_only_sources_are_asked_about(due):
    bell = Bell()
    assert collect_if_due(Paper(Due(collect=due, send=(1,))), bell, NOW) is due
    assert bell.rung == ([("collect", 0)] if due else [])
