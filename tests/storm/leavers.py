"""Readers who leave while everything is being killed: one after another, each by one POST, as mail programs do it."""

import http.client
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Leavers:
    """`urls`: the address of the button, by (newsletter, mail address). An answer of 2xx counts, and when it came."""

    urls: Mapping[tuple[str, str], str]
    chance: random.Random
    pause_seconds: float = 0.15
    acknowledged: dict[tuple[str, str], float] = field(default_factory=dict)
    unanswered: set[tuple[str, str]] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Leavers":
        self._thread = threading.Thread(target=self._leave, name="leavers", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _leave(self) -> None:
        waiting = list(self.urls)
        self.chance.shuffle(waiting)
        for who in waiting[: len(waiting) // 4]:
            self.unanswered.add(who)
            while True:
                if self._stop.wait(self.pause_seconds):
                    return
                if _press(self.urls[who]):  # while nobody answers, once more: so do people, and mail programs
                    break
            self.acknowledged[who] = time.time()
            self.unanswered.discard(who)


def _press(url: str) -> bool:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", parts.path, "List-Unsubscribe=One-Click", kind)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return 200 <= answer.status < 300
