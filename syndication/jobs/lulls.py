"""An iterator that waits, made to say so. In: items that come when they come. Out: the same, and None in every lull.

Whoever gathers items into groups can let go of a group when the next item keeps it waiting.
"""

import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from queue import Empty, Queue
from typing import TypeVar

T = TypeVar("T")
AHEAD_MAX = 50
"""Items taken from the source before they are asked for."""


def with_lulls(items: Iterable[T], seconds: float) -> Generator[T | None, None, None]:
    """None comes once for each lull longer than `seconds`. An exception of the source comes through."""
    ahead: Queue[tuple[T] | BaseException | None] = Queue(AHEAD_MAX)
    given_up = threading.Event()
    feeder = threading.Thread(target=_feed, args=(items, ahead, given_up), name="lulls", daemon=True)
    feeder.start()
    try:
        yield from _told(ahead, seconds)
    finally:
        given_up.set()
        # The feeder may be waiting for room, or for an item that takes long; it ends with that one.
        with suppress(Empty):
            while True:
                ahead.get_nowait()


def _told(ahead: "Queue[tuple[T] | BaseException | None]", seconds: float) -> Iterator[T | None]:
    waited = False
    while True:
        try:
            found = ahead.get(timeout=None if waited else seconds)
        except Empty:
            waited = True
            yield None
            continue
        waited = False
        if found is None:
            return
        if isinstance(found, BaseException):
            raise found
        yield found[0]


def _feed(items: Iterable[T], ahead: "Queue[tuple[T] | BaseException | None]", given_up: threading.Event) -> None:
    try:
        iterator = iter(items)
        for item in iterator:
            if given_up.is_set():
                break
            ahead.put((item,))
        if (close := getattr(iterator, "close", None)) is not None:
            close()
    except BaseException as error:  # noqa: BLE001 - it is the consumer's
        ahead.put(error)
    ahead.put(None)
