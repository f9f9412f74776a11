"""A feed's request, answered from the shelf before any framework. In: path, Accept, conditions. Out: 200, 304 or None.

None: not ours to answer; an unknown feed or a browser that wants the page goes on to the pages. This path is short on
purpose: everything that can be known before a request comes stands ready on the shelf.
"""

from collections.abc import Iterable

from starlette.types import Scope

from syndication.web.accept import HTML, choose, codings
from syndication.web.conditional import holds, tags_in
from syndication.web.policy import Headers
from syndication.web.recall import Answer, answer
from syndication.web.shelf import Ready, Shelf, Variant

PREFIX = "/feeds/"


class Feeds:
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def answer(self, scope: Scope) -> Answer | None:
        """What the shelf answers, if it can."""
        path: str = scope["path"]
        if not path.startswith(PREFIX) or scope["method"] not in ("GET", "HEAD"):
            return None
        name = path[len(PREFIX) :]
        ready = self._shelf.at(name)
        negotiated = ready is None
        if ready is None:
            ready = self._negotiate(name, scope["headers"])
            if ready is None:
                return None
        encodings, tags, since, manipulations = _asked(scope["headers"])
        variant = ready.best(codings(encodings))
        if holds(tags, since, etag=variant.etag, modified_at=ready.modified_at):
            return answer(304, variant.negotiated_unchanged if negotiated else variant.unchanged, b"")
        if manipulations and tags and (part := _newer(ready, variant, scope["method"], tags, manipulations)):
            return answer(226, *part)
        body = b"" if scope["method"] == "HEAD" else variant.data
        return answer(200, variant.negotiated if negotiated else variant.whole, body)

    def _negotiate(self, slug: str, headers: Iterable[tuple[bytes, bytes]]) -> Ready | None:
        if "." in slug or not self._shelf.has(slug):
            return None
        accept = b",".join(value for name, value in headers if name == b"accept")
        form = choose(accept.decode("latin-1"))
        return None if form == HTML else self._shelf.at(f"{slug}.{form}")


def _newer(
    ready: Ready, variant: Variant, method: str, tags: bytes, manipulations: bytes
) -> tuple[Headers, bytes] | None:
    """What came since the asker's copy, where that is asked for and known (RFC 3229, "feed")."""
    asked = {part.partition(b";")[0].strip().lower() for part in manipulations.split(b",")}
    return ready.since(tags_in(tags), variant) if method == "GET" and b"feed" in asked else None


def _asked(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes, bytes, bytes]:
    """Accept-Encoding, If-None-Match, If-Modified-Since, A-IM; empty when not given."""
    encodings = tags = since = manipulations = b""
    for name, value in headers:
        if name == b"accept-encoding":
            encodings = encodings + b"," + value if encodings else value
        elif name == b"if-none-match":
            tags = tags + b"," + value if tags else value
        elif name == b"if-modified-since":
            since = value
        elif name == b"a-im":
            manipulations = value
    return encodings, tags, since, manipulations
