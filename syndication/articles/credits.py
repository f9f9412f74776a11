"""Whose picture it is, by its credit and caption. In: their texts, names. Out: the names that they credit. Pure.

An agency is known by its place in a credit ("Lena Holm/AP Photo", "(Reuters)", "dpa-Zentralbild"), since its name may
be a word of another meaning elsewhere: Keystone is a street, Ansa a first name, and a caption may quote Reuters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_PARTS = re.compile(
    r"[/|,;:()\[\]©•·=、・]|写真|提供|撮影|(?<=[a-zß-ÿ]{2}[.!?])\s|\s[-–—]\s|[–—]|\b(?:via|for|from|by|of|and|courtesy|copyright|distributed|supplied)\b",
    re.I,
)
_PICTURE = (
    r"(?:file|stock|press|handout|pool|photo(?:graph)?s?|pictures?|pics?|images?|fotos?|bild(?:er)?|imagen|immagine)"
)
_LEADING = re.compile(rf"^(?:(?:the|{_PICTURE}|credits?|source|crédit|quelle)\b[\s.]*)+", re.I)
_TRAILING = re.compile(
    rf"(?:[\s-]+(?:{_PICTURE}|wire|archives?|archiv|news(?:\s+agency)?|agency|video|service|stringer|zentralbild|infocom|ho))+$",
    re.I,
)
_SURE = frozenset({"reuters", "afp", "shutterstock", "alamy", "istock", "xinhua", "depositphotos", "lehtikuva"})
"""Names of one word that mean an agency wherever in a credit they stand."""

_IN_CAPTION = (
    re.compile(r"\(([^()]{1,120})\)\W*$"),
    re.compile(rf"(?:\b(?:{_PICTURE}|credit)(?:\s+by)?\s*:|©|\|)\s*([^|©]{{1,120}})$", re.I),
    re.compile(r"([^\s/]+(?:\s[^\s/]+){0,3}\s?/[^/]{1,60})\W*$"),
    # After its last sentence, in capitals as names are: "The storm at the pier. Lena Holm, AFP".
    re.compile(r"[.!?。][\"”’]?\s+((?:[^\s\da-z]\S*|dpa|ddp)(?:\s+(?:[^\s\da-z]\S*|dpa|ddp|via|for|by)){0,5})\W*$"),
    re.compile(r"=\s*([^=]{1,60})$"),
    re.compile(rf"\b(?:{_PICTURE}|pictured|photographed)\s+(?:by|for|via|from|courtesy of)\s+([^.]{{1,80}})\W*$", re.I),
)
"""Where at its end a caption keeps the credit that nobody told apart."""


def agencies_in(credit: str, caption: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of `names` that the credit names as its house, or the end of the caption does."""
    known = _known(tuple(names))
    credit, tail = _folded(credit[:500]), _folded(caption[-300:])
    texts = (credit, *(found[1] for place in _IN_CAPTION if (found := place.search(tail))))
    named = [one for text in texts for one in _named(text, known)]
    bare = _plain(tail)
    named += [one for one in known.names if bare == one or (one in known.run_together and bare.endswith(one))]
    return tuple(dict.fromkeys(known.names[one] for one in named))


def first_named(text: str, names: Iterable[str]) -> str:
    """The first of `names` that stands in `text` as whole words; "" when none does."""
    folded = _folded(text)
    return next((name for name in names if name.strip() and _whole(_folded(name)).search(folded)), "")


@dataclass(frozen=True, slots=True)
class _Known:
    """Names as they are compared, each with how it was given; in the same order, those of them that are sure."""

    names: Mapping[str, str]
    sure: tuple[str, ...]
    run_together: tuple[str, ...]


@lru_cache(maxsize=64)
def _known(names: tuple[str, ...]) -> _Known:
    """A source's list is asked for each of its pictures."""
    plain = {_plain(name): name for name in names if name.strip()}
    return _Known(plain, tuple(filter(_is_sure, plain)), tuple(filter(_is_run_together, plain)))


def _named(text: str, known: _Known) -> Iterator[str]:
    for part in _PARTS.split(text[:500]):
        bare = _plain(part)
        for form in (bare, _plain(_TRAILING.sub("", _LEADING.sub("", part.strip())))):
            if form in known.names:
                yield form
        yield from (name for name in known.sure if f" {name} " in f" {bare} ")
        yield from (name for name in known.run_together if name in bare)


def _is_sure(name: str) -> bool:
    return name in _SURE or " " in name


def _is_run_together(name: str) -> bool:
    """In scripts that part no words a name of some length is known wherever it stands."""
    return len(name) > 2 and not name.isascii()


def _folded(text: str) -> str:
    """Letters of full width as the usual ones; without the marks that nobody sees."""
    if text.isascii():
        return text
    return "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")


def _plain(text: str) -> str:
    """Small letters and digits, parted by single blanks; a possessive or a dot is nothing."""
    return " ".join(re.sub(r"[^\w\s]|_", " ", re.sub(r"['’]s\b|\.", "", _folded(text))).casefold().split())


@lru_cache(maxsize=512)
def _whole(name: str) -> re.Pattern[str]:
    words = r"[\s\xa0]+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.I)
