"""Two opinions -> which lines of the body are the story's. In: a Page, its body, both opinions. Out: what goes, why.

A line that both take for the story stays. Of what only one takes, a sentence in the midst of the story stays, a label
at its edge does not. What a line rule of `tidy` knows is left to that rule: it keeps what the line tells.
"""

import re
from collections.abc import Mapping
from itertools import groupby, pairwise

from lxml.html import HtmlElement

from syndication.articles.extract.blocks import SENTENCE_WORDS, Block, Page, key_of
from syndication.articles.extract.container import Kept
from syndication.articles.extract.ends import take_ends
from syndication.articles.sanitize import ends_cut, one_line
from syndication.articles.tidy.furniture import REMOVED_CHARS_MAX, links_of
from syndication.articles.tidy.line import LINE_CHARS_MAX, Line
from syndication.articles.tidy.lines import (
    credited,
    first_published,
    is_date_line,
    is_of_the_story,
    see_also,
)
from syndication.articles.tidy.parts import parts_of
from syndication.articles.tidy.trees import is_inside, spaced_text, take_out, text_of
from syndication.model.article import RelatedLink, Removed

_PARTS_OF_STORY = frozenset(
    {"li", "dt", "dd", "td", "th", "pre", "blockquote", "h2", "h3", "h4", "h5", "h6", "p", "code"}
)
LONG = 15
"""Words from which a line at the edge counts, although the second opinion leaves it out."""


def choose(
    page: Page, body: HtmlElement, kept: Kept | None, title: Block | None, title_text: str, byline: str = ""
) -> dict[Block, str]:
    """The blocks of `body` that go, each with its rule. `kept` is None when there is one opinion only."""
    blocks = page.within(body)
    told = [block for block in blocks if block.foreign != "caption"]
    lines = {block: _line(block, len(blocks)) for block in told}
    tells = {block for block in told if _tells(lines[block])} | _under_see_also(told, lines)
    gone: dict[Block, str] = {block: block.foreign for block in told if block.foreign and block not in tells}
    if title is not None:
        _take_above(blocks, title, title_text, gone, tells)
        _take_header(page, body, title, gone, tells)
    take_ends(told, lines, gone, byline)
    agrees = kept or (lambda block: block.is_sentence)
    core = [block.place for block in told if block not in gone and block.is_sentence and agrees(block)]
    if not core:
        return gone
    first, last = core[0], core[-1]
    homes = {block.element.getparent() for block in told if block.place in core}
    for block in told:
        edge = _is_at_an_edge(block, first, last)
        if block in gone or block in tells or (agrees(block) and not edge):
            continue
        if _is_left_to_lines(lines[block], title_text) or (edge and _is_all_lines(block, title_text)):
            continue
        if edge:
            gone[block] = "beside-the-story"
            continue
        inside = first < block.place < last
        if inside and block.linked < 0.5 and block.element.tag in _PARTS_OF_STORY:
            continue
        if block.element.getparent() in homes and block.linked < 0.3 and _speaks(block):
            continue
        gone[block] = _why(block, inside=inside)
    _take_lone_headings([block for block in told if block not in tells], gone)
    _take_labels(told, gone, tells)
    return gone


def take_gone(
    page: Page, body: HtmlElement, gone: Mapping[Block, str], url: str
) -> tuple[list[RelatedLink], list[Removed]]:
    """Take the blocks out, the largest element at a time that holds nothing else; keep the links of related ones."""
    related: list[RelatedLink] = []
    removed: list[Removed] = []
    done: set[Block] = set()
    for block, rule in sorted(gone.items(), key=lambda pair: pair[0].place):
        if block in done:
            continue
        element = _largest(page, body, block, {one for one, why in gone.items() if why == rule})
        done.update(page.within(element))
        if rule == "related-links":
            related += links_of(element, url)
        removed.append(Removed(rule, one_line(spaced_text(element), REMOVED_CHARS_MAX)))
        if element is not body:
            take_out(element)
    return related, removed


def other_stories(page: Page, body: HtmlElement) -> list[Removed]:
    """Stories beside ours, outside its body: for the record, since they were weighed."""
    first, end = page.inside.get(body, (0, 0))
    others = [block for block in page.blocks if block.foreign == "another-story" and not first <= block.place < end]
    told = [list(run) for _, run in groupby(others, key=lambda block: block.place - others.index(block))]
    return [
        Removed("another-story", one_line(" ".join(block.text for block in run), REMOVED_CHARS_MAX)) for run in told
    ]


def _largest(page: Page, body: HtmlElement, block: Block, goes: set[Block]) -> HtmlElement:
    element = block.element
    while element is not body:
        parent = element.getparent()
        if parent is None or parent is body or not goes.issuperset(page.within(parent)):
            break
        element = parent
    return element


def _speaks(block: Block) -> bool:
    """A long line, or a short one that ends as sentences do."""
    ended = bool(re.search(r"[.!?…。！？]\W*$", block.text))
    return block.size >= LONG or (ended and block.size >= 3)


def _why(block: Block, *, inside: bool) -> str:
    if _is_link(block):
        return "related-links"
    return "one-opinion-only" if inside else "heading-alone" if block.is_heading else "beside-the-story"


def _take_above(blocks: list[Block], title: Block, told: str, gone: dict[Block, str], tells: set[Block]) -> None:
    """What stands above the title is the page's, unless that is most of the body."""
    above = [block for block in blocks if block.place < title.place]
    below = [block for block in blocks if block.place > title.place]
    if sum(block.weight for block in above) < 0.5 * sum(block.weight for block in below):
        for block in above:
            if block.foreign != "caption" and block not in tells:
                gone.setdefault(block, "above-the-title")
        if title in blocks and key_of(title.text) == key_of(told):
            gone.setdefault(title, "title-again")


def _take_header(page: Page, body: HtmlElement, title: Block, gone: dict[Block, str], tells: set[Block]) -> None:
    """The header that holds the title holds its summary and its date too, unless it holds most of the story."""
    header = next((one for one in title.element.iterancestors("header") if one is not body), None)
    within = page.within(header) if header is not None else []
    rest = sum(block.weight for block in page.within(body)) - sum(block.weight for block in within)
    if rest > 0 and sum(block.weight for block in within) <= rest:
        for block in within:
            if block.foreign != "caption" and block not in tells:
                gone.setdefault(block, "header")


def _is_at_an_edge(block: Block, first: int, last: int) -> bool:
    """A label before the first sentence, or links after the last one: not of the story, whoever keeps it."""
    if block.place > last:
        return block.linked >= 0.5 and block.element.tag != "li"
    if block.place > first or block.is_sentence or block.element.tag in ("li", "blockquote", "pre", "td", "th", "dd"):
        return False
    return not block.is_heading and (block.linked >= 0.5 or not re.search(r"[.!?:…。！？”\"»]\W*$", block.text))


def _line(block: Block, count: int) -> Line:
    links = ((text_of(link), link.get("href", "")) for link in block.element.iter("a"))
    return Line(block.text, tuple(pair for pair in links if pair[0]), block.linked, 0, count)


def _tells(line: Line) -> bool:
    """Whether a line rule of `tidy` would read something in it: a credit, another story's link."""
    return (
        len(line.text) <= LINE_CHARS_MAX
        and line.words <= 60
        and bool(credited(line) or first_published(line) or see_also(line) is not None or is_date_line(line))
    )


def _under_see_also(told: list[Block], lines: Mapping[Block, Line]) -> set[Block]:
    """The links that follow "See also"."""
    found: set[Block] = set()
    heading = False
    for block in told:
        if heading and block.linked >= 0.9 and block.size <= 40:
            found.add(block)
            continue
        heading = see_also(lines[block]) == ()
    return found


def _is_left_to_lines(line: Line, title: str) -> bool:
    return ends_cut(line.text) or not is_of_the_story(line, title)


def _is_all_lines(block: Block, title: str) -> bool:
    """Whether breaks part it into lines each of which some rule knows: title, byline and date of an old page."""
    parts = list(parts_of(block.element)) if block.element.find(".//br") is not None else []
    return len(parts) > 1 and all(_is_left_to_lines(part.line(block.place, 99), title) for part in parts)


def _is_link(block: Block) -> bool:
    links = [*block.element.iter("a"), *block.element.iterancestors("a")]
    return block.linked >= 0.9 and block.size >= 4 and not all((link.get("href") or "#")[0] == "#" for link in links)


def _take_lone_headings(told: list[Block], gone: dict[Block, str]) -> None:
    """A heading whose lines have all gone goes with them; so does one after which nothing comes."""
    waiting: list[Block] = []
    lost = False  # whether something went since the last heading
    for block in [*told, None]:
        if block is None or (block.is_heading and block not in gone):
            if waiting and (lost or block is None):
                gone.update(dict.fromkeys(waiting, "heading-alone"))
                waiting = []
            if block is not None:
                waiting = [block]
            lost = False
        elif block in gone:
            lost = True
        else:
            waiting = []


def _take_labels(told: list[Block], gone: dict[Block, str], tells: set[Block]) -> None:
    """A short line whose neighbours in its box have all gone was their title."""
    for block, following in pairwise(told):
        if block in gone or block in tells or following not in gone or block.size >= SENTENCE_WORDS:
            continue
        box = block.element.getparent()
        if box is None or not is_inside(following.element, box):
            continue
        alone = all(one is block or one in gone for one in told if is_inside(one.element, box))
        if alone and not block.text.rstrip().endswith((".", "!", "?", "。")):
            gone[block] = gone[following]
