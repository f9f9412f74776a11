"""How far claims that go message by message have come, beside the database. In and out: a Cursor, by its attempt.

One small file a claim, overwritten in place: two slots in turn, each with its number and a sum, so that a cut within a
write leaves the other one. A database that was restored knows less than these files, and is found out by them.
"""

import os
import struct
import threading
import zlib
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from syndication.model.carrying import Cursor

BITMAP_BYTES = 128
"""A batch has 1,000 places at most."""
_SLOT = struct.Struct(f">Q{BITMAP_BYTES}s{BITMAP_BYTES}s")
_SUM = struct.Struct(">I")
SLOT_BYTES = _SLOT.size + _SUM.size
SUFFIX = ".cursor"


@dataclass
class _Open:
    file: int
    number: int = 0


class Trail:
    """In `directory`, made when it is first needed. Thread-safe, for each claim has one hand. Raises OSError."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._open: dict[str, _Open] = {}
        self._opening = threading.Lock()

    def begin_mark(self, attempt_id: str, cursor: Cursor) -> "Future[None]":
        """Write beside whatever else is being written. It is on disk when the answer is there."""
        return self._writers.submit(self.mark, attempt_id, cursor)

    def mark(self, attempt_id: str, cursor: Cursor) -> None:
        """On disk when it returns. One at a time for each claim."""
        mine = self._open.get(attempt_id) or self._begin(attempt_id)
        mine.number += 1
        os.pwrite(mine.file, _written(mine.number, cursor), mine.number % 2 * SLOT_BYTES)
        os.fdatasync(mine.file)

    def marks(self) -> Mapping[str, Cursor]:
        """Whatever is kept, of claims of any process. A file without a whole slot says nothing."""
        found = {}
        for path in sorted(self._directory.glob(f"*{SUFFIX}")) if self._directory.exists() else ():
            with suppress(FileNotFoundError):  # its claim has just ended
                cursor = _read(path.read_bytes())
                found[path.name.removesuffix(SUFFIX)] = cursor or Cursor()
        return found

    def forget(self, attempt_id: str) -> None:
        if (mine := self._open.pop(attempt_id, None)) is not None:
            os.close(mine.file)
        self._path(attempt_id).unlink(missing_ok=True)

    @cached_property
    def _writers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=4, thread_name_prefix="trail")

    def close(self) -> None:
        if "_writers" in self.__dict__:
            self._writers.shutdown()
        while self._open:
            os.close(self._open.popitem()[1].file)

    def _begin(self, attempt_id: str) -> _Open:
        with self._opening:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(self._path(attempt_id), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            # Its whole length at once: an overwrite needs no more than the data on disk.
            os.pwrite(file, bytes(2 * SLOT_BYTES), 0)
            os.fsync(file)
            held = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(held)
            finally:
                os.close(held)
            self._open[attempt_id] = _Open(file)
            return self._open[attempt_id]

    def _path(self, attempt_id: str) -> Path:
        if not attempt_id.isalnum():
            raise ValueError(f"an attempt is named by letters and digits, got {attempt_id!r}")
        return self._directory / f"{attempt_id}{SUFFIX}"


def _written(number: int, cursor: Cursor) -> bytes:
    data = _SLOT.pack(number, *(bits.to_bytes(BITMAP_BYTES, "little") for bits in (cursor.begun, cursor.accepted)))
    return data + _SUM.pack(zlib.crc32(data))


def _read(data: bytes) -> Cursor | None:
    """The newest whole slot; None when there is none."""
    newest, found = 0, None
    for start in (0, SLOT_BYTES):
        slot, told = data[start : start + _SLOT.size], data[start + _SLOT.size : start + SLOT_BYTES]
        if len(told) == _SUM.size and _SUM.unpack(told) == (zlib.crc32(slot),):
            number, begun, accepted = _SLOT.unpack(slot)
            if number > newest:
                newest = number
                found = Cursor(int.from_bytes(begun, "little"), int.from_bytes(accepted, "little"))
    return found
