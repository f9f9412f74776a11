"""Well-formed XML -> a feed's own elements and its entries, in one pass of expat. Knows XML, no dialect.

Bounded by counters: depth, nodes, attributes, entries, bytes of an entry. No document type with anything in it, so no
entity beyond those that XML names itself (HTML's are written out beforehand), nothing external, no XInclude.
An entry is handed on at its end tag and forgotten, so the tree never holds more than one.
"""

import re
from collections.abc import Callable, Mapping
from xml.parsers import expat

from syndication.errors import ParseError
from syndication.sources.limits import DEPTH_MAX, NODES_MAX
from syndication.sources.links import resolve
from syndication.sources.markup import Markup, forbid_inclusion, measure
from syndication.sources.names import XML_BASE, XML_LANG, is_known, short_name

TEXT_BLOCK_BYTES = 1024 * 1024
"""Text comes in blocks of this size: joining many small ones would take the square of the time."""

ROOTS = {"rss": "item", "rdf:RDF": "item", "atom:feed": "atom:entry", "channel": "item"}
"""What a feed's root may be, and what its entries are called."""

_ROOT_NAMES = ("rss", "feed")
_RDF_NAMES = ("channel", "item")

MARKUP = frozenset(
    (
        "title",
        "description",
        "summary",
        "fullitem",
        "body",
        "content:encoded",
        "xhtml:body",
        "xhtml:div",
        "atom:title",
        "atom:summary",
        "atom:content",
    )
) | frozenset(("atom:subtitle", "atom:tagline", "atom:info", "atom:rights", "atom:copyright"))
"""Fields that may hold elements of HTML: these are kept as markup."""


class NotWellFormed(Exception):
    """The document is no XML, or none that begins as a feed does. `code` is expat's, 0 when expat has no complaint."""

    def __init__(self, reason: str, code: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class Node:
    """An element. `text` is its own text, or, when `markup` is set, the HTML that its children came to."""

    text: str = ""
    children: "list[Node] | None" = None
    markup: bool = False
    start: int = 0

    def __init__(self, name: str, attributes: dict[str, str], base: str, language: str | None) -> None:
        self.name = name
        self.attributes = attributes
        self.base = base
        self.language = language


OnEntry = Callable[[Node, int, int], None]
"""Called with each entry, the position of its first byte and of its end tag."""

_LONG_TAG = re.compile(rb"<[A-Za-z_:][^<>]{%d}" % (256 * 1024))


def forbid_long_tags(data: bytes) -> None:
    """A start tag is seen only when it is whole, so one with a million attributes is stopped beforehand."""
    if len(data) > 1024 * 1024 and _LONG_TAG.search(data):
        raise ParseError("the document is refused", why="one of its tags is longer than 256 kB")


def read_xml(data: bytes, base: str, on_entry: OnEntry, roots: Mapping[str, str] = ROOTS) -> Node:
    """The root with all that is no entry. Raises NotWellFormed, or ParseError for what is refused."""
    reader = _Reader(base, on_entry, len(data), roots)
    parser = reader.parser
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        reason = f"{expat.ErrorString(error.code)} at line {error.lineno}, column {error.offset}"
        raise NotWellFormed(reason, error.code) from error
    finally:
        reader.release()
    return (reader.document.children or [reader.document])[0]


class _Reader:
    def __init__(self, base: str, on_entry: OnEntry, size: int, roots: Mapping[str, str]) -> None:
        self.document = Node("", {}, base, None)
        self.stack = [self.document]
        self.on_entry = on_entry
        self.roots = roots
        self.names: dict[str, str] = {}
        self.atom = False
        self.entry_name = ""
        self.wrong: str | None = None
        self.nodes = 0
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_size = min(size, TEXT_BLOCK_BYTES) or 1
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self._plainly()

    def release(self) -> None:
        """Parser and reader hold each other; let go, so that neither waits for the collector of cycles."""
        parser = self.parser
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
        parser.StartDoctypeDeclHandler = None

    def _plainly(self) -> None:
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    def start(self, long_name: str, attributes: dict[str, str]) -> None:
        stack = self.stack
        parent = stack[-1]
        name = self.names.get(long_name)
        if name is None:
            name = self.learn(long_name)
        self.nodes += 1
        if parent.name in MARKUP:
            self.into_markup(long_name, attributes)
            return
        node = Node(name, attributes, parent.base, parent.language)
        if attributes:
            self.look_at(node, attributes)
        if name == self.entry_name:
            node.start = self.parser.CurrentByteIndex
        stack.append(node)
        if len(stack) > DEPTH_MAX or self.nodes > NODES_MAX:
            measure(len(stack), self.nodes, attributes)

    def end(self, _name: str) -> None:
        stack = self.stack
        node = stack.pop()
        if node.name == self.entry_name and len(stack) < 4:
            self.on_entry(node, node.start, self.parser.CurrentByteIndex)
            return
        parent = stack[-1]
        if parent.children is None:
            parent.children = [node]
        else:
            parent.children.append(node)

    def text(self, data: str) -> None:
        self.stack[-1].text += data

    def into_markup(self, name: str, attributes: dict[str, str]) -> None:
        """An element of HTML begins inside a field: all of it, to the field's end, is kept as HTML."""
        field = self.stack[-1]
        markup = Markup(field.text, field.base, depth=len(self.stack), nodes=self.nodes, done=self.out_of_markup)
        self.parser.StartElementHandler = markup.start
        self.parser.EndElementHandler = markup.end
        self.parser.CharacterDataHandler = markup.text
        markup.start(name, attributes)

    def out_of_markup(self, html: str, nodes: int) -> None:
        field = self.stack[-1]
        field.text, field.markup = html, True
        self.nodes = nodes
        self._plainly()
        self.end("")

    def look_at(self, node: Node, attributes: dict[str, str]) -> None:
        self.nodes += len(attributes)
        measure(len(self.stack), self.nodes, attributes)
        if XML_BASE in attributes:
            node.base = resolve(attributes[XML_BASE], node.base) or node.base
        if XML_LANG in attributes:
            node.language = attributes[XML_LANG]

    def learn(self, long_name: str) -> str:
        forbid_inclusion(long_name)
        first = len(self.stack) == 1
        plain = self.without_wrong_namespace(long_name, first=first)
        if first:
            self.atom = plain == "feed"
        name = self.names[long_name] = short_name(plain, atom=self.atom)
        if first:
            self.entry_name = _entry_name(name, self.roots)
        return name

    def without_wrong_namespace(self, long_name: str, *, first: bool) -> str:
        """A feed's own names stand in some namespace that nobody knows: it was misspelt, and it is left off."""
        namespace, space, local = long_name.rpartition(" ")
        if not space or (self.wrong is None and is_known(namespace)):
            return long_name
        telling = _ROOT_NAMES if first else _RDF_NAMES if self.stack[1].name == "rdf:RDF" else ()
        if self.wrong is None and local in telling:
            self.wrong = namespace
        return local if namespace == self.wrong else long_name

    def doctype(self, _name: str, system: str | None, public: str | None, internal: int) -> None:
        if system or public or internal:
            raise ParseError("the document is refused", why="it brings a document type with definitions of its own")


def _entry_name(root: str, roots: Mapping[str, str]) -> str:
    if root in roots:
        return roots[root]
    local = root.rpartition(" ")[2].rpartition(":")[2]
    if local.lower() == "html":
        raise ParseError("the document is a web page, not a feed", fix="ask the partner for the address of the feed")
    # Perhaps a server printed something before the feed: the second pass looks for a root further on.
    raise NotWellFormed(f"its root element is <{local[:60]}>")
