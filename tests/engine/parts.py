"""A service made of parts that tell the test what befalls them, each by a datagram to the socket `events`."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from syndication.engine.local import LocalEngine
from syndication.engine.lock import NAME
from syndication.engine.part import Life
from syndication.engine.supervise import Part, Patience, run
from syndication.jobs.ports.tasks import Queue, Task

NOW = datetime(2026, 5, 7, 6, 30, tzinfo=UTC)


def tell(directory: str, *words: object) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        to.connect(str(Path(directory) / "events"))
        to.send(" ".join(map(str, words)).encode())


def serve(directory: str, kinds: str, grace_seconds: str, young_deaths_max: str = "4") -> None:
    """A supervisor with two parts; `kinds` names their functions: "steady,steady"."""
    front, back = kinds.split(",")
    logging.basicConfig(level=logging.INFO)
    status = run(
        Path(directory),
        [Part("front", globals()[front], (directory,)), Part("back", f"{__name__}:{back}", (directory,))],
        grace_seconds=float(grace_seconds),
        patience=Patience(0.05, 0.2, 20.0, int(young_deaths_max)),
        on_ready=lambda: tell(directory, "service ready"),
    )
    sys.exit(status)


def steady(life: Life, directory: str) -> None:
    """Works until told to leave, and leaves. Tells of readiness as it changes."""
    tell(directory, life.name, "up", os.getpid())
    life.up()
    was = False
    while not life.wait(0.01):
        if life.ready() != was:
            was = life.ready()
            tell(directory, life.name, "ready" if was else "unready")
    tell(directory, life.name, "leaves", "ready" if life.ready() else "unready")


def draining(life: Life, directory: str) -> None:
    """Has work in hand when told to leave: it ends when the file `done` appears."""
    tell(directory, life.name, "up", os.getpid())
    life.up()
    life.wait()
    tell(directory, life.name, "drains", life.drain_seconds > 0)
    while not (Path(directory) / "done").exists():
        time.sleep(0.01)
    tell(directory, life.name, "drained")


def working(life: Life, directory: str) -> None:
    """Sends one batch after another in an engine, as the back does; batch n ends when the file `batch-n` appears."""

    def send(_edition: int) -> None:
        for n in range(1, 100):
            if engine.stopping():
                return
            tell(directory, life.name, "begins", n)
            while not (Path(directory) / f"batch-{n}").exists():
                time.sleep(0.01)
            tell(directory, life.name, "ends", n)

    engine = LocalEngine([Task("send", Queue.SEND, send)])
    engine.start()
    engine.wake("send", 1)
    life.up()
    life.wait()
    tell(directory, life.name, "drained", engine.stop(life.drain_seconds))


def stubborn(life: Life, directory: str) -> None:
    """Never leaves."""
    tell(directory, life.name, "up", os.getpid())
    life.up()
    life.wait()
    tell(directory, life.name, "stays")
    threading.Event().wait()


def busy(life: Life, directory: str) -> None:
    """Never hears anything: it holds the interpreter to itself, as a library in C may."""
    tell(directory, life.name, "up", os.getpid())
    life.up()
    sys.setswitchinterval(3600)
    while True:
        pass


def frail(life: Life, directory: str) -> None:
    """Dies as soon as it lives."""
    tell(directory, life.name, "up", os.getpid())
    raise RuntimeError("a port is\nin use")


def quitter(life: Life, directory: str) -> None:
    """Leaves although nobody asked."""
    tell(directory, life.name, "up", os.getpid())


def leaves_badly(life: Life, directory: str) -> None:
    tell(directory, life.name, "up", os.getpid())
    life.up()
    life.wait()
    raise RuntimeError("the drain failed")


def parent(life: Life, directory: str) -> None:
    """Has a child of its own, which must inherit neither the lock nor deafness to signals."""
    with subprocess.Popen(["sleep", "60"]) as child:
        tell(directory, life.name, "up", os.getpid())
        holds = any(NAME in fd for fd in open_files(child.pid))
        child.send_signal(signal.SIGTERM)
        try:
            tell(directory, life.name, "child", child.wait(10), holds)
        finally:
            child.kill()
    life.up()
    life.wait()


def open_files(pid: int) -> list[str]:
    """What the process holds open; a program that has just begun opens and closes its libraries meanwhile."""
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(entry.readlink()))
    return found
