"""The text of a story as its page states it as data (`articleBody`), a third voice. In: it, a Page. Out: lines it
vouches for; a body made of it where the page itself shows next to nothing.

It is often cut, and has no headings or lists: so it only ever adds. What a page keeps for those who pay is not taken.
"""

import re
from html import escape

from lxml.html import HtmlElement

from syndication.articles.extract.blocks import Block, Page, key_of, size_of
from syndication.articles.extract.metadata import Metadata
from syndication.articles.sanitize import ends_cut, parsed
from syndication.articles.tidy.trees import fragment, text_of

WORDS_MIN = 40
"""From which such a text has a voice."""

INSTEAD_WORDS_MIN = 60
SHOWN_SHARE = 0.4
"""Of its words, below which what the page shows is only a part of the story."""

_MARKUP = re.compile(r"</?(?:p|br|div|h[1-6]|ul|li)\b[^<>]*>", re.I)


def vouched_for(page: Page, told: str) -> set[Block]:
    """The sentences of the page that stand in it."""
    if size_of(told) < WORDS_MIN:
        return set()
    whole = key_of(text_of(_tree(told)))
    return {block for block in page.blocks if block.is_sentence and key_of(block.text) in whole}


def body_told(metadata: Metadata, shown: str) -> HtmlElement | None:
    """Its own body, when the page shows much less of it than `shown`; else None."""
    told = metadata.told
    if metadata.locked or size_of(told) < INSTEAD_WORDS_MIN or ends_cut(told):
        return None
    tree = _tree(told)
    return tree if size_of(shown) < SHOWN_SHARE * size_of(text_of(tree)) else None


def _tree(told: str) -> HtmlElement:
    if _MARKUP.search(told):
        return fragment(parsed(told))
    lines = [line for line in re.split(r"\s*\n\s*", told.strip()) if line]
    return fragment("".join(f"<p>{escape(line, quote=False)}</p>" for line in lines))
