"""The one way out to other hosts."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from syndication.model.exchange import Answer, Failure, Request


class Exchange(Protocol):
    def fetch(self, request: Request) -> Answer | Failure:
        """Make one exchange. Never raises for what another host does; thread-safe."""
        ...

    def fetch_all(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Answer | Failure]]:
        """Make many, driven together; results come in the order they finish. One slow host delays no other."""
        ...
