"""A page that lists articles -> a ParsedFeed. In: a Document, selectors if a person gave some. Pure.

Found by structure: blocks that are built alike and each lead to one address of the same site, with a heading, a date or
a teaser, to addresses that look like articles. Navigation is short words in a row. Where that errs, `item` and `link`
say it: the blocks, and the link in each.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from html import escape
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

from syndication.errors import ParseError
from syndication.model.source import Document, Entry, ParsedFeed
from syndication.selectors import find
from syndication.sources.blocks import HEADINGS, Block, blocks_of, in_furniture, text_of
from syndication.sources.dates import parse_date
from syndication.sources.links import resolve
from syndication.sources.page import tree_of
from syndication.sources.shape import article_like, is_elsewhere, same_site
from syndication.sources.text import one_line

DIALECT = "listing page"
NO_LIST = "no list of articles is found on the page"
ENTRIES_MAX = 200
ENTRIES_MIN = 2
LINKS_MAX = 3_000
GOOD_ENOUGH = 1.2
TITLE_WORDS_MIN = 3
TEASER_WORDS_MIN = 6
TEASER_WORDS_MAX = 120


def read(document: Document, *, item: str = "", link: str = "") -> ParsedFeed:
    """Raises ParseError when there is no list to be found."""
    page = tree_of(document)
    base = _base(page, document.url)
    blocks = _declared(page, base, item, link) if item or link else _found(page, base, document.url)
    entries: dict[str, Entry] = {}
    for block in blocks:
        entry = _entry(block, page)
        if entry and len(entries) < ENTRIES_MAX:
            known = entries.get(block.url)
            entries[block.url] = entry if known is None or len(entry.title) > len(known.title) else known
    if len(entries) < (1 if item or link else ENTRIES_MIN):
        raise _nothing(item, link)
    return ParsedFeed(
        dialect=DIALECT,
        title=_title(page, document.url),
        url=document.url,
        language=page.get("lang") or None,
        entries=tuple(entries.values()),
    )


def _nothing(item: str, link: str) -> ParseError:
    if item or link:
        why = f"the selector {item or link!r} finds no link to an article"
        return ParseError(NO_LIST, why=why, fix="mend item and link of the source")
    return ParseError(
        NO_LIST,
        why="no blocks on it are built alike and lead to articles of the same site",
        fix='name them: item = "a CSS selector of one article\'s block" in the source',
    )


def _declared(page: HtmlElement, base: str, item: str, link: str) -> list[Block]:
    places = find(page, item) if item else find(page, link)
    found = []
    for place in places:
        anchors = [place] if not item and place.tag == "a" else find(place, link) if item and link else []
        anchors = [one for one in anchors if one.tag == "a"] or _by_heading(place)
        for anchor in anchors[:1]:
            url = _address(anchor, base)
            if url:
                found.append(Block(url, place, (anchor,)))
    return found


def _by_heading(place: HtmlElement) -> list[HtmlElement]:
    """The links of a block, those of a heading first."""
    inside = list(place.iter("a"))
    return sorted(
        inside, key=lambda one: not any(True for _ in one.iterancestors(*HEADINGS)) and one.find(".//h2") is None
    )


def _found(page: HtmlElement, base: str, at: str) -> list[Block]:
    anchors: defaultdict[str, list[HtmlElement]] = defaultdict(list)
    here = urldefrag(at)[0].rstrip("/")
    for anchor in list(page.iter("a"))[:LINKS_MAX]:
        url = _address(anchor, base)
        if (
            url
            and same_site(url, at)
            and not is_elsewhere(url)
            and url.rstrip("/") != here
            and not in_furniture(anchor)
        ):
            anchors[url].append(anchor)
    groups: defaultdict[str, list[Block]] = defaultdict(list)
    blocks = blocks_of(anchors)
    for block in blocks:
        groups[block.built].append(block)
    good = {built for built, group in groups.items() if _worth(group) >= GOOD_ENOUGH}
    return [block for block in blocks if block.built in good]


def _worth(group: list[Block]) -> float:
    """How much a group of blocks that are built alike looks like a list of articles."""
    size = len(group)

    def share(of: Iterable[bool]) -> float:
        return sum(of) / size

    words = share(len(_name(block).split()) >= TITLE_WORDS_MIN for block in group)
    shaped = share(article_like(block.url) for block in group)
    headed = share(block.heading is not None for block in group)
    dated = share(bool(_date(block)) for block in group)
    told = share(bool(_teaser(block)) for block in group)
    if words < 0.6 or not (shaped >= 0.5 or headed >= 0.5 or dated >= 0.5):
        return 0.0
    # A lead story stands alone in its kind; then more must speak for it.
    return words * 0.5 + shaped * 0.8 + headed * 0.6 + dated * 0.6 + told * 0.4 - (0.4 if size == 1 else 0.0)


def _entry(block: Block, page: HtmlElement) -> Entry | None:
    title = _name(block)
    if not title:
        return None
    teaser, written = _teaser(block), _date(block)
    return Entry(
        id=None,
        url=block.url,
        title=title,
        summary_html=f"<p>{escape(teaser)}</p>" if teaser else None,
        published=_moment(written),
        published_raw=written or None,
        language=page.get("lang") or None,
    )


def _name(block: Block) -> str:
    heading = one_line(text_of(block.heading)) if block.heading is not None else ""
    if heading:
        return heading
    told = [one_line(text_of(anchor)) for anchor in block.anchors]
    told += [one_line(anchor.get("title") or "") for anchor in block.anchors]
    told += [one_line(image.get("alt") or "") for anchor in block.anchors for image in anchor.iter("img")]
    return max(told, key=lambda text: (min(len(text.split()), 30), len(text)), default="")


def _date(block: Block) -> str:
    """The first date that a machine can read; what is said as "two hours ago" is none."""
    for element in block.element.iter("time"):
        for written in (element.get("datetime", ""), text_of(element)):
            if parse_date(written):
                return one_line(written)
    for element in block.element.iter("span", "p", "div", "small", "li", "td", "dd"):
        written = one_line(text_of(element))
        if len(written) <= 40 and any(character.isdigit() for character in written) and parse_date(written):
            return written
    return ""


def _moment(written: str) -> datetime | None:
    return parse_date(written) if written else None


def _teaser(block: Block) -> str:
    for element in block.element.iter("p", "div", "span"):
        if element.find(".//p") is not None or element.find(".//a") is not None or _holds(element, block.heading):
            continue
        words = one_line(text_of(element)).split()
        if TEASER_WORDS_MIN <= len(words) <= TEASER_WORDS_MAX and " ".join(words) != _name(block):
            return " ".join(words)
    return ""


def _holds(element: HtmlElement, heading: HtmlElement | None) -> bool:
    return heading is not None and (element is heading or element in heading.iter() or heading in element.iter())


def _address(anchor: HtmlElement, base: str) -> str | None:
    reference = anchor.get("href")
    if not reference or reference.startswith("#") or "tag" in anchor.get("rel", "").lower().split():
        return None
    url = resolve(reference, base)
    return urldefrag(url)[0] if url else None


def _base(page: HtmlElement, url: str) -> str:
    named = page.find(".//base[@href]")
    return (resolve(named.get("href"), url) if named is not None else None) or url


def _title(page: HtmlElement, url: str) -> str:
    named = page.find(".//meta[@property='og:site_name']")
    title = page.find(".//title")
    told = (named.get("content") or "") if named is not None else ""
    return (
        one_line(told)
        or one_line(text_of(title) if title is not None else "")
        or (urlsplit(urljoin(url, "/")).hostname or "")
    )
