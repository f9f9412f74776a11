"""Whether HTML is as the writer leaves it, told at sight. In: HTML that the writer wrote. Out: yes, or look again.

The grammar here holds paragraphs, headings, flat lists and quotations of plain words, with single links and emphases in
them that hold words only. Every parser reads such a text as it is written, and the writer would write it again so: the
usual body needs no second parse to prove both. What is outside the grammar may be as good, and is looked at again.
"""

import re
from functools import lru_cache

from syndication.articles.sanitize.walk import PIECE, SPACE, TEXT
from syndication.articles.sanitize.wording import is_plain
from syndication.patterns import possessive

_INSIDE = rf"(?!{SPACE}|</){PIECE}?+(?:{TEXT}{PIECE}?+)*+(?<!{SPACE})"
_ITEMS = rf"(?:<li>{_INSIDE}</li>)++"
_BLOCK = possessive(
    rf"<(?P<leaf>p|h[234])>{_INSIDE}</(?P=leaf)>|<ul>{_ITEMS}</ul>|<ol>{_ITEMS}</ol>"
    rf"|<blockquote>(?:<p>{_INSIDE}</p>)++</blockquote>"
)
_LINE = possessive(r"<(?:p|h[234]|li)>([^<]*+(?:<(?!/(?:p|h[234]|li)>)[^<]*+)*+)")
_UNESCAPED = re.compile(r"&(?!amp;|lt;|gt;)")


@lru_cache(maxsize=16)
def is_settled(html: str) -> bool:
    """Remembered for a moment: whoever writes a body asks, and whoever reads its lines asks again."""
    if "  " in html or "\n" in html or "\t" in html or "\xa0" in html or "<x-" in html:
        return False
    if not is_plain(html) or _UNESCAPED.search(html):
        return False
    position = 0
    while position < len(html):
        block = _BLOCK.match(html, position)
        if block is None:
            return False
        position = block.end()
    return True


def lines_of(settled: str) -> list[str]:
    """The lines of HTML that is settled: what is inside each paragraph, heading and item."""
    return _LINE.findall(settled)
