"""A feed's request, answered from the shelf before any framework. In: path, Accept, conditions. Out: 200, 304 or None.

None: not ours to answer; an unknown feed or a browser that wants the page goes on to the pages.
"""

import re

from starlette.types import Scope, Send

from syndication.model.feed import FeedFormat
from syndication.web.accept import HTML, choose
from syndication.web.conditional import is_fresh
from syndication.web.policy import Headers
from syndication.web.shelf import Ready, Shelf

PREFIX = "/feeds/"
_PATH = re.compile(r"/feeds/([a-z0-9][a-z0-9-]*)(?:\.(rss|atom|json))?")


class Feeds:
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def answer(self, scope: Scope, send: Send) -> bool:
        """Answer if the shelf can. False: nothing was sent."""
        if scope["method"] not in ("GET", "HEAD"):
            return False
        found = self._find(scope)
        if found is None:
            return False
        ready, negotiated = found
        if is_fresh(scope["headers"], etag=ready.etag, modified_at=ready.modified_at):
            await _send(send, 304, ready.negotiated_unchanged if negotiated else ready.unchanged, b"")
        else:
            body = b"" if scope["method"] == "HEAD" else ready.data
            await _send(send, 200, ready.negotiated if negotiated else ready.whole, body)
        return True

    def _find(self, scope: Scope) -> tuple[Ready, bool] | None:
        match = _PATH.fullmatch(scope["path"])
        if match is None:
            return None
        slug, ending = match.groups()
        if ending:
            ready = self._shelf.get(slug, FeedFormat(ending))
            return None if ready is None else (ready, False)
        accept = b",".join(value for name, value in scope["headers"] if name == b"accept")
        form = choose(accept.decode("latin-1"))
        if form == HTML:
            return None
        ready = self._shelf.get(slug, FeedFormat(form))
        return None if ready is None else (ready, True)


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
