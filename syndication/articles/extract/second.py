"""The second opinion: which of a page's lines trafilatura takes for the story. Alone knows that library.

In: a tree. Out: Opinion, or None when it has none. Only its extraction is used, on a tree that is at hand: none of its
functions that fetch. It is not asked about pages so large, so deep or so broken up that its answer could take long, and
whatever it raises counts as no opinion.
"""

from lxml.html import HtmlElement

from syndication.articles.extract.blocks import Block, Page, key_of

ELEMENTS_MAX = 8_000
CHARS_MAX = 600_000
DEPTH_MAX = 120
LINES_MAX = 4_000
KEY_CHARS_SURE = 24
"""A line with fewer letters may stand in a text by chance; it must be a line there too."""

_LINES = frozenset({"p", "head", "item", "cell", "quote", "code", "ab", "div", "fw"})


class Opinion:
    """The lines that it keeps, known again by their letters."""

    def __init__(self, lines: list[str], whole: str) -> None:
        self.lines = frozenset(key for line in lines if (key := key_of(line)))
        self.whole = key_of(whole)

    def keeps(self, block: Block) -> bool:
        key = key_of(block.text)
        if len(key) < KEY_CHARS_SURE:
            return key in self.lines
        return key in self.whole


def second_opinion(page: Page) -> Opinion | None:
    if not _is_bounded(page):
        return None
    # The library brings much along; whoever extracts nothing need not wait for it. It works on a copy of the tree.
    from trafilatura.core import bare_extraction

    try:
        document = bare_extraction(page.root, include_comments=False, include_tables=True)
        body = getattr(document, "body", None)
        opinion = None if body is None else Opinion(_lines(body), "".join(str(piece) for piece in body.itertext()))
    except Exception:  # noqa: BLE001 (a second opinion that fails is none; the first one stands)
        return None
    return opinion if opinion and opinion.whole else None


def _lines(body: HtmlElement) -> list[str]:
    """Its lines, and the parts of those that breaks divide."""
    found = []
    for element in body.iter():
        if element.tag not in _LINES:
            continue
        found.append("".join(str(piece) for piece in element.itertext()))
        if element.find("lb") is not None:
            found += [element.text or "", *(mark.tail or "" for mark in element.iter("lb"))]
    return found


def _is_bounded(page: Page) -> bool:
    if not page.blocks or len(page.blocks) > LINES_MAX or sum(len(block.text) for block in page.blocks) > CHARS_MAX:
        return False
    depths: dict[HtmlElement | None, int] = {page.root: 0}
    for count, element in enumerate(page.root.iterdescendants()):
        depth = depths[element] = depths[element.getparent()] + 1
        if count >= ELEMENTS_MAX or depth > DEPTH_MAX:
            return False
    return True
