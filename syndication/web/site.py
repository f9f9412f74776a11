"""What every page shares, and how it becomes an answer. In: a template's name, values. Out: Response.

A page that anybody may keep has a strong ETag in each coding and answers 304; one with a form or a token nobody keeps.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from syndication.feeds.pack import PACK
from syndication.jobs.ports.clock import Clock
from syndication.model.feed import Coding, Publication
from syndication.web import policy
from syndication.web.accept import codings
from syndication.web.assets import Assets
from syndication.web.conditional import is_fresh
from syndication.web.linked import Linked, written
from syndication.web.shelf import etag_of

PUBLIC_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Head:
    """What stands in a page's head. `path` is its address below the base address."""

    title: str
    path: str
    description: str = ""
    canonical: str = ""
    """Another house's page, when that one must be named as the original; else this page itself is."""
    noindex: bool = False
    feed: str = ""
    """The slug of the feed that goes with the page."""
    before: str = ""
    after: str = ""
    """Paths of the pages beside it in time."""
    published: datetime | None = None
    """Of an article; with it, programs that preview links are told that it is one."""
    modified: datetime | None = None
    image: str = ""
    """The path of its picture, for programs that preview links."""
    counter: str = ""
    """The origin of a partner's counter that the page may load by its agreement; empty: nothing from elsewhere."""
    robots: tuple[str, ...] = ()
    """What programs that show parts of it are asked for, such as "max-snippet:120"."""
    tdm_reserved: bool = False
    tdm_policy: str = ""
    linked: Linked | None = None
    """What programs are told of it in the words of schema.org."""

    def described(self, description: str) -> "Head":
        return replace(self, description=description)


@dataclass(frozen=True, slots=True)
class Site:
    publication: Publication
    render: Callable[..., str]
    """A template's name and values -> a page; raises RenderError."""
    assets: Assets
    clock: Clock
    zone: str = "UTC"
    """The zone in which pages show dates and times."""

    @property
    def root(self) -> str:
        """The path of the base address: nothing, or "/news" behind a proxy that serves us below it."""
        return urlsplit(self.publication.base_url).path.rstrip("/")

    def url(self, path: str) -> str:
        return f"{self.publication.base_url}{path}"

    def html(self, name: str, head: Head, **values: Any) -> str:
        return self.render(
            name,
            publication=self.publication,
            root=self.root,
            base_url=self.publication.base_url,
            style=self.root + self.assets.path("style"),
            mark=self.root + self.assets.path("mark"),
            head=head,
            canonical=head.canonical or self.url(head.path),
            linked=written(head.linked) if head.linked else "",
            zone=self.zone,
            **values,
        )

    def open(self, request: Request, name: str, head: Head, *, vary: str = "", **values: Any) -> Response:
        """A page that anybody may keep for a minute."""
        body = self.html(name, head, **values).encode()
        coding = _coding(request)
        etag = etag_of(f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"', coding).decode()
        headers = {
            "etag": etag,
            "cache-control": f"public, max-age={PUBLIC_SECONDS}",
            "vary": f"{vary}, Accept-Encoding" if vary else "Accept-Encoding",
        }
        headers |= _asked(head)
        if is_fresh(request.scope["headers"], etag=etag.encode()):
            return Response(status_code=304, headers=headers)
        if coding:
            headers["content-encoding"] = coding
            body = PACK[Coding(coding)](body)
        return Response(body, headers=headers, media_type="text/html")

    def own(self, name: str, head: Head, *, status: int = 200, vary: str = "", **values: Any) -> Response:
        """A page for one visitor, kept by nobody. It may hold a token, and a compressed length would tell of it."""
        body = self.html(name, head, **values)
        headers = {"cache-control": "no-store"} | ({"x-robots-tag": "noindex"} if head.noindex else {})
        if vary:
            headers["vary"] = vary
        return Response(body, status, headers, media_type="text/html")


def _coding(request: Request) -> str:
    """The first that is asked for; "" is the page as it is."""
    return codings(request.headers.get("accept-encoding", "").encode("latin-1"))[0]


def _asked(head: Head) -> dict[str, str]:
    """What robots are asked for, and what the page may load."""
    headers = {}
    if asked := ", ".join([*(["noindex"] if head.noindex else []), *head.robots]):
        headers["x-robots-tag"] = asked
    if head.tdm_reserved:
        headers["tdm-reservation"] = "1"
        if head.tdm_policy:
            headers["tdm-policy"] = head.tdm_policy
    if head.counter:
        headers["content-security-policy"] = policy.page_csp(head.counter)
    return headers
