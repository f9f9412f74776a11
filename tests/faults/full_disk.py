"""Disks that are full: a file system of so many bytes, a device that takes nothing at all, a bound on files.

A file system needs the right to mount one, which root has outside of some containers; whoever has not gets None. The
bound needs no right: the write that passes it fails with "File too large", as it would with any other I/O error.
"""

import os
import resource
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

FULL_DEVICE = Path("/dev/full")
"""Whatever is written to it fails with "No space left on device"."""


@contextmanager
def small_disk(at: Path, size_bytes: int) -> Iterator[Path | None]:
    """A file system in memory, mounted at `at`; None where nobody may mount."""
    at.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_bytes},mode=0700", "tmpfs", str(at)], capture_output=True
    )
    if made.returncode:
        yield None
        return
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


def fill(disk: Path, *, leave_bytes: int = 0) -> Path:
    """A file that takes all the room there is but so much; removing it makes room again."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        room = os.statvfs(disk)
        left = room.f_bavail * room.f_frsize - leave_bytes
        written = 0
        try:
            while written < left:
                written += file.write(b"\0" * min(65536, left - written))
        except OSError:
            pass  # somebody else was quicker: it is full all the same
    return ballast


def bound_files(bytes_max: int) -> None:
    """From now on this process, and what it starts, makes no file longer than that."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, bytes_max))


def longest(files: Iterable[Path]) -> int:
    return max((file.stat().st_size for file in files if file.is_file()), default=0)
