"""The second process: it answers what would be worked out here, may die or hang at any time, and outlives nobody."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from syndication.engine import assistant as module
from syndication.engine.assistant import DEATHS_MAX, LOTS_MAX, Assistant
from syndication.jobs.assess import Task, assess
from syndication.model.collecting import DueSource
from syndication.model.source import Validators
from tests.builders import NOW, a_source, an_entry

PATIENCE_SECONDS = 120.0
"""A child loads its half of the house first, on a machine that may be busy."""


def a_task(number: int = 1) -> Task:
    due = DueSource(a_source(id=number), Validators(), token=1, failures=0, first=True, last_full_at=None)
    entries = {f"guid-{n}": (an_entry(id=f"guid-{n}", title=f"Story {n} of {number}"),) for n in range(3)}
    return Task(due, NOW, entries, {})


@pytest.fixture
def assistant() -> Iterator[Assistant]:
    made = Assistant(lot_seconds=PATIENCE_SECONDS)
    yield made
    made.close()


def until_gone(pid: int) -> None:
    ends = monotonic() + PATIENCE_SECONDS
    while "\nState:\tZ" not in _status(pid):  # a dead one may wait for somebody to bury it
        assert monotonic() < ends, "the child lives on"
        sleep(0.05)


def _status(pid: int) -> str:
    try:
        return "\n" + Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "\nState:\tZ"


def started(assistant: Assistant) -> int:
    """The child's id, when it has answered a first lot."""
    pending = assistant.begin([a_task()], ())
    assert pending is not None
    assert pending.result() is not None
    assert assistant.pid is not None
    return assistant.pid


def test_it_answers_what_would_be_worked_out_here(assistant: Assistant) -> None:
    tasks = [a_task(1), a_task(2)]
    pending = assistant.begin(tasks, ())
    assert pending is not None
    assert pending.result() == [assess(task, ()) for task in tasks]
    assert pending.done()


def test_there_is_no_process_before_there_is_work(assistant: Assistant) -> None:
    assert assistant.pid is None


def test_its_hands_hold_so_many_lots_and_no_more(assistant: Assistant) -> None:
    child = started(assistant)
    os.kill(child, signal.SIGSTOP)
    given = [assistant.begin([a_task(n)], ()) for n in range(LOTS_MAX)]
    assert assistant.begin([a_task()], ()) is None
    os.kill(child, signal.SIGCONT)
    assert all(pending is not None and pending.result() is not None for pending in given)


def test_one_that_dies_is_started_again(assistant: Assistant) -> None:
    child = started(assistant)
    os.kill(child, signal.SIGKILL)
    until_gone(child)
    assert started(assistant) != child


def test_what_it_had_in_hands_when_it_died_is_done_here(assistant: Assistant) -> None:
    child = started(assistant)
    os.kill(child, signal.SIGSTOP)
    given = [assistant.begin([a_task(n)], ()) for n in range(LOTS_MAX)]
    os.kill(child, signal.SIGKILL)
    for pending in given:
        assert pending is not None
        found = pending.result()
        assert found is None or len(found) == 1  # lost, or given to the next child


def test_an_answer_that_breaks_off_is_none(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_take", lambda pipe: None)
    pending = assistant.begin([a_task()], ())
    assert pending is not None
    assert pending.result() is None


def test_one_that_does_not_answer_is_killed() -> None:
    assistant = Assistant(lot_seconds=PATIENCE_SECONDS)
    child = started(assistant)
    assistant.lot_seconds = 0.1
    os.kill(child, signal.SIGSTOP)
    pending = assistant.begin([a_task()], ())
    assert pending is not None
    assert pending.result() is None
    until_gone(child)
    assistant.close()


def test_one_that_keeps_dying_is_left_alone(assistant: Assistant) -> None:
    for _ in range(DEATHS_MAX):
        assistant.failed(BrokenPipeError("it died"))
    assert assistant.begin([a_task()], ()) is None


def test_one_that_cannot_be_started_is_done_without(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BOOT", "raise SystemExit(3)")
    pending = assistant.begin([a_task()], ())
    assert pending is not None
    assert pending.result() is None


def test_without_work_it_ends() -> None:
    brief = module._started(0.05)  # nobody gives it anything
    assert brief.wait(PATIENCE_SECONDS) == 0
    for pipe in (brief.stdin, brief.stdout):
        assert pipe is not None
        pipe.close()


def test_when_it_is_closed_nothing_of_it_is_left(assistant: Assistant) -> None:
    child = started(assistant)
    assistant.close()
    until_gone(child)
    assert assistant.pid is None
    assert assistant.begin([a_task()], ()) is None


ORPHAN = """
import sys
from time import sleep
from tests.engine.test_assistant import a_task
from syndication.engine.assistant import Assistant
assistant = Assistant(lot_seconds=120)
assistant.begin([a_task()], ()).result()
print(assistant.pid, flush=True)
sleep(600)
"""


def test_it_does_not_outlive_a_house_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True) as house:
        assert house.stdout is not None
        child = int(house.stdout.readline())
        house.kill()
    until_gone(child)
