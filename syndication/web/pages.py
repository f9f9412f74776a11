"""The pages that anybody may read. In: an archive, through `jobs.read`. Out: HTML; what may not be shown is a 404.

Handlers are plain functions: the framework runs them in threads, where a question to the database holds nobody up.
"""

import re
from dataclasses import dataclass
from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from syndication.jobs import read
from syndication.jobs.ports.archive import Archive
from syndication.web import present
from syndication.web.form import Stamps
from syndication.web.opml import opml
from syndication.web.policy import FEED
from syndication.web.readers import readers
from syndication.web.sign_up import consent_text
from syndication.web.site import Head, Site

_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
_DAY = re.compile(r"(19|20)\d\d-\d\d-\d\d")
_ID = re.compile(r"[1-9]\d{0,17}")


@dataclass(frozen=True, slots=True)
class Pages:
    site: Site
    archive: Archive
    stamps: Stamps

    def routes(self) -> list[Route]:
        return [
            Route("/", self.front),
            Route("/articles/{id}", self.article),
            Route("/editions/{id}", self.edition),
            Route("/archive", self.shelves),
            Route("/archive/{date}", self.dated),
            Route("/feeds/{slug}", self.feed),
            Route("/opml", self.opml),
        ]

    def front(self, request: Request) -> Response:
        now = self.site.clock()
        front = read.front(self.archive, now)
        topics = present.titles(front.house)
        main = present.main_feed(front.house.feeds)
        publication = self.site.publication
        return self.site.own(
            "front",
            Head(publication.title, "/", description=publication.description, feed=main.slug if main else ""),
            stories=present.stories(front.stories, topics),
            now=now,
            house=front.house,
            editions=front.editions,
            main_feed=main,
            topic_feeds={slug: present.feed_for(front.house.feeds, topic=slug) for slug in topics},
            partner_feeds={
                partner.slug: present.feed_for(front.house.feeds, partner=partner.slug)
                for partner in front.house.partners
            },
            rhythm=present.rhythm,
            edition_title=present.edition_title,
            stamp=self.stamps.draw(now),
            consent=consent_text(publication),
        )

    def article(self, request: Request) -> Response:
        shown = read.article(self.archive, _id(request), self.site.clock())
        if shown is None:
            raise HTTPException(404)
        story = present.story(shown, present.titles(self.archive.house()))
        head = Head(
            story.title,
            f"/articles/{story.id}",
            description=story.excerpt,
            canonical=shown.permission.canonical,
            noindex=shown.permission.noindex,
        )
        return self.site.open(request, "article", head, story=story)

    def edition(self, request: Request) -> Response:
        shown = read.edition(self.archive, _id(request), self.site.clock())
        if shown is None:
            raise HTTPException(404)
        return self.site.open(
            request,
            "edition",
            Head(
                f"{shown.newsletter.title}, {shown.edition.slot_local.day} {shown.edition.slot_local:%B %Y}",
                f"/editions/{shown.edition.id}",
                description=shown.newsletter.description,
            ),
            shown=shown,
            stories=present.items(shown, present.titles(self.archive.house())),
        )

    def shelves(self, request: Request) -> Response:
        found = read.shelves(self.archive, self.site.clock())
        return self._archive(request, found, "Archive", "/archive", month=found.months[0] if found.months else "")

    def dated(self, request: Request) -> Response:
        """A month, "2026-05", or a day of it."""
        name = request.path_params["date"]
        found = None
        if _MONTH.fullmatch(name):
            found = read.month(self.archive, name)
        elif _is_day(name):
            found = read.day(self.archive, name, self.site.clock())
        if found is None:
            raise HTTPException(404)
        return self._archive(request, found, f"Archive, {present.date_words(name)}", f"/archive/{name}", month=name[:7])

    def feed(self, request: Request) -> Response:
        """The page about a feed, for those who open its address in a browser."""
        found = read.feed(self.archive, request.path_params["slug"], self.site.clock())
        if found is None:
            raise HTTPException(404)
        feed, stories = found
        house, now = self.archive.house(), self.site.clock()
        return self.site.own(
            "feed",
            Head(feed.title, f"/feeds/{feed.slug}", description=feed.description, feed=feed.slug),
            vary="Accept",
            feed=feed,
            address=self.site.url(f"/feeds/{feed.slug}"),
            readers=readers(self.site.url(f"/feeds/{feed.slug}.atom")),
            stories=present.stories(stories, present.titles(house)),
            newsletters=house.newsletters,
            rhythm=present.rhythm,
            stamp=self.stamps.draw(now),
            consent=consent_text(self.site.publication),
        )

    def opml(self, request: Request) -> Response:
        data = opml(self.site.publication, self.archive.house())
        headers = {name.decode(): value.decode() for name, value in FEED}
        return Response(data, headers=headers | {"cache-control": "public, max-age=300"}, media_type="text/x-opml")

    def _archive(self, request: Request, found: read.Shelves, title: str, path: str, *, month: str) -> Response:
        return self.site.open(
            request,
            "archive",
            Head(title, path, description=f"Editions and stories of {self.site.publication.title}, by date."),
            shelves=found,
            month=month,
            stories=present.by_day(present.stories(found.stories, {}), self.site.zone),
            edition_title=present.edition_title,
            date_words=present.date_words,
        )


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:  # the 31st of February
        return False


def _id(request: Request) -> int:
    """The number in the address. Raises HTTPException 404 for anything else."""
    text = request.path_params["id"]
    if not _ID.fullmatch(text):
        raise HTTPException(404)
    return int(text)
