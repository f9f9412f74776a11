"""What the stand-in remembers: how many calls came, the last of them whole, and on disk what it accepted."""

import json
import os
import threading
from collections import deque
from pathlib import Path
from typing import Any

CAPTURED_MAX = 200


class Memory:
    def __init__(self, log: Path) -> None:
        self._lock = threading.Lock()
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._path = log
        self._captured: deque[dict[str, Any]] = deque(maxlen=CAPTURED_MAX)
        self._limit: tuple[int, float] | None = None
        self._recent: deque[float] = deque()
        self.requests = 0

    def number(self) -> int:
        """A request's number, counting from 1 since the start."""
        with self._lock:
            self.requests += 1
            return self.requests

    def capture(self, request: dict[str, Any]) -> None:
        with self._lock:
            self._captured.append(request)

    def captured(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._captured)

    def forget(self) -> None:
        """As after a start, save for what is on disk."""
        with self._lock:
            self._captured.clear()
            self._recent.clear()
            self._limit = None
            self.requests = 0

    def accept(self, entry: dict[str, Any]) -> None:
        """On disk before it returns, in one write, so that a kill leaves whole lines only."""
        line = json.dumps(entry, ensure_ascii=True).encode() + b"\n"
        with self._lock:
            view = memoryview(line)
            while view:
                view = view[os.write(self._log, view) :]
            os.fsync(self._log)

    def accepted(self) -> list[dict[str, Any]]:
        """Every call accepted into this file, by an earlier stand-in too."""
        with self._path.open("rb") as file:
            return [json.loads(line) for line in file]

    def set_limit(self, requests: int, seconds: float) -> None:
        """At most so many calls in so many seconds; 0 calls: no limit."""
        with self._lock:
            self._limit = (requests, seconds) if requests else None
            self._recent.clear()

    def over_limit(self, now: float) -> tuple[bool, dict[str, str]]:
        """Whether this call is one too many, and the headers that say so."""
        with self._lock:
            if self._limit is None:
                return False, {}
            allowed, seconds = self._limit
            while self._recent and self._recent[0] <= now - seconds:
                self._recent.popleft()
            over = len(self._recent) >= allowed
            if not over:
                self._recent.append(now)
            reset = str(int((self._recent[0] if self._recent else now) + seconds) + 1)
            left = str(max(0, allowed - len(self._recent)))
            names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
            return over, dict(zip(names, (str(allowed), left, reset), strict=True))
