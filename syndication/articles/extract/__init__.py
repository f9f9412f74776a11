"""A page -> Extract. In: a page's HTML and address. Out: title, byline, date, publisher, body, figures, and the rest.

What the page states as data comes first (`metadata`); `container` finds the body; `tidy` frees it of what is foreign.
Knows no partner and no rights; never raises for what a page holds.
"""

from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from syndication.articles.doubts import doubts_of_page
from syndication.articles.extract.body import Read, read_body
from syndication.articles.extract.dates import read_date
from syndication.articles.extract.metadata import Metadata, read_metadata
from syndication.articles.extract.naming import proper_name
from syndication.articles.extract.page import parse_page
from syndication.articles.extract.told import body_told
from syndication.articles.measure import beginning, size_of
from syndication.articles.sanitize import ends_cut, excerpt, one_line, shown_url
from syndication.articles.tidy import Tidied, merge_figures, merge_links, tidy
from syndication.model.article import Extract

EXCERPT_WORDS = 55
DESCRIPTION_WORDS_MAX = 120

__all__ = ["extract_article"]


def extract_article(html: str | bytes, url: str) -> Extract:
    """What the page at `url` gives. A page without a story answers an Extract whose `body` is empty, with a flag."""
    page = parse_page(html)
    if page is None:
        return Extract(flags=("no-page",))
    metadata = read_metadata(page, url)
    whole_text = _all_words(page)
    read = read_body(page, url, metadata)
    tidied = tidy(read.body, base_url=url, title=metadata.title) if read else Tidied()
    told = body_told(metadata, tidied.text)
    if told is not None:
        read, tidied = read or Read(told), tidy(told, base_url=url, title=metadata.title)
    if read is None:
        return Extract(
            title=metadata.title, byline=metadata.byline, date=metadata.date, site=metadata.site, flags=("no-body",)
        )
    date, date_flags = _date(metadata, tidied)
    removed = (*read.removed, *tidied.removed)
    doubts = doubts_of_page(
        tidied.body,
        tidied.text,
        page,
        walled=any(block.rule == "paywall" for block in removed),
        locked=metadata.locked,
        words_told=max(metadata.words, size_of(metadata.told)),
    )
    return Extract(
        title=metadata.title,
        byline=metadata.byline or tidied.byline,
        date=date,
        site=metadata.site,
        original_publisher=proper_name(tidied.publisher, whole_text) or metadata.original_publisher,
        original_link=_origin(shown_url(tidied.publisher_link, url), metadata.original_link),
        excerpt=_excerpt(metadata, tidied),
        body=tidied.body,
        text=tidied.text,
        figures=merge_figures((*read.figures, *tidied.figures)),
        related=merge_links((*read.related, *tidied.related)),
        removed=removed,
        flags=date_flags + (doubts if tidied.body else ("no-body",)),
    )


def _origin(line_link: str, stated_link: str) -> str:
    """The crediting line's link before the data's; but a link to the story beats one to its house's door."""
    hosts = [(urlsplit(link).hostname or "").removeprefix("www.") for link in (line_link, stated_link)]
    return stated_link if not line_link or hosts[0] == hosts[1] else line_link


def _excerpt(metadata: Metadata, tidied: Tidied) -> str:
    """The publisher's own summary when it is one; a cut one is only the body's beginning, so the body is asked."""
    told = metadata.description
    if told and not ends_cut(told) and told[-1:] in ".!?”\"’')»。！？":
        return excerpt(told, DESCRIPTION_WORDS_MAX)
    return excerpt(beginning(tidied.text), EXCERPT_WORDS) or excerpt(told, EXCERPT_WORDS)


def _date(metadata: Metadata, tidied: Tidied) -> tuple[datetime | None, tuple[str, ...]]:
    if metadata.date is not None:
        return metadata.date, metadata.date_flags
    for written in tidied.dates:
        found = read_date(written)
        if found is not None:
            return found, ("date-from-text",)
    return None, ("no-date",)


def _all_words(page: HtmlElement) -> str:
    """Every text of the page in which a publisher's name may stand in its own spelling."""
    told = [element.get(key, "") for element in page.iter("img", "a", "meta") for key in ("alt", "title", "content")]
    return one_line(f"{' '.join(piece for piece in told if piece)} {page.text_content()}", 200_000)
