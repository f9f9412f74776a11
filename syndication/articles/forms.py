"""Whether two texts are one form filled in twice: weather, markets, matches, police notes. In: two plain texts. Pure.

A copy is cut, continued, introduced; what stands between the same words stays. In a form it is just that which differs:
another number, another name, at the same place. So the texts are laid side by side, and their facts are counted.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from syndication.articles.shingle import HAN, HIRAGANA, KATAKANA, WORD, level

NUMBERS_MIN = 4
NUMBERS_FOUND = 0.6
"""With as many numbers in the part that both have, so many are the same, or it is a form."""
FACTS_MIN = 3
FACTS_FOUND = 0.75
FEW_FACTS = 2
FEW_FOUND = 0.5
ANCHOR = 4
"""As many words in a row, the same in both, are the same place."""
SLOT_MAX = 80
"""Words between two same places: more are no slot of a form."""
WORDS_MAX = 6000

_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)*|{WORD}")
_STOP = re.compile(r"[.!?:;…。！？\n•–—|*]")
_HANDS = re.compile(rf"[{HAN}{KATAKANA}]+\Z")
_KANA = re.compile(f"[{HIRAGANA}]")
_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars "
    "avril mai juin juillet août septembre octobre novembre décembre lunes martes miércoles jueves viernes sábado "
    "domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunedì "
    "martedì mercoledì giovedì venerdì sabato domenica gennaio febbraio aprile maggio giugno luglio settembre "
    "ottobre dicembre segunda terça quarta quinta sexta janeiro fevereiro março maio junho julho setembro outubro "
    "novembro dezembro maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart juni juli "
    "augustus oktober måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag "
)
_NUMERALS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million zwei drei "
    "vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig hundert tausend deux trois quatre cinq sept "
    "huit neuf dix onze douze quinze vingt trente cent mille dos tres cuatro cinco seis siete ocho nueve diez once "
    "doce veinte treinta cien mil due tre quattro cinque sei sette otto nove dieci venti cento dois três quatro "
    "sete oito nove dez vinte twee drie vijf zes zeven acht negen tien twaalf "
)
_SAID = frozenset(word.casefold() for word in f"{_DAYS} {_NUMERALS}".split())
"""Days, months and numerals: facts without a capital."""


@dataclass(slots=True)
class _Side:
    """A text's words, levelled; of each whether it is a number, or a name as far as capitals tell."""

    words: list[str] = field(default_factory=list)
    numbers: list[bool] = field(default_factory=list)
    names: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Run:
    """The same words in both texts."""

    a: int
    b: int
    length: int


@dataclass(slots=True)
class Facts:
    """What stands between the same words: facts that are the same in both texts, and that differ at the same place."""

    numbers_kept: int = 0
    numbers_changed: int = 0
    names_kept: int = 0
    names_changed: int = 0
    reworded: int = 0
    """Places where other words differ."""


def is_form(a: str, b: str) -> bool:
    """Whether these near texts are two stories after all, told in the same words about other facts."""
    found = facts(a, b)
    numbers = found.numbers_kept + found.numbers_changed
    if numbers >= NUMBERS_MIN and found.numbers_kept < NUMBERS_FOUND * numbers:
        return True
    changed = found.numbers_changed + found.names_changed
    kept = found.numbers_kept + found.names_kept
    if changed >= FACTS_MIN and changed >= 2 * found.reworded and kept < FACTS_FOUND * (kept + changed):
        return True
    return changed >= FEW_FACTS and kept <= changed and not found.reworded


def facts(a: str, b: str) -> Facts:
    """Lay one beside the other and count."""
    one, other = _side(a), _side(b)
    runs = list(_runs(one.words, other.words))
    found = Facts()
    names = {word for run in runs for word in _names_of(one, run.a, run.a + run.length)}
    found.names_kept = len(names)
    found.numbers_kept = sum(_numbers_kept(one, run) for run in runs)
    pairs: set[tuple[frozenset[str], frozenset[str]]] = set()
    for before, after in pairwise(runs):
        _count(found, one, other, _Gap.between(before, after), pairs)
    return found


@dataclass(frozen=True, slots=True)
class _Gap:
    a: range
    b: range

    @classmethod
    def between(cls, before: _Run, after: _Run) -> "_Gap":
        return cls(range(before.a + before.length, after.a), range(before.b + before.length, after.b))


def _count(
    found: Facts, one: _Side, other: _Side, gap: _Gap, pairs: set[tuple[frozenset[str], frozenset[str]]]
) -> None:
    if not (0 < len(gap.a) <= SLOT_MAX and 0 < len(gap.b) <= SLOT_MAX):
        return  # something came in between, or went: what a copy does
    in_a, in_b = [one.words[n] for n in gap.a], [other.words[n] for n in gap.b]
    only_a, only_b = set(in_a) - set(in_b), set(in_b) - set(in_a)
    if not only_a or not only_b:
        return
    numbers = min(
        sum(one.numbers[n] and one.words[n] in only_a for n in gap.a),
        sum(other.numbers[n] and other.words[n] in only_b for n in gap.b),
    )
    found.numbers_kept += sum(one.numbers[n] and one.words[n] not in only_a for n in gap.a)
    found.numbers_changed += numbers
    names_a = {one.words[n] for n in gap.a if one.names[n] and one.words[n] in only_a}
    names_b = {other.words[n] for n in gap.b if other.names[n] and other.words[n] in only_b}
    if names_a and names_b:
        pair = (frozenset(names_a), frozenset(names_b))
        found.names_changed += pair not in pairs
        pairs.add(pair)
    elif not numbers:
        found.reworded += 1


def _numbers_kept(side: _Side, run: _Run) -> int:
    """A number in several parts, as of a telephone, is one."""
    end = run.a + run.length
    return sum(side.numbers[n] and not (n > run.a and side.numbers[n - 1]) for n in range(run.a, end))


def _names_of(side: _Side, start: int, end: int) -> Iterator[str]:
    return (side.words[n] for n in range(start, end) if side.names[n])


def _runs(a: Sequence[str], b: Sequence[str]) -> Iterator[_Run]:
    """Where the same words stand in both, in the order of `a`, each as long as it goes."""
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for n in range(len(b) - ANCHOR + 1):
        places[tuple(b[n : n + ANCHOR])].append(n)
    at, expected = 0, 0
    while at <= len(a) - ANCHOR:
        known = places.get(tuple(a[at : at + ANCHOR]))
        if known is None:
            at += 1
            continue
        later = bisect_left(known, expected)
        begin = known[later] if later < len(known) else known[0]
        length = ANCHOR
        while at + length < len(a) and begin + length < len(b) and a[at + length] == b[begin + length]:
            length += 1
        yield _Run(at, begin, length)
        at, expected = at + length, begin + length


def _side(text: str) -> _Side:
    plain = level(text)
    side, within, end = _Side(), set(), 0
    raw: list[str] = []
    starts: list[bool] = []
    for match in _TOKEN.finditer(plain):
        word = match.group()
        raw.append(word)
        starts.append(_begins(plain[end : match.start()], raw))
        end = match.end()
        if len(raw) >= WORDS_MAX:
            break
    side.words = [word.casefold() for word in raw]
    side.numbers = [any(map(str.isdecimal, word)) or word in _SAID for word in side.words]
    loud = sum(map(str.isupper, raw)) > len(raw) / 2
    within = {word for word, start in zip(raw, starts, strict=True) if not start and word[0].isupper()}
    side.names = [
        not number and not loud and (word in within or bool(_HANDS.match(word)))
        for word, number in zip(raw, side.numbers, strict=True)
    ]
    return side


def _begins(gap: str, raw: Sequence[str]) -> bool:
    """Whether a sentence begins with the last of these words: then its capital says nothing."""
    if len(raw) == 1:
        return True
    if not _STOP.search(gap):
        return False
    before = raw[-2]
    return not (gap == ". " and len(before) <= 3 and before[:1].isupper())
