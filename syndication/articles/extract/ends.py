"""What stands at the end of a story and is not its end. In: a body's blocks. Out: which of them go, and why.

Lists under "Related articles", the life of the author, and quotations that only repeat a sentence of the story.
"""

from collections.abc import Mapping

from syndication.articles.extract.blocks import HEADINGS, Block, key_of
from syndication.articles.tidy.line import Line
from syndication.articles.tidy.lines import credited, first_published, see_also

BIO_WORDS_MAX = 90
LAST = 5
"""Lines from the end among which an author's life is looked for."""
QUOTE_KEY_MIN = 20
LEADING_MIN = 3
TEASER_WORDS_MAX = 60
"""Of a line about another story."""

_APART = ("aside", "blockquote", "q")


def take_ends(told: list[Block], lines: Mapping[Block, Line], gone: dict[Block, str], byline: str) -> None:
    """Adds to `gone`. `told` are the body's blocks in order, `byline` is who wrote it, as far as the page says."""
    for place, block in enumerate(told):
        if block not in gone and block.size <= 8 and see_also(lines[block]) == ():
            _take_list(block, told[place + 1 :], lines, gone)
    left = [block for block in told if block not in gone]
    _take_life(left[-LAST:] if len(left) > LAST else left[1:], gone, byline)
    _take_pulled(left, gone)


def _take_list(heading: Block, following: list[Block], lines: Mapping[Block, Line], gone: dict[Block, str]) -> None:
    """What leads to other stories, each with a line about it, up to the story's next lines or a heading as large."""
    level = _level(heading)
    listed: list[Block] = []
    led = 0  # how much of it up to the last line that leads away
    for block in following:
        plain_heading = block.is_heading and _level(block) <= level and block.linked < 0.9
        credit = credited(lines[block]) or first_published(lines[block])
        speaks = block.size > TEASER_WORDS_MAX and not _leads(block)
        if plain_heading or credit or speaks or (len(listed) - led >= 1 and not _leads(block)):
            listed = listed[:led]
            break
        listed.append(block)
        led = len(listed) if _leads(block) else led
    leading = sum(1 for block in listed if _leads(block))
    if leading < LEADING_MIN:
        return
    if leading == led < len(listed):  # a line after links alone is the story, which goes on
        listed = listed[:led]
    if not all(block.linked >= 0.9 for block in listed):  # links alone are left to the line rules
        gone.update({block: "related-links" for block in [heading, *listed] if block.foreign != "caption"})


def _leads(block: Block) -> bool:
    """Whether it begins with a link, or is in one."""
    if block.linked >= 0.5:
        return True
    link = next(block.element.iter("a"), None)
    words = "".join(str(piece) for piece in link.itertext()) if link is not None else ""
    return len(words.split()) >= 3 and block.text.startswith(" ".join(words.split()))


def _level(block: Block) -> int:
    return HEADINGS.index(block.element.tag) if block.is_heading else len(HEADINGS)


def _take_life(last: list[Block], gone: dict[Block, str], byline: str) -> None:
    """The author's name, and what it is followed by, at the end of the page."""
    name = key_of(byline)
    for block in last:
        key = key_of(block.text)
        if len(name) >= 5 and key.startswith(name) and block.size <= BIO_WORDS_MAX and not block.is_heading:
            gone[block] = "author-box"


def _take_pulled(left: list[Block], gone: dict[Block, str]) -> None:
    """A sentence set apart that stands in the story anyway."""
    keys = {block: key_of(block.text) for block in left}
    for block in left:
        key = keys[block]
        if len(key) < QUOTE_KEY_MIN or not any(True for _ in block.element.iterancestors(*_APART)):
            continue
        if any(key in other and one is not block and len(other) > len(key) for one, other in keys.items()):
            gone[block] = "pull-quote"
