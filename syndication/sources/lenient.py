"""The second pass: a document that is not well-formed -> a ParsedFeed. Pure.

First it is mended where there is one way only. If that is not enough it is cut into its entries: each that is
well-formed by itself is read by the strict pass, so it reads the same whether or not its neighbour is broken, and is
never new again on the day the neighbour is mended. A broken one goes to feedparser, and is kept only when an id or link
of its own comes out of that; else it is set aside.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from syndication.errors import ParseError
from syndication.model.source import Entry, ParsedFeed, SetAside
from syndication.sources import strict, tolerant
from syndication.sources.limits import BROKEN_BYTES_MAX, ENTRIES_MAX, SET_ASIDE_BYTES_MAX, SET_ASIDE_MAX
from syndication.sources.names import USUAL
from syndication.sources.repair import ROOT, repair
from syndication.sources.xml import NotWellFormed

_DEFINITIONS = re.compile(
    r"<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)|<!DOCTYPE\s+(?!html)[^>\[]*(?:\[|\sSYSTEM\s|\sPUBLIC\s)"
)
_CHANNEL = re.compile(r"<channel(?=[\s>])[^<>]{0,2000}>")
_LOST = "it is not well-formed, and no id or link of its own could be made out"


@dataclass(frozen=True, slots=True)
class _Cut:
    """A document in parts: `root` its start tag, `head` the feed's own fields, `close` what ends it."""

    root: str
    head: str
    pieces: tuple[str, ...]
    close: str


def read(utf8: bytes, url: str, cause: NotWellFormed) -> ParsedFeed:
    """Raises ParseError, with the strict pass's reason, when there is no feed to be found in it."""
    if len(utf8) > BROKEN_BYTES_MAX:
        why = f"{cause.reason}, and at {len(utf8)} bytes it is too large to mend"
        raise ParseError("the document cannot be read", why=why) from cause
    text = utf8.decode()
    root = ROOT.search(text)
    if root is None:
        raise ParseError("the document is not a feed", why=cause.reason) from cause
    if _DEFINITIONS.search(text[: root.start()]):
        raise ParseError("the document is refused", why="it brings a document type with definitions of its own")
    mended = repair(text)
    try:
        return replace(strict.read(mended.encode(), url), lenient=True)
    except NotWellFormed:
        cut = _cut(mended)
    try:
        return _piecewise(cut, url, cause)
    except NotWellFormed as error:
        raise ParseError("the document cannot be read", why=error.reason) from error


def _cut(text: str) -> _Cut:
    root = ROOT.match(text)
    if root is None:
        raise ParseError("the document cannot be read", why="its root could not be mended")
    prefix, _, name = root[1].rpartition(":")
    atom = name == "feed"
    tag = f"{prefix}:entry" if atom and prefix else "entry" if atom else r"(?:[a-zA-Z_][\w.-]{0,40}:)?item"
    starts = [found.start() for found in re.finditer(rf"<{tag}(?=[\s>])", text)]
    if len(starts) > ENTRIES_MAX:
        raise ParseError("the document is refused", why=f"it has more than {ENTRIES_MAX} entries")
    starts = _outside_cdata(text, starts)
    edges = [*starts, len(text)]
    end_tag = re.compile(rf"</{tag}\s*>")
    pieces = tuple(_to_end(text[start:end], end_tag) for start, end in pairwise(edges))
    head = text[root.end() : edges[0]]
    close = f"</{root[1]}>"
    if _CHANNEL.search(head) and "</channel>" not in head:
        close = "</channel>" + close
    return _Cut(_start_tag(root[0], root[1]), head, pieces, close)


def _start_tag(tag: str, name: str) -> str:
    """The root's start tag as it stands, or, when that is broken itself, one that declares what is usual."""
    if _reads(f"{tag}</{name}>", "") is not None:
        return tag
    usual = {**USUAL, name.partition(":")[0]: USUAL["atom"]} if name.endswith(":feed") else USUAL
    own = f' xmlns="{USUAL["atom"]}"' if name == "feed" else ' version="2.0"' if name == "rss" else ""
    return f"<{name}{own}" + "".join(f' xmlns:{prefix}="{space}"' for prefix, space in usual.items()) + ">"


def _outside_cdata(text: str, starts: list[int]) -> list[int]:
    """Less those that stand inside a CDATA section that ends before the next of them."""
    kept: list[int] = []
    for n, start in enumerate(starts):
        opened = text.rfind("<![CDATA[", kept[-1] if kept else 0, start)
        until = starts[n + 1] if n + 1 < len(starts) else len(text)
        inside = opened >= 0 and "]]>" not in text[opened:start] and "]]>" in text[start:until]
        between = text[opened:start]
        if not (inside and "</item>" not in between and "</entry>" not in between):
            kept.append(start)
    return kept


def _to_end(piece: str, end_tag: re.Pattern[str]) -> str:
    last = None
    for last in end_tag.finditer(piece):  # noqa: B007 - the last one counts
        pass
    return piece[: last.end()] if last else piece


def _piecewise(cut: _Cut, url: str, cause: NotWellFormed) -> ParsedFeed:
    found: dict[int, Entry | SetAside] = {}
    good: list[int] = []
    patient = tolerant.Tolerant(cut.root, cut.close, url)
    for n, piece in enumerate(cut.pieces):
        if _reads(f"{cut.root}{piece}</{_name(cut)}>", url) == 1:
            good.append(n)
            continue
        entry = patient.entry(piece)
        found[n] = entry or SetAside(n, _LOST, piece.encode()[:SET_ASIDE_BYTES_MAX])
    if sum(isinstance(part, SetAside) for part in found.values()) > SET_ASIDE_MAX:
        raise ParseError("the document cannot be read", why=f"more than {SET_ASIDE_MAX} of its entries are broken")
    feed = _framed(cut, good, url, patient)
    if len(feed.entries) + len(feed.set_aside) != len(good):
        raise NotWellFormed("its entries do not stand where entries do")
    if not (good or found or feed.title or feed.url):
        raise ParseError("the document cannot be read", why=cause.reason) from cause
    return _in_order(feed, good, found)


def _reads(document: str, url: str) -> int | None:
    """How many entries are found in it, broken ones too; None when it is not well-formed."""
    try:
        feed = strict.read(document.encode(), url)
    except NotWellFormed:
        return None
    return len(feed.entries) + len(feed.set_aside)


def _name(cut: _Cut) -> str:
    return cut.close.rpartition("</")[2].rstrip(">")


def _framed(cut: _Cut, good: list[int], url: str, patient: "tolerant.Tolerant") -> ParsedFeed:
    """The feed's own fields with the good entries, in their frame: they inherit language and authors from it."""
    body = "".join(cut.pieces[n] for n in good)
    try:
        return strict.read(f"{cut.root}{cut.head}{body}{cut.close}".encode(), url)
    except NotWellFormed:
        return patient.feed(cut.head, strict.read(f"{cut.root}{body}</{_name(cut)}>".encode(), url))


def _in_order(feed: ParsedFeed, good: list[int], found: dict[int, Entry | SetAside]) -> ParsedFeed:
    """Strictly read entries and the others, each where it stood. Positions count the pieces of the document."""
    aside = {part.position: part for part in feed.set_aside}
    entries = iter(feed.entries)
    for place, n in enumerate(good):
        found[n] = replace(aside[place], position=n) if place in aside else next(entries)
    parts = [found[n] for n in sorted(found)]
    return replace(
        feed,
        entries=tuple(part for part in parts if isinstance(part, Entry)),
        set_aside=tuple(part for part in parts if isinstance(part, SetAside)),
        lenient=True,
    )
