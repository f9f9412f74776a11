"""Text of a field: what its format says it is -> plain text or HTML. Nothing is sanitised here. Pure."""

import re
from html import escape, unescape

from syndication.model.source import Person
from syndication.patterns import possessive

TITLE_CHARACTERS_MAX = 2_000
_MARKUP_CHARACTERS_MAX = 20_000  # of a one-line field, before its tags are taken out

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no place for (section 2.2). Half a surrogate pair is half a character: nothing."""

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TAG = possessive(r"<(?:!--[^<>]*|/?[a-zA-Z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>")
# In a plain text title only what is surely markup is taken for it, so that "Tom & <Jerry>" keeps its cat.
_INLINE_TAG = possessive(
    r"</?(?:a|abbr|b|big|br|cite|code|del|em|font|i|img|ins|mark|p|q|s|small|span|strike|strong|sub|sup|tt|u|wbr)"
    r"(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)?/?>",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?P<name>[^<>()@]*?)\s*[<(]\s*(?:mailto:)?(?P<email>[^\s<>()@]+@[^\s<>()@]+)\s*[>)]")
_EMAIL_FIRST = re.compile(r"(?:mailto:)?(?P<email>[^\s<>()@]+@[^\s<>()@]+)(?:\s*\(\s*(?P<name>[^()]*?)\s*\))?")


def scrub(text: str) -> str:
    """`text` without the characters that no XML document can carry."""
    return ILLEGAL.sub("", text) if ILLEGAL.search(text) else text


def one_line(text: str) -> str:
    """White space drawn together, line and paragraph separators too."""
    return " ".join(text.split())[:TITLE_CHARACTERS_MAX]


def from_html(html: str) -> str:
    """A one-line field that its format says is HTML, as plain text."""
    html = html[:_MARKUP_CHARACTERS_MAX]
    if "<" in html:
        html = _TAG.sub("", html)
    return one_line(unescape(html) if "&" in html else html)


def from_rss(text: str) -> str:
    """A one-line field of RSS, which says "plain text" and mostly is, but for left-over entities and inline tags."""
    text = text[:_MARKUP_CHARACTERS_MAX]
    if "<" in text:
        text = _INLINE_TAG.sub("", text)
    if "&" in text:
        text = _ENTITY.sub(lambda found: unescape(found[0]), text)
    return one_line(text)


def to_html(text: str) -> str:
    """Plain text as HTML: paragraphs where it has empty lines, breaks where it has line ends."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]
    lines = [escape(part, quote=False).replace("\n", "<br>\n") for part in parts]
    return lines[0] if len(lines) == 1 else "\n".join(f"<p>{line}</p>" for line in lines)


def person(text: str) -> Person | None:
    """RSS writes people as "mail (name)", "name <mail>", a name, or an address: each is a Person."""
    text = one_line(text)
    if not text:
        return None
    if "@" in text and (found := _EMAIL_FIRST.fullmatch(text) or _PERSON.fullmatch(text)):
        return Person(name=found["name"] or "", email=found["email"])
    return Person(name=from_rss(text))
