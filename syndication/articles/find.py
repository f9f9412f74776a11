"""Finding words in articles: what the index holds, what a query means, what of a text to show. Pure.

One way of taking words out of text for both sides, so that an index of either database answers alike: letters and
digits only, without case and accents; a script that parts no words (Chinese, Japanese, Thai) character by character.
Nothing of a query but such words ever reaches a database (PUB-16).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from syndication.model.search import Piece, Term, Wanted

QUERY_CHARS_MAX = 200
TERMS_MAX = 8
WORD_CHARS_MAX = 40
WORDS_MAX = 20_000
"""Of one article."""
OPEN_CHARS_MIN = 3
"""A shorter beginning stands for too much."""
SNIPPET_WORDS = 36
LEAD_WORDS = 8
"""Words of a snippet before its first find."""

_ALONE = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+")
_PLAIN = re.compile(r"[a-z0-9]+")
_QUERY = re.compile(r'"([^"]*)"?|([^\s"]+)')


class Spot(NamedTuple):
    """A word of a text and where it stands."""

    word: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """The words of a text as the index holds them, in order."""
    if text.isascii():  # most of it, and much faster
        return [word[:WORD_CHARS_MAX] for word in _PLAIN.findall(text.lower())][:WORDS_MAX]
    found: list[str] = []
    for word in _WORD.findall(text):
        if word.isascii():
            found.append(word.lower()[:WORD_CHARS_MAX])
        else:
            found.extend(_folded(word))
    return found[:WORDS_MAX]


def wanted(query: str) -> Wanted:
    """What a query asks for: every word of it; words in quotes one after another. The rest of it means nothing."""
    terms = []
    for quoted, bare in _QUERY.findall(query[:QUERY_CHARS_MAX]):
        found = tuple(words(unicodedata.normalize("NFC", quoted or bare)))
        if found:
            terms.append(Term(found, open=not quoted and len(found[-1]) >= OPEN_CHARS_MIN))
    return Wanted(tuple(dict.fromkeys(terms))[:TERMS_MAX])


def holds(texts: Sequence[str], wanted: Wanted) -> bool:
    """Whether every term is in one of the texts: what may not be shown may not be found either."""
    found = [words(text) for text in texts]
    return bool(wanted.terms) and all(any(_places(one, term) for one in found) for term in wanted.terms)


def may_hold(found: Set[str], wanted: Wanted) -> bool:
    """Whether a text of these words may hold every term. Cheap, and never wrong when it says no."""
    return bool(wanted.terms) and all(
        found >= set(term.words[:-1] if term.open else term.words)
        and (not term.open or any(word.startswith(term.words[-1]) for word in found))
        for term in wanted.terms
    )


def marked(text: str, wanted: Wanted) -> tuple[Piece, ...]:
    """The whole text in pieces, with what was looked for marked."""
    text = unicodedata.normalize("NFC", text)
    spots = list(_spots(text))
    return tuple(_pieces(text, 0, len(text), _hits(spots, wanted)))


def snippet(text: str, wanted: Wanted) -> tuple[Piece, ...]:
    """The part of a text around its first find, or its beginning."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    spots = list(_spots(text))
    hits = _hits(spots, wanted)
    first = next((n for n, spot in enumerate(spots) if hits and spot.start >= hits[0][0]), 0)
    begin = max(0, min(first - LEAD_WORDS, len(spots) - SNIPPET_WORDS))
    end = begin + SNIPPET_WORDS
    start = spots[begin].start if begin else 0
    stop = spots[end - 1].end if end < len(spots) else len(text)
    pieces = _pieces(text, start, stop, hits)
    before = [Piece("… ")] if begin else []
    after = [Piece(" …")] if end < len(spots) else []
    return (*before, *pieces, *after)


def _spots(text: str) -> Iterator[Spot]:
    for match in _WORD.finditer(text):
        for word in _folded(match.group()):
            yield Spot(word, match.start(), match.end())


@lru_cache(maxsize=20_000)
def _folded(word: str) -> tuple[str, ...]:
    """Without case and accents. A letter may fold to several, or to none that counts."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    found = re.findall(r"[^\W_]+", bare.casefold())
    return tuple(part[:WORD_CHARS_MAX] for part in found)


def _places(found: Sequence[str], term: Term) -> list[int]:
    """Where the term begins, as places in a list of words."""
    *firm, last = term.words
    length = len(term.words)

    def is_here(n: int) -> bool:
        end = found[n + length - 1]
        return list(found[n : n + length - 1]) == firm and (end.startswith(last) if term.open else end == last)

    return [n for n in range(len(found) - length + 1) if is_here(n)]


def _hits(spots: Sequence[Spot], wanted: Wanted) -> list[tuple[int, int]]:
    """Where in the text a term stands, in order, none over another."""
    found = [spot.word for spot in spots]
    ends = sorted(
        (spots[n].start, spots[n + len(term.words) - 1].end) for term in wanted.terms for n in _places(found, term)
    )
    hits: list[tuple[int, int]] = []
    for start, end in ends:
        if hits and start < hits[-1][1]:
            hits[-1] = (hits[-1][0], max(end, hits[-1][1]))
        else:
            hits.append((start, end))
    return hits


def _pieces(text: str, start: int, stop: int, hits: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    at = start
    for begin, end in hits:
        if begin < at or end > stop:
            continue
        if begin > at:
            yield Piece(text[at:begin])
        yield Piece(text[begin:end], hit=True)
        at = end
    if at < stop:
        yield Piece(text[at:stop])
