"""XML that is nearly well-formed -> the same, mended where there is one way only. In and out: UTF-8. Pure.

Mended: junk before the root, forgotten namespaces, characters that XML has no place for, references to them, names of
HTML, ampersands and less-than signs that begin nothing. Never touched: the inside of CDATA, the nesting of elements.
"""

import re
from collections.abc import Callable
from html.entities import html5

from syndication.sources.names import USUAL
from syndication.sources.text import ILLEGAL

_NAMED = re.compile(r"&([a-zA-Z][a-zA-Z0-9]{1,31});")
_NUMBERED = re.compile(r"&#(?:([0-9]{1,10})|[xX]([0-9a-fA-F]{1,8}));")
_BARE_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,10}|#x[0-9a-fA-F]{1,8}|amp|lt|gt|quot|apos);)")
_BARE_LESS_THAN = re.compile(r"<(?![a-zA-Z_/!?])")
_PREFIX = re.compile(r"</?([a-zA-Z_][\w.-]{0,40}):[a-zA-Z_]")
ROOT = re.compile(r"<((?:[a-zA-Z_][\w.-]{0,40}:)?(?:rss|feed|RDF))(?=[\s>])[^<>]{0,20000}>")
"""A feed's start tag, its name apart."""
_PAIR = re.compile(
    r"&#(?:x([dD][89abAB][0-9a-fA-F]{2})|(5[56]\d{3}));&#(?:x([dD][c-fC-F][0-9a-fA-F]{2})|(5[67]\d{3}));"
)
_CONTROL = re.compile(rb"\xc2([\x80-\x9f])")
_CONTROL_NUMBERED = re.compile(rb"&#(?:0{0,4}(12[89]|1[345]\d)|[xX]0{0,4}([89][0-9a-fA-F]));")
PREFIXES_MAX = 50
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))

# The document types that are known by sight: RSS 0.91's of 1999, its address long gone, and HTML's own, which some
# templates print before whatever they print. They are taken out unread.
_KNOWN_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s+(?:rss\s+(?:PUBLIC\s+\"-//Netscape Communications//DTD RSS 0\.91//EN\"\s+|SYSTEM\s+)"
    rb"\"https?://my\.netscape\.com/publish/formats/rss-0\.91\.dtd\"|"
    rb"html(?:\s+PUBLIC\s+\"-//(?:W3C|IETF)//DTD [^\"<>]{1,60}\"(?:\s+\"[^\"<>]{1,200}\")?)?)\s*>",
    re.IGNORECASE,
)


def without_old_doctype(utf8: bytes) -> bytes:
    """Blanked, not cut, so that positions in the document stay what they were."""
    found = _KNOWN_DOCTYPE.search(utf8[:2048])
    if not found:
        return utf8
    return utf8[: found.start()] + b" " * (found.end() - found.start()) + utf8[found.end() :]


def with_controls_as_meant(utf8: bytes) -> bytes:
    """U+0080 to U+009F, raw or by number, are windows-1252 in the disguise of Latin-1, as HTML holds too."""
    if b"\xc2" in utf8:
        utf8 = _CONTROL.sub(lambda found: _as_meant(found[1][0]), utf8)
    if b"#" in utf8 and b"&#" in utf8:  # far rarer than an ampersand, `#` is found missing far sooner
        utf8 = _CONTROL_NUMBERED.sub(lambda found: _as_meant(int(found[1] or found[2], 10 if found[1] else 16)), utf8)
    return utf8


def _as_meant(number: int) -> bytes:
    return bytes((number,)).decode("cp1252", errors="ignore").encode()


def with_html_names_spelt_out(utf8: bytes) -> bytes:
    """`&nbsp;` and its kin as the characters they name. XML's own five stay references."""
    return _outside_cdata(utf8.decode(), _spell_out).encode()


def repair(text: str) -> str:
    return _with_namespaces(_outside_cdata(ILLEGAL.sub("", _from_root(text)), _mend))


def _outside_cdata(text: str, change: Callable[[str], str]) -> str:
    parts, position = [], 0
    while (start := text.find("<![CDATA[", position)) >= 0 and (end := text.find("]]>", start)) >= 0:
        parts += [change(text[position:start]), text[start : end + 3]]
        position = end + 3
    return "".join((*parts, change(text[position:])))


def _spell_out(text: str) -> str:
    return _NAMED.sub(_character, text)


def _mend(text: str) -> str:
    text = _NUMBERED.sub(_legal, _join_surrogates(_spell_out(text)))
    return _BARE_LESS_THAN.sub("&lt;", _BARE_AMPERSAND.sub("&amp;", text))


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name in _XML_NAMES:
        return found[0]
    character = html5.get(name + ";")
    if character is None:
        return found[0]
    return character.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _join_surrogates(text: str) -> str:
    """Two references to the halves of one character, as programs that think in UTF-16 write them."""
    return _PAIR.sub(_joined, text)


def _joined(found: re.Match[str]) -> str:
    high = int(found[1], 16) if found[1] else int(found[2])
    low = int(found[3], 16) if found[3] else int(found[4])
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return found[0]
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _legal(found: re.Match[str]) -> str:
    number = int(found[1]) if found[1] else int(found[2], 16)
    if number > 0x10FFFF or ILLEGAL.match(chr(number)):
        return ""
    return f"&#{number};"


def _from_root(text: str) -> str:
    """From the root on: the declaration has done its work, and whatever a server printed before it is no part of it.

    What the prologue forbids was judged before (`lenient`), since none of it is left here.
    """
    found = ROOT.search(text)
    return text[found.start() :] if found else text


def _with_namespaces(text: str) -> str:
    """The root declares each usual prefix that is used and nowhere declared; unusual ones get a name of their own."""
    found = ROOT.search(text)
    if not found:
        return text
    used = list(dict.fromkeys(_PREFIX.findall(text)))[:PREFIXES_MAX]
    missing = [prefix for prefix in used if prefix not in ("xml", "xmlns") and f"xmlns:{prefix}=" not in text]
    if not missing:
        return text
    declared = "".join(f' xmlns:{prefix}="{USUAL.get(prefix, "urn:undeclared:" + prefix)}"' for prefix in missing)
    end = found.end() - (2 if found[0].endswith("/>") else 1)
    return text[:end] + declared + text[end:]
