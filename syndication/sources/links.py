"""Links as published -> absolute http(s) addresses, or nothing. In: a reference, its base. Out: an address. Pure.

Nothing is judged here but the spelling: whether an address may be asked is the way out's to say.
"""

import re
from html import escape, unescape
from urllib.parse import urljoin

from syndication.patterns import possessive

URL_CHARACTERS_MAX = 4096

_ABSOLUTE = possessive(
    r"https?://(?:[^\s/?#\\<>\"\[\]\x00-\x20]+|\[[0-9a-f:.]+\](?::\d+)?)(?:[/?#][^\s<>\"\x00-\x20]*)?", re.IGNORECASE
)

# On the safe side: finds each attribute whose value might be a relative link. Most bodies have none and are left alone.
# Spelt without IGNORECASE, and the commonest no first: it runs over every body there is.
_SUSPECT = possessive(
    r"=(?!\"https?://)(?<=[fFcCtTrReE\s]=)"
    r"(?:(?<=[hH][rR][eE][fF]=)|(?<=[sS][rR][cC]=)|(?<=[sS][eE][tT]=)|(?<=[tT][eE][rR]=)|(?<=[cC][iI][tT][eE]=)|(?<=\s=))"
    r"\s*+[\"']?+(?![hH][tT][tT][pP][sS]?://|#|mailto:|data:|tel:)"
)
_TAG = possessive(r"<[a-zA-Z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>")
_ATTRIBUTE = possessive(
    r"(?P<name>[^\s\"'<>/=]+)\s*=\s*(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>[^\s\"'<>=`]+))",
)
LINKS = frozenset({"href", "src", "srcset", "poster", "cite"})
"""The attributes that hold links and that anyone downstream may keep."""

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


def resolve(reference: str | None, base: str) -> str | None:
    """`reference` as an absolute http(s) address, or None when it is empty, of another scheme, or no address at all."""
    if not reference:
        return None
    reference = reference.strip()
    if len(reference) > URL_CHARACTERS_MAX:
        return None
    if _ABSOLUTE.fullmatch(reference):
        return reference
    reference = re.sub(r"[\t\r\n]", "", reference).replace(" ", "%20")  # as browsers do
    if not reference:
        return None
    try:
        address = urljoin(base, reference)
    except ValueError:
        return None
    return address if len(address) <= URL_CHARACTERS_MAX and _ABSOLUTE.fullmatch(address) else None


def resolve_html(html: str, base: str) -> str:
    """`html` with the links in its tags made absolute. Fragments and other schemes stay as they are."""
    if not _SUSPECT.search(html):
        return html
    return _TAG.sub(lambda tag: _ATTRIBUTE.sub(lambda found: _attribute(found, base), tag[0]), html)


def resolve_attribute(name: str, value: str, base: str) -> str:
    """The value of one HTML attribute, its links made absolute when it is one that holds links."""
    if name == "srcset":
        return ", ".join(
            _candidate(candidate, base) for candidate in re.split(r",\s+|(?<=\d[wx]),", value) if candidate.strip()
        )
    if value.startswith("#") or _SCHEME.match(value.strip()):
        return value
    return resolve(value, base) or value


def _attribute(found: re.Match[str], base: str) -> str:
    name = found["name"].lower()
    if name not in LINKS:
        return found[0]
    value = unescape(next(part for part in found.group("a", "b", "c") if part is not None))
    new = resolve_attribute(name, value, base)
    return found[0] if new == value else f'{name}="{escape(new)}"'


def _candidate(text: str, base: str) -> str:
    url, space, width = text.strip().partition(" ")
    return (url if _SCHEME.match(url) else resolve(url, base) or url) + space + width
