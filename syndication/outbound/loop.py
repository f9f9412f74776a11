"""libcurl's many transfers on one selector. In: handles. Out: those that ended, with libcurl's code for each. Knows
nothing of HTTP.

The selector is our own because libcurl's `select` cannot look at descriptors above 1023, and cannot be woken by
another thread.
"""

import selectors
import socket
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic

import pycurl

Ended = tuple[pycurl.Curl, int, str]

_IDLE_CONNECTIONS_MAX = 64


class Loop:
    """All methods belong to one thread, but `wake`."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._ear, self._bell = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ)
        self._watched: set[int] = set()
        self._due: float | None = None
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        self._multi.setopt(pycurl.M_MAXCONNECTS, _IDLE_CONNECTIONS_MAX)

    def add(self, curl: pycurl.Curl) -> None:
        self._multi.add_handle(curl)

    def remove(self, curl: pycurl.Curl) -> None:
        self._multi.remove_handle(curl)

    def turn(self, wait_seconds: float | None) -> Iterator[Ended]:
        """Wait until something can be done, a wake-up comes or the time is over (None: no limit), and do it."""
        waits = [wait_seconds] if wait_seconds is not None else []
        if self._due is not None:
            waits.append(self._due - monotonic())
        for key, ready in self._selector.select(max(0.0, min(waits)) if waits else None):
            if key.fileobj is self._ear:
                with suppress(BlockingIOError):
                    self._ear.recv(4096)
            else:
                self._multi.socket_action(key.fd, _as_curl_says(ready))
        if self._due is not None and monotonic() >= self._due:
            self._due = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return self._ended()

    def wake(self) -> None:
        """End the present wait. May be called from any thread, and after `close`."""
        with suppress(OSError):  # full: a wake-up waits already; closed: nobody is asleep
            self._bell.send(b"\0")

    def close(self) -> None:
        self._multi.close()
        self._selector.close()
        self._ear.close()
        self._bell.close()

    def _ended(self) -> Iterator[Ended]:
        left = 1
        while left:
            left, whole, broken = self._multi.info_read()
            yield from ((curl, 0, "") for curl in whole)
            yield from broken

    def _watch(self, what: int, descriptor: int, _multi: pycurl.CurlMulti, _data: object) -> None:
        known = descriptor in self._watched
        if what in (pycurl.POLL_REMOVE, pycurl.POLL_NONE):
            if known:
                self._watched.discard(descriptor)
                self._selector.unregister(descriptor)
            return
        self._watched.add(descriptor)
        wanted = (selectors.EVENT_READ if what & pycurl.POLL_IN else 0) | (
            selectors.EVENT_WRITE if what & pycurl.POLL_OUT else 0
        )
        (self._selector.modify if known else self._selector.register)(descriptor, wanted)

    def _set_timer(self, milliseconds: int) -> None:
        self._due = monotonic() + milliseconds / 1000 if milliseconds >= 0 else None


def _as_curl_says(ready: int) -> int:
    return (pycurl.CSELECT_IN if ready & selectors.EVENT_READ else 0) | (
        pycurl.CSELECT_OUT if ready & selectors.EVENT_WRITE else 0
    )
