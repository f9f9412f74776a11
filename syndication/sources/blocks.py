"""The links of a page -> the block around each: the largest element that leads to one address only. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_FURNITURE_TAGS = frozenset(("nav", "footer", "form", "aside", "menu", "dialog"))
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|footer|sidebar|widget|widgets|related|popular|trending|"
    r"most-read|mostread|share|sharing|social|cookie\S*|pagination|pager|comments?|tags|tagcloud|skip-link|toolbar|banner)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?:^|[\s_-])(?:title|headline|heading)(?:$|[\s_-])", re.IGNORECASE)
_VARIES = re.compile(r"\d|^(?:first|last|odd|even|sticky|featured|post-|tag-|category-|type-|status-|format-|has-)")


@dataclass(frozen=True, slots=True)
class Block:
    url: str
    element: HtmlElement
    anchors: tuple[HtmlElement, ...]

    @property
    def heading(self) -> HtmlElement | None:
        inside = next(self.element.iter(*HEADINGS), None)
        if inside is not None:
            return inside
        around = next((heading for anchor in self.anchors for heading in anchor.iterancestors(*HEADINGS)), None)
        if around is not None:
            return around
        named = (
            one for one in self.element.iter("span", "div", "p", "strong", "b") if _TITLE.search(one.get("class", ""))
        )
        return next(named, None)

    @property
    def built(self) -> str:
        """How it is built: its names, and those of what it stands in. Blocks that share it are of one list."""
        parent = self.element.getparent()
        return f"{_kind(parent) if parent is not None else ''}>{_kind(self.element)}"


def blocks_of(anchors: Mapping[str, Sequence[HtmlElement]]) -> list[Block]:
    """One block for each address, in the order of the page."""
    leads: dict[HtmlElement, str | None] = {}  # None: to more than one address
    for url, several in anchors.items():
        for anchor in several:
            for element in (anchor, *anchor.iterancestors()):
                if element not in leads:
                    leads[element] = url
                elif leads[element] != url:
                    leads[element] = None
    return [_around(url, several, leads) for url, several in anchors.items()]


def in_furniture(element: HtmlElement) -> bool:
    """Whether it stands in what is round a page and not in it."""
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag in ("body", "html", "main", "article"):
            return False
        if ancestor.tag in _FURNITURE_TAGS or ancestor.get("role") in ("navigation", "contentinfo", "banner", "search"):
            return True
        if _FURNITURE.search(f"{ancestor.get('class', '')} {ancestor.get('id', '')}"):
            return True
        if ancestor.tag == "header" and not any(
            True for _ in ancestor.iterancestors("article", "main", "li", "section")
        ):
            return True
    return False


def text_of(element: HtmlElement) -> str:
    return element.text_content() or ""


def _around(url: str, several: Sequence[HtmlElement], leads: Mapping[HtmlElement, str | None]) -> Block:
    """From the link that says most, outwards for as long as nothing else is led to."""
    element = max(several, key=lambda anchor: len(text_of(anchor)))
    while (
        (parent := element.getparent()) is not None and leads.get(parent) == url and parent.tag not in ("body", "html")
    ):
        element = parent
    return Block(url, element, tuple(several))


def _kind(element: HtmlElement) -> str:
    names = [name for name in element.get("class", "").split() if not _VARIES.search(name)]
    return f"{element.tag!s}.{'.'.join(sorted(names)[:4])}"
