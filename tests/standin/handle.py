"""Starts the stand-in as a process of its own and talks to its control API. For tests and for the demo of a fault."""

import http.client
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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

    def fault(self, kind: str, **rule: Any) -> None:
        self.ask("POST", "faults", {"kind": kind, **rule})

    def no_faults(self) -> None:
        self.ask("DELETE", "faults")

    def requests(self) -> list[dict[str, Any]]:
        return self.ask("GET", "requests")

    def request(self, number: int) -> dict[str, Any]:
        """One call whole: `status`, `accepted`, `fault`, `headers`, `body` as text."""
        return self.ask("GET", f"requests/{number}")

    def accepted(self) -> list[dict[str, Any]]:
        """Every accepted call: `number`, `message_id`, `deliveries` with `email`, `nl_sub`, `nl_dlv`."""
        with self.log.open("rb") as file:
            return [json.loads(line) for line in file]

    def ask(self, method: str, name: str, document: Any = None) -> Any:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        try:
            body = json.dumps(document) if document is not None else None
            connection.request(method, f"/__control/{name}", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            found = json.loads(answer.read())
        finally:
            connection.close()
        assert answer.status == 200, found
        return found

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
