"""The pages about feeds, for people: all of them, and one, for those who open its address in a browser. And OPML.

What programs get at the same address they get before any page is asked (see `feeds`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from syndication.jobs import read
from syndication.jobs.ports.archive import Archive
from syndication.model.archive import House
from syndication.model.feed import Feed
from syndication.web import present
from syndication.web.form import Stamps
from syndication.web.opml import opml
from syndication.web.policy import FEED
from syndication.web.readers import readers
from syndication.web.shelves import page_number, parted
from syndication.web.sign_up import consent_text
from syndication.web.site import Head, Site

LINES_MAX = 100
"""Feeds on a page that lists them."""


@dataclass(frozen=True, slots=True)
class FeedPages:
    site: Site
    archive: Archive
    stamps: Stamps

    def routes(self) -> list[Route]:
        return [
            Route("/feeds", self.all),
            Route("/feeds/page/{number}", self.all),
            Route("/feeds/{slug}", self.feed),
            Route("/opml", self.opml),
        ]

    def all(self, request: Request) -> Response:
        number = page_number(request)
        pages = parted([(title, feed) for title, feeds in groups(self.archive.house()) for feed in feeds], LINES_MAX)
        if number > len(pages):
            raise HTTPException(404)
        head = Head(
            "Feeds" if number == 1 else f"Feeds, page {number}",
            _address(number),
            description=f"All feeds of {self.site.publication.title}.",
            before=_address(number + 1) if number < len(pages) else "",
            after=_address(number - 1) if number > 1 else "",
        )
        grouped = [(title, [feed for _, feed in lines]) for title, lines in groupby(pages[number - 1], itemgetter(0))]
        return self.site.open(request, "feeds", head, groups=grouped, number=number)

    def feed(self, request: Request) -> Response:
        found = read.feed(self.archive, request.path_params["slug"], self.site.clock())
        if found is None:
            raise HTTPException(404)
        feed, house, now = found.feed, self.archive.house(), self.site.clock()
        return self.site.own(
            "feed",
            Head(feed.title, f"/feeds/{feed.slug}", description=feed.description, feed=feed.slug),
            vary="Accept",
            feed=feed,
            address=self.site.url(f"/feeds/{feed.slug}"),
            readers=readers(self.site.url(f"/feeds/{feed.slug}.atom")),
            stories=present.stories(found.stories, present.titles(house)),
            editions=found.editions,
            edition_title=present.edition_title,
            newsletters=house.newsletters,
            rhythm=present.rhythm,
            stamp=self.stamps.draw(now),
            consent=consent_text(self.site.publication),
        )

    def opml(self, request: Request) -> Response:
        data = opml(self.site.publication, self.archive.house())
        headers = {name.decode(): value.decode() for name, value in FEED}
        return Response(data, headers=headers | {"cache-control": "public, max-age=300"}, media_type="text/x-opml")


def _address(number: int) -> str:
    return "/feeds" if number == 1 else f"/feeds/page/{number}"


def groups(house: House) -> list[tuple[str, Sequence[Feed]]]:
    """All feeds, by what they are about; groups without any are left out."""
    topics = [feed for topic in house.topics if (feed := present.feed_for(house.feeds, topic=topic.slug))]
    partners = [feed for partner in house.partners if (feed := present.feed_for(house.feeds, partner=partner.slug))]
    editions = [feed for feed in house.feeds if feed.newsletter]
    others = [feed for feed in house.feeds if feed not in (*topics, *partners, *editions)]
    named = [("Stories", others), ("By topic", topics), ("By partner", partners), ("Editions", editions)]
    return [(title, feeds) for title, feeds in named if feeds]
