"""One broken entry, or a broken head, through feedparser. In: markup that no XML parser takes. Out: an Entry, or None.

feedparser reads nearly anything, slowly and by guess, so it is given little at a time and not for ever, never a name or
address that it could open, and its answer counts only when it holds an id or link. Its own sanitising and link
resolution stay off: links are resolved here, as in the strict pass. Alone knows feedparser.
"""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from syndication.model.source import Entry, ParsedFeed
from syndication.sources.dates import parse_date
from syndication.sources.draft import Draft, html_field
from syndication.sources.links import resolve
from syndication.sources.text import from_rss, one_line, person, scrub

PIECE_CHARACTERS_MAX = 256 * 1024
CHARACTERS_MAX = 1024 * 1024
PIECES_MAX = 200
"""Both of one document, in all its broken pieces."""


class Tolerant:
    """The frame of one document, and how much of it may still be read this way."""

    def __init__(self, root: str, close: str, url: str) -> None:
        self.root = root
        self.close = close
        self.url = url
        self.characters_left = CHARACTERS_MAX
        self.pieces_left = PIECES_MAX

    def entry(self, piece: str) -> Entry | None:
        frame = "<channel>" if "</channel>" in self.close else ""
        found = self._parse(f"{self.root}{frame}{piece}{self.close}")
        entries = found.get("entries") if found else None
        if not entries or len(entries) != 1:
            return None
        entry = _entry(entries[0], self.url)
        return entry if entry.id or entry.url else None

    def feed(self, head: str, alone: ParsedFeed) -> ParsedFeed:
        """`alone` with what can be made out of a head that is not well-formed."""
        found = self._parse(f"{self.root}{head}{self.close}")
        fields = found.get("feed") if found else None
        if not fields:
            return alone
        return replace(
            alone,
            title=from_rss(_text(fields, "title")),
            url=resolve(_text(fields, "link"), self.url),
            description=from_rss(_text(fields, "subtitle")) or None,
            language=one_line(_text(fields, "language")) or None,
            updated=parse_date(_text(fields, "updated")),
        )

    def _parse(self, document: str) -> Any:
        if len(document) > min(PIECE_CHARACTERS_MAX, self.characters_left) or not self.pieces_left:
            return None
        self.characters_left -= len(document)
        self.pieces_left -= 1
        # Half a second of a program's life to import, and most documents never need it.
        import feedparser

        parse: Callable[..., Any] = feedparser.parse
        try:
            return parse(
                io.BytesIO(document.encode()),
                response_headers={"content-type": "application/xml; charset=utf-8"},
                sanitize_html=False,
                resolve_relative_uris=False,
            )
        except Exception:  # noqa: BLE001 - it raises what it likes on what nobody foresaw; that piece is lost
            return None


def _entry(found: Any, url: str) -> Entry:
    draft = Draft(language=_text(found, "language") or None)
    draft.id = _text(found, "id").strip() or None
    draft.url = resolve(_text(found, "link"), url)
    draft.title = from_rss(_text(found, "title"))
    draft.summary_html = html_field(_text(found, "summary"), url)
    for content in found.get("content") or ():
        draft.content_html = draft.content_html or html_field(_text(content, "value"), url)
    if draft.content_html == draft.summary_html:
        draft.content_html = None
    if author := person(_text(found, "author")):
        draft.authors.append(author)
    draft.published = _text(found, "published").strip() or None
    draft.updated = _text(found, "updated").strip() or None
    for tag in found.get("tags") or ():
        draft.add_category(_text(tag, "label") or _text(tag, "term"))
    for file in found.get("enclosures") or ():
        draft.add_enclosure(resolve(_text(file, "href"), url), {"type": _text(file, "type")}, _text(file, "length"))
    return draft.entry(None, ())


def _text(of: Any, key: str) -> str:
    # Asked for "updated" in its own way, feedparser answers with the date of publication, and a warning.
    value = dict.get(of, key) if key == "updated" else of.get(key)
    return scrub(value) if isinstance(value, str) else ""
