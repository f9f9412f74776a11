"""Names to addresses, in threads of our own. In: a host and a port. Out: a Future of its addresses, as the machine's
resolver gives them.

libcurl resolves in 20 threads that cannot be raised from Python, and 20 names whose servers are dead then hold up all
others; so it is handed addresses and never asks. Threads are daemons, because a look-up in a dead zone cannot be
stopped.
"""

import ipaddress
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue

LookUp = Callable[[str, int], tuple[str, ...]]

_IDLE_SECONDS = 30.0


def system_look_up(host: str, port: int) -> tuple[str, ...]:
    """Ask the machine's resolver. Raises OSError or UnicodeError when the name has no address."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class Resolver:
    """Look-ups side by side, `threads_max` at most; more wait. Threads begin when needed and end when idle."""

    def __init__(self, look_up: LookUp, *, threads_max: int) -> None:
        self._look_up = look_up
        self._threads_max = threads_max
        self._asked: SimpleQueue[tuple[str, int, Future[tuple[str, ...]]]] = SimpleQueue()
        self._guard = threading.Lock()
        self._threads = 0
        self._pending = 0

    def submit(self, host: str, port: int) -> "Future[tuple[str, ...]]":
        """A Future that holds the addresses, or the error of the look-up. A literal is its own answer, at once."""
        future: Future[tuple[str, ...]] = Future()
        if _is_literal(host):
            future.set_result((host,))
            return future
        with self._guard:
            self._pending += 1
            self._asked.put((host, port, future))
            if self._threads < min(self._pending, self._threads_max):
                self._threads += 1
                threading.Thread(target=self._serve, name="look-up", daemon=True).start()
        return future

    def _serve(self) -> None:
        while True:
            try:
                host, port, future = self._asked.get(timeout=_IDLE_SECONDS)
            except Empty:
                with self._guard:
                    if self._asked.empty():
                        self._threads -= 1
                        return
                continue
            self._answer(host, port, future)
            with self._guard:
                self._pending -= 1

    def _answer(self, host: str, port: int, future: "Future[tuple[str, ...]]") -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(self._look_up(host, port))
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the one who asked
            future.set_exception(error)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
