"""Writes HTML again in one strict dialect. In: HTML as nh3 wrote it. Out: HTML with nothing else in it.

Only names in the tables of `dialect` are ever written, every value is escaped here, and a tag is opened only when text
follows: so the output is safe whatever came in. Paragraphs hold only inline text and nothing nests deeper than needed,
so that two parsers cannot read it in two ways.
"""

import re
from dataclasses import dataclass
from html import escape

from syndication.articles.sanitize.dialect import (
    DEPTH_MAX,
    HOLDS_ONLY,
    INLINE,
    INLINE_MAX,
    LEAVES,
    NO_BOUNDARY,
    PARENTS,
    common,
    numbers,
)
from syndication.articles.sanitize.links import shown_url
from syndication.articles.sanitize.walk import walk, walk_apart
from syndication.articles.sanitize.wording import ascii_hosts, clean_text, one_space

Inline = tuple[str, str]
_SPACES = frozenset(" \xa0")


@dataclass(slots=True)
class Snapshot:
    """How far the writer had come."""

    length: int
    blocks_open: int
    inline_open: list[Inline]
    begun: bool
    words: int


def write(html: str, base_url: str) -> str:
    """Safe HTML of what nh3 wrote, links resolved against `base_url`."""
    writer = _Writer(base_url)
    walk(html, writer)
    return writer.finished()


def write_text(text: str) -> str:
    """Plain text as safe HTML."""
    writer = _Writer("")
    writer.text(text)
    return writer.finished()


class _Writer:
    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.out: list[str] = []
        self.source: list[tuple[str, str, Inline | None]] = []  # open in the source: name, and what was made of it
        self.blocks: list[tuple[str, str]] = []  # wanted: name, attributes
        self.blocks_open = 0  # so many of `blocks` are written
        self.wanted_leaf: tuple[str, str] | None = None  # wanted
        self.leaf_open = ""  # written
        self.inline: list[Inline] = []  # wanted: name, attributes; never more than INLINE_MAX
        self.inline_open: list[Inline] = []  # written
        self.held = ""  # white space and line breaks that count only when text follows
        self.begun = False  # the innermost open block has text of its own
        self.taker = 0  # depth of a block that was opened only to take up text
        self.tables: list[Snapshot | None] = []  # of each open table, how things stood before it was written
        self.words = 0

    # -- what comes in ---------------------------------------------------------------------------------------

    def leaf(self, name: str, html: str) -> None:
        """A paragraph, heading or item with a run inside: written in one piece where it usually stands."""
        around = self.blocks[-1][0] if self.blocks else ""
        if self.inline or around not in (("ul", "ol") if name == "li" else ("", "blockquote")):
            self.start(name, {})
            walk_apart(html, self)
            self.end(name)
            return
        self.close_leaf()
        html = one_space(html).strip(" \xa0")
        if html:
            self._open_blocks()
            name = LEAVES.get(name, name)
            self.out.append(f"<{name}>{html}</{name}>")
            self.words += 1

    def run(self, html: str) -> None:
        if self.inline:
            walk_apart(html, self)
        else:
            self._put_between_spaces(html)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "br":
            self.line_break()
            return
        if name == "hr":
            self.rule()
            return
        if name in ("li", "dt", "dd") and self.taker and self.taker == len(self.blocks):
            self.close_leaf()
            self._leave(self.blocks[-1][0])
        made = self._made(name)
        if made == "leaf" and self._in_a_leaf_itself():
            made = "boundary"
        wanted = None
        if made == "inline":
            wanted = self._want_inline(INLINE[name], attributes)
        elif made == "leaf":
            self.close_leaf()
            self.wanted_leaf = (LEAVES[name], common(attributes))
        elif made == "block":
            self.close_leaf()
            self._want_block(name, attributes)
        elif made == "boundary":
            self.close_leaf()
        self.source.append((name, made, wanted))

    def end(self, name: str) -> None:
        if name in ("br", "hr") or not self.source or self.source[-1][0] != name:
            return
        _, made, wanted = self.source.pop()
        if made == "inline":
            self.inline = [entry for entry in self.inline if entry is not wanted]
        elif made in ("leaf", "boundary"):
            self.close_leaf()
        elif made == "block":
            self.close_leaf()
            self._leave(name)

    def text(self, text: str) -> None:
        if self.wanted_leaf is not None and self.wanted_leaf[0] == "pre":
            self._text_as_typed(text)
            return
        if any(name == "a" for name, _ in self.inline):
            text = ascii_hosts(text)
        self._put_between_spaces(escape(text, quote=False))

    def _put_between_spaces(self, html: str) -> None:
        html = one_space(html)
        if html[:1] in _SPACES:
            self._hold(html[:1])
        core = html.strip(" \xa0")
        if core:
            self._put(core)
            if html[-1] in _SPACES:
                self._hold(html[-1])

    def _text_as_typed(self, text: str) -> None:
        text = text.expandtabs(4).replace("\xa0", " ")
        if not self.leaf_open:
            text = re.sub(r"\A(?:[ ]*\n)+", "", text)
        core = text.rstrip(" \n")
        if core:
            self._put(escape(core, quote=False))
        if len(core) < len(text):
            self._hold(text[len(core) :])

    def line_break(self) -> None:
        if self.wanted_leaf and self.wanted_leaf[0] == "pre":
            self._hold("\n")
        elif self.held == "<br>" and self.leaf_open == "p":
            again = self.wanted_leaf
            self.close_leaf()
            self.wanted_leaf = again
        elif self._has_text():
            self.held = "<br>"

    def rule(self) -> None:
        self.close_leaf()
        if self.out and not (self.blocks and self.blocks[-1][0] in HOLDS_ONLY) and self.out[-1] != "<hr>":
            self._open_blocks()
            if self.out[-1] != "<hr>":
                self._end_run()
                self.out.append("<hr>")

    def finished(self) -> str:
        self.close_leaf()
        while self.blocks:
            self._leave(self.blocks[-1][0])
        while self.out and self.out[-1] == "<hr>":
            self.out.pop()
        return "".join(self.out)

    # -- what is wanted --------------------------------------------------------------------------------------

    def _made(self, name: str) -> str:
        if name in INLINE:
            return "inline"
        if name in LEAVES:
            return "leaf"
        if name in PARENTS and len(self.blocks) < DEPTH_MAX and self._may_stand(name):
            return "block"
        return "" if name in NO_BOUNDARY else "boundary"

    def _in_a_leaf_itself(self) -> bool:
        return bool(self.blocks) and self.blocks[-1][0] in ("dt", "caption")

    def _may_stand(self, name: str) -> bool:
        parents, inner = PARENTS[name], self.blocks[-1][0] if self.blocks else ""
        if parents:
            return inner in parents
        return inner not in HOLDS_ONLY and inner not in ("dt", "caption")

    def _want_inline(self, name: str, attributes: dict[str, str]) -> Inline | None:
        wanted = ""
        if name == "a":
            href = shown_url(attributes.get("href", ""), self.base_url)
            wanted = f' href="{escape(href)}"' if href else ""
            if wanted:  # a link within a link: the inner one counts, as in a browser
                self.inline = [entry for entry in self.inline if entry[0] != "a"]
        elif name == "abbr" and attributes.get("title"):
            wanted = f' title="{escape(" ".join(clean_text(attributes["title"]).split())[:200])}"'
        wanted += common(attributes)
        known = [entry[0] for entry in self.inline]
        idle = name in ("a", "span") and not wanted.startswith(" href" if name == "a" else " ")
        idle = idle or (name in ("rt", "rp") and "ruby" not in known)
        if idle or name in known or len(known) >= INLINE_MAX:
            return None
        self.inline.append((name, wanted))
        return self.inline[-1]

    def _want_block(self, name: str, attributes: dict[str, str]) -> None:
        wanted = numbers(name, attributes) + common(attributes)
        if name == "table":
            self.tables.append(None)
        self.blocks.append((name, wanted))
        if name in ("td", "th"):
            self._open_blocks()  # an empty cell keeps its column

    # -- what goes out ---------------------------------------------------------------------------------------

    def close_leaf(self) -> None:
        """End a paragraph; in an item or a cell, whose text stands in no paragraph, begin a new line."""
        if self.leaf_open:
            self._end_run()
            self.out.append(f"</{self.leaf_open}>")
        elif self.begun:
            self.held = "<br>"
        self.wanted_leaf, self.leaf_open = None, ""

    def _end_run(self) -> None:
        while self.inline_open:
            self._close_inline()
        self.held, self.begun = "", False

    def _leave(self, name: str) -> None:
        """Close the innermost block called `name`; one that was opened to take up text goes with it."""
        while self.blocks:
            inner = self.blocks[-1][0]
            if len(self.blocks) == self.blocks_open:
                self._end_run()
                self.out.append(f"</{inner}>")
                self.blocks_open -= 1
            self.blocks.pop()
            if inner == "table":
                before = self.tables.pop()
                if before is not None and before.words == self.words:  # a table laid out of nothing
                    self._restore(before)
            if inner == name:
                return

    def _restore(self, before: Snapshot) -> None:
        del self.out[before.length :]
        self.blocks_open = before.blocks_open
        self.inline_open = before.inline_open
        self.begun = before.begun
        self.held = "<br>" if self.begun else ""

    def _put(self, html: str) -> None:
        self._make_room()
        self._open_blocks()
        self._open_leaf()
        self._sync_inline()
        self.out.append(html)
        self.begun = True
        self.words += 1

    def _make_room(self) -> None:
        """Stand where text may stand: in an item of a list, not between its items."""
        while self.blocks and self.blocks[-1][0] in HOLDS_ONLY:
            taker = HOLDS_ONLY[self.blocks[-1][0]]
            if taker:
                self.blocks.append((taker, ""))
                self.taker = len(self.blocks)
                return
            self._leave(self.blocks[-1][0])

    def _open_blocks(self) -> None:
        if self.blocks_open == len(self.blocks):
            return
        before = Snapshot(len(self.out), self.blocks_open, self.inline_open.copy(), self.begun, self.words)
        self.tables = [before if snapshot is None else snapshot for snapshot in self.tables]
        self._end_run()
        for name, attributes in self.blocks[self.blocks_open :]:
            self.out.append(f"<{name}{attributes}>")
        self.blocks_open = len(self.blocks)

    def _open_leaf(self) -> None:
        inner = self.blocks[-1][0] if self.blocks else ""
        if self.wanted_leaf is None and inner in ("", "blockquote"):
            self.wanted_leaf = ("p", "")
        if self.wanted_leaf is not None and not self.leaf_open:
            self._end_run()
            self.leaf_open = self.wanted_leaf[0]
            self.out.append(f"<{self.wanted_leaf[0]}{self.wanted_leaf[1]}>")

    def _sync_inline(self) -> None:
        wanted, same = self.inline, 0
        while same < min(len(wanted), len(self.inline_open)) and wanted[same] == self.inline_open[same]:
            same += 1
        while len(self.inline_open) > same:
            self._close_inline()
        if self.held and self._has_text():
            self.out.append(self.held)
        self.held = ""
        for name, attributes in wanted[same:]:
            self.inline_open.append((name, attributes))
            self.out.append(f"<{name}{attributes}>")

    def _close_inline(self) -> None:
        name, _ = self.inline_open.pop()
        self.out.append(f"</{name}>")

    def _hold(self, space: str) -> None:
        if self.wanted_leaf is not None and self.wanted_leaf[0] == "pre":
            self.held += space
        elif self._has_text() and self.held != "<br>":
            self.held = " " if " " in (space, self.held) else space

    def _has_text(self) -> bool:
        return bool(self.leaf_open) or (self.begun and self.wanted_leaf is None)
