"""Whose turn it is: one at a time per host, hosts in the order they came. Pure; constant time, however many wait."""

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """`add` what is to be done at a host, take the `next` that may begin, say when it is `done`."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[T]] = {}
        self._ready: deque[str] = deque()
        self._busy: set[str] = set()

    def add(self, host: str, item: T, *, first: bool = False) -> None:
        """Queue `item` behind the others of its host, or before them."""
        queue = self._waiting.get(host)
        if queue is None:
            queue = self._waiting[host] = deque()
            if host not in self._busy:
                self._ready.append(host)
        if first:
            queue.appendleft(item)
        else:
            queue.append(item)

    def next(self) -> tuple[str, T] | None:
        """What may begin now, with its host, which is busy from here on. None when every waiting host is busy."""
        if not self._ready:
            return None
        host = self._ready.popleft()
        queue = self._waiting[host]
        item = queue.popleft()
        if not queue:
            del self._waiting[host]
        self._busy.add(host)
        return host, item

    def done(self, host: str) -> None:
        self._busy.discard(host)
        if host in self._waiting:
            self._ready.append(host)

    def __bool__(self) -> bool:
        """True while anything waits, its host busy or not."""
        return bool(self._waiting)
