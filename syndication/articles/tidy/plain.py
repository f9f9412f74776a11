"""A body that holds nothing to take out, told without building a tree of it. In: HTML, its base. Out: Tidied, or None.

Most entries of most feeds are such: a few paragraphs, no picture, no names that a theme gives, no line that is not of
the story. Every line is asked of the same rules as anywhere; when one of them knows it, the tree is built after all.
"""

import re
from collections.abc import Sequence
from html import unescape

from syndication.articles.sanitize import bare, ends_cut, is_settled, lines_of, safe_html, text_of_safe
from syndication.articles.tidy.cut import cut_excerpts
from syndication.articles.tidy.line import Line
from syndication.articles.tidy.lines import is_of_the_story, words_of
from syndication.articles.tidy.tidied import Tidied

_TELLING = ("<im", "<form", "<aside", "<nav", "class")
"""What `furniture` and `figures` go by. The same in the words of a story is on the safe side."""
_LINK = re.compile(r'<a href="([^"]*)">([^<]*)</a>')
_REPEATED_WORDS_MIN = 20


def untouched(html: str, base_url: str, title: str, *, captions: Sequence[str] = ()) -> Tidied | None:
    """What `tidy` would answer; None: it must be asked. `captions`: of pictures that stood here."""
    lowered = html.lower()
    if any(sign in lowered for sign in _TELLING):
        return None
    body = safe_html(html, base_url=base_url)
    if not is_settled(body):
        return None
    told = lines_of(body)
    said = [bare(inside) for inside in told]
    lines = [_line(*one, place, len(told) - 1 - place) for place, one in enumerate(zip(told, said, strict=True))]
    listed = "<li>" in body
    if any(ends_cut(text) for text in said) and (listed or cut_excerpts(said, captions)):
        return None
    if not all(is_of_the_story(line, title) for line in lines) or _repeats(lines):
        return None
    return Tidied(body=body, text=text_of_safe(body) if listed else "\n\n".join(said), untouched=True)


def _repeats(lines: list[Line]) -> bool:
    if len(lines) == 1:
        return False
    long = [" ".join(words_of(line.text)) for line in lines if line.words >= _REPEATED_WORDS_MIN]
    return len(set(long)) < len(long)


def _line(inside: str, said: str, place: int, after: int) -> Line:
    """A line that is a whole block, as `parts` would tell it."""
    found = _LINK.findall(inside) if "<a" in inside else ()
    links = tuple((" ".join(unescape(text).split()), unescape(href)) for href, text in found)
    text = " ".join((bare(re.sub(r"<[^<>]*>", r" ", inside)) if len(links) > 1 else said).split())
    share = min(1.0, sum(len(linked) for linked, _ in links) / len(text)) if text else 0.0
    return Line(text, links, share, place, after)
