"""Where a page keeps its story. In: a page's tree. Out: the element that holds the body, and nothing much else.

Two opinions: what the markup calls the body, and where the sentences are. The stricter counts, unless it is much
shorter.
"""

import re
from collections import defaultdict

from lxml.html import HtmlElement

from syndication.articles.sanitize import ends_cut, one_line
from syndication.articles.tidy.figures import take_figures
from syndication.articles.tidy.trees import (
    BLOCKS,
    elements,
    fragment,
    is_inside,
    markup,
    names,
    spaced_text,
    take_out,
    text_of,
)
from syndication.model.article import Figure, Removed

WORDS_MIN = 8
"""A run of text with fewer words is a label, not a sentence."""

_NOISE = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "svg",
    "math",
    "select",
    "button",
    "input",
    "textarea",
    "dialog",
    "link",
    "meta",
)
_KEPT_ANYWAY = ("html", "body", "article", "main")
_NO_BODY = ("nav", "footer", "aside", "form")
_NOT_THE_STORY = re.compile(
    r"(?:^|[\s_-])(?:comments?|comments-area|respond|disqus|sidebar|widget-area|widget|site-footer|site-header|navbar|menu|breadcrumbs?|"
    r"cookie\S*|popup|modal|navigation|complementary|banner)(?:$|[\s_-])"
)
_STORY = re.compile(
    r"(?:^|\s)(?:articlebody|entry-content|post-content|post_content|article-content|article-body|article__body|article__content|story-body|"
    r"story-content|post-body|td-post-content|single-content|content-body|wp-block-post-content|e-content|entry-body|the-content)(?:$|\s)"
)
_GOES_INTO = frozenset(
    {"body", "div", "article", "section", "main", "center", "td", "tr", "tbody", "table", "span", "form", "header"}
)
_KEEPS_SHARE = 0.75
_STRICTER_ENOUGH = 0.7


def drop_noise(page: HtmlElement) -> None:
    """Take out what is never shown."""
    for element in elements(page):
        if element.tag in _NOISE and element.getparent() is not None:
            take_out(element)


def find_noise(page: HtmlElement) -> frozenset[HtmlElement]:
    """Elements whose sentences are no story: comments, sidebars, navigation. They weigh nothing."""
    return frozenset(
        element
        for element in elements(page)
        if (element.tag in _NO_BODY or (element.tag not in _KEPT_ANYWAY and _NOT_THE_STORY.search(names(element))))
        and not _holds_the_story(element)
    )


def find_body(page: HtmlElement, noise: frozenset[HtmlElement]) -> HtmlElement | None:
    """The element that holds the story's paragraphs. None when the page has no sentences."""
    weights = _weights(page, noise)
    top = page.find(".//body")
    top = page if top is None else top
    if not weights[top]:
        return None
    descended = _descend(top, weights)
    called = [element for element in elements(top) if _STORY.search(names(element)) and weights[element]]
    named = max(called, key=lambda element: weights[element], default=None)
    if named is None or named is descended:
        return descended
    stricter, other = (named, descended) if is_inside(named, descended) else (descended, named)
    if stricter is descended and not is_inside(descended, named):
        return named if weights[named] >= _STRICTER_ENOUGH * weights[descended] else descended
    return stricter if weights[stricter] >= _STRICTER_ENOUGH * weights[other] else other


def take_noise(body: HtmlElement, noise: frozenset[HtmlElement]) -> tuple[Removed, ...]:
    """Take the noise out of the body; an aside stays: it may be a cross-link to be kept, or a box of facts."""
    removed = []
    for element in [element for element in noise if element.tag != "aside" and is_inside(element, body)]:
        text = one_line(spaced_text(element), 1000)
        removed += [Removed("page-furniture", text)] if text else []
        take_out(element)
    return tuple(removed)


def page_figures(page: HtmlElement, body: HtmlElement, url: str) -> tuple[Figure, ...]:
    """Pictures of the story that stand beside its body: in the same article element, before it."""
    home = next((ancestor for ancestor in body.iterancestors("article", "main")), None)
    if home is None:
        home = body.getparent()
    if home is None or home.tag in ("body", "html"):
        return ()
    found: list[Figure] = []
    for element in [
        element for element in home.iter("figure", "div", "p") if not is_inside(element, body) and element is not body
    ]:
        if is_inside(body, element) or element.find(".//img") is None or not _is_frame(element):
            continue
        figures, _ = take_figures(fragment(markup(element)), url)
        found += figures
        take_out(element)
    return tuple(found)


def _is_frame(element: HtmlElement) -> bool:
    called = re.search(
        r"thumbnail|featured|caption|hero|lead-image|post-image|entry-image|main-image|article-image|photo|figure",
        names(element),
    )
    return (element.tag == "figure" or bool(called)) and len(text_of(element).split()) <= 80


def _weights(page: HtmlElement, noise: frozenset[HtmlElement]) -> dict[HtmlElement, int]:
    """Characters of sentences that are no link, for each element with all that is in it."""
    own: dict[HtmlElement, list[str]] = defaultdict(list)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        block = _block_of(element)
        if element.text and not _in_link(element):
            own[block].append(element.text)
        parent = element.getparent()
        if element.tail and parent is not None and not _in_link(parent):
            own[_block_of(parent)].append(element.tail)
    weights: dict[HtmlElement, int] = defaultdict(int)
    for block, pieces in own.items():
        if block in noise or any(ancestor in noise for ancestor in block.iterancestors()):
            continue
        text = " ".join("".join(pieces).split())
        if len(text.split()) < WORDS_MIN or (ends_cut(text) and len(text.split()) < 90):
            continue
        weights[block] += len(text)
        for ancestor in block.iterancestors():
            weights[ancestor] += len(text)
    return weights


def _block_of(element: HtmlElement) -> HtmlElement:
    while element.tag not in BLOCKS:
        parent = element.getparent()
        if parent is None:
            return element
        element = parent
    return element


def _in_link(element: HtmlElement) -> bool:
    return element.tag == "a" or any(True for _ in element.iterancestors("a"))


def _descend(top: HtmlElement, weights: dict[HtmlElement, int]) -> HtmlElement:
    """Into the child that holds most of the sentences, for as long as one does."""
    node = top
    while True:
        children = [child for child in node if isinstance(child.tag, str) and child.tag in _GOES_INTO]
        best = max(children, key=lambda child: weights.get(child, 0), default=None)
        if best is None or weights.get(best, 0) < _KEEPS_SHARE * weights[node]:
            return node
        node = best


def _holds_the_story(element: HtmlElement) -> bool:
    """A theme may wrap its whole page in a form, or call its content a widget."""
    return element.find(".//h1") is not None or len(element.findall(".//p")) > 12
