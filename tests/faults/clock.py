"""Time that a test turns: a clock in a file, the same for all processes that opened it.

It goes at its usual pace from wherever it was set, so a process that was stopped finds, like any other, that time went
on meanwhile.
"""

import mmap
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


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
