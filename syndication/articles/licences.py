"""Licences that an item names. In: an address, or a note. Out: what it is called, and what it allows. Pure.

Only Creative Commons is known by sight; any other licence is passed on and widens nothing.
"""

import re
from dataclasses import dataclass

_CC = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:(licenses)/([a-z-]+)/(\d\.\d)|(publicdomain)/(zero|mark)/(\d\.\d))",
    re.I,
)
_IN_NOTE = re.compile(r"https?://(?:www\.)?creativecommons\.org/[^\s<>\"')]+", re.I)
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
