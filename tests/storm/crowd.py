"""A crowd at the door: readers who ask, clients that dawdle, and a provider that tells, all at rates that are named.

Every load is a `with`: it runs in threads until it is left, and then says what was answered. It never asserts.
"""

import http.client
import json
import socket
import threading
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

JOIN_SECONDS = 120.0
BROKEN = 0
"""In place of a status: no answer came."""


@dataclass
class Load:
    """`once(n)` is done some `per_second` times a second, by `threads` threads, and answers a status."""

    once: Callable[[int], int]
    per_second: float
    threads: int
    answers: Counter[int] = field(default_factory=Counter)
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        self._workers = [threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(self.threads)]
        for worker in self._workers:
            worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for worker in self._workers:
            worker.join(JOIN_SECONDS)
        self.seconds = time.monotonic() - self._began

    def _run(self, worker: int) -> None:
        n = 0
        while not self._stop.is_set():
            try:
                status = self.once(worker)
            except (OSError, http.client.HTTPException):
                status = BROKEN
            with self._lock:
                self.answers[status] += 1
            n += 1
            # Behind its pace it does not try to catch up with a burst: a crowd does not either.
            self._stop.wait(max(0.0, self._began + n * self.threads / self.per_second - time.monotonic()))


class Asker:
    """GETs over a connection that is kept, a path after the other; opened again when it was closed."""

    def __init__(self, base: str, paths: tuple[str, ...], threads: int) -> None:
        parts = urlsplit(base)
        self._paths = paths
        self._kept = [http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60) for _ in range(threads)]
        self._turn = [0] * threads

    def __call__(self, worker: int) -> int:
        connection, self._turn[worker] = self._kept[worker], self._turn[worker] + 1
        try:
            connection.request("GET", self._paths[self._turn[worker] % len(self._paths)])
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        return answer.status


class Dawdlers:
    """So many connections that say a letter now and then, and never what they want."""

    def __init__(self, base: str, number: int, pause_seconds: float = 1.0) -> None:
        parts = urlsplit(base)
        self._address, self._number, self._pause = (parts.hostname or "", parts.port or 80), number, pause_seconds
        self._stop = threading.Event()
        self.cut = 0
        """How often the service had enough of one."""

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._dawdle, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(JOIN_SECONDS)

    def _dawdle(self) -> None:
        held: list[socket.socket] = []
        while not self._stop.is_set():
            while len(held) < self._number and not self._stop.is_set():
                try:
                    one = socket.create_connection(self._address, timeout=10)
                    one.sendall(b"GET / HTTP/1.1\r\nHost: news.example\r\nX-Slow: ")
                except OSError:
                    break
                held.append(one)
            held = [one for one in held if self._says_a_letter(one)]
            self._stop.wait(self._pause)
        for one in held:
            one.close()

    def _says_a_letter(self, one: socket.socket) -> bool:
        try:
            one.sendall(b"z")
        except OSError:
            self.cut += 1
            one.close()
            return False
        return True


class Teller:
    """Posts signed bodies of so many events of mails that nobody sent: they are taken, and change nothing."""

    def __init__(self, url: str, events: int) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._url, self._events = urlsplit(url), events

    @property
    def public_key(self) -> str:
        data = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(data).decode()

    def __call__(self, worker: int) -> int:
        now = int(time.time())
        told = [
            {
                "email": f"r{n}@readers.example",
                "event": "delivered",
                "timestamp": now,
                "nl_sub": "0" * 32,
                "nl_dlv": "0",
            }
            for n in range(self._events)
        ]
        body = json.dumps([{**one, "sg_event_id": f"{worker}-{now}-{n}"} for n, one in enumerate(told)]).encode()
        signature = b64encode(self._key.sign(str(now).encode() + body, ec.ECDSA(SHA256()))).decode()
        connection = http.client.HTTPConnection(self._url.hostname or "", self._url.port, timeout=60)
        try:
            signed = {
                "Content-Type": "application/json",
                "X-Twilio-Email-Event-Webhook-Signature": signature,
                "X-Twilio-Email-Event-Webhook-Timestamp": str(now),
            }
            connection.request("POST", self._url.path, body, signed)
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        return answer.status
