"""One service on a data directory. In: the directory. Out: a lock that is held, or StoreError that names who holds it.

The lock is the kernel's (flock), so it ends with its holders however they end, and the file is never deleted. The parts
of a service keep it too: after a `kill -9` of the supervisor the next start waits for the last of them to leave. Short
commands work on the same rows as guests, and take no lock.
"""

import contextlib
import fcntl
import os
import socket
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from syndication.errors import StoreError

NAME = "service.lock"
LEAVING_SECONDS = 10.0
"""How long a start waits for the parts of a service whose supervisor is dead."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a data directory, in its own words. `started` is ISO 8601 in UTC."""

    pid: int
    started: str
    host: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}, started {self.started}"

    @property
    def alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


class DirectoryLock:
    """Held from `take` until `release`, or until every process that has its `fd` is gone."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._path = directory / NAME
        self._fd: int | None = None

    @property
    def fd(self) -> int:
        """For the parts of the service, which hold the lock by having this descriptor."""
        if self._fd is None:
            raise ValueError("the lock is not held")
        return self._fd

    def take(self, started: datetime, *, leaving_seconds: float = LEAVING_SECONDS) -> None:
        """Raises StoreError, naming the holder, when another service runs here."""
        fd = self._open()
        try:
            self._wait(fd, leaving_seconds)
            self._sign(fd, started)
        except BaseException:
            os.close(fd)
            raise
        self._fd = fd

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"the data directory {self._directory} cannot be used",
                why=str(error.strerror),
                fix="check that it exists and belongs to the user who runs the service",
            ) from error

    def _wait(self, fd: int, leaving_seconds: float) -> None:
        until = time.monotonic() + leaving_seconds
        # An empty file, or one just being written, is read again: its holder has not signed yet.
        unsigned_until = time.monotonic() + min(1.0, leaving_seconds)
        while not _try(fd):
            found = holder(self._directory)
            now = time.monotonic()
            if now > until or (found.alive if found else now > unsigned_until):
                raise self._refusal(found)
            time.sleep(0.02)

    def _refusal(self, found: Holder | None) -> StoreError:
        return StoreError(
            f"another service runs on {self._directory}",
            why=f"{found} holds {self._path.name}" if found else f"{self._path.name} is held by an unknown process",
            fix="stop it first, or give this one another directory with --data",
        )

    def _sign(self, fd: int, started: datetime) -> None:
        text = f"{os.getpid()} {started:%Y-%m-%dT%H:%M:%SZ} {socket.gethostname()}\n"
        with contextlib.suppress(OSError):  # a full disk: the lock holds without its name
            os.ftruncate(fd, 0)
            os.pwrite(fd, text.encode(), 0)


def holder(directory: Path) -> Holder | None:
    """Who signed the lock last: whether it is still held, `Holder.alive` tells only on the same host."""
    try:
        pid, started, host = (directory / NAME).read_text().split()
        return Holder(int(pid), started, host)
    except (OSError, ValueError):
        return None


def running(directory: Path) -> Holder | None:
    """Who runs the service on this directory now. None when nobody holds the lock."""
    try:
        fd = os.open(directory / NAME, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return None if _try(fd) else holder(directory)
    finally:
        os.close(fd)


def _try(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
