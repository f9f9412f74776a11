"""Feed documents that are not kept in memory: pages of archives, and feeds of one reader each. Out: a feed, or 404.

They are asked for seldom, so each is built when it is asked for, and packed in the one coding that is wanted.
"""

import re
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from syndication.feeds.pack import PACK
from syndication.jobs import feed_archive, own_feed
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.own_feeds import OwnFeeds
from syndication.jobs.ports.shelf import Shelf
from syndication.model.feed import Coding, FeedDocument, FeedFormat, Publication
from syndication.web import policy
from syndication.web.accept import codings
from syndication.web.conditional import holds, http_date
from syndication.web.shelf import SIGNALS, etag_of

ARCHIVE_CACHE = b"public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"
"""A page does not change; an hour, because what its publisher withdraws has to leave it."""
OWN_CACHE = b"private, max-age=300"
_PAGE = re.compile(r"([1-9]\d{0,8})\.atom")
_OWN = re.compile(r"([a-z2-7]{32})\.(rss|atom|json)")


@dataclass(frozen=True, slots=True)
class Stacks:
    publication: Publication
    shelf: Shelf
    own: OwnFeeds
    clock: Clock
    extra: policy.Headers = ()

    def routes(self) -> list[Route]:
        return [
            Route("/feeds/{slug}/archive/{page}", self.page),
            Route("/feeds/own-{name}", self.own_feed),
        ]

    def page(self, request: Request) -> Response:
        slug, match = request.path_params["slug"], _PAGE.fullmatch(request.path_params["page"])
        number = int(match[1]) if match else 0
        document = feed_archive.page(self.shelf, self.publication, slug, number, self.clock())
        if document is None:
            return self._after_the_last(slug, number)
        return self._answer(request, document, ((b"cache-control", ARCHIVE_CACHE),))

    def _after_the_last(self, slug: str, number: int) -> Response:
        """The newest page leads on to the next as every page does; until there is one, to the feed's own document."""
        feed = self.shelf.feed(slug)
        if feed is None or number < 2 or number != self.shelf.newest_page(feed) + 1:
            raise HTTPException(404)
        target = f"{self.publication.base_url}/feeds/{slug}.atom"
        return RedirectResponse(target, 307, headers={"cache-control": "no-store"})

    def own_feed(self, request: Request) -> Response:
        match = _OWN.fullmatch(request.path_params["name"])
        if match is None:
            raise HTTPException(404)
        token, ending = match.groups()
        document = own_feed.read(self.own, self.shelf, self.publication, token, FeedFormat(ending), self.clock())
        if document is None:
            raise HTTPException(404)
        private: policy.Headers = ((b"cache-control", OWN_CACHE), (b"x-robots-tag", b"noindex, nofollow"))
        return self._answer(request, document, private)

    def _answer(self, request: Request, document: FeedDocument, headers: policy.Headers) -> Response:
        coding = codings(request.headers.get("accept-encoding", "").encode("latin-1"))[0]
        etag = etag_of(document.etag, coding)
        given = {name for name, _ in headers}
        signals = [header for one in document.signals for header in SIGNALS[one] if header[0] not in given]
        kept = {
            b"etag": etag,
            b"last-modified": http_date(document.updated_at),
            b"vary": b"Accept-Encoding",
            **dict((*headers, *signals, *policy.FEED, *self.extra)),
        }
        told = {name.decode(): value.decode() for name, value in kept.items()}
        tags, since = (
            request.headers.get(name, "").encode("latin-1") for name in ("if-none-match", "if-modified-since")
        )
        if holds(tags, since, etag=etag, modified_at=document.updated_at):
            return Response(status_code=304, headers=told)
        data = PACK[Coding(coding)](document.data) if coding else document.data
        told |= {"content-type": document.format.media_type} | ({"content-encoding": coding} if coding else {})
        return Response(data, headers=told)
