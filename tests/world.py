"""Partners' hosts, as far as a collector can tell: answers with validators, 304, pages, and hosts that are down.

It fulfils the port `Exchange` without a socket, so that a test says in one line what a host does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from html import escape
from urllib.parse import urlsplit

from syndication.model.exchange import Answer, Failure, FailureKind, Hop, Phase, Request


@dataclass(slots=True)
class World:
    """`asked` lists the URLs that were asked for, in order; `answered` counts bodies sent by URL."""

    bodies: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    headers: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    moved: dict[str, tuple[int, str]] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    """Hosts that do not answer; "*" is every one."""
    asked: list[str] = field(default_factory=list)
    manners_asked: list[str] = field(default_factory=list)
    """The same for robots.txt and tdmrep.json, which come before pages and are no pages."""
    statuses: list[int] = field(default_factory=list)

    def puts(self, url: str, body: str | bytes, *, type: str = "application/rss+xml", status: int = 200) -> None:
        self.bodies[url] = (status, type, body.encode() if isinstance(body, str) else body)

    def fetch(self, request: Request) -> Answer | Failure:
        of_manners = request.url.endswith(("/robots.txt", "/.well-known/tdmrep.json"))
        (self.manners_asked if of_manners else self.asked).append(request.url)
        host = urlsplit(request.url).netloc
        if host in self.down or "*" in self.down:
            return Failure(request.url, FailureKind.UNREACHABLE, Phase.CONNECT, f"{host} does not answer", seconds=0.1)
        url, hops = request.url, ()
        if url in self.moved:
            status, url = self.moved[url]
            hops = (Hop(status, url),)
        answer = self._answer(request, url, hops)
        self.statuses.append(answer.status)
        return answer

    def fetch_all(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Answer | Failure]]:
        for request in list(requests):
            yield request, self.fetch(request)

    def _answer(self, request: Request, url: str, hops: tuple[Hop, ...]) -> Answer:
        status, type, body = self.bodies.get(url, (404, "text/html", b"<p>nothing here</p>"))
        etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
        own = (("etag", etag), *self.headers.get(url, ()))
        if status == 200 and dict(request.headers).get("If-None-Match") == etag:
            return Answer(url, 304, own, b"", "192.0.2.1", hops=hops, seconds=0.01)
        return Answer(url, status, (("content-type", type), *own), body, "192.0.2.1", hops=hops, seconds=0.02)


def rss(*items: str, title: str = "Harbour Daily") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{escape(title)}</title><link>https://harbour.example/</link><description>News</description>"
        f"{''.join(items)}</channel></rss>"
    )


def item(n: int | str, *, text: str = "", title: str = "", link: str = "", guid: str = "", date: str = "") -> str:
    link = link or f"https://harbour.example/news/{n}"
    text = text or f"The ferry number {n} crosses the sound again after repairs that took {n} weeks."
    return (
        f"<item><title>{escape(title or f'Ferry {n} sails again')}</title><link>{escape(link)}</link>"
        f'<guid isPermaLink="false">{escape(guid or f"harbour-{n}")}</guid>'
        f"<description>{escape(f'<p>{text}</p>')}</description>"
        f"<pubDate>{date or 'Thu, 07 May 2026 05:00:00 GMT'}</pubDate></item>"
    )
