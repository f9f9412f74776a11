"""Time that a test turns: a clock in a file for processes of its own, and libfaketime for programs that ask the system.

`SharedClock` goes at its usual pace from wherever it was set, the same in every process that opened it; a process that
was stopped meanwhile finds, like any other, that time went on. `faketime` is the environment that a program is started
in to have its wall clock set, or running wrong.
"""

import mmap
import os
import struct
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

LIBRARIES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/local/lib/faketime/libfaketime.so.1")


class SharedClock:
    """Callable. `forward` is felt by everybody at once."""

    def __init__(self, path: Path, start: datetime | None = None) -> None:
        if start is not None:
            path.write_bytes(struct.pack("d", start.timestamp() - time.time()))
        self._file = path.open("r+b")
        self._ahead = mmap.mmap(self._file.fileno(), 8)

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._seconds(), UTC)

    def forward(self, span: timedelta) -> None:
        struct.pack_into("d", self._ahead, 0, self._seconds() + span.total_seconds())

    def _seconds(self) -> float:
        (seconds,) = struct.unpack_from("d", self._ahead, 0)
        return float(seconds)


def library() -> Path | None:
    """libfaketime, where Debian puts it."""
    found = [path for pattern in LIBRARIES for path in Path("/").glob(pattern[1:])]
    return found[0] if found else None


def faketime(setting: str, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """`setting` as libfaketime reads it: "+2d" ahead by two days, "-90m", "@2026-03-29 01:30:00" from then on.

    The monotonic clock is left alone, as a step of the wall clock leaves it.
    """
    path = library()
    assert path is not None, "libfaketime (Debian: libfaketime) is not installed"
    return {**environ, "LD_PRELOAD": str(path), "FAKETIME": setting, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
