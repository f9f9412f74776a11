"""Our own hub (WebSub, W3C 2018, section 5). In: a form that asks to be told, or no longer. Out: 202, or why not.

It is asked by programs of other sites, so it knows no cookie and no stamp. Nothing comes of a wish until the callback
itself was asked, and the address is judged like any other that we call.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.listeners import Listeners
from syndication.model.feed import Publication
from syndication.model.listener import Ask, Wish
from syndication.web.form import Fields, read_form

PATH = "/websub/hub"
LEASE_SECONDS_MIN, LEASE_SECONDS, LEASE_SECONDS_MAX = 3600, 10 * 86400, 30 * 86400
SECRET_BYTES_MAX = 199  # section 5.1: less than 200
CALLBACK_CHARS_MAX = 2000

Judge = Callable[[str], str | None]
"""Why an address is not called; None: it may be."""


class _Refused(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class Hub:
    publication: Publication
    listeners: Listeners
    judge: Judge
    wake: Callable[[], None]
    clock: Clock

    def routes(self) -> list[Route]:
        return [Route(PATH, self.ask, methods=["POST"])]

    async def ask(self, request: Request) -> Response:
        fields = await read_form(request)
        return await run_in_threadpool(self._take, fields)

    def _take(self, fields: Fields) -> Response:
        try:
            ask = self._read(fields)
        except _Refused as refusal:
            return _told(400, str(refusal))
        host = urlsplit(ask.callback).hostname or ""
        if self.listeners.document(ask.topic) is None:
            return _told(404, "hub.topic is no feed of ours")
        if not self.listeners.ask(ask, host=host, now=self.clock()):
            return _told(429, "too many wait to be verified; try again later")
        self.wake()
        return _told(202, "the callback will be asked")

    def _read(self, fields: Fields) -> Ask:
        """Raises _Refused, in words for whoever wrote the program that asks."""
        mode, callback, topic = (fields.one(f"hub.{name}") for name in ("mode", "callback", "topic"))
        if mode not in set(Wish):
            raise _Refused("hub.mode is subscribe or unsubscribe")
        if len(callback) > CALLBACK_CHARS_MAX or not callback.isascii() or "#" in callback:
            raise _Refused("hub.callback is a web address without fragment")
        if why := self.judge(callback):
            raise _Refused(f"hub.callback is not called: {why}")
        base = f"{self.publication.base_url}/feeds/"
        if not topic.startswith(base):
            raise _Refused("hub.topic is no feed of ours")
        secret = fields.one("hub.secret")
        if len(secret.encode()) > SECRET_BYTES_MAX:
            raise _Refused(f"hub.secret has at most {SECRET_BYTES_MAX} bytes")
        return Ask(Wish(mode), topic.removeprefix(base), callback, secret, _seconds(fields.one("hub.lease_seconds")))


def _seconds(text: str) -> int:
    """As asked, within our bounds."""
    if not text:
        return LEASE_SECONDS
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise _Refused("hub.lease_seconds is a number of seconds")
    return min(max(int(text), LEASE_SECONDS_MIN), LEASE_SECONDS_MAX)


def _told(status: int, words: str) -> Response:
    return PlainTextResponse(words + "\n", status, headers={"cache-control": "no-store"})
