"""Elements inside a field of a feed -> the HTML that they spell. In: expat's events. Out: one string. Pure.

Names lose their prefixes; links are resolved here, where each element's own `xml:base` is known.
"""

from collections.abc import Callable, Mapping
from html import escape

from syndication.errors import ParseError
from syndication.sources.limits import ATTRIBUTES_MAX, DEPTH_MAX, NODES_MAX
from syndication.sources.links import LINKS, resolve, resolve_attribute
from syndication.sources.names import XINCLUDE, XLINK, XML_BASE, XML_LANG

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))


class Markup:
    """One field's worth. `done` gets the HTML, and the count of nodes so far, when the field ends."""

    def __init__(self, text: str, base: str, *, depth: int, nodes: int, done: Callable[[str, int], None]) -> None:
        self.pieces = [escape(text, quote=False)]
        self.bases = [base]
        self.depth = depth
        self.nodes = nodes - 1  # the first element was counted where it was met
        self.done = done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        forbid_inclusion(name)
        self.nodes += 1 + len(attributes)
        base = self.bases[-1]
        if XML_BASE in attributes:
            base = resolve(attributes[XML_BASE], base) or base
        self.bases.append(base)
        measure(self.depth + len(self.bases), self.nodes, attributes)
        self.pieces.append("<" + name.rpartition(" ")[2])
        for key, value in attributes.items():
            spelt = key if " " not in key else _qualified(key, attributes)
            if spelt:
                value = resolve_attribute(key, value, base) if key in LINKS else value
                self.pieces.append(f' {spelt}="{escape(value)}"')
        self.pieces.append(" />" if name.rpartition(" ")[2] in VOID else ">")

    def end(self, name: str) -> None:
        self.bases.pop()
        if not self.bases:
            self.done("".join(self.pieces), self.nodes)
            return
        local = name.rpartition(" ")[2]
        if local not in VOID:
            self.pieces.append(f"</{local}>")

    def text(self, data: str) -> None:
        self.pieces.append(escape(data, quote=False))


def _qualified(key: str, attributes: Mapping[str, str]) -> str:
    """What HTML calls an attribute that has a namespace; empty when HTML has no name for it."""
    if key == XML_LANG:
        return "" if "lang" in attributes else "lang"
    namespace, _, local = key.rpartition(" ")
    return f"xlink:{local}" if namespace == XLINK else ""


def forbid_inclusion(name: str) -> None:
    """Raise ParseError for an element of XInclude, which nothing here would obey anyway."""
    if name.startswith(XINCLUDE):
        raise ParseError("the document is refused", why="it asks for other documents to be included")


def measure(depth: int, nodes: int, attributes: Mapping[str, str]) -> None:
    """Raise ParseError for what is out of all measure."""
    if depth > DEPTH_MAX:
        raise ParseError("the document is refused", why=f"it is nested deeper than {DEPTH_MAX}")
    if nodes > NODES_MAX:
        raise ParseError("the document is refused", why=f"it has more than {NODES_MAX} nodes")
    if len(attributes) > ATTRIBUTES_MAX:
        raise ParseError("the document is refused", why=f"an element has more than {ATTRIBUTES_MAX} attributes")
