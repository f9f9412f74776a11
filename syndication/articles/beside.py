"""What came beside what became of it, line by line. In: HTML as it came, an article's text, its record. Out: Lines.

For a person who wants to see what was removed and why. Nothing is judged here: the record says what went.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from syndication.articles.extract.blocks import Page
from syndication.articles.extract.layout import drop_unseen, lay_out
from syndication.articles.extract.page import parse_page
from syndication.articles.measure import key_of
from syndication.articles.sanitize import one_line
from syndication.model.article import Removed

LINES_MAX = 400
CHARS_MAX = 400
OUTSIDE = "outside the story"


@dataclass(frozen=True, slots=True)
class BesideLine:
    """A line as it came. `rule` is why it is not in the article; "" when it is."""

    text: str
    rule: str = ""


def beside(html: str | bytes, text: str, removed: Iterable[Removed]) -> tuple[BesideLine, ...]:
    """The lines in the order in which they stand in `html`; several in a row that stand outside count as one."""
    page = parse_page(html)
    if page is None:
        return ()
    drop_unseen(page)
    lay_out(page)
    kept = key_of(text)
    record = [(key_of(block.text), block.rule) for block in removed]
    lines = (
        BesideLine(one_line(block.text, CHARS_MAX), _why(key_of(block.text), kept, record))
        for block in Page(page).blocks
    )
    return tuple(_gathered(lines))[:LINES_MAX]


def _why(key: str, kept: str, record: list[tuple[str, str]]) -> str:
    if not key:
        return OUTSIDE
    named = next((rule for words, rule in record if key == words or (len(key) >= 4 and key in words)), "")
    if key in kept and not (named and len(key) < 24):
        return ""
    return named or OUTSIDE


def _gathered(lines: Iterable[BesideLine]) -> Iterator[BesideLine]:
    before: list[str] = []
    for line in lines:
        if line.rule == OUTSIDE:
            before.append(line.text)
            continue
        if before:
            yield BesideLine(one_line(" · ".join(before), CHARS_MAX), OUTSIDE)
            before = []
        yield line
    if before:
        yield BesideLine(one_line(" · ".join(before), CHARS_MAX), OUTSIDE)
