"""A server to be measured, in a process of its own. In: what it is, a directory, a port. Out: "up", then it serves.

    product    the front process of the service, as `syndication run` starts it
    asgi       a bare ASGI callable, with the same bytes and headers, on the same server

It ends when its standard input does.
"""

import os
import sys
import threading
from pathlib import Path
from typing import Any

from syndication.web.serve import Listener, serve
from syndication.wiring.house import House
from syndication.wiring.parts import front


class Life:
    """What the supervisor gives to a part."""

    name = "front"
    drain_seconds = 1.0

    def ready(self) -> bool:
        return True

    def up(self) -> None:
        print("up", flush=True)

    def wait(self) -> None:
        sys.stdin.read()


def product(directory: Path) -> None:
    front(Life(), str(directory / "syndication.toml"), str(directory / "data"))  # type: ignore[arg-type]


def asgi(directory: Path, port: int) -> None:
    """The least that could answer: one comparison for a 304, and what the product answered, byte by byte."""
    body = (directory / "body").read_bytes()
    headers = [tuple(line.split(b": ", 1)) for line in (directory / "headers").read_bytes().splitlines()]
    kept = [(name, value) for name, value in headers if not name.startswith(b"content-")]
    etag = dict(headers)[b"etag"]

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        same = any(name == b"if-none-match" and value == etag for name, value in scope["headers"])
        start = {"status": 304, "headers": kept} if same else {"status": 200, "headers": headers}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": b"" if same else body})

    life = Life()
    serve([Listener("public", "127.0.0.1", port, app)], wait=life.wait, up=life.up)  # type: ignore[list-item]


def main() -> None:
    kind, directory = sys.argv[1], Path(sys.argv[2])
    threading.current_thread().name = kind
    if kind == "product":
        product(directory)
    else:
        asgi(directory, int(sys.argv[3]))
        os._exit(0)  # the interpreter would end before the server's own threads have, and they abort the process


def open_house(directory: Path) -> House:
    return House.open(directory / "syndication.toml", directory / "data")


if __name__ == "__main__":
    main()
