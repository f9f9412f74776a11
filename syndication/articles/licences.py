"""Licences that an item names. In: an address, or a note. Out: what it is called, and what it allows. Pure.

Only Creative Commons is known by sight; any other licence is passed on and widens nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CC = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:(licenses)/([a-z-]+)/(\d\.\d)|(publicdomain)/(zero|mark)/(\d\.\d))",
    re.I,
)
_IN_NOTE = re.compile(r"https?://(?:www\.)?creativecommons\.org/[^\s<>\"')]+", re.I)
_LICENSED = re.compile(
    rb"<(?:a|link)\b[^<>]{0,500}?\brel\s*=\s*[\"']?(?:[^\"'<>]{0,80}\s)?license\b[^<>]{0,500}>", re.I
)
_HREF = re.compile(rb"\bhref\s*=\s*[\"']?(https?://[^\s\"'<>]{1,300})", re.I)
_DATA = re.compile(rb"\"license\"\s*:\s*\"(https?://[^\s\"\\<>]{1,300})\"")
PAGE_BYTES_MAX = 4 * 1024 * 1024
_KINDS = frozenset({"by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"})


@dataclass(frozen=True, slots=True)
class Licence:
    name: str
    """As people write it, such as "CC BY-SA 4.0"."""
    commercial: bool
    derivatives: bool


def licence_of(address: str) -> Licence | None:
    """None for what is not known by sight."""
    found = _CC.match(address.strip())
    if found is None:
        return None
    if found[4]:
        name = "CC0" if found[5].lower() == "zero" else "Public Domain Mark"
        return Licence(f"{name} {found[6]}", commercial=True, derivatives=True)
    kind = found[2].lower()
    if kind not in _KINDS:
        return None
    return Licence(f"CC {kind.upper()} {found[3]}", commercial="nc" not in kind, derivatives="nd" not in kind)


def licence_in(note: str) -> str:
    """The one address of Creative Commons that a rights note holds; with several none is surely it."""
    found = {address.rstrip(".,;") for address in _IN_NOTE.findall(note)}
    return found.pop() if len(found) == 1 else ""


def licence_of_page(html: bytes) -> str:
    """The licence that a page names for itself: a link that says so, or its data for programs. With several, none."""
    found = {link.decode("ascii", "ignore") for link in _links(html[:PAGE_BYTES_MAX])}
    return found.pop() if len(found) == 1 else ""


def _links(html: bytes) -> Iterator[bytes]:
    for tag in _LICENSED.findall(html):
        yield from _HREF.findall(tag)
    yield from _DATA.findall(html)
