"""One partner on the web: a small HTTP server on loopback. In: pages by path. Out: answers, conditional ones too.

Bounded in connections, seconds and size of a request; it writes no log. What is on the pages is not known here.
"""

import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import blake2b
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CONNECTIONS_MAX = 32
IDLE_SECONDS_MAX = 10

_LOST = b"<!DOCTYPE html>\n<title>Not found</title>\n<h1>Not found</h1>\n<p>There is no such page here.</p>\n"


@dataclass(frozen=True, slots=True)
class Page:
    """What stands at a path. The entity tag is strong: it follows the bytes (RFC 9110, section 8.8.3)."""

    data: bytes
    content_type: str
    modified: datetime
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "etag", f'"{blake2b(self.data, digest_size=12).hexdigest()}"')


def is_known(page: Page, none_match: str | None, modified_since: str | None) -> bool:
    """Whether the asker has this page already (RFC 9110, section 13.2.2: an entity tag, when given, decides alone)."""
    if none_match is not None:
        tags = {tag.strip().removeprefix("W/") for tag in none_match.split(",")}
        return page.etag in tags or "*" in tags
    try:
        since = parsedate_to_datetime(modified_since) if modified_since else None
    except ValueError:
        return False
    return since is not None and page.modified <= since.replace(tzinfo=since.tzinfo or UTC)


class Server(ThreadingHTTPServer):
    """Serves what `look_up` finds, on a free port of its own, from `start` to `stop`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, look_up: Callable[[str], Page | None]) -> None:
        self.look_up = look_up
        self._free = threading.BoundedSemaphore(CONNECTIONS_MAX)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.1,), name="sample partner", daemon=True)
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join(timeout=5)

    def server_bind(self) -> None:
        # The library's own asks a name server what 127.0.0.1 is called, and may wait for it.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.port

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A visitor who hangs up in the middle is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS_MAX
    server: Server

    def version_string(self) -> str:
        return "sample-partner"

    def do_GET(self) -> None:
        page = self.server.look_up(self.path.partition("?")[0])
        if page is None:
            self._answer(HTTPStatus.NOT_FOUND, Page(_LOST, "text/html; charset=utf-8", datetime.now(UTC)))
        elif is_known(page, self._header("If-None-Match"), self._header("If-Modified-Since")):
            self._answer(HTTPStatus.NOT_MODIFIED, page)
        else:
            self._answer(HTTPStatus.OK, page)

    do_HEAD = do_GET

    def _header(self, name: str) -> str | None:
        return ", ".join(self.headers.get_all(name, ())) or None

    def _answer(self, status: HTTPStatus, page: Page) -> None:
        self.send_response(status)
        if status is not HTTPStatus.NOT_FOUND:
            self.send_header("ETag", page.etag)
            self.send_header("Last-Modified", format_datetime(page.modified.astimezone(UTC), usegmt=True))
            self.send_header("Cache-Control", "no-cache")
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(page.data)))
        self.end_headers()
        if status is not HTTPStatus.NOT_MODIFIED and self.command == "GET":
            self.wfile.write(page.data)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
