"""The pages that list many stories: the archive by month and day, a topic, a partner. In: an archive. Out: HTML.

A long list goes on at the same address with a number after it: "/topics/harbour/2".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from syndication.jobs import browse
from syndication.jobs.ports.archive import Archive
from syndication.model.archive import House
from syndication.model.choice import Choice
from syndication.model.feed import Feed
from syndication.web import linked, present
from syndication.web.site import Head, Site

_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
_DAY = re.compile(r"(19|20)\d\d-\d\d-\d\d")
_NUMBER = re.compile(r"[2-9]|[1-9]\d{1,2}")
"""The first page has no number, so that each page has one address."""


NAMES_FIRST = 40
NAMES_MAX = 120
"""Names on the archive's first page, and on a page of nothing but names."""
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Names:
    """All topics, or all partners: path and name. `count`: how many there are when these are not all."""

    kind: str
    title: str
    links: Sequence[tuple[str, str]]
    count: int = 0


@dataclass(frozen=True, slots=True)
class Shelves:
    site: Site
    archive: Archive

    def routes(self) -> list[Route]:
        return [
            Route("/archive", self.top),
            *_paged("/archive/{date}", self.dated),
            *_paged("/topics/{slug}", self.topic),
            *_paged("/partners/{slug}", self.partner),
        ]

    def top(self, request: Request) -> Response:
        found = browse.shelves(self.archive, self.site.clock())
        month = found.months[0] if found.months else ""
        return self._archive(request, found, Head("Archive", "/archive"), month, self.archive.house())

    def dated(self, request: Request) -> Response:
        """A month, "2026-05", or a day of it."""
        name, number, now = request.path_params["date"], page_number(request), self.site.clock()
        found = None
        if name in ("topics", "partners"):
            return self._names(request, name, number)
        if _MONTH.fullmatch(name):
            found = browse.month(self.archive, name, number, now)
        elif _is_day(name):
            found = browse.day(self.archive, name, number, now)
        if found is None:
            raise HTTPException(404)
        path = f"/archive/{name}"
        head = Head(
            _numbered(f"Archive, {present.date_words(name)}", number),
            numbered(path, number),
            before=_older(path, found.listing) or (f"/archive/{found.before}" if found.before else ""),
            after=_newer(path, found.listing) or (f"/archive/{found.after}" if found.after else ""),
        )
        return self._archive(request, found, head, name[:7], None)

    def _archive(
        self, request: Request, found: browse.Shelves, head: Head, month: str, house: House | None
    ) -> Response:
        return self.site.open(
            request,
            "archive",
            head.described(f"Editions and stories of {self.site.publication.title}, by date."),
            shelves=found,
            month=month,
            names=_beginnings(house) if house else (),
            # Grouped by the same days that the addresses name.
            stories=present.by_day(present.stories(found.listing.stories, {}), "UTC"),
            edition_title=present.edition_title,
            date_words=present.date_words,
            link_words=_link_words,
        )

    def _names(self, request: Request, kind: str, number: int) -> Response:
        """All topics or all partners, a page of names at a time."""
        (names,) = (one for one in _all_names(self.archive.house()) if one.kind == kind)
        pages = parted(names.links, NAMES_MAX)
        if number > len(pages):
            raise HTTPException(404)
        path = f"/archive/{kind}"
        head = Head(
            _numbered(names.title, number),
            numbered(path, number),
            description=f"{names.title} of {self.site.publication.title}.",
            before=numbered(path, number + 1) if number < len(pages) else "",
            after=numbered(path, number - 1) if number > 1 else "",
        )
        return self.site.open(request, "names", head, links=pages[number - 1], number=number)

    def topic(self, request: Request) -> Response:
        slug, house = request.path_params["slug"], self.archive.house()
        title = next((topic.title for topic in house.topics if topic.slug == slug), None)
        if title is None:
            raise HTTPException(404)
        feed = present.feed_for(house.feeds, topic=slug)
        return self._selection(request, Choice(topics=(slug,)), title, "Topic", f"/topics/{slug}", feed, house)

    def partner(self, request: Request) -> Response:
        slug, house = request.path_params["slug"], self.archive.house()
        partner = next((partner for partner in house.partners if partner.slug == slug), None)
        if partner is None:
            raise HTTPException(404)
        feed, path = present.feed_for(house.feeds, partner=slug), f"/partners/{slug}"
        choice = Choice(partners=(slug,))
        return self._selection(request, choice, partner.name, "Partner", path, feed, house, home=partner.homepage)

    def _selection(
        self,
        request: Request,
        choice: Choice,
        title: str,
        kind: str,
        path: str,
        feed: Feed | None,
        house: House,
        *,
        home: str = "",
    ) -> Response:
        number = page_number(request)
        found = browse.chosen(self.archive, choice, number, self.site.clock())
        if found is None:
            raise HTTPException(404)
        head = Head(
            _numbered(title, number),
            numbered(path, number),
            description=f"Stories of {self.site.publication.title}: {title}.",
            feed=feed.slug if feed else "",
            before=_older(path, found),
            after=_newer(path, found),
            linked=linked.collection(title, self.site.url(path), self.site.publication),
        )
        return self.site.open(
            request,
            "selection",
            head,
            title=title,
            kind=kind,
            feed=feed,
            home=home,
            number=number,
            stories=present.stories(found.stories, present.titles(house)),
        )


def _all_names(house: House) -> tuple[Names, Names]:
    return (
        Names("topics", "Topics", tuple((f"/topics/{topic.slug}", topic.title) for topic in house.topics)),
        Names("partners", "Partners", tuple((f"/partners/{one.slug}", one.name) for one in house.partners)),
    )


def _beginnings(house: House) -> list[Names]:
    """The first of each, with a way to the rest."""
    named = [names for names in _all_names(house) if names.links]
    return [
        replace(names, links=names.links[:NAMES_FIRST], count=len(names.links) if len(names.links) > NAMES_FIRST else 0)
        for names in named
    ]


def parted(lines: Sequence[Line], most: int) -> list[Sequence[Line]]:
    """Pages of so many lines; the first is always there."""
    return [lines[start : start + most] for start in range(0, max(1, len(lines)), most)]


def _paged(path: str, endpoint: object) -> list[Route]:
    return [Route(path, endpoint), Route(path + "/{number}", endpoint)]  # type: ignore[arg-type]


def page_number(request: Request) -> int:
    """Which page of a list. Raises HTTPException 404."""
    text = request.path_params.get("number")
    if text is None:
        return 1
    if not _NUMBER.fullmatch(text):
        raise HTTPException(404)
    return int(text)


def numbered(path: str, number: int) -> str:
    return path if number == 1 else f"{path}/{number}"


def _numbered(title: str, number: int) -> str:
    return title if number == 1 else f"{title}, page {number}"


def _older(path: str, found: browse.Listing) -> str:
    return numbered(path, found.number + 1) if found.more else ""


def _newer(path: str, found: browse.Listing) -> str:
    return numbered(path, found.number - 1) if found.number > 1 else ""


def _link_words(path: str) -> str:
    """What a link to another page of the archive says: its date, or which page it is."""
    name, _, number = path.removeprefix("/archive/").partition("/")
    return f"{present.date_words(name)}, page {number}" if number else present.date_words(name)


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:  # the 31st of February
        return False
