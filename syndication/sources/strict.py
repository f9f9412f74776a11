"""The first pass: well-formed XML -> a ParsedFeed, by the dialect that the root names. Pure.

An entry that cannot be read is set aside with its bytes and the reason; the document goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from syndication.errors import ParseError
from syndication.model.source import ParsedFeed, SetAside
from syndication.sources import atom, rss
from syndication.sources.draft import Draft, FeedDraft
from syndication.sources.limits import ENTRIES_MAX, ENTRY_BYTES_MAX, SET_ASIDE_BYTES_MAX, SET_ASIDE_MAX
from syndication.sources.xml import Node, read_xml

_RSS_090 = b"netscape.com/rdf/simple/0.9/"
"""The namespace that tells it from RSS 1.0."""


def read(utf8: bytes, url: str) -> ParsedFeed:
    """Raises NotWellFormed for the second pass to try, ParseError for what is refused."""
    gathered = _Gathered(utf8)
    root = read_xml(utf8, url, gathered.take)
    feed: Callable[[Node], FeedDraft] = atom.feed if root.name == "atom:feed" else rss.feed
    draft = feed(root)
    if root.name == "rdf:RDF" and _RSS_090 in utf8[:4096]:
        draft.dialect = "rss 0.90"
    return draft.feed(gathered.drafts, gathered.set_aside, inherit=root.name == "atom:feed")


@dataclass(slots=True)
class _Gathered:
    utf8: bytes
    drafts: list[Draft] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)

    def take(self, node: Node, start: int, end: int) -> None:
        if len(self.drafts) >= ENTRIES_MAX:
            raise ParseError("the document is refused", why=f"it has more than {ENTRIES_MAX} entries")
        if not (node.children is None and self.utf8.endswith(b"/>", start, end)):  # <item/> has ended already
            end = self.utf8.find(b">", end) + 1
        if end - start > ENTRY_BYTES_MAX:
            self.put_aside(start, end, f"it has {end - start} bytes; at most {ENTRY_BYTES_MAX} are read")
            return
        try:
            draft = atom.entry(node) if node.name == "atom:entry" else rss.item(node)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one entry hurts that entry only
            self.put_aside(start, end, f"it cannot be read: {error}")
            return
        if draft.is_empty():
            self.put_aside(start, end, "it has neither id, link, title nor text")
        else:
            self.drafts.append(draft)

    def put_aside(self, start: int, end: int, reason: str) -> None:
        if len(self.set_aside) >= SET_ASIDE_MAX:
            raise ParseError("the document cannot be read", why=f"more than {SET_ASIDE_MAX} of its entries are broken")
        whole = self.utf8[start:end]
        position = len(self.drafts) + len(self.set_aside)
        self.set_aside.append(SetAside(position, reason, whole[:SET_ASIDE_BYTES_MAX]))
