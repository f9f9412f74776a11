"""A second process that cleans and judges entries while this one fetches and stores. Fulfils jobs' port Assistant.

It is started when there is work for it, gets tasks through a pipe, one lot after the other, and ends when it has had
none for a while or when we are gone. It is polite to its neighbours. One that dies is started again; one that does not
answer in time is killed; one that keeps dying is left alone for a while. Whatever happens to it, the work is done here.
"""

import logging
import os
import pickle
import resource
import select
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import IO

from syndication.jobs.assess import Assessed, Task, assess
from syndication.model.feed import Topic

LOTS_MAX = 2
"""In its hands at a time: one under way, one that waits for it."""
LOT_SECONDS = 30.0
IDLE_SECONDS = 120.0
DEATHS_MAX = 3
REST_SECONDS = 600.0
"""After so many deaths without an answer between, nothing is sent to it for so long."""
NICENESS = 5
MEMORY_BYTES = 1024 * 1024 * 1024
FRAME_BYTES_MAX = 256 * 1024 * 1024
_LENGTH = 8

BOOT = "import sys; sys.path[:] = {path!r}; from syndication.engine.assistant import main; main()"

log = logging.getLogger(__name__)

Lot = tuple[Sequence[Task], Sequence[Topic]]


class Pending:
    """A lot on its way."""

    def __init__(self, assistant: "Assistant", future: "Future[bytes]") -> None:
        self._assistant = assistant
        self._future = future

    def done(self) -> bool:
        return self._future.done()

    def result(self) -> Sequence[Assessed | None] | None:
        try:
            found: Sequence[Assessed | None] = pickle.loads(  # noqa: S301 (our own process wrote it)
                self._future.result(self._assistant.lot_seconds)
            )
        except Exception as error:  # noqa: BLE001 (whatever it is, the work is done here)
            self._assistant.failed(error)
            return None
        self._assistant.answered()
        return found


class Assistant:
    """Safe to use from one thread at a time; `close` from any."""

    def __init__(self, *, lot_seconds: float = LOT_SECONDS, idle_seconds: float = IDLE_SECONDS) -> None:
        self.lot_seconds = lot_seconds
        self._idle_seconds = idle_seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="assistant")
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._waiting: list[Future[bytes]] = []
        self._deaths = 0
        self._rest_until = 0.0
        self._closed = False

    def begin(self, tasks: Sequence[Task], topics: Sequence[Topic]) -> Pending | None:
        self._waiting = [future for future in self._waiting if not future.done()]
        if self._closed or len(self._waiting) >= LOTS_MAX or monotonic() < self._rest_until:
            return None
        lot: Lot = tasks, topics
        future = self._thread.submit(self._ask, pickle.dumps(lot, pickle.HIGHEST_PROTOCOL))
        self._waiting.append(future)
        return Pending(self, future)

    @property
    def pid(self) -> int | None:
        """Of the child; None when there is none."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def answered(self) -> None:
        self._deaths = 0

    def failed(self, error: Exception) -> None:
        """The lot did not come. Whatever became of the child, the next lot gets another one."""
        self._end()
        self._deaths += 1
        log.warning("assistant lost", extra={"error": repr(error), "times": self._deaths})
        if self._deaths >= DEATHS_MAX:
            self._rest_until, self._deaths = monotonic() + REST_SECONDS, 0

    def close(self) -> None:
        self._closed = True
        self._end()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _ask(self, lot: bytes) -> bytes:
        """In the thread of our own: may wait for as long as the child lives."""
        child = self._living()
        if child.stdin is None or child.stdout is None:
            raise BrokenPipeError("it has no pipes")
        _put(child.stdin, lot)
        answer = _take(child.stdout)
        if answer is None:
            raise BrokenPipeError(f"it ended with status {child.poll()}")
        return answer

    def _living(self) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._closed:
                raise BrokenPipeError("it is closed")
            if self._child is None or self._child.poll() is not None:
                self._forget()
                self._child = _started(self._idle_seconds)
            return self._child

    def _end(self) -> None:
        with self._lock:
            if self._child is not None:
                self._child.kill()
                self._child.wait()
                # The thread that reads from it meets its end, and lets go of the pipes.

    def _forget(self) -> None:
        """The pipes of a child that has ended."""
        if self._child is not None:
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe is not None:
                    pipe.close()


def _started(idle_seconds: float) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 (our own interpreter, our own program)
        [sys.executable, "-c", BOOT.format(path=sys.path), str(idle_seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,  # what is told to a terminal's programs is told to us, and we tell it
    )


def _put(pipe: IO[bytes], frame: bytes) -> None:
    whole = memoryview(len(frame).to_bytes(_LENGTH, "little") + frame)
    while whole:
        whole = whole[pipe.write(whole) :]


def _take(pipe: IO[bytes]) -> bytes | None:
    """The next frame; None at the end."""
    head = _exactly(pipe, _LENGTH)
    size = int.from_bytes(head, "little")
    if len(head) < _LENGTH or size > FRAME_BYTES_MAX:
        return None
    frame = _exactly(pipe, size)
    return frame if len(frame) == size else None


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    found = bytearray()
    while len(found) < size and (piece := pipe.read(size - len(found))):
        found += piece
    return bytes(found)


def main() -> None:
    """What the child does: lot after lot, until there is none for a while or the pipe ends."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    idle_seconds = float(sys.argv[1])
    with os.fdopen(0, "rb", buffering=0) as asked, os.fdopen(1, "wb", buffering=0) as told:
        while select.select([asked], [], [], idle_seconds)[0]:
            lot = _take(asked)
            if lot is None:
                return
            tasks, topics = pickle.loads(lot)  # noqa: S301 (our own process wrote it)
            found = [assess(task, topics) for task in tasks]
            _put(told, pickle.dumps(found, pickle.HIGHEST_PROTOCOL))
