"""A Maildir that mail comes back to. In: a directory. Out: its new mails, one at a time, and their place when done.

What was understood is moved to `cur` of the folder `.Done` beside the others; what was not is left where a person's own
mail program shows it, marked as seen by us so that it is looked at once. Nothing is deleted.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from syndication.errors import StoreError

READ_MAX = 1024 * 1024 + 1
"""A longer mail is cut off there, and whoever reads it finds it too long."""


class Maildir:
    def __init__(self, path: Path) -> None:
        self._path = path

    def __str__(self) -> str:
        return str(self._path)

    def waiting(self, limit: int) -> Iterator[tuple[str, bytes]]:
        """(name, bytes) of new mails, the oldest first. Raises StoreError when there is no Maildir."""
        new = self._path / "new"
        try:
            names = sorted(entry.name for entry in os.scandir(new) if entry.is_file())
        except OSError as error:
            raise StoreError(f"the mailbox {self._path} cannot be read", why=str(error.strerror or error)) from error
        for name in names[:limit]:
            mail = self._read(new / name)
            if mail is not None:
                yield name, mail

    def _read(self, path: Path) -> bytes | None:
        """None: another reader was first. What cannot be read is nothing to understand, and is left for a person."""
        try:
            with path.open("rb") as file:
                return file.read(READ_MAX)
        except FileNotFoundError:
            return None
        except OSError:
            return b""

    def done(self, name: str, *, understood: bool) -> None:
        target = self._path / ".Done" / "cur" if understood else self._path / "cur"
        try:
            for folder in ("cur", "new", "tmp") if understood else ():
                (target.parent / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
            target.mkdir(mode=0o700, exist_ok=True)
            (self._path / "new" / name).rename(target / f"{name}:2,")
        except FileNotFoundError:
            return  # another reader was first
        except OSError as error:
            raise StoreError(f"the mailbox {self._path} cannot be changed", why=str(error.strerror or error)) from error

    def close(self) -> None:
        """Nothing is held open."""
