"""A page's tree -> the element that holds the story and nothing that either opinion holds for foreign. Leads the rest.

In: a tree, its address, what the page states as data. Out: Read, or None when the page has no sentences.
"""

from dataclasses import dataclass

from lxml.html import HtmlElement

from syndication.articles.extract.above import above_the_body
from syndication.articles.extract.agree import choose, other_stories, take_gone
from syndication.articles.extract.blocks import Block, Page
from syndication.articles.extract.container import Kept, believe, find_body, find_title, mark_foreign
from syndication.articles.extract.layout import drop_unseen, lay_out
from syndication.articles.extract.metadata import Metadata
from syndication.articles.extract.pictures import mark_captions, page_figures
from syndication.articles.extract.second import second_opinion
from syndication.model.article import Figure, RelatedLink, Removed

_MUCH_SHORTER = 0.5
_TOLD_MIN = 40
"""Words from which a text that the page states as data has a voice."""


@dataclass(frozen=True, slots=True)
class Read:
    body: HtmlElement
    figures: tuple[Figure, ...]
    related: tuple[RelatedLink, ...]
    removed: tuple[Removed, ...]


def read_body(tree: HtmlElement, url: str, metadata: Metadata) -> Read | None:
    """`tree` is changed on the way."""
    drop_unseen(tree)
    lay_out(tree)
    page = Page(tree)
    title = find_title(page, metadata.title)
    mark_captions(page)
    mark_foreign(page, title)
    kept = _second(page)
    if kept is not None:
        believe(page, kept)
    body = find_body(page, kept or (lambda block: True), title)
    if body is None and kept is not None:
        body = _trusting(page, kept, title)
    if body is None:
        return None
    gone = choose(page, body, kept, title, metadata.title, metadata.byline)
    figures = page_figures(tree, body, url)
    related, removed = take_gone(page, body, gone, url)
    beside = above_the_body(page, body, title)
    return Read(body, figures, tuple(related), (*removed, *beside, *other_stories(page, body)))


def _second(page: Page) -> Kept | None:
    """What the second opinion keeps; None when it has none, or is much shorter than what we see."""
    opinion = second_opinion(page)
    if opinion is None:
        return None
    keeps = {block for block in page.blocks if opinion.keeps(block)}
    return keeps.__contains__


def _trusting(page: Page, kept: Kept, title: Block | None) -> HtmlElement | None:
    """Names alone left nothing: then what the second opinion keeps is no longer foreign."""
    for block in page.blocks:
        if kept(block):
            block.foreign = ""
    return find_body(page, kept, title)
