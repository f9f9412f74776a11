"""A text as shingles: five words in a row, each a number. In: plain text. Out: what the index keeps, what is compared.

Typography makes no difference: case, quotes, dashes, joined letters, invisible characters and separators of thousands
are levelled first. A script that parts no words is read letter by letter, and its shingle is as long as five words are.
"""

import html
import re
import struct
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

WORDS = 5
SAMPLE_ONE_IN = 4
SAMPLE_MIN = 8
SAMPLE_MAX = 2000

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
HIRAGANA = "\u3041-\u309f"
_WIDE = HAN + KATAKANA + HIRAGANA
_NARROW = "\u0e01-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Burmese, Khmer."""
_JOINED = "\u0900-\u0963\u0971-\u0dff"
"""Scripts of India: the vowel signs belong to the word, and are no letters to a regular expression."""

WORD = rf"[{_WIDE}{_NARROW}]|(?:[^\W_{_WIDE}{_NARROW}]|[{_JOINED}])+"
_WORD = re.compile(WORD)
_SPACED = re.compile(r"[^\W_]+")
_SPECIAL = re.compile(f"[{_JOINED}{_WIDE}{_NARROW}]")
_ONE_BY_ONE = re.compile(f"[{_WIDE}{_NARROW}]")
_THIN = re.compile(f"[{_NARROW}]")
_PLAIN = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
"""For text in ASCII: what parts words becomes a space."""

A_WORD, A_WIDE_LETTER, A_THIN_LETTER = 4, 2, 1
"""What a word counts, and a letter of a script without spaces: Japanese has two to a word, Thai four."""

_THOUSANDS = re.compile(r"(\d)[.,'’\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_UNSEEN = re.compile(
    "['’‘ʼ‛`´′ʹ＇"  # an apostrophe, however it is written
    "\u00ad\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
    "\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]"  # vowel signs of Hebrew and Arabic, which many leave out
)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_IN_ARABIC = re.compile("[\u0622-\u0629\u0649\u0660-\u0669\u06a9\u06cc\u06f0-\u06f9]")
_ARABIC = str.maketrans("\u0622\u0623\u0625\u0629\u0649\u06a9\u06cc", "\u0627\u0627\u0627\u0647\u064a\u0643\u064a") | {
    zero + digit: str(digit) for zero in (0x660, 0x6F0) for digit in range(10)
}
"""Letters of Arabic that keyboards and houses write in two ways, and its own digits."""
_HOUSE_LINE = re.compile(
    r"(?:the\s+post\b[^\n]{3,200}?\b(?:appeared\s+first|first\s+appeared)\s+on\b"
    r"|der\s+beitrag\b[^\n]{3,200}?\berschien\s+zuerst\b|l.article\b[^\n]{3,200}?\best\s+apparu\s+en\s+premier\b"
    r"|la\s+entrada\b[^\n]{3,200}?\bse\s+public[oó]\s+primero\b|l.articolo\b[^\n]{3,200}?\bproviene\s+da\b"
    r"|o\s+post\b[^\n]{3,200}?\bapareceu\s+primeiro\b|het\s+bericht\b[^\n]{3,200}?\bverscheen\s+eerst\b"
    r"|(?:this\s+(?:article|story|post)\s+(?:was\s+)?)?(?:originally|first)\s+(?:published|appeared)\s+(?:on|in|at|by)\b"
    r"|continue\s+reading\b|click\s+here\s+(?:to|for)\b|follow\s+us\b|subscribe\b|sign\s+up\s+(?:for|to)\b"
    r"|read\s+(?:more|the\s+(?:full|rest|whole))\b|(?:copyright\s+)?©|copyright\b|all\s+rights\s+reserved"
    r"|weiterlesen\b|lesen\s+sie\s+(?:auch|mehr)\b|alle\s+rechte\s+vorbehalten|lire\s+(?:la\s+suite|aussi)\b|abonnez-vous\b"
    r"|tous\s+droits\s+r[eé]serv|leer\s+m[aá]s\b|seguir\s+leyendo\b|suscr[ií]b\w+|todos\s+l?os\s+(?:derechos|direitos)\b"
    r"|leggi\s+(?:anche|tutto)\b|tutti\s+i\s+diritti\b|leia\s+mais\b|continue\s+lendo\b|lees\s+(?:verder|ook)\b"
    r"|alle\s+rechten\s+voorbehouden|続きを読む|無断転載)"
    r"[^\n]{0,160}$",
    re.I | re.M,
)
"""A last line that houses add to whatever they publish: no part of the text. It begins where a sentence may."""
_BEGINS = re.compile(r"[.!?…\]]\s|\n")
HOUSE_LINES_WITHIN = 600
"""Characters from the end in which they are looked for."""


@dataclass(frozen=True, slots=True)
class Shingled:
    """A text's shingles, and how many of them a stretch has for each of its words: 1, and more without spaces."""

    found: frozenset[int]
    a_word: float = 1.0


def level(text: str) -> str:
    """The text without the differences that typography makes; case stays."""
    if "&" in text:  # a house that escapes twice
        text = _ENTITY.sub(_unescaped, text)
    text = _THOUSANDS.sub(r"\1", text)
    if text.isascii():
        return text.replace("'", "").replace("`", "")
    # Composed first: a letter may come apart into one that stays and a sign that does not.
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", unicodedata.normalize("NFC", text))).replace("'", "")
    return text.translate(_ARABIC) if _IN_ARABIC.search(text) else text


def shingles(text: str) -> frozenset[int]:
    """Every five words in a row as signed 64-bit numbers. Empty below five words."""
    return shingled(text).found


@lru_cache(maxsize=256)
def shingled(text: str) -> Shingled:
    """Kept for a while: an article that is held against twenty others is taken apart once."""
    words = _words(text)
    weights = _weights(words)
    weight = sum(weights) / A_WORD
    return Shingled(frozenset(_digests(words, weights)), max(1.0, len(words) / weight) if weight else 1.0)


def sample(found: frozenset[int]) -> frozenset[int]:
    """The shingles to keep in the index, and to look up in it: the same choice for every text that has them.

    One in four. A copy of 80 words shares at least 60 shingles with its original, so the chance that none of them was
    kept is below one in ten million. A text too short for that keeps its eight lowest; a very long one, fewer of many.
    """
    one_in = SAMPLE_ONE_IN
    kept = frozenset(shingle for shingle in found if shingle % one_in == 0)
    while len(kept) > SAMPLE_MAX:
        one_in *= 2
        kept = frozenset(shingle for shingle in kept if shingle % one_in == 0)
    return kept if len(kept) >= SAMPLE_MIN else frozenset(sorted(found)[:SAMPLE_MIN]) | kept


def boilerplate(samples: Sequence[frozenset[int]], *, articles_min: int = 5) -> frozenset[int]:
    """Shingles that stand in more than half of a source's articles: its house phrases, which prove nothing."""
    if len(samples) < articles_min:
        return frozenset()
    counts = Counter(shingle for one in samples for shingle in one)
    return frozenset(shingle for shingle, count in counts.items() if 2 * count > len(samples))


def house_phrases(text: str, marks: frozenset[int]) -> frozenset[int]:
    """The shingles of `text` that are its house's phrases, by the `marks` that the index has of such phrases.

    The index keeps one shingle in four, so what lies between two of its shingles that are both marks is a phrase too.
    """
    if not marks:
        return frozenset()
    words = _words(text)
    runs = _digests(words, _weights(words))
    indexed = sample(frozenset(runs))
    found: set[int] = set()
    within: list[int] | None = None
    for shingle in runs:
        if within is not None:
            within.append(shingle)
        if shingle in indexed:
            if shingle in marks:
                found.update(within or (shingle,))
                within = []
            else:
                within = None
    return frozenset(found)


def _words(text: str) -> list[str]:
    plain = level(_without_house_lines(text))
    if plain.isascii():  # most of it, and much faster
        return plain.translate(_PLAIN).split()
    return words_of(plain.casefold())


def _without_house_lines(text: str) -> str:
    within = max(0, len(text) - HOUSE_LINES_WITHIN)
    begins = [found.end() for found in _BEGINS.finditer(text, max(0, within - 2))]
    cut: list[tuple[int, int]] = []
    for begin in begins if within else [0, *begins]:
        if begin >= within and (not cut or begin >= cut[-1][1]) and (found := _HOUSE_LINE.match(text, begin)):
            cut.append(found.span())
    for start, end in reversed(cut):
        text = text[:start] + text[end:]
    return text


def _unescaped(found: re.Match[str]) -> str:
    return html.unescape(found[0])


def words_of(plain: str) -> list[str]:
    """The words of a levelled text, as they are."""
    return (_WORD if _SPECIAL.search(plain) else _SPACED).findall(plain)


def _weights(words: Sequence[str]) -> list[int]:
    joined = "".join(words)
    if joined.isascii() or not _ONE_BY_ONE.search(joined):
        return [A_WORD] * len(words)
    return [_weight(word) for word in words]


def _weight(word: str) -> int:
    if len(word) > 1 or not _ONE_BY_ONE.match(word):
        return A_WORD
    return A_THIN_LETTER if _THIN.match(word) else A_WIDE_LETTER


def _digests(words: Sequence[str], weights: Sequence[int]) -> Sequence[int]:
    """The shingles in the order of the text: a sum of its words' numbers, each times that of the word's place.

    Where each word counts as one, a single long multiplication comes to the sums of all stretches, 16 bytes for each.
    """
    if sum(weights) <= A_WORD * (len(words) - 1):
        return [_sum(words[start:end]) for start, end in enumerate(_ends(weights))]
    told = int.from_bytes(b"".join(map(_told, words)), "little") * _ALL_PLACES
    halves = struct.unpack(f"<{2 * (len(words) + WORDS)}q", told.to_bytes(16 * (len(words) + WORDS), "little"))
    return halves[2 * WORDS - 1 : 2 * len(words) : 2]


@lru_cache(maxsize=20_000)
def _told(word: str) -> bytes:
    """A word as a number below 2**60, in 16 bytes."""
    return (_number(word.encode()) >> 4).to_bytes(16, "little")


def _number(text: bytes) -> int:
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")


_PLACES = tuple(_number(b"place %d" % place) >> 4 | 1 for place in range(WORDS))
"""By how many words stand behind it."""
_ALL_PLACES = sum(number << 128 * place for place, number in enumerate(_PLACES))


def _sum(words: Sequence[str]) -> int:
    """A shingle of any length: letters without spaces make longer ones."""
    total = 0
    for behind, word in enumerate(reversed(words)):
        total += int.from_bytes(_told(word), "little") * _PLACES[behind % WORDS] * (1 + behind // WORDS)
    return total >> 64 & 0x7FFF_FFFF_FFFF_FFFF


def _ends(weights: Sequence[int]) -> Sequence[int]:
    """For each word that begins a shingle, the place behind the last word of it."""
    count = len(weights)
    if sum(weights) == A_WORD * count:
        return range(WORDS, count + 1)
    ends, end, held = [], 0, 0
    for weight in weights:
        while held < WORDS * A_WORD and end < count:
            held += weights[end]
            end += 1
        if held < WORDS * A_WORD:
            break
        ends.append(end)
        held -= weight
    return ends
