"""A page's lines, in the order in which they are read. In: a tree that was laid out. Out: Blocks, each with its size.

A size is counted in words; in scripts that part no words two characters count for one.
"""

from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from syndication.articles.measure import key_of, size_of
from syndication.articles.tidy.trees import BLOCKS, text_of

SENTENCE_WORDS = 8
"""A shorter line may be a label."""

__all__ = ["HEADINGS", "SENTENCE_WORDS", "Block", "Page", "key_of", "size_of"]

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(eq=False, slots=True)
class Block:
    """One line of the page. `foreign` is the rule by which its makers' names for it tell that it is no story."""

    element: HtmlElement
    place: int
    text: str
    size: int
    linked: float
    foreign: str = ""

    @property
    def is_sentence(self) -> bool:
        return self.size >= SENTENCE_WORDS and self.linked < 0.5

    @property
    def is_heading(self) -> bool:
        return self.element.tag in HEADINGS

    @property
    def weight(self) -> int:
        """Of the story's text: links and labels weigh nothing."""
        return self.size if self.is_sentence and not self.foreign else 0


class Page:
    """All blocks of a page, and what of it lies in which element."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.blocks = [_block(element, place) for place, element in enumerate(_leaves(root))]
        self.of = {block.element: block for block in self.blocks}

    @cached_property
    def inside(self) -> dict[HtmlElement, tuple[int, int]]:
        """For each element the first of its blocks, and the first that is no more in it."""
        found: dict[HtmlElement, tuple[int, int]] = {}
        for block in self.blocks:
            for element in (block.element, *block.element.iterancestors()):
                first = found.get(element, (block.place, 0))[0]
                found[element] = (first, block.place + 1)
        return found

    def within(self, element: HtmlElement) -> list[Block]:
        first, end = self.inside.get(element, (0, 0))
        return self.blocks[first:end]


def _leaves(root: HtmlElement) -> list[HtmlElement]:
    """Blocks with text that hold no other block. A line beside blocks has been given a block of its own."""
    holders: set[HtmlElement] = set()
    found = []
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag in BLOCKS:
            for ancestor in element.iterancestors():
                if ancestor in holders:
                    break
                holders.add(ancestor)
            found.append(element)
    return [element for element in found if element not in holders and text_of(element)]


def _block(element: HtmlElement, place: int) -> Block:
    text = text_of(element)
    links = sum(len(text_of(link)) for link in element.iter("a"))
    if not links and any(True for _ in element.iterancestors("a")):
        links = len(text)
    return Block(element, place, text, size_of(text), min(1.0, links / len(text)))
