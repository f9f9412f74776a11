"""What is the local engine's own. What every engine keeps stands in tests/contracts/test_taskport.py."""

import logging
import threading

import pytest

from syndication.engine.local import POOL_SIZES, LocalEngine
from syndication.jobs.ports.tasks import Queue, Task

SOON = 10.0


def test_every_queue_has_a_pool():
    assert set(POOL_SIZES) == set(Queue)


def test_a_full_queue_drops_the_wake_up_and_says_so_once(caplog):
    ran: list[int] = []
    engine = LocalEngine([Task("send", Queue.SEND, ran.append)], waiting_max=3)
    with caplog.at_level(logging.WARNING, logger="syndication"):
        for subject in range(10):
            engine.wake("send", subject)
        engine.start()
        assert engine.rest(SOON)
    assert sorted(ran) == [0, 1, 2]
    assert len(caplog.records) == 1
    engine.wake("send", 7)  # there is room again
    assert engine.rest(SOON)
    assert 7 in ran
    assert engine.stop(SOON)


def test_rest_waits_for_what_tasks_wake_in_turn():
    steps: list[str] = []

    def first(_subject: int) -> None:
        steps.append("first")
        engine.wake("second")

    def second(_subject: int) -> None:
        steps.append("second")
        if steps.count("second") < 20:
            engine.wake("first")

    engine = LocalEngine([Task("first", Queue.MISC, first), Task("second", Queue.MAIL, second)])
    engine.start()
    engine.wake("first")
    assert engine.rest(SOON)
    assert steps == ["first", "second"] * 20
    assert engine.stop(SOON)


def test_rest_waits_no_longer_than_it_may():
    gate = threading.Event()
    engine = LocalEngine([Task("hold", Queue.MISC, lambda _: gate.wait(SOON) and None)])
    engine.start()
    engine.wake("hold")
    assert not engine.rest(0.05)
    gate.set()
    assert engine.rest(SOON)
    assert engine.stop(SOON)


def test_a_name_is_registered_once():
    engine = LocalEngine([Task("send", Queue.SEND, print)])
    with pytest.raises(ValueError, match="'send'"):
        engine.register(Task("send", Queue.MISC, print))


def test_a_pool_has_a_thread():
    with pytest.raises(ValueError, match="fetch"):
        LocalEngine(sizes={Queue.FETCH: 0})
