"""Disks that are full: a file system of so many bytes, and a device that takes nothing at all.

A file system needs the right to mount one, which root has outside of most containers; whoever has not gets None.
"""

import os
import subprocess
from collections.abc import Iterator
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
