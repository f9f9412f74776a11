"""HTML that is written as the usual body is, made safe at sight. In: HTML. Out: safe HTML, or None: parse it.

The grammar here is so small that every parser reads it alike: paragraphs, headings, flat lists, quotations and pictures
with captions, all of plain words, each closed, with single emphases in them and links to public names. Of such a text
the parser would change only spellings, the writer only white space and what says nothing: neither is asked. A law holds
this file to them.
"""

import re
from html import unescape

from syndication.articles.sanitize.dialect import LEAVES
from syndication.articles.sanitize.links import USUAL_IN_HTML
from syndication.articles.sanitize.walk import PHRASES, SPACE
from syndication.articles.sanitize.wording import is_plain, one_space
from syndication.patterns import possessive

# No bare ">" and no other entity: both are written otherwise than they came.
_WORDS = r"(?:[^<>&]++|&(?:amp|lt|gt);)"
_TEXT = rf"{SPACE}*+(?=[^<\s]){_WORDS}++"
_PHRASE = "<(?:" + "|".join(rf"{name}>(?!{SPACE}){_WORDS}++(?<!{SPACE})</{name}>" for name in PHRASES) + ")"
_SILENT = r'(?: (?:target|rel|class|title)="[ !#-%\'-;=?-~]*+")*+'
_SAID = r"(?:[ \t\n!-%'-;=?-~]++|&(?:amp|lt|gt);)++"
_LINK = rf'<a{_SILENT} href="{USUAL_IN_HTML}"{_SILENT}>(?!{SPACE}){_SAID}(?<!{SPACE})</a>'
_PIECE = rf"(?:{_LINK}|{_PHRASE}(?:{SPACE}*+{_LINK})?+)"
_INSIDE = rf"{SPACE}*+{_PIECE}?+(?:{_TEXT}{_PIECE}?+)*+{SPACE}*+"
_ITEMS = rf"(?:[ \n\t]*+<li>{_INSIDE}</li>)++[ \n\t]*+"
_GIVEN = r'(?: [a-z-]+="[^"<>]*")*+'
_BLOCK = possessive(
    rf"[ \n\t]*+(?:<(?P<leaf>p|h[1-6])>(?P<inside>{_INSIDE})</(?P=leaf)>"
    rf"|<(?P<list>[uo]l)>(?P<items>{_ITEMS})</(?P=list)>"
    rf"|<figure{_GIVEN}>[ \n\t]*+<img{_GIVEN}>[ \n\t]*+"
    rf"(?:<figcaption{_GIVEN}>(?P<caption>{SPACE}*+(?:{_WORDS}++)?+)</figcaption>[ \n\t]*+)?+(?P<picture></figure>)"
    rf"|<blockquote>(?P<quoted>(?:[ \n\t]*+<p>{_INSIDE}</p>)++[ \n\t]*+)</blockquote>)[ \n\t]*+"
)
_LINE = possessive(r"<(?:p|li)>([^<]*+(?:<(?!/(?:p|li)>)[^<]*+)*+)")
_SPELT = re.compile(r"&(?:#\d{2,5}|#x[0-9A-Fa-f]{2,4}|[A-Za-z]{2,8});")
_KEPT = frozenset('<>&"')
"""Stay spelt out: the grammar knows three of them so, and a quotation mark would end an attribute."""
_LINK_AND_MORE = re.compile(r'<a[^>]*? (href="[^"]*")[^>]*>')


def at_sight(html: str) -> str | None:
    """What `roughly_safe` would answer for any base; None: ask it."""
    if "&" in html:
        html = _SPELT.sub(_letter, html)
    if not is_plain(html):
        return None
    out: list[str] = []
    position = 0
    while position < len(html):
        block = _BLOCK.match(html, position)
        if block is None:
            return None
        position = block.end()
        out += _written(block)
    return "".join(out)


def _letter(spelt: re.Match[str]) -> str:
    letter = unescape(spelt[0])
    return letter if len(letter) == 1 and letter not in _KEPT else spelt[0]


def _written(block: re.Match[str]) -> list[str]:
    if block["leaf"]:
        return _leaf(LEAVES[block["leaf"]], block["inside"])
    if block["picture"]:
        return _leaf("p", block["caption"] or "")
    holder, name = (block["list"], "li") if block["list"] else ("blockquote", "p")
    lines = [line for inside in _LINE.findall(block["items"] or block["quoted"]) for line in _leaf(name, inside)]
    return [f"<{holder}>", *lines, f"</{holder}>"] if lines else []


def _leaf(name: str, inside: str) -> list[str]:
    if '" ' in inside or "<a c" in inside or "<a t" in inside or "<a r" in inside:
        inside = _LINK_AND_MORE.sub(r"<a \1>", inside)
    inside = one_space(inside).strip(" \xa0")
    return [f"<{name}>{inside}</{name}>"] if inside else []
