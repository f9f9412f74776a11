"""The outermost layer of a listener: judges each request before anything reads it, and clothes each answer.

In: an ASGI request. Out: a refusal (400, 404, 421), an answer from memory (health, feeds), or what the pages answer.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syndication.web.network import Hosts
from syndication.web.policy import Headers
from syndication.web.recall import Answer, Recall, word_for_word

log = logging.getLogger(__name__)

PATH_BYTES_MAX = 512
_PLAIN = re.compile(rb"(?:/[A-Za-z0-9._~-]*)+")
"""Every address of ours is spelled in these letters. All else (escapes, backslash, NUL) names nothing here (PUB-14)."""

Memory = Callable[[Scope], Answer | None]
"""An answer that lies ready, or None."""


class Gate:
    def __init__(
        self,
        pages: ASGIApp,
        *,
        hosts: Hosts,
        headers: Headers,
        errors: Mapping[int, bytes],
        health: Mapping[str, Callable[[], bool]] | None = None,
        memory: Sequence[Memory] = (),
        recall: Callable[[], Recall] | None = None,
    ) -> None:
        """`errors`: whole HTML pages by status; 400, 404, 421 and 500 must be among them.

        `recall`: what was answered from memory, good as long as it is the same one.
        """
        self._pages = pages
        self._hosts = hosts
        self._headers = headers
        self._errors = errors
        self._health = health or {}
        self._memory = memory
        nothing = Recall()
        self._recall = recall or (lambda: nothing)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        # Asked before, word for word, and judged then: most requests for feeds are.
        recall, asked = self._recall(), word_for_word(scope)
        if (answer := recall.of(asked)) is not None:
            start, body = answer
            await send(start)
            await send(body)
            return
        # A health check comes by address, not by name, and its answer says nothing that a name could protect.
        if (check := self._health.get(scope["path"])) is not None:
            await _tell_health(check(), send)
            return
        status = self._judge(scope)
        if status:
            await self._refuse(status, send)
            return
        for memory in self._memory:
            if (answer := memory(scope)) is not None:
                recall.keep(asked, answer)
                start, body = answer
                await send(start)
                await send(body)
                return
        await self._guarded(scope, receive, send)

    def _judge(self, scope: Scope) -> int:
        """0, or the status to refuse with."""
        host = None
        for name, value in scope["headers"]:
            if name == b"host":
                if host is not None:
                    return 400  # RFC 9112, section 3.2
                host = value
        if host is None:
            return 400
        if not self._hosts.know(host.decode("latin-1")):
            return 421
        path = scope["raw_path"].partition(b"?")[0]
        return 0 if len(path) <= PATH_BYTES_MAX and _is_ours(path) else 404

    async def _refuse(self, status: int, send: Send) -> None:
        body = self._errors[status]
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
            (b"x-robots-tag", b"noindex"),
            *self._headers,
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """From the pages. What breaks becomes a page of ours, and a line in the log."""
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._pages(scope, receive, self._clothed(noted))
        except Exception:
            # Only the first part of a path: the rest may be somebody's token.
            log.exception("page failed", extra={"page": scope["path"].split("/")[1][:40]})
            if not started:
                await self._refuse(500, send)

    def _clothed(self, send: Send) -> Send:
        """Adds the headers that every answer carries, where the page itself said nothing else."""

        async def clothed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                extra = [(name, value) for name, value in self._headers if name not in given]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        return clothed


@lru_cache(maxsize=4096)
def _is_ours(path: bytes) -> bool:
    """Whether an address could name anything here. Feeds are asked for again and again, so what was judged is kept."""
    # Dot segments are for file systems; nothing here is one.
    return bool(_PLAIN.fullmatch(path)) and b"/." not in path and b"//" not in path


async def _tell_health(well: bool, send: Send) -> None:
    body = b"ok\n" if well else b"not ready\n"
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": 200 if well else 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
