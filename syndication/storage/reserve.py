"""Disk space kept back for those who leave. In: a data directory. Out: whether there is enough for what we do.

A disk fills up in an order that we choose: first nothing is sent any more, then nothing is collected, and what is left
is for unsubscribes. When even that is gone a file that was kept for it is given up.
"""

import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path

BYTES = 16 * 1024 * 1024
SENDING_BYTES_MIN = 96 * 1024 * 1024
WORK_BYTES_MIN = 48 * 1024 * 1024
NAME = "reserve"


class Reserve:
    """Thread-safe. Nothing is written before `keep`."""

    def __init__(self, data: Path, bytes: int = BYTES) -> None:
        self.bytes = bytes
        self._path = data / NAME
        self._giving_up = threading.Lock()

    @property
    def whole(self) -> bool:
        with suppress(OSError):
            return self._path.stat().st_size >= self.bytes
        return False

    @property
    def sending_stops(self) -> bool:
        """Mail leaves a trail in the ledger that must be written; with little space left none is begun."""
        return self._free() < SENDING_BYTES_MIN

    @property
    def work_stops(self) -> bool:
        """Nor anything else that fills the disk."""
        return self._free() < WORK_BYTES_MIN

    def keep(self) -> bool:
        """Make the file, in blocks that are really there, unless the disk is short already. Whether it is whole."""
        if not self.whole and self._free() > WORK_BYTES_MIN + self.bytes:
            try:
                descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    os.posix_fallocate(descriptor, 0, self.bytes)
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
            except OSError:
                self.give_up()
        return self.whole

    def give_up(self) -> bool:
        """The space is free from here on. False when it was given up before."""
        with self._giving_up:
            try:
                self._path.unlink()
            except OSError:
                return False
            return True

    def _free(self) -> int:
        try:
            return shutil.disk_usage(self._path.parent).free
        except OSError:  # it is not there yet, or cannot be asked: what is done says so itself
            return 1 << 62
