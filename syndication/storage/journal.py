"""The journal: append-only JSON lines beside the database, each on disk before it counts. In and out: JournalLine.

Several threads and both processes of a service append to one file. A line begins and ends with a line break, so what a
cut tears is one line and never the next. Full segments are set aside under a number, and the oldest are let go.
"""

import errno
import fcntl
import json
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from syndication.errors import StoreError
from syndication.model.carrying import Cursor
from syndication.model.choice import Cadence
from syndication.model.journal import Carried, Claimed, Departed, JournalLine, Lifted, Owed, Suppressed, Unsubscribed
from syndication.storage.trail import Trail

SEGMENT_BYTES_MAX = 16 * 1024 * 1024
SEGMENTS_MAX = 16
LINE_BYTES_MAX = 4096
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
KINDS: dict[str, type[JournalLine]] = {
    "claimed": Claimed,
    "carried": Carried,
    "unsubscribed": Unsubscribed,
    "departed": Departed,
    "suppressed": Suppressed,
    "lifted": Lifted,
}
NAMES = {kind: name for name, kind in KINDS.items()}


class Journal:
    """Opens, or begins, the journal in `directory`. Raises StoreError when it cannot be written there."""

    def __init__(
        self,
        directory: Path,
        *,
        segment_bytes_max: int = SEGMENT_BYTES_MAX,
        make_room: Callable[[], bool] = lambda: False,
    ) -> None:
        """`make_room` is asked when what a reader is owed finds the disk full; it answers whether to try again."""
        self._directory = directory
        self._path = directory / "journal.jsonl"
        self._segment_bytes_max = segment_bytes_max
        self._make_room = make_room
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        self._written = self._synced = 0
        self._broken = ""
        self._file = -1
        self._trail = Trail(directory / "claims")
        with _in_our_words(self._path):
            directory.mkdir(parents=True, exist_ok=True)
            self._file = self._open()
            self._follower = Follower(directory, self._path)

    def append(self, line: JournalLine) -> None:
        """Write one line and return when it would survive a power cut. Raises StoreError when that is not certain."""
        data = encode(line)
        with self._writing:
            if self._broken:
                raise StoreError("the journal is not written any more", why=self._broken, fix="restart the service")
            self._write(data, owed=isinstance(line, Owed))
            self._written += 1
            mine = self._written
        self._sync(mine)

    def append_all(self, lines: Sequence[JournalLine]) -> None:
        """Write several as `append` does, with one wait for the disk."""
        if not lines:
            return
        with self._writing:
            if self._broken:
                raise StoreError("the journal is not written any more", why=self._broken, fix="restart the service")
            for line in lines:
                self._write(encode(line), owed=isinstance(line, Owed))
                self._written += 1
            mine = self._written
        self._sync(mine)

    def news(self) -> tuple[Sequence[Owed], int]:
        """What readers are owed by lines that anybody has appended since this was opened, less what was `seen`."""
        with _in_our_words(self._path):
            return self._follower.news()

    def seen(self, mark: int) -> None:
        """The database has all of `news` up to `mark`."""
        self._follower.seen(mark)

    def lines(self) -> Iterator[JournalLine]:
        """All that is kept, oldest first. A torn or foreign line is passed over."""
        for path in [*segments(self._directory), self._path]:
            with _in_our_words(path), path.open("rb") as file:
                for data in file:
                    line = decode(data)
                    if line is not None:
                        yield line

    @contextmanager
    def marking(self, attempt_id: str, cursor: Cursor) -> Iterator[None]:
        """How far a claim has come, written beside what is done within, and on disk at its end. Raises StoreError."""
        writing = self._trail.begin_mark(attempt_id, cursor)
        try:
            yield
        finally:
            with _in_our_words(self._path):
                writing.result()

    def marks(self) -> Mapping[str, Cursor]:
        """What was marked of claims whose end is not told yet."""
        with _in_our_words(self._path):
            return self._trail.marks()

    def ended(self, line: Carried) -> None:
        """The claim goes on no more; its line takes the place of its mark."""
        self.append(line)
        with _in_our_words(self._path):
            self._trail.forget(line.attempt_id)

    def close(self) -> None:
        self._trail.close()
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
            self._follower.close()

    def _write(self, data: bytes, *, owed: bool) -> None:
        with _in_our_words(self._path):
            try:
                self._write_once(data)
            except OSError as error:
                if not owed or error.errno not in FULL or not self._make_room():
                    raise
                self._write_once(data)

    def _write_once(self, data: bytes) -> None:
        if os.fstat(self._file).st_size >= self._segment_bytes_max:
            self._roll()
        if os.write(self._file, data) != len(data):
            # The next one begins with a line break of its own.
            raise OSError(errno.ENOSPC, "a line was cut short")

    def _sync(self, mine: int) -> None:
        """One thread's fsync serves all who wrote before it began."""
        with self._syncing:
            if self._synced >= mine:
                return
            with self._writing:
                reached, file = self._written, os.dup(self._file)  # a copy: another thread may set the segment aside
            try:
                self._flush(file)
            finally:
                os.close(file)
            self._synced = reached

    def _flush(self, file: int) -> None:
        with _in_our_words(self._path):
            try:
                if self._broken:
                    raise OSError(self._broken)
                os.fsync(file)
            except OSError as error:
                # After a failed fsync the kernel may have dropped the page: a later success would prove nothing.
                self._broken = str(error)
                raise

    def _open(self) -> int:
        new = not self._path.exists()
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if new:
            self._sync_directory()
        return file

    def _roll(self) -> None:
        """Set the full segment aside and begin another, unless the other process has just done so."""
        self._flush(self._file)
        self._synced = self._written
        with (self._directory / "journal.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._path.exists() and self._path.stat().st_ino == os.fstat(self._file).st_ino:
                kept = segments(self._directory)
                last = int(kept[-1].stem.partition("-")[2]) if kept else 0
                self._path.rename(self._directory / f"journal-{last + 1:08}.jsonl")
                for path in kept[: max(0, len(kept) + 1 - SEGMENTS_MAX)]:
                    path.unlink()
            old, self._file = self._file, self._open()
            os.close(old)

    def _sync_directory(self) -> None:
        directory = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


class Follower:
    """Reads on where it stopped, through segments set aside meanwhile, and keeps what readers are owed until seen."""

    def __init__(self, directory: Path, path: Path) -> None:
        self._directory = directory
        self._path = path
        self._reading = threading.Lock()
        self._file = path.open("rb")
        self._file.seek(0, os.SEEK_END)
        self._owed: deque[tuple[int, Owed]] = deque()
        self._mark = 0

    def news(self) -> tuple[Sequence[Owed], int]:
        with self._reading:
            self._drain()
            while _inode(self._path) not in (None, os.fstat(self._file.fileno()).st_ino):
                self._drain()  # what was written between the first look and the setting aside
                following = self._following()
                self._file.close()
                self._file = following.open("rb")
                self._drain()
            return [line for _, line in self._owed], self._mark

    def seen(self, mark: int) -> None:
        with self._reading:
            while self._owed and self._owed[0][0] <= mark:
                self._owed.popleft()

    def close(self) -> None:
        self._file.close()

    def _drain(self) -> None:
        while data := self._file.readline():
            if not data.endswith(b"\n"):
                self._file.seek(-len(data), os.SEEK_CUR)  # somebody is writing it
                return
            line = decode(data)
            if isinstance(line, Owed):
                self._mark += 1
                self._owed.append((self._mark, line))

    def _following(self) -> Path:
        """The segment after the one being read; the oldest when that one was let go."""
        inode = os.fstat(self._file.fileno()).st_ino
        kept = [*segments(self._directory), self._path]
        inodes = [_inode(path) for path in kept]
        return kept[inodes.index(inode) + 1] if inode in inodes else kept[0]


def _inode(path: Path) -> int | None:
    """None while it is not there: another process is just beginning a segment."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def segments(directory: Path) -> list[Path]:
    """Those set aside, oldest first."""
    return sorted(directory.glob("journal-????????.jsonl"))


@contextmanager
def _in_our_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"the journal {path} cannot be used",
            why=str(error),
            fix="nothing is sent without it: see to the disk and the owner of the directory",
        ) from error


def encode(line: JournalLine) -> bytes:
    written: dict[str, Any] = {"kind": NAMES[type(line)]}
    for field in fields(line):
        value = getattr(line, field.name)
        written[field.name] = value.isoformat() if isinstance(value, datetime) else value
    data = b"\n" + json.dumps(written, separators=(",", ":")).encode() + b"\n"
    if len(data) > LINE_BYTES_MAX:
        raise ValueError(f"a journal line has at most {LINE_BYTES_MAX} bytes, got {len(data)}")
    return data


def decode(data: bytes) -> JournalLine | None:
    """None for an empty, torn or foreign line."""
    try:
        written = json.loads(data)
        kind = KINDS[written.pop("kind")]
        # A line of an older version lacks what was added since.
        known = [field.name for field in fields(kind) if field.name in written or field.default is MISSING]
        return kind(**{name: _read(name, written[name]) for name in known})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _read(name: str, value: Any) -> Any:
    if name in ("at", "due_at", "slot_local", "wished_at"):
        return None if value is None and name == "wished_at" else datetime.fromisoformat(value)
    if name == "address_hashes":
        return tuple(map(str, value))
    return Cadence(value) if name == "cadence" else value
