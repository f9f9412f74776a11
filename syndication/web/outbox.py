"""The outbox in a browser: what the spool holds, mail by mail. In: a spool's listing and bytes. Out: pages.

A mail's HTML is a document of its own in a sandboxed frame: its styles touch nothing of ours, nothing in it runs, and
nothing is loaded for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from syndication.model.delivery import Spooled
from syndication.web.policy import MAIL_BODY
from syndication.web.site import Head, Site

LISTED_MAX = 200
_LINK = re.compile(r"https?://[^\s<>\"']+")
_HEAD = re.compile(r"<head(?:\s[^>]*)?>", re.IGNORECASE)


class Spool(Protocol):
    def listing(self, limit: int) -> list[Spooled]: ...

    def read(self, mail_id: str) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail taken apart. `text` is in pieces, each with its link or with none."""

    subject: str
    headers: tuple[tuple[str, str], ...]
    text: tuple[tuple[str, str], ...]
    html: str


@dataclass(frozen=True, slots=True)
class Outbox:
    site: Site
    spool: Spool

    def routes(self) -> list[Route]:
        return [
            Route("/", self.home),
            Route("/outbox", self.home),
            Route("/outbox/", self.listing),
            Route("/outbox/{id}", self.mail),
            Route("/outbox/{id}/html", self.html),
            Route("/outbox/{id}/mail.eml", self.download),
        ]

    def home(self, request: Request) -> Response:
        return RedirectResponse("/outbox/", status_code=307)

    def listing(self, request: Request) -> Response:
        head = Head("Outbox", "/outbox/", noindex=True)
        return self.site.own("outbox", head, mails=self.spool.listing(LISTED_MAX), most=LISTED_MAX)

    def mail(self, request: Request) -> Response:
        mail = taken_apart(self._bytes(request))
        head = Head(mail.subject or "(no subject)", "/outbox/", noindex=True)
        return self.site.own("mail", head, mail=mail, id=request.path_params["id"])

    def html(self, request: Request) -> Response:
        mail = taken_apart(self._bytes(request))
        if not mail.html:
            raise HTTPException(404)
        headers = {name.decode(): value.decode() for name, value in MAIL_BODY}
        return Response(in_new_windows(mail.html), headers=headers, media_type="text/html")

    def download(self, request: Request) -> Response:
        name = f'attachment; filename="{request.path_params["id"]}.eml"'
        return Response(self._bytes(request), headers={"content-disposition": name}, media_type="message/rfc822")

    def _bytes(self, request: Request) -> bytes:
        data = self.spool.read(request.path_params["id"])
        if data is None:
            raise HTTPException(404)
        return data


def taken_apart(data: bytes) -> Mail:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 (what this policy makes, told to the type checker)
    return Mail(
        subject=str(message["Subject"] or ""),
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=tuple(linked(_part(message, "plain"))),
        html=_part(message, "html"),
    )


def linked(text: str) -> Sequence[tuple[str, str]]:
    """`text` in pieces: (words, "") and (link, link)."""
    pieces, at = [], 0
    for match in _LINK.finditer(text):
        link = match.group().rstrip(".,;:!?)")
        pieces += [(text[at : match.start()], ""), (link, link)]
        at = match.start() + len(link)
    return [piece for piece in [*pieces, (text[at:], "")] if piece[0]]


def in_new_windows(html: str) -> str:
    """The same document, its links opening outside the frame, where the page they lead to may be shown."""
    base = '<base target="_blank">'
    found = _HEAD.search(html)
    return html[: found.end()] + base + html[found.end() :] if found else base + html


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    content = part.get_content()
    return content if isinstance(content, str) else ""
