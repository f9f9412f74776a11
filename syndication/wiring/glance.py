"""Look for new documents often, and only when something was written. In: a look, the database's file. Out: a look.

SQLite appends what is written to a journal beside the file, so a glance at that journal costs next to nothing, and a
reader of a feed waits a tenth of a second for news and not a quarter. Two writes within one tick of the file system's
clock may look like one: a look each second finds what a glance has missed.
"""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

ANYWAY_SECONDS = 1.0


class Glance:
    """Called again and again. Without a file it looks each time."""

    def __init__(
        self, look: Callable[[], object], path: Path | None, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._look, self._clock = look, clock
        self._journal = path and path.with_name(path.name + "-wal")
        self._seen: object = None
        self._again_at = -ANYWAY_SECONDS

    def __call__(self) -> None:
        """Raises what the look raises, and then looks the next time again."""
        found = self._glance()
        if found is not None and found == self._seen and self._clock() < self._again_at:
            return
        self._seen = None
        self._look()
        self._seen, self._again_at = found, self._clock() + ANYWAY_SECONDS

    def _glance(self) -> object:
        if self._journal is None:
            return None
        try:
            state = self._journal.stat()
        except OSError:
            return None
        return state.st_ino, state.st_size, state.st_mtime_ns
