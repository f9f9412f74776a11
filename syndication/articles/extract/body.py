"""A page's tree -> the element that holds the story and nothing that either opinion holds for foreign. Leads the rest.

In: a tree, its address, what the page states as data. Out: Read, or None when the page has no sentences.
"""

from dataclasses import dataclass

from lxml.html import HtmlElement

from syndication.articles.extract.above import above_the_body
from syndication.articles.extract.agree import choose, other_stories, take_gone
from syndication.articles.extract.blocks import Block, Page, key_of
from syndication.articles.extract.container import Kept, believe, find_body, find_title, mark_foreign, widen
from syndication.articles.extract.layout import drop_unseen, lay_out
from syndication.articles.extract.metadata import Metadata
from syndication.articles.extract.pictures import mark_captions, page_figures
from syndication.articles.extract.second import second_opinion
from syndication.articles.extract.told import vouched_for
from syndication.model.article import Figure, RelatedLink, Removed

SUMMARY_KEY = 60
"""Letters by which a standfirst is known for the page's summary."""

SUMMARY_KEY_MIN = 20


@dataclass(frozen=True, slots=True)
class Read:
    body: HtmlElement
    figures: tuple[Figure, ...] = ()
    related: tuple[RelatedLink, ...] = ()
    removed: tuple[Removed, ...] = ()


def read_body(tree: HtmlElement, url: str, metadata: Metadata) -> Read | None:
    """`tree` is changed on the way."""
    drop_unseen(tree)
    lay_out(tree)
    page = Page(tree)
    title = find_title(page, metadata.title)
    mark_captions(page)
    mark_foreign(page, title)
    kept = _second(page, vouched_for(page, metadata.told))
    if kept is not None:
        believe(page, kept)
    body = find_body(page, kept or (lambda block: True), title)
    if body is None and kept is not None:
        body = _trusting(page, kept, title)
    if body is None:
        return None
    gone: dict[Block, str] = {}
    if kept is not None:
        core, body = body, widen(page, body, kept, title)
        gone = _apart(page, core, body, kept, _standfirst(page, core, metadata.description))
    gone |= choose(page, body, kept, title, metadata.title, metadata.byline)
    if kept is not None:
        _unname(page, body, gone, kept)
    figures = page_figures(tree, body, url)
    related, removed = take_gone(page, body, gone, url)
    beside = above_the_body(page, body, title)
    return Read(body, figures, tuple(related), (*removed, *beside, *other_stories(page, body)))


def _apart(page: Page, core: HtmlElement, body: HtmlElement, kept: Kept, said: frozenset[Block]) -> dict[Block, str]:
    """What goes of the lines around `core`, where one opinion is not enough. What is said elsewhere goes too."""
    first, end = page.inside[core]
    return {
        block: block.foreign or "beside-the-story"
        for block in page.within(body)
        if not first <= block.place < end
        and block.foreign != "caption"
        and not (block.weight and kept(block) and block not in said)
    }


def _standfirst(page: Page, core: HtmlElement, description: str) -> frozenset[Block]:
    """Lines above the story that only say what the page states as its summary, which is told as the excerpt."""
    summary = key_of(description)[:SUMMARY_KEY]
    above = page.blocks[: page.inside[core][0]]
    return frozenset(
        block
        for block in above
        if len(summary) >= SUMMARY_KEY_MIN
        and (key := key_of(block.text))[:SUMMARY_KEY].startswith(summary[: len(key)])
        and len(key) >= SUMMARY_KEY_MIN
    )


def _unname(page: Page, body: HtmlElement, gone: dict[Block, str], kept: Kept) -> None:
    """What both opinions hold for the story is no longer what its makers call it: "paywall" stands on whole stories."""
    for block in page.within(body):
        if block in gone or not block.weight or not kept(block):
            continue
        for element in (block.element, *block.element.iterancestors()):
            if element is body:
                break
            for name in ("class", "id", "role", "itemprop"):
                element.attrib.pop(name, None)


def _second(page: Page, vouched: set[Block]) -> Kept | None:
    """What the second opinion keeps, and what the page itself vouches for; None when neither says anything."""
    for block in vouched:
        block.foreign = "" if block.foreign != "caption" else block.foreign
    opinion = second_opinion(page)
    if opinion is None:
        return vouched.__contains__ if vouched else None
    keeps = {block for block in page.blocks if opinion.keeps(block)} | vouched
    return keeps.__contains__


def _trusting(page: Page, kept: Kept, title: Block | None) -> HtmlElement | None:
    """Names alone left nothing: then what the second opinion keeps is no longer foreign."""
    for block in page.blocks:
        if kept(block):
            block.foreign = ""
    return find_body(page, kept, title)
