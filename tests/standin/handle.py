"""Starts the stand-in as a process of its own and talks to its control API. For tests and for the demo of a fault."""

import http.client
import json
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.standin.schedule import beside, went_out

CHECKOUT = Path(__file__).parents[2]


class Handle:
    """A running stand-in. It ends with `stop`, and by itself when this process ends in whatever way."""

    def __init__(self, log: Path, *options: str) -> None:
        command = [sys.executable, "-m", "tests.standin", "--port", "0", "--log", str(log), "--with-stdin", *options]
        self._process = subprocess.Popen(
            command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        assert self.url, "the stand-in did not start"
        self.log = log
        self._read_from = 0

    def reset(self) -> None:
        """No faults, no limits, numbers from 1 again; what was accepted so far is no longer told."""
        self.ask("POST", "reset")
        self._read_from = self.log.stat().st_size

    def fault(self, kind: str, **rule: Any) -> None:
        self.ask("POST", "faults", {"kind": kind, **rule})

    def no_faults(self) -> None:
        self.ask("DELETE", "faults")

    @property
    def event_key(self) -> str:
        """The public half of the key that events are signed with, as the service shows it."""
        return str(self.ask("GET", "events")["key"])

    def tell_events(self, url: str, **options: Any) -> None:
        """Post events of whatever is accepted from now on to `url`; options as in events.py. No url: no more."""
        self.ask("POST", "events", {"url": url, **options})

    def events(self) -> dict[str, Any]:
        """`pending` posts, and the statuses that were answered."""
        return self.ask("GET", "events")

    def requests(self) -> list[dict[str, Any]]:
        return self.ask("GET", "requests")

    def request(self, number: int) -> dict[str, Any]:
        """One call whole: `status`, `accepted`, `fault`, `headers`, `body` as text."""
        return self.ask("GET", f"requests/{number}")

    def accepted(self) -> list[dict[str, Any]]:
        """Every accepted call: `number`, `message_id`, `deliveries` with `email`, `nl_sub`, `nl_dlv`."""
        with self.log.open("rb") as file:
            file.seek(self._read_from)
            return [json.loads(line) for line in file]

    def mailed(self) -> list[dict[str, Any]]:
        """Of those, whatever goes out: what was cancelled before its time does not."""
        path = beside(self.log)
        changes = [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
        return went_out(self.accepted(), changes)

    def forward(self, **span: float) -> None:
        """Its clock goes ahead by such a timedelta."""
        self.ask("POST", "clock", {"forward": timedelta(**span).total_seconds()})

    def set_clock(self, at: datetime) -> None:
        self.ask("POST", "clock", {"at": at.timestamp()})

    def ask(self, method: str, name: str, document: Any = None) -> Any:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        try:
            self._connect(connection)
            body = json.dumps(document) if document is not None else None
            connection.request(method, f"/__control/{name}", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            found = json.loads(answer.read())
        finally:
            connection.close()
        assert answer.status == 200, found
        return found

    def _connect(self, connection: http.client.HTTPConnection) -> None:
        """One that was told to refuse connections comes back."""
        until = time.monotonic() + 20
        while True:
            try:
                return connection.connect()
            except ConnectionRefusedError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.02)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
