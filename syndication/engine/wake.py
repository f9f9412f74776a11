"""Wake-ups between processes. In: a task's name and an id. Out: a datagram to the process that runs the tasks.

The socket lies in the data directory and belongs to its owner (0600). A wake-up is lost when nobody listens or the
socket's queue is full, and that is harmless: the reconciler finds what the rows say is due. So nothing here ever fails
for whoever wakes, and nothing is sent that is not in the rows.
"""

import logging
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from syndication.jobs.ports.tasks import TASKS

log = logging.getLogger(__name__)

NAME = "wake.sock"
ADDRESS_MAX = 100
"""Bytes of a socket's path: Linux takes 107, others a few less."""

DATAGRAM_MAX = 256


class Waker:
    """Fulfils TaskPort in the front and in short commands. Thread-safe."""

    def __init__(self, directory: Path, names: Iterable[str] = TASKS) -> None:
        self._directory = directory
        self._names = frozenset(names)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def wake(self, task: str, subject: int = 0) -> None:
        if task not in self._names:
            raise KeyError(task)
        try:
            with _address(self._directory) as address:
                self._socket.sendto(f"{task} {subject}".encode(), address)
        except OSError as error:  # nobody listens, the queue is full, this waker is closed
            log.debug("wake-up lost", extra={"task": task, "subject": subject, "why": error})

    def close(self) -> None:
        self._socket.close()


class Listener:
    """Hands the wake-ups of other processes to `wake`, in a thread of its own.

    Only the process whose supervisor holds the data directory may listen: a socket found there is a dead one's.
    """

    def __init__(self, directory: Path, wake: Callable[[str, int], None]) -> None:
        self._directory = directory
        self._wake = wake
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._thread = threading.Thread(target=self._listen, name="wake", daemon=True)
        self._inode: int | None = None
        self._closing = threading.Event()

    def start(self) -> bool:
        """Answers whether it listens. Without it the service only learns of news more slowly."""
        try:
            self._bind()
        except OSError as error:
            log.warning("wake-ups from other processes are off", extra={"why": error})
            return False
        self._thread.start()
        return True

    def close(self) -> None:
        if self._inode is None:
            self._socket.close()
            return
        self._closing.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        path = self._directory / NAME
        if _inode(path) == self._inode:  # another's by now, if this process was slow to leave
            path.unlink(missing_ok=True)
        self._inode = None

    def _bind(self) -> None:
        path = self._directory / NAME
        with suppress(FileNotFoundError):
            if not stat.S_ISSOCK(path.lstat().st_mode):
                raise FileExistsError(f"{path} is not a socket")
            path.unlink()
        os.fchmod(self._socket.fileno(), 0o600)  # before the name appears, so that it is never open to others
        with _address(self._directory) as address:
            self._socket.bind(address)
        path.chmod(0o600)
        self._inode = _inode(path)

    def _listen(self) -> None:
        while True:
            datagram = self._socket.recv(DATAGRAM_MAX)
            if self._closing.is_set():
                return
            task, _, subject = datagram.decode("ascii", "replace").partition(" ")
            try:
                self._wake(task, int(subject))
            except (KeyError, ValueError):
                log.warning("wake-up not understood", extra={"datagram": datagram})


@contextmanager
def _address(directory: Path) -> Iterator[str]:
    """The socket's path, by way of the directory's descriptor where the path itself is too long for a socket."""
    path = str(directory / NAME)
    if len(os.fsencode(path)) <= ADDRESS_MAX:
        yield path
        return
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{fd}/{NAME}"
    finally:
        os.close(fd)


def _inode(path: Path) -> int | None:
    try:
        return path.lstat().st_ino
    except FileNotFoundError:
        return None
