"""One process of the service, as it sees itself: `Life`, and the door by which the supervisor starts it.

A part is a function, called as `function(life, *arguments)` in a process of its own. It sets itself up, says
`life.up()`, works until `life.wait()` answers, and returns. Signals are not its business: the supervisor gets them and
says what is to be done, in order. When the supervisor is gone, so is the part, at once; the rows are safe at any
instruction.
"""

import ctypes
import importlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from operator import attrgetter

log = logging.getLogger(__name__)

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""By which a service is asked to stop."""

PR_SET_PDEATHSIG = 1
ORPHANED = 70
"""Exit status of a part whose supervisor is gone, as far as anybody is left to see it."""


class Life:
    """What the supervisor and a part tell one another. Thread-safe."""

    def __init__(self, name: str, tell: Callable[[str], None]) -> None:
        self.name = name
        self._tell = tell
        self._ready = threading.Event()
        self._stop = threading.Event()
        self._drain_seconds = 0.0

    def up(self) -> None:
        """Say that this part does its work."""
        self._tell("up")

    def ready(self) -> bool:
        """Whether the whole service is: every part is up, and nobody asked it to stop. For `/readyz`."""
        return self._ready.is_set()

    def stopping(self) -> bool:
        """Whether this part should leave."""
        return self._stop.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until this part should leave, `seconds` at most. Answers whether it should."""
        return self._stop.wait(seconds)

    @property
    def drain_seconds(self) -> float:
        """How long this part may take to finish what it has begun. Known once it should leave."""
        return self._drain_seconds

    def hear(self, line: str) -> None:
        """A word of the supervisor's: `ready`, `unready`, `stop 25.0`."""
        word, _, seconds = line.partition(" ")
        if word == "ready":
            self._ready.set()
        elif word == "unready":
            self._ready.clear()
        elif word == "stop":
            self._ready.clear()
            self._drain_seconds = float(seconds)
            self._stop.set()


def main(name: str, target: str, control_fd: int, lock_fd: int, supervisor: int, arguments: tuple[str, ...]) -> None:
    """The first thing that runs in a part's process. Does not return."""
    for fd in (control_fd, lock_fd):
        os.set_inheritable(fd, False)  # neither outlives this process in a child of its own
    _die_with(supervisor)
    for number in SIGNALS:
        signal.signal(number, _leave_it_to_the_supervisor)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)  # the supervisor blocked them until this moment
    control = socket.socket(fileno=control_fd)
    life = Life(name, lambda line: _say(control, line))
    threading.Thread(target=_listen, args=(control, life), name="supervisor", daemon=True).start()
    _exit(_run(life, target, arguments))


def named(function: str | Callable[..., object]) -> str:
    """`module:name` of a function, by which another process can find it. Raises ValueError when none could."""
    if isinstance(function, str):
        return function
    name = f"{function.__module__}:{function.__qualname__}"
    if function.__module__ == "__main__" or "<" in function.__qualname__:
        raise ValueError(f"a part is a function at the top of a module, got {name}")
    return name


def _run(life: Life, target: str, arguments: tuple[str, ...]) -> int:
    try:
        module, _, name = target.partition(":")
        attrgetter(name)(importlib.import_module(module))(life, *arguments)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:  # whatever it is, it must become a line of the log and an exit status
        log.exception("part failed", extra={"part": life.name})
        return 1
    return 0


def _listen(control: socket.socket, life: Life) -> None:
    with suppress(OSError), control.makefile("r", encoding="ascii") as lines:
        for line in lines:
            life.hear(line.rstrip("\n"))
    _exit(ORPHANED)


def _say(control: socket.socket, line: str) -> None:
    with suppress(OSError):  # the listening thread will notice
        control.sendall(f"{line}\n".encode("ascii"))


def _die_with(supervisor: int) -> None:
    """On Linux the kernel sees to it, even while this process is busy in a library. Elsewhere the pipe's end does."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != supervisor:  # it died before we asked
        _exit(ORPHANED)


def _leave_it_to_the_supervisor(number: int, frame: object) -> None:
    """A handler, not SIG_IGN: a process that this one starts must not inherit deafness."""


def _exit(status: int) -> None:
    """Leave without waiting for threads: what outlasts the grace time is over."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)
