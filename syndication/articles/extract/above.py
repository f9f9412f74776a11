"""What stands between the title and the body's element. In: a Page, its body, its title. Out: Removed, for the record.

Makers of pages keep a standfirst beside the body. It is their summary and no part of the text, but nobody looks for it
in vain: what is not taken is told with its rule.
"""

from lxml.html import HtmlElement

from syndication.articles.extract.blocks import Block, Page
from syndication.articles.sanitize import one_line
from syndication.articles.tidy.furniture import REMOVED_CHARS_MAX
from syndication.articles.tidy.trees import is_inside
from syndication.model.article import Removed

LINES_MAX = 40
"""Beyond so many it is a page of its own."""


def above_the_body(page: Page, body: HtmlElement, title: Block | None) -> list[Removed]:
    """The lines there, in their order; pictures' words go with their pictures."""
    home = next(iter(body.iterancestors("article", "main")), None)
    if title is None or home is None or not is_inside(title.element, home) or is_inside(title.element, body):
        return []
    first = page.inside.get(body, (0, 0))[0]
    between = [
        block
        for block in page.blocks[title.place + 1 : first]
        if block.foreign not in ("caption", "another-story") and is_inside(block.element, home)
    ]
    return [
        Removed(block.foreign or "beside-the-story", one_line(block.text, REMOVED_CHARS_MAX))
        for block in between[:LINES_MAX]
    ]
