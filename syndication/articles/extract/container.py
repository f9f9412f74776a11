"""Where a page keeps its story: our own opinion. In: a Page, its title, what the second opinion keeps. Out: an element.

Names tell what is no story (`mark_foreign`); then down from the page into the child that holds most of the sentences,
for as long as one does (`find_body`). A line that the second opinion keeps too weighs more.
"""

import re
from collections import Counter
from collections.abc import Callable

from lxml.html import HtmlElement

from syndication.articles.extract.blocks import HEADINGS, Block, Page, key_of, size_of
from syndication.articles.sanitize import ends_cut
from syndication.articles.tidy.trees import is_inside
from syndication.articles.tidy.vocabulary import is_called_story, rule_for

_NEVER = frozenset(
    {
        "html",
        "body",
        "article",
        "main",
        "figure",
        "figcaption",
        "img",
        "p",
        "blockquote",
        "pre",
        "table",
        "tbody",
        "tr",
        "td",
    }
)
_TAGS = {"nav": "navigation", "footer": "page-furniture", "form": "page-furniture"}
_STAYS_OUTSIDE = frozenset({"ul", "ol", "table", "tbody", "dl", "blockquote", "pre", "p", *HEADINGS})
_KEEPS_SHARE = 0.72
_STRICTER_ENOUGH = 0.7
_DOUBTED = 0.3
"""What a line weighs that the second opinion leaves out."""
STORY_WORDS_MIN = 20
LEFT_MIN = 0.3
"""Share of the second opinion that names must leave, to be believed."""

_SURE = frozenset({"caption", "comments", "cookie-notice", "another-story"})
TITLE_KEY_MIN = 12
APART_WORDS_MIN = 8
"""Words outside of the body's element from which they are missed."""

CARDS_MIN = 3
CARD_WORDS_MAX = 70

Kept = Callable[[Block], bool]


def mark_foreign(page: Page, title: Block | None) -> None:
    """Give every block the rule by which an element around it is no story."""
    whole = max(1, sum(block.size for block in page.blocks if block.is_sentence))
    for element, (first, end) in page.inside.items():
        if element.tag in _NEVER or (title is not None and first <= title.place < end):
            continue
        blocks = page.blocks[first:end]
        rule = _rule_of(element, blocks, whole)
        if rule and not _holds_the_story(element, blocks, whole):
            for block in blocks:
                block.foreign = block.foreign or rule
    if title is not None:
        _mark_other_stories(page, title)
    _mark_cards(page)


def believe(page: Page, kept: Kept) -> None:
    """Where names call nearly all foreign that the second opinion holds for the story, the names are wrong."""
    sentences = [block for block in page.blocks if block.is_sentence and block.foreign not in _SURE]
    whole = sum(block.size for block in sentences if kept(block))
    if sum(block.weight for block in sentences) >= LEFT_MIN * whole:
        return
    for block in page.blocks:
        if block.foreign not in _SURE and kept(block):
            block.foreign = ""


def _mark_other_stories(page: Page, title: Block) -> None:
    """An element like the one that holds our title, with such a heading of its own, holds another story."""
    for ours in (title.element, *title.element.iterancestors()):
        parent = ours.getparent()
        if parent is None or ours.tag == "body":
            return
        if ours.tag in HEADINGS or sum(block.weight for block in page.within(ours)) < STORY_WORDS_MIN:
            continue
        for other in parent:
            if other is ours or other.tag != ours.tag or _class(other) != _class(ours):
                continue
            blocks = page.within(other)
            levels = HEADINGS if ours.tag == "article" else (title.element.tag,) if _class(ours) else ()
            if any(block.element.tag in levels and block.is_heading for block in blocks[:3]):
                for block in blocks:
                    block.foreign = block.foreign or "another-story"


def _class(element: HtmlElement) -> str:
    """Its first class, without numbers."""
    return re.sub(r"\d+", "", (element.get("class") or "").partition(" ")[0])


def find_body(page: Page, kept: Kept, title: Block | None = None) -> HtmlElement | None:
    """The element that holds the story's lines. None when the page has no sentences."""
    weights = _weights(page, kept)
    top = page.root.find(".//body")
    top = page.root if top is None else top
    if not weights[top]:
        return None
    descended = _descend(top, weights, title)
    called = [element for element in weights if weights[element] and element is not top and is_called_story(element)]
    named = max(called, key=lambda element: weights[element], default=None)
    if named is None or named is descended:
        return descended
    if is_inside(named, descended):
        return named if weights[named] >= _STRICTER_ENOUGH * weights[descended] else descended
    if is_inside(descended, named):
        return descended
    return named if weights[named] >= _STRICTER_ENOUGH * weights[descended] else descended


def widen(page: Page, body: HtmlElement, kept: Kept, title: Block | None) -> HtmlElement:
    """The smallest element around `body` with all that both opinions hold for the story outside of it.

    A page may part its story into several boxes, or set its first lines apart.
    """
    first, end = page.inside[body]
    after = title.place if title is not None and title.place < first else -1
    missed = [
        block for block in page.blocks[after + 1 :] if not first <= block.place < end and block.weight and kept(block)
    ]
    found = body
    for inner in (body, *body.iterancestors()):
        outer = inner.getparent()
        if outer is None or outer.tag in ("body", "html") or _is_column(inner):
            break
        lower, upper = page.inside[outer]
        more = [block for block in missed if lower <= block.place < upper]
        if sum(block.size for block in more) >= APART_WORDS_MIN:
            found = outer
            missed = [block for block in missed if block not in more]
    return found


def _is_column(element: HtmlElement) -> bool:
    """One of several beside each other on an old page."""
    row = element.getparent()
    return bool(element.get("data-column")) and row is not None and len(row) > 1


def find_title(page: Page, title: str) -> Block | None:
    """The block that shows the page's title: its heading, or a line that says just that."""
    key = key_of(title)
    headings = [block for block in page.blocks if block.is_heading]
    alike = [block for block in page.blocks if block.size <= 60 and key and key_of(block.text) == key]
    if not alike and len(key) >= TITLE_KEY_MIN:
        begun = size_of(title) + 15  # its byline and date may stand under it, in the same paragraph
        alike = [block for block in page.blocks if block.size <= begun and key_of(block.text).startswith(key)]
    for found in (
        [block for block in alike if block.element.tag == "h1"],
        [block for block in alike if block.is_heading],
    ):
        if found:
            return found[0]
    first = [block for block in headings if block.element.tag == "h1" and len(key_of(block.text)) >= TITLE_KEY_MIN]
    if len(first) == 1:
        return first[0]
    return alike[0] if alike and alike[0].linked < 0.5 else None


def _rule_of(element: HtmlElement, blocks: list[Block], whole: int) -> str:
    words = sum(block.size for block in blocks)
    linked = sum(block.linked * block.size for block in blocks) / words if words else 0.0
    share = sum(block.size for block in blocks if block.is_sentence) / whole
    if element.tag in _TAGS and share <= 0.4:
        return _TAGS[element.tag]
    if element.tag == "aside" and share <= 0.3 and (linked >= 0.3 or words > 120):
        return "related-links"
    if element.tag == "header" and share <= 0.2:
        return "page-furniture"
    return rule_for(element, words, share, linked)


def _holds_the_story(element: HtmlElement, blocks: list[Block], whole: int) -> bool:
    """A theme may wrap its whole page in a form, or call its content a widget."""
    if any(block.element.tag == "h1" for block in blocks) and sum(block.weight for block in blocks) > 0.3 * whole:
        return True
    inner = [one for one in element.iterdescendants("div", "section", "article") if is_called_story(one)]
    return bool(inner) and sum(block.weight for block in blocks) > 0.3 * whole


def _mark_cards(page: Page) -> None:
    """Cards that lead to other stories: three or more alike side by side, each with a title that is a link."""
    seen: set[HtmlElement] = set()
    for element in list(page.inside):
        parent = element.getparent()
        if parent is None or parent in seen:
            continue
        seen.add(parent)
        if parent.tag in ("ul", "ol") and _is_among_sentences(page, parent):
            continue
        alike: dict[tuple[str, str], list[HtmlElement]] = {}
        for child in parent:
            if isinstance(child.tag, str) and child in page.inside and child.tag not in HEADINGS:
                alike.setdefault((child.tag, re.sub(r"\d+", "", child.get("class") or "")), []).append(child)
        for several in alike.values():
            cards = [child for child in several if _is_card(page.within(child))]
            if len(cards) >= CARDS_MIN and len(cards) >= 0.7 * len(several):
                for block in (block for child in cards for block in page.within(child)):
                    block.foreign = block.foreign or "related-links"


def _is_among_sentences(page: Page, element: HtmlElement) -> bool:
    """A list between two paragraphs of a text is a part of it, whatever it links."""
    before, after = element.getprevious(), element.getnext()
    return all(one is not None and one in page.of and page.of[one].is_sentence for one in (before, after))


def _is_card(blocks: list[Block]) -> bool:
    """A linked title, and little beside it."""
    words = sum(block.size for block in blocks)
    if not 2 <= words <= CARD_WORDS_MAX or not any(_leads_away(block) for block in blocks):
        return False
    plain = [block for block in blocks if block.linked < 0.5]
    return sum(block.size for block in plain) <= 55


def _leads_away(block: Block) -> bool:
    if block.linked < 0.9 or block.size < 2:
        return False
    links = list(block.element.iter("a")) or list(block.element.iterancestors("a"))
    return any(not (link.get("href") or "#").startswith("#") for link in links)


def _weights(page: Page, kept: Kept) -> Counter[HtmlElement]:
    weights: Counter[HtmlElement] = Counter()
    for block in page.blocks:
        weight = block.weight
        if not weight or (ends_cut(block.text) and block.size < 90):
            continue
        weight = 10 * weight if kept(block) else int(10 * _DOUBTED * weight)
        for element in (block.element, *block.element.iterancestors()):
            weights[element] += weight
    return weights


def _descend(top: HtmlElement, weights: Counter[HtmlElement], title: Block | None) -> HtmlElement:
    """Into the child that holds most of the sentences, for as long as one does; never into a single line."""
    node = top
    while True:
        children = [child for child in node if child in weights and child.tag not in _STAYS_OUTSIDE]
        best = max(children, key=lambda child: weights[child], default=None)
        if best is None or not (weights[best] >= _KEEPS_SHARE * weights[node] or _is_our_column(best, title)):
            return node
        node = best


def _is_our_column(element: HtmlElement, title: Block | None) -> bool:
    """Of the columns of an old page, the one in which the title stands."""
    return _is_column(element) and title is not None and is_inside(title.element, element)
