"""A page's tree, laid out: what is never shown is gone, and every line of text stands in a block of its own.

In: a tree as its page wrote it. Out: the same tree, in which no block holds both text and other blocks, and two line
breaks part paragraphs as they do for a reader. It judges no text.
"""

import re

from lxml.html import HtmlElement

from syndication.articles.tidy.trees import BLOCKS, elements, names, take_out, text_of

_NEVER_SHOWN = (
    *("script", "style", "noscript", "template", "iframe", "svg", "math", "select", "button", "input", "textarea"),
    *("dialog", "link", "meta", "object", "embed", "audio", "video", "canvas", "map", "datalist", "amp-ad", "head"),
    *("amp-sidebar", "amp-consent", "amp-analytics", "amp-iframe", "rp", "rt"),
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN_NAMES = re.compile(
    r"(?:^|\s)(?:screen-reader-text|sr-only|visually-?hidden|assistive-text|element-invisible|screen-reader-only)(?:$|\s)"
)
_KEEPS_LINES = frozenset({"pre", "textarea", "code"})
_SHARE_HIDDEN_MAX = 0.5
PARAGRAPH = "p"
CELL_WORDS_MAX = 80
"""Of a cell of data."""


def drop_unseen(page: HtmlElement) -> None:
    """Take out what no reader sees. Text that waits for a script to unfold it is most of a page, and stays."""
    words = len(text_of(page).split())
    for element in elements(page):
        if element.getparent() is None:
            continue
        hidden = element.tag in _NEVER_SHOWN or (
            element.tag not in ("html", "body") and _is_hidden(element) and _is_little(element, words)
        )
        if hidden:
            take_out(element)


def lay_out(page: HtmlElement) -> None:
    """Every run of text beside a block gets a paragraph; two breaks end one."""
    _part_at_double_breaks(page)
    _free_layout_tables(page)
    holders = _holders(page)
    for element in [page, *elements(page)]:
        if element in holders and element.tag not in _KEEPS_LINES:
            _wrap_runs(element, holders)


def _is_hidden(element: HtmlElement) -> bool:
    return (
        element.get("hidden") is not None
        or bool(_HIDDEN_STYLE.search(element.get("style", "")))
        or (element.get("aria-hidden", "").lower() == "true" and element.tag not in ("img", "figure"))
        or bool(_HIDDEN_NAMES.search(names(element)))
    )


def _is_little(element: HtmlElement, words_of_page: int) -> bool:
    own = len(text_of(element).split())
    return own <= _SHARE_HIDDEN_MAX * words_of_page or own <= 30


def _free_layout_tables(page: HtmlElement) -> None:
    """A table that only places things on the page becomes the boxes that it stands for; one of data stays a table."""
    for table in [*page.iter("table")]:
        if not _places_things(table):
            continue
        inner = table.iterdescendants("tbody", "thead", "tfoot", "tr", "td", "th")
        for part in [table, *(part for part in inner if next(part.iterancestors("table"), None) is table)]:
            if part.tag in ("td", "th"):
                part.set("data-column", "1")
            part.tag = "div"


def _places_things(table: HtmlElement) -> bool:
    if table.get("role") == "presentation":
        return True
    if any(True for _ in table.iterdescendants("table", "h1", "h2", "h3", "form", "article", "section")):
        return True
    cells = list(table.iterdescendants("td", "th"))
    return len(cells) < 2 or any(
        cell.get("data-parted") or len(text_of(cell).split()) > CELL_WORDS_MAX for cell in cells
    )


def _part_at_double_breaks(page: HtmlElement) -> None:
    """What holds two breaks in a row holds paragraphs: it becomes a block that may hold them."""
    for mark in list(page.iter("br")):
        following = mark.getnext()
        if following is None or following.tag != "br" or (mark.tail or "").strip():
            continue
        holder = mark.getparent()
        while holder is not None and (holder.tag not in BLOCKS or holder.tag == PARAGRAPH):
            if holder.tag in _KEEPS_LINES:
                break
            holder.set("data-parted", "1")
            holder.tag = "div"
            holder = holder.getparent()
        else:
            if holder is not None:
                holder.set("data-parted", "1")


def _holders(page: HtmlElement) -> set[HtmlElement]:
    """Elements that hold a block, or paragraphs parted by breaks."""
    found: set[HtmlElement] = set()
    for element in elements(page):
        if element.tag in BLOCKS:
            for ancestor in element.iterancestors():
                if ancestor in found:
                    break
                found.add(ancestor)
        if element.get("data-parted"):
            found.add(element)
    found.add(page)
    return found


def _wrap_runs(element: HtmlElement, holders: set[HtmlElement]) -> None:
    if element.tag in ("html", "ul", "ol", "dl", "table", "tbody", "thead", "tr"):
        return
    run = _Run(element, element.text)
    element.text = None
    for child in list(element):
        if child.tag in BLOCKS or child in holders:
            run.end(before=child)
            run.text = child.tail
            child.tail = None
            continue
        following = child.getnext()
        parts = child.tag == "br" and following is not None and following.tag == "br" and not (child.tail or "").strip()
        run.add(child)
        if parts:
            run.end(before=following)
    run.end(before=None)


class _Run:
    """Inline nodes side by side, on their way into a paragraph."""

    def __init__(self, parent: HtmlElement, text: str | None) -> None:
        self.parent = parent
        self.text = text
        self.nodes: list[HtmlElement] = []

    def add(self, node: HtmlElement) -> None:
        self.nodes.append(node)

    def end(self, *, before: HtmlElement | None) -> None:
        """Close the paragraph and set it before `before`; a run without text or picture stays as it is."""
        self._strip_breaks()
        if (self.text or "").strip() or any(map(_is_shown, self.nodes)):
            paragraph = self.parent.makeelement(PARAGRAPH)
            paragraph.text = self.text
            paragraph.extend(self.nodes)  # their tails come along
            if before is None or before.getparent() is not self.parent:
                self.parent.append(paragraph)
            else:
                before.addprevious(paragraph)
        self.text, self.nodes = None, []

    def _strip_breaks(self) -> None:
        while self.nodes and self.nodes[0].tag == "br" and not (self.text or "").strip():
            first = self.nodes.pop(0)
            self.text, first.tail = first.tail, None
            self.parent.remove(first)
        while self.nodes and self.nodes[-1].tag == "br" and not (self.nodes[-1].tail or "").strip():
            self.parent.remove(self.nodes.pop())


def _is_shown(node: HtmlElement) -> bool:
    return bool(text_of(node) or (node.tail or "").strip()) or any(True for _ in node.iter("img", "amp-img"))
