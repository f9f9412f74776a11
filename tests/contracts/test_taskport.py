"""What every engine keeps, whichever runs the tasks. A second engine adds itself to ENGINES and passes all of this."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import pytest

from syndication.engine.local import LocalEngine
from syndication.jobs.ports.tasks import Queue, Task, TaskPort

SOON = 10.0
"""Seconds that a test waits for what must come. Nothing waits this long unless it fails."""


class Engine(TaskPort, Protocol):
    def start(self) -> None: ...
    def stop(self, drain_seconds: float) -> bool: ...
    def stopping(self) -> bool: ...


Make = Callable[..., Engine]


def local(tasks: list[Task], sizes: Mapping[Queue, int]) -> Engine:
    return LocalEngine(tasks, sizes=sizes)


ENGINES = [pytest.param(local, id="local")]


@pytest.fixture(params=ENGINES)
def start(request: pytest.FixtureRequest) -> Iterator[Make]:
    """Starts an engine with these tasks; it is stopped at the end of the test."""
    engines: list[Engine] = []

    def begin(*tasks: Task, started: bool = True, **sizes: int) -> Engine:
        engine = request.param(list(tasks), {Queue(name): size for name, size in sizes.items()})
        engines.append(engine)
        if started:
            engine.start()
        return engine

    yield begin
    for engine in engines:
        engine.stop(SOON)


class Work:
    """A task that can be watched and held: `began` and `ended` count, `gate` keeps a run from ending."""

    def __init__(self, *, held: bool = False) -> None:
        self.changed = threading.Condition()
        self.began: list[int] = []
        self.ended: list[int] = []
        self.together = 0
        self.together_max: Counter[int] = Counter()
        self._now: Counter[int] = Counter()
        self.gate = threading.Event()
        if not held:
            self.gate.set()

    def __call__(self, subject: int) -> None:
        with self.changed:
            self.began.append(subject)
            self._now[subject] += 1
            self.together = max(self.together, self._now.total())
            self.together_max[subject] = max(self.together_max[subject], self._now[subject])
            self.changed.notify_all()
        assert self.gate.wait(SOON)
        with self.changed:
            self.ended.append(subject)
            self._now[subject] -= 1
            self.changed.notify_all()

    def until(self, condition: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, SOON), (self.began, self.ended)


def test_a_task_is_run_for_the_subject_it_was_woken_for(start):
    work = Work()
    start(Task("send", Queue.SEND, work)).wake("send", 17)
    work.until(lambda: work.ended == [17])


def test_a_wake_up_without_a_subject_is_for_nought(start):
    work = Work()
    start(Task("collect", Queue.FETCH, work)).wake("collect")
    work.until(lambda: work.ended == [0])


def test_a_task_that_nobody_registered_is_refused(start):
    engine = start(Task("collect", Queue.FETCH, Work()))
    with pytest.raises(KeyError, match="colect"):
        engine.wake("colect")


def test_wake_ups_before_the_start_wait_for_it(start):
    work = Work()
    engine = start(Task("collect", Queue.FETCH, work), started=False)
    engine.wake("collect", 1)
    assert work.began == []
    engine.start()
    work.until(lambda: work.ended == [1])


def test_wake_ups_that_wait_are_merged(start):
    work, other = Work(held=True), Work()
    engine = start(Task("send", Queue.SEND, work), Task("plan", Queue.SEND, other), send=1)
    engine.wake("send", 1)
    work.until(lambda: work.began == [1])
    for _ in range(5):
        engine.wake("plan", 2)
        engine.wake("plan", 3)
    work.gate.set()
    other.until(lambda: len(other.ended) >= 2)
    assert engine.stop(SOON)
    assert sorted(other.ended) == [2, 3]


def test_a_wake_up_that_comes_while_its_task_runs_is_run_again_after(start):
    work = Work(held=True)
    engine = start(Task("send", Queue.SEND, work), send=2)
    engine.wake("send", 1)
    work.until(lambda: work.began == [1])
    for _ in range(5):
        engine.wake("send", 1)
    work.gate.set()
    work.until(lambda: len(work.ended) == 2)
    assert engine.stop(SOON)
    assert work.ended == [1, 1]


def test_one_subject_is_never_worked_on_twice_at_once(start):
    work = Work()
    engine = start(Task("send", Queue.SEND, work), send=4)

    def hammer() -> None:
        for _ in range(200):
            for subject in (1, 2, 3):
                engine.wake("send", subject)

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    work.until(lambda: {1, 2, 3} <= set(work.ended))
    assert engine.stop(SOON)
    assert set(work.together_max.values()) == {1}


def test_after_the_last_wake_up_its_task_begins_once_more_and_sees_what_was_written_before_it(start):
    """The law that lets a row be the truth: write, then wake, and the newest row is read."""
    written: Counter[int] = Counter()
    read: dict[int, int] = {}
    changed = threading.Condition()

    def work(subject: int) -> None:
        version = written[subject]
        with changed:
            read[subject] = version
            changed.notify_all()

    engine = start(Task("send", Queue.SEND, work), send=2)

    def writer(subject: int) -> None:
        for _ in range(500):
            written[subject] += 1
            engine.wake("send", subject)

    writers = [threading.Thread(target=writer, args=(subject,)) for subject in (1, 2, 3)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join(SOON)
    with changed:
        assert changed.wait_for(lambda: read == {1: 500, 2: 500, 3: 500}, SOON), read


def test_a_pool_is_bounded(start):
    work = Work(held=True)
    engine = start(Task("send", Queue.SEND, work), send=3)
    for subject in range(20):
        engine.wake("send", subject)
    work.until(lambda: len(work.began) == 3)
    work.gate.set()
    work.until(lambda: len(work.ended) == 20)
    assert work.together == 3


def test_a_busy_queue_keeps_no_other_waiting(start):
    slow, mail = Work(held=True), Work()
    engine = start(Task("collect", Queue.FETCH, slow), Task("notify", Queue.MAIL, mail), fetch=1, mail=1)
    engine.wake("collect")
    slow.until(lambda: slow.began == [0])
    engine.wake("notify")
    mail.until(lambda: mail.ended == [0])
    slow.gate.set()


@pytest.mark.parametrize("error", [RuntimeError("two\nlines"), SystemExit(3), KeyboardInterrupt(), MemoryError()])
def test_a_task_that_fails_is_logged_once_and_kills_nothing(start, caplog, error):
    good = Work()

    def bad(_subject: int) -> None:
        raise error

    engine = start(Task("bad", Queue.MISC, bad), Task("good", Queue.MISC, good), misc=1)
    with caplog.at_level(logging.ERROR, logger="syndication"):
        for subject in range(3):
            engine.wake("bad", subject)
        engine.wake("good", 4)
        good.until(lambda: good.ended == [4])
    failures = [record for record in caplog.records if record.exc_info]
    assert [record.__dict__["subject"] for record in failures] == [0, 1, 2]
    assert {record.__dict__["task"] for record in failures} == {"bad"}
    assert all("\n" not in record.getMessage() for record in failures)


def test_a_task_that_failed_can_be_woken_again(start):
    tries: list[int] = []
    done = threading.Event()

    def second_time_lucky(subject: int) -> None:
        tries.append(subject)
        if len(tries) == 1:
            engine.wake("try", subject)  # woken while it runs
            raise RuntimeError("not yet")
        done.set()

    engine = start(Task("try", Queue.MISC, second_time_lucky))
    engine.wake("try", 9)
    assert done.wait(SOON)
    assert tries == [9, 9]


def test_a_task_may_wake_the_next(start):
    last = Work()
    engine = start(
        Task("assemble", Queue.RENDER, lambda edition: engine.wake("plan", edition)),
        Task("plan", Queue.SEND, lambda edition: engine.wake("send", edition)),
        Task("send", Queue.SEND, last),
    )
    engine.wake("assemble", 5)
    last.until(lambda: last.ended == [5])


def test_kil_01_stop_lets_the_running_finish_and_begins_nothing_more(start):
    work = Work(held=True)
    engine = start(Task("send", Queue.SEND, work), send=1)
    engine.wake("send", 1)
    work.until(lambda: work.began == [1])
    engine.wake("send", 1)
    engine.wake("send", 2)
    drained: list[bool] = []
    stopper = threading.Thread(target=lambda: drained.append(engine.stop(SOON)))
    stopper.start()
    while not engine.stopping():
        assert stopper.is_alive()
    work.gate.set()
    stopper.join(SOON)
    assert drained == [True]
    assert work.ended == [1]


def test_kil_01_a_running_task_can_ask_whether_to_leave_off(start):
    pieces, begun = [], threading.Event()

    def long(_subject: int) -> None:
        while not engine.stopping():
            pieces.append(1)
            begun.set()

    engine = start(Task("send", Queue.SEND, long))
    engine.wake("send")
    assert begun.wait(SOON)
    assert engine.stop(SOON)
    assert pieces


def test_stop_waits_no_longer_than_it_may(start):
    work = Work(held=True)
    engine = start(Task("send", Queue.SEND, work))
    engine.wake("send", 1)
    work.until(lambda: work.began == [1])
    assert not engine.stop(0.05)
    work.gate.set()
    assert engine.stop(SOON)  # asked again, it says how it is now


def test_a_wake_up_after_the_stop_does_nothing(start):
    work = Work()
    engine = start(Task("send", Queue.SEND, work))
    assert engine.stop(SOON)
    engine.wake("send", 1)
    assert work.began == []
