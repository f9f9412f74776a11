"""Small questions to an lxml tree that every part of `tidy` and `extract` asks. It judges nothing."""

from collections.abc import Iterator

import lxml.html
from lxml.html import HtmlElement

BLOCKS = frozenset(
    {
        *("p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "address", "figure", "center"),
        *("blockquote", "ul", "ol", "li", "dl", "dt", "dd", "pre", "table", "tbody", "thead", "tr", "td", "th", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "details", "summary", "body", "fieldset", "hr"),
    }
)


def fragment(html: str) -> HtmlElement:
    """A tree of a piece of HTML, inside a div of our own."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = lxml.html.document_fromstring(f"<html><body><div>{html}</div></body></html>".encode(), parser=parser)
    found = root.find(".//div")
    return root if found is None else found


def markup(element: HtmlElement) -> str:
    """Its inside, as HTML again."""
    text: str = lxml.html.tostring(element, encoding="unicode", with_tail=False)
    return text


def elements(root: HtmlElement) -> Iterator[HtmlElement]:
    """Every element below `root`, in document order. A list is taken first, so the tree may be changed meanwhile."""
    return iter([element for element in root.iterdescendants() if isinstance(element.tag, str)])


def text_of(element: HtmlElement) -> str:
    """Its words on one line."""
    return " ".join("".join(str(piece) for piece in element.itertext()).split())


def spaced_text(element: HtmlElement) -> str:
    """Like `text_of`, with a space wherever one element ends and another begins."""
    return " ".join(" ".join(str(piece) for piece in element.itertext()).split())


def link_share(element: HtmlElement) -> float:
    """How much of its text is link, 0 to 1."""
    whole = len(text_of(element))
    linked = sum(len(text_of(link)) for link in element.iter("a"))
    return min(1.0, linked / whole) if whole else 0.0


def names(element: HtmlElement) -> str:
    """What its makers call it: id, classes and role, in lower case."""
    if not element.attrib:
        return "   "
    return " ".join(element.get(key, "") for key in ("id", "class", "role", "itemprop")).lower()


def take_out(element: HtmlElement) -> None:
    """Remove it and leave the text that follows it in place."""
    if element.getparent() is not None:
        element.drop_tree()


def is_inside(element: HtmlElement, other: HtmlElement) -> bool:
    return any(ancestor is other for ancestor in element.iterancestors())


def still_in(element: HtmlElement, root: HtmlElement) -> bool:
    """Whether it, or what it stood in, has not been taken out meanwhile."""
    return element is root or is_inside(element, root)
