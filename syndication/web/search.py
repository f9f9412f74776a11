"""The page that finds stories. In: a query, the one that any page of ours reads. Out: HTML, kept by nobody.

What was looked for is written nowhere but on the page itself.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from syndication.articles.find import QUERY_CHARS_MAX
from syndication.jobs.ports.archive import Archive
from syndication.jobs.search import PAGES_MAX, search
from syndication.web import present
from syndication.web.site import Head, Site


@dataclass(frozen=True, slots=True)
class Search:
    site: Site
    archive: Archive

    def routes(self) -> list[Route]:
        return [Route("/search", self.page)]

    def page(self, request: Request) -> Response:
        # A lone half of a surrogate pair can come in by an escape, and goes out in no encoding.
        query = request.query_params.get("q", "").encode(errors="ignore").decode().strip()[:QUERY_CHARS_MAX]
        number = _number(request.query_params.get("page", "1"))
        found = search(self.archive, query, number, self.site.clock())
        topics = present.titles(self.archive.house())
        title = f"Search: {query}" if query else "Search"
        return self.site.own(
            "search",
            Head(title, "/search", description="Find stories by their words.", noindex=bool(query)),
            query=query,
            found=found,
            hits=[(hit, present.story(hit.shown, topics)) for hit in found.hits],
            number=number,
            older=_address(query, number + 1) if found.more else "",
            newer=_address(query, number - 1) if number > 1 else "",
        )


def _number(text: str) -> int:
    """Raises HTTPException 404."""
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= PAGES_MAX):
        raise HTTPException(404)
    return int(text)


def _address(query: str, number: int) -> str:
    return "/search?" + urlencode({"q": query} | ({"page": number} if number > 1 else {}))
