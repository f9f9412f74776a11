"""Which installation this is: a file of its own in the data directory. In: a directory. Out: a mark.

A copy of the directory is another file, on another machine often with another name, and so another installation: of two
on one snapshot only one may send. The machine's own id counts too, where it has one. A machine that was copied whole,
with its id and its file system, cannot be told from itself.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from syndication.errors import StoreError

NAME = "installation"
MACHINE = Path("/etc/machine-id")


def mark_of(directory: Path, machine: Path = MACHINE) -> str:
    """The same at every start, and another for every copy. Makes the file on first need. Raises StoreError."""
    path = directory / NAME
    try:
        if not path.exists():
            _make(path)
        kept = path.read_text().strip()
        place = path.stat().st_ino
    except OSError as error:
        raise StoreError(f"{path} cannot be kept", why=str(error), fix="see to the owner of the directory") from error
    whose = ""
    with suppress(OSError):
        whose = machine.read_text().strip()
    return hashlib.sha256(f"{kept} {place} {whose}".encode()).hexdigest()[:32]


def _make(path: Path) -> None:
    """Of two processes that make it at once, one wins for both."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(16) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
