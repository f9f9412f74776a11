"""evil.example: keeps what it was asked. At /all stands every attempt as it was made, cleaned by nobody."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.journeys.hostile import ATTEMPTS, EVIL

HOST = EVIL.partition("//")[2]


class Trap(ThreadingHTTPServer):
    """On a free port from entering to leaving. What a browser asks of its own maker is not kept."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __enter__(self) -> "Trap":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join(10)


class _Handler(BaseHTTPRequestHandler):
    timeout = 10
    server: Trap

    def do_GET(self) -> None:
        if HOST in self.headers.get("Host", ""):
            self.server.asked.append(self.path)
        # The one that sends the reader elsewhere would end the others.
        everything = "".join(f"<div>{html}</div>" for name, html in ATTEMPTS.items() if name != "refresh")
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<!DOCTYPE html><body>{everything if self.path == '/all' else ''}".encode())

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
