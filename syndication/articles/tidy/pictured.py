"""A body with pictures and nothing else to take out. In: HTML as `parsed` wrote it. Out: Tidied, or None.

A figure that stands between two blocks of the story is taken out of the text as it is, and only the figures are made a
tree of; the rest is told as a body without pictures is. What stands elsewhere, or is called something, needs the tree.
"""

import re
from dataclasses import replace

from syndication.articles.tidy.figures import IMAGES_MAX, take_figures
from syndication.articles.tidy.plain import untouched
from syndication.articles.tidy.tidied import Tidied
from syndication.articles.tidy.trees import fragment, text_of
from syndication.model.article import Figure
from syndication.patterns import possessive

_GIVEN = r'(?: [a-z-]+="[^"]*")*+'
_FIGURE = possessive(
    rf"<figure{_GIVEN}>\s*+(?:<a{_GIVEN}>\s*+<img{_GIVEN}>\s*+</a>|<img{_GIVEN}>)\s*+"
    rf"(?:<figcaption{_GIVEN}>[^<]*+</figcaption>\s*+)?+</figure>"
)
_OPENS = re.compile(r"(?:\A|</(?:p|h[1-6]|ul|ol|blockquote|figure)>)\s*\Z")
_GOES_ON = re.compile(r"\s*(?:\Z|<(?:p|h[1-6]|ul|ol|blockquote|figure)[ >])")
_NO_LETTERS = re.compile(r"<[^<>]*>|&[a-z]+;|\s")
_TAIL_LETTERS_MIN = 300
"""Behind the last picture: whether a text was cut is told by its last 200 characters."""


def pictured(looked: str, base_url: str, title: str) -> Tidied | None:
    """What `tidy` would answer; None: it must be asked."""
    places = [found.span() for found in _FIGURE.finditer(looked)] if "<figure" in looked else []
    if not 0 < len(places) <= IMAGES_MAX or not all(_stands_apart(looked, start, end) for start, end in places):
        return None
    figures = _figures([looked[start:end] for start, end in places], base_url)
    if figures is None:
        return None
    rest = _FIGURE.sub("", looked)
    told = untouched(rest, base_url, title, captions=[figure.caption for figure in figures])
    if told is None:
        return None
    tail = _NO_LETTERS.sub("", looked[places[-1][1] :])
    return replace(told, figures=figures, untouched=False, ends_untouched=len(tail) >= _TAIL_LETTERS_MIN)


def _stands_apart(looked: str, start: int, end: int) -> bool:
    """Whether a figure is a block of its own between others, inside none."""
    before = looked[:start]
    if not _OPENS.search(before[-40:]) or not _GOES_ON.match(looked, end):
        return False
    opened = before.count("<") - 2 * before.count("</")
    return opened == before.count("<br>") + before.count("<hr>") + before.count("<img")


def _figures(written: list[str], base_url: str) -> tuple[Figure, ...] | None:
    """The pictures of these elements, if each of them is one and has words with it: else the next block may be its."""
    tree = fragment("".join(written))
    if not all(text_of(frame) for frame in tree.iter("figure")):
        return None
    found, removed = take_figures(tree, base_url)
    return None if removed else tuple(found)
