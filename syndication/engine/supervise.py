"""`run`: keeps the parts of the service alive, and takes them down in order. In: Parts. Out: an exit status.

It holds the data directory, starts each part in a process of its own and starts again one that dies, after a pause
that doubles; a part that keeps dying young ends the service. SIGTERM, SIGINT or SIGHUP: readiness goes off in every
part, then the parts are stopped one after another, the last one started first, and share the grace time. A second
signal does not wait. It knows nothing of what the parts do.
"""

import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from syndication.engine.lock import DirectoryLock
from syndication.engine.part import SIGNALS, named

log = logging.getLogger(__name__)

# The supervisor's own module path, so that a part finds the same code wherever it was started from.
BOOT = "import sys; sys.path[:] = {path!r}; from syndication.engine.part import main; main({arguments})"


@dataclass(frozen=True, slots=True)
class Part:
    """A process of the service: `target`, a function or "module:function", is called as `target(life, *arguments)`.

    Arguments are seen by everybody on the machine: paths and names, never a secret.
    """

    name: str
    target: str | Callable[..., object]
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Patience:
    """With parts that die. The pause doubles from `pause_seconds` up to `pause_seconds_max`.

    A death within `young_seconds` of its start counts; `young_deaths_max` of them in a row end the service.
    """

    pause_seconds: float = 0.5
    pause_seconds_max: float = 30.0
    young_seconds: float = 20.0
    young_deaths_max: int = 6

    def pause(self, young_deaths: int) -> float:
        return float(min(self.pause_seconds * 2 ** max(0, young_deaths - 1), self.pause_seconds_max))


def run(
    directory: Path,
    parts: Sequence[Part],
    *,
    grace_seconds: float = 25.0,
    patience: Patience | None = None,
    before: Callable[[], None] = lambda: None,
    on_ready: Callable[[], None] = lambda: None,
) -> int:
    """Run the service until a signal, in the main thread. Answers 0 when every part left by itself in time, else 1.

    `parts` are started in this order, (front, back), and stopped in the reverse. `before` is called with the directory
    held and nothing started: for what needs the last service gone, such as its ports; what it raises is the end.
    `on_ready` is called once, when all parts are up for the first time, and must be quick. Raises StoreError when
    another service holds `directory`.
    """
    lock = DirectoryLock(directory)
    lock.take(datetime.now(UTC))
    try:
        before()
        with _signals() as signals:
            supervisor = _Supervisor(parts, lock.fd, signals, patience or Patience(), on_ready)
            try:
                return supervisor.run(grace_seconds)
            finally:
                supervisor.kill()
    finally:
        lock.release()


class _Process:
    """A part and, while it lives, its process."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.up = False
        self.young_deaths = 0
        self.start_at = 0.0
        """By the monotonic clock: when it is to be started, or when it was."""
        self.control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._heard = b""

    def start(self, lock_fd: int) -> socket.socket:
        """Raises OSError when the machine has no room for another process."""
        self.start_at = time.monotonic()
        ours, theirs = socket.socketpair()
        part = self.part
        arguments = (part.name, named(part.target), theirs.fileno(), lock_fd, os.getpid(), part.arguments)
        program = BOOT.format(path=sys.path, arguments=", ".join(map(repr, arguments)))
        # Ctrl-C reaches a part too, and before it has its handlers it would die of that.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own program and nothing else
                [sys.executable, "-c", program, part.name],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), lock_fd),
            )
        except OSError:
            ours.close()
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            theirs.close()
        ours.setblocking(False)
        self.control = ours
        return ours

    def tell(self, line: str) -> None:
        if self.control is not None:
            with suppress(OSError):  # it is dying: the next look at it shows that
                self.control.sendall(f"{line}\n".encode("ascii"))

    def hear(self) -> list[str] | None:
        """What it said since, or None when it is gone."""
        if self.control is None:
            return None
        try:
            data = self.control.recv(4096)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            return None
        *lines, self._heard = (self._heard + data).split(b"\n")
        return [line.decode("ascii", "replace") for line in lines]

    def bury(self) -> int:
        """Its exit status, negative for a signal. Called when its end of the pipe is closed, or to end it."""
        status = 0
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)  # it closed its end, so it is on its way out
            self._process.kill()
            status = self._process.wait()
        if self.control is not None:
            self.control.close()
        self._process = self.control = None
        self.up, self._heard = False, b""
        return status

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self.bury()


class _Supervisor:
    def __init__(
        self,
        parts: Sequence[Part],
        lock_fd: int,
        signals: socket.socket,
        patience: Patience,
        on_ready: Callable[[], None],
    ) -> None:
        self._processes = [_Process(part) for part in parts]
        self._lock_fd, self._signals, self._patience, self._on_ready = lock_fd, signals, patience, on_ready
        self._asked = 0
        self._failed = False
        self._stopping = False
        self._was_ready = False
        self._announced = False
        self._selector = selectors.DefaultSelector()
        self._selector.register(signals, selectors.EVENT_READ)

    def run(self, grace_seconds: float) -> int:
        log.info("service starts", extra={"pid": os.getpid()})
        while not (self._asked or self._failed):
            self._start_those_due()
            self._look(self._next_start())
        return self._stop(time.monotonic() + grace_seconds, grace_seconds)

    def kill(self) -> None:
        for process in self._processes:
            process.kill()
        self._selector.close()

    def _stop(self, until: float, grace_seconds: float) -> int:
        began, asked = time.monotonic(), self._asked
        self._stopping = True
        log.info("service stops", extra={"grace_seconds": grace_seconds})
        self._say_whether_ready(False)
        for index in reversed(range(len(self._processes))):
            process = self._processes[index]
            # Those still to come keep a tenth each, so that one that hangs does not cost the others their farewell.
            mine = until - index * grace_seconds / 10
            process.tell(f"stop {max(0.0, mine - time.monotonic() - 0.5):.1f}")
            while process.control is not None and time.monotonic() < mine and self._asked == asked:
                self._look(mine)
            if process.control is not None:
                log.error("part killed", extra={"part": process.part.name, "why": "it did not leave in time"})
                self._selector.unregister(process.control)
                process.kill()
                self._failed = True
        log.info("service stopped", extra={"seconds": round(time.monotonic() - began, 1)})
        return 1 if self._failed else 0

    def _start_those_due(self) -> None:
        for process in self._processes:
            if process.control is None and time.monotonic() >= process.start_at:
                try:
                    control = process.start(self._lock_fd)
                except OSError as error:
                    self._mourn(process, error)
                else:
                    self._selector.register(control, selectors.EVENT_READ, process)

    def _next_start(self) -> float | None:
        waiting = [process.start_at for process in self._processes if process.control is None]
        return min(waiting, default=None)

    def _look(self, until: float | None) -> None:
        """Wait for a signal, a word or a death, until the monotonic clock shows `until` at most."""
        timeout = None if until is None else max(0.0, until - time.monotonic())
        for key, _ in self._selector.select(timeout):
            if key.data is None:
                self._asked += sum(number in SIGNALS for number in self._signals.recv(4096))
            else:
                self._attend(key.data)
        if not (self._asked or self._failed):
            self._say_whether_ready(all(process.up for process in self._processes))

    def _attend(self, process: _Process) -> None:
        lines = process.hear()
        if lines is None:
            self._selector.unregister(process.control)  # type: ignore[arg-type]
            self._mourn(process, process.bury())
        elif "up" in lines:
            process.up = True
            log.info("part up", extra={"part": process.part.name})
            process.tell("ready" if self._was_ready else "unready")

    def _mourn(self, process: _Process, status: int | OSError) -> None:
        if self._stopping:
            if status:
                log.error("part left badly", extra={"part": process.part.name, "status": status})
                self._failed = True
            return
        now, patience = time.monotonic(), self._patience
        process.young_deaths = process.young_deaths + 1 if now - process.start_at < patience.young_seconds else 1
        pause = patience.pause(process.young_deaths)
        process.start_at = now + pause
        if hopeless := process.young_deaths >= patience.young_deaths_max:
            self._failed = True
        then = {"deaths": process.young_deaths} if hopeless else {"starts_again_seconds": pause}
        log.error("part died", extra={"part": process.part.name, "status": status, **then})

    def _say_whether_ready(self, ready: bool) -> None:
        if ready == self._was_ready:
            return
        self._was_ready = ready
        for process in self._processes:
            process.tell("ready" if ready else "unready")
        if ready and not self._announced:
            self._announced = True
            log.info("service ready")
            self._on_ready()


@contextmanager
def _signals() -> Iterator[socket.socket]:
    """A socket from which a byte can be read for each signal that asks the service to stop."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    old_fd = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    # SIGHUP stays ignored where `nohup` asked for that.
    mine = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    old = {number: signal.signal(number, lambda _number, _frame: None) for number in mine}
    try:
        yield ours
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(old_fd)
        ours.close()
        theirs.close()
