"""Datagrams between processes: they arrive, or they are lost, and neither does harm."""

import os
import queue
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from syndication.engine.wake import NAME, Listener, Waker
from syndication.jobs.ports.tasks import TASKS

SOON = 10.0


class Heard:
    """A TaskPort's `wake` that can be waited for."""

    def __init__(self) -> None:
        self.wakeups: queue.Queue[tuple[str, int]] = queue.Queue()

    def __call__(self, task: str, subject: int) -> None:
        if task not in TASKS:
            raise KeyError(task)
        self.wakeups.put((task, subject))

    def next(self) -> tuple[str, int]:
        return self.wakeups.get(timeout=SOON)


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def listen(heard):
    listeners = []

    def begin(directory: Path) -> Listener:
        listener = Listener(directory, heard)
        assert listener.start()
        listeners.append(listener)
        return listener

    yield begin
    for listener in listeners:
        listener.close()


def test_a_wake_up_arrives(tmp_path, heard, listen):
    listen(tmp_path)
    waker = Waker(tmp_path)
    waker.wake("send", 17)
    waker.wake("collect")
    assert [heard.next(), heard.next()] == [("send", 17), ("collect", 0)]


def test_a_wake_up_comes_from_another_process(tmp_path, heard, listen):
    listen(tmp_path)
    program = "import sys, pathlib, syndication.engine.wake as w; w.Waker(pathlib.Path(sys.argv[1])).wake('notify')"
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, timeout=60)
    assert heard.next() == ("notify", 0)


def test_nobody_listens_and_nothing_happens(tmp_path):
    Waker(tmp_path).wake("send", 1)
    Waker(tmp_path / "nowhere").wake("send", 1)


def test_a_task_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(KeyError, match="sned"):
        Waker(tmp_path).wake("sned", 1)


def test_a_closed_waker_is_as_good_as_none(tmp_path, listen):
    listen(tmp_path)
    waker = Waker(tmp_path)
    waker.close()
    waker.wake("send", 1)


def test_the_socket_belongs_to_its_owner_alone(tmp_path, listen):
    before = os.umask(0)
    try:
        listen(tmp_path)
    finally:
        os.umask(before)
    mode = (tmp_path / NAME).lstat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_a_socket_left_by_a_dead_process_is_replaced(tmp_path, heard, listen):
    dead = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    dead.bind(str(tmp_path / NAME))
    dead.close()
    Waker(tmp_path).wake("send", 1)  # lost
    listen(tmp_path)
    Waker(tmp_path).wake("send", 2)
    assert heard.next() == ("send", 2)


def test_a_file_in_the_place_of_the_socket_is_left_alone(tmp_path, heard):
    (tmp_path / NAME).write_text("somebody's")
    listener = Listener(tmp_path, heard)
    assert not listener.start()
    listener.close()
    assert (tmp_path / NAME).read_text() == "somebody's"


def test_a_directory_that_cannot_be_written_only_slows_the_service(tmp_path, heard):
    listener = Listener(tmp_path / "nowhere", heard)
    assert not listener.start()
    listener.close()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the long way round is Linux's")
def test_a_path_too_long_for_a_socket_works_all_the_same(tmp_path, heard, listen):
    deep = tmp_path / ("d" * 90) / ("e" * 90)
    deep.mkdir(parents=True)
    listen(deep)
    Waker(deep).wake("plan", 3)
    assert heard.next() == ("plan", 3)


def test_the_socket_is_gone_after_the_close(tmp_path, heard):
    listener = Listener(tmp_path, heard)
    assert listener.start()
    listener.close()
    assert not (tmp_path / NAME).exists()


def test_a_close_leaves_the_socket_of_another_alone(tmp_path, heard, listen):
    slow = Listener(tmp_path, heard)
    assert slow.start()
    listen(tmp_path)  # the next one took its place
    slow.close()
    Waker(tmp_path).wake("send", 4)
    assert heard.next() == ("send", 4)


@pytest.mark.parametrize(
    "datagram", [b"", b"send", b"send x", b"unknown 1", b"\xff\xfe 1", b"send 1 2", b" ", b"x" * 200]
)
def test_what_is_not_understood_is_passed_over(tmp_path, heard, listen, datagram):
    listen(tmp_path)
    stranger = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    stranger.sendto(datagram, str(tmp_path / NAME))
    stranger.close()
    Waker(tmp_path).wake("send", 5)
    assert heard.next() == ("send", 5)


def test_a_flood_neither_blocks_nor_fails(tmp_path):
    held, first = threading.Event(), threading.Event()

    def slow(task: str, subject: int) -> None:
        first.set()
        assert held.wait(SOON)

    listener = Listener(tmp_path, slow)
    assert listener.start()
    waker = Waker(tmp_path)
    waker.wake("send", 0)
    assert first.wait(SOON)
    for subject in range(5_000):
        waker.wake("send", subject)
    held.set()
    listener.close()
