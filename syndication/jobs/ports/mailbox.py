"""A mailbox that mail comes back to."""

from collections.abc import Iterator
from typing import Protocol


class Mailbox(Protocol):
    def waiting(self, limit: int) -> Iterator[tuple[str, bytes]]:
        """(name, bytes) of mails that nobody has looked at, the oldest first. Raises StoreError."""
        ...

    def done(self, name: str, *, understood: bool) -> None:
        """Take it away when it was understood, else leave it for a person; it does not wait any more."""
        ...

    def close(self) -> None: ...
