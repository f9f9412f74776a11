"""A feed's request, answered from the shelf before any framework. In: path, Accept, conditions. Out: 200, 304 or None.

None: not ours to answer; an unknown feed or a browser that wants the page goes on to the pages. This path is short on
purpose: everything that can be known before a request comes stands ready on the shelf.
"""

from collections.abc import Iterable

from starlette.types import Scope, Send

from syndication.web.accept import HTML, choose, codings
from syndication.web.conditional import holds
from syndication.web.policy import Headers
from syndication.web.shelf import Ready, Shelf

PREFIX = "/feeds/"


class Feeds:
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def answer(self, scope: Scope, send: Send) -> bool:
        """Answer if the shelf can. False: nothing was sent."""
        path: str = scope["path"]
        if not path.startswith(PREFIX) or scope["method"] not in ("GET", "HEAD"):
            return False
        name = path[len(PREFIX) :]
        ready = self._shelf.at(name)
        negotiated = ready is None
        if ready is None:
            ready = self._negotiate(name, scope["headers"])
            if ready is None:
                return False
        encodings, tags, since = _asked(scope["headers"])
        variant = ready.best(codings(encodings))
        if holds(tags, since, etag=variant.etag, modified_at=ready.modified_at):
            await _send(send, 304, variant.negotiated_unchanged if negotiated else variant.unchanged, b"")
        else:
            body = b"" if scope["method"] == "HEAD" else variant.data
            await _send(send, 200, variant.negotiated if negotiated else variant.whole, body)
        return True

    def _negotiate(self, slug: str, headers: Iterable[tuple[bytes, bytes]]) -> Ready | None:
        if "." in slug or not self._shelf.has(slug):
            return None
        accept = b",".join(value for name, value in headers if name == b"accept")
        form = choose(accept.decode("latin-1"))
        return None if form == HTML else self._shelf.at(f"{slug}.{form}")


def _asked(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes, bytes]:
    """Accept-Encoding, If-None-Match, If-Modified-Since; empty when not given."""
    encodings = tags = since = b""
    for name, value in headers:
        if name == b"accept-encoding":
            encodings = encodings + b"," + value if encodings else value
        elif name == b"if-none-match":
            tags = tags + b"," + value if tags else value
        elif name == b"if-modified-since":
            since = value
    return encodings, tags, since


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
