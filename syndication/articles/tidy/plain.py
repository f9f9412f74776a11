"""A body that holds nothing to take out, told without building a tree of it. In: HTML, its base. Out: Tidied, or None.

Most entries of most feeds are such: a few paragraphs, no picture, no names that a theme gives, no line that is not of
the story. Every line is asked of the same rules as anywhere; when one of them knows it, the tree is built after all.
"""

import re
from html import unescape

from syndication.articles.sanitize import bare, ends_cut, is_settled, lines_of, safe_html, text_of_safe
from syndication.articles.tidy.line import Line
from syndication.articles.tidy.lines import is_of_the_story, words_of
from syndication.articles.tidy.tidied import Tidied

_TELLING = ("<im", "<form", "<aside", "class")
"""What `furniture` and `figures` go by. The same in the words of a story is on the safe side."""
_LINK = re.compile(r'<a href="([^"]*)">([^<]*)</a>')
_REPEATED_WORDS_MIN = 20


def untouched(html: str, base_url: str, title: str) -> Tidied | None:
    """What `tidy` would answer; None: it must be asked."""
    lowered = html.lower()
    if any(sign in lowered for sign in _TELLING):
        return None
    body = safe_html(html, base_url=base_url)
    if not is_settled(body):
        return None
    told = lines_of(body)
    lines = [_line(inside, place, len(told) - 1 - place) for place, inside in enumerate(told)]
    if any(ends_cut(line.text) or not is_of_the_story(line, title) for line in lines) or _repeats(lines):
        return None
    return Tidied(body=body, text=text_of_safe(body), untouched=True)


def _repeats(lines: list[Line]) -> bool:
    if len(lines) == 1:
        return False
    long = [" ".join(words_of(line.text)) for line in lines if line.words >= _REPEATED_WORDS_MIN]
    return len(set(long)) < len(long)


def _line(inside: str, place: int, after: int) -> Line:
    """A line that is a whole block, as `parts` would tell it."""
    found = _LINK.findall(inside) if "<a" in inside else ()
    links = tuple((" ".join(unescape(text).split()), unescape(href)) for href, text in found)
    text = " ".join(bare(re.sub(r"<[^<>]*>", r" ", inside) if len(links) > 1 else inside).split())
    share = min(1.0, sum(len(linked) for linked, _ in links) / len(text)) if text else 0.0
    return Line(text, links, share, place, after)
