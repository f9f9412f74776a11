"""Whether two texts are one form filled in twice: weather, markets, matches, police notes. In: two plain texts. Pure.

A copy is cut, continued, introduced; what stands between the same words stays. In a form it is just that which differs:
another number, another name, at the same place. So the texts are laid side by side, and their facts are counted.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby, pairwise

from syndication.articles.numerals import SAID, SAME, spelled
from syndication.articles.shingle import HAN, HIRAGANA, KATAKANA, WORD, level

NUMBERS_CHANGED_MIN = 2
NUMBERS_KEPT = 0.6
"""With as many numbers changed, so large a part of them is the same, or it is a form."""
FACTS_CHANGED_MIN = 3
FACTS_KEPT = 0.75
FEW_CHANGED_MIN = 2
FEW_KEPT = 0.7
OPENED_KEPT = 0.5
"""The same of numbers and names together; fewer count when nothing but facts differs."""
UNCLEAR_MIN = 4
"""As many places in a script without capitals are too many to be another wording."""
ANCHOR = 4
"""As many words in a row, the same in both, are the same place."""
SLOT_MAX = 80
"""Words between two same places: more are no slot of a form."""
WORDS_MAX = 6000
OPENS_MAX = 2
SPELLED_ALIKE = 0.8

_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)*|{WORD}")
_STOP = re.compile(r"[.!?:;…。！？\n•–—|*]")
_HANDS = re.compile(rf"[{HAN}{KATAKANA}]+\Z")
_KANA = re.compile(f"[{HIRAGANA}]")


@dataclass(slots=True)
class _Side:
    """A text's words, levelled; of each whether it is a number, or a name as far as capitals tell."""

    words: list[str] = field(default_factory=list)
    numbers: list[bool] = field(default_factory=list)
    names: list[bool] = field(default_factory=list)
    begins: list[bool] = field(default_factory=list)
    """Whether a sentence begins with it."""
    capitals: list[bool] = field(default_factory=list)

    def sentence_of(self, at: int) -> int:
        """Where the sentence begins that this word is in."""
        while at > 0 and not self.begins[at]:
            at -= 1
        return at

    def sentence_after(self, at: int) -> int:
        """Where the next sentence begins, from this word on."""
        while at < len(self.words) and not self.begins[at]:
            at += 1
        return at


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

    opened: int = 0
    """Places where a sentence opens with another word: a name, or other wording."""

    unclear: int = 0
    """Places where a few words differ in a script without capitals: names, or other wording."""

    @property
    def numbers(self) -> int:
        return self.numbers_kept + self.numbers_changed


def is_form(a: str, b: str) -> bool:
    """Whether these near texts are two stories after all, told in the same words about other facts."""
    found = facts(a, b)
    if found.numbers_changed >= NUMBERS_CHANGED_MIN and found.numbers_kept < NUMBERS_KEPT * found.numbers:
        return True
    changed = found.numbers_changed + found.names_changed
    if found.unclear >= UNCLEAR_MIN:
        changed += found.unclear
    kept = found.numbers_kept + found.names_kept
    if changed >= FACTS_CHANGED_MIN and changed >= 2 * found.reworded:
        return kept < FACTS_KEPT * (kept + changed) or (not found.reworded and kept < FEW_KEPT * (kept + changed))
    if not changed or found.reworded:
        return False
    all_changed = changed + found.opened
    few = changed >= FEW_CHANGED_MIN and kept < FEW_KEPT * (kept + changed)
    return few or (all_changed >= FEW_CHANGED_MIN and kept < OPENED_KEPT * (kept + all_changed))


def facts(a: str, b: str) -> Facts:
    """Lay one beside the other and count."""
    one, other = _side(a), _side(b)
    runs = list(_runs(one.words, other.words))
    found = Facts()
    names = {word for run in runs for word in _names_of(one, run.a, run.a + run.length)}
    found.names_kept = len(names)
    found.numbers_kept = sum(_numbers_kept(one, run) for run in runs)
    pairs: set[tuple[frozenset[str], frozenset[str]]] = set()
    for gap in _gaps(one, other, runs):
        _count(found, one, other, gap, pairs)
    return found


@dataclass(frozen=True, slots=True)
class _Gap:
    a: range
    b: range


def _gaps(one: _Side, other: _Side, runs: Sequence[_Run]) -> Iterator[_Gap]:
    """What stands between the runs; before the first and after the last only what is of the same sentence."""
    if not runs:
        return
    first, last = runs[0], runs[-1]
    yield _Gap(range(one.sentence_of(first.a), first.a), range(other.sentence_of(first.b), first.b))
    for before, after in pairwise(runs):
        yield _Gap(range(before.a + before.length, after.a), range(before.b + before.length, after.b))
    a, b = last.a + last.length, last.b + last.length
    yield _Gap(range(a, one.sentence_after(a)), range(b, other.sentence_after(b)))


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
    new_pairs = set(zip(_names_in(one, gap.a, only_a), _names_in(other, gap.b, only_b), strict=False))
    if new_pairs:
        found.names_changed += sum(not _is_one_name(*pair) for pair in new_pairs - pairs)
        pairs |= new_pairs
    elif not numbers and _is_short_without_case(in_a) and _is_short_without_case(in_b):
        found.unclear += 1
    elif not numbers and _opens(one, gap.a, only_a) and _opens(other, gap.b, only_b):
        found.opened += 1
    elif not numbers:
        found.reworded += 1


def _names_in(side: _Side, gap: range, only: Set[str]) -> Iterator[frozenset[str]]:
    """Names of words that the other has not, each as long as it goes."""
    for is_name, places in groupby(gap, lambda n: side.names[n] and side.words[n] in only):
        if is_name:
            yield frozenset(side.words[n] for n in places)


def _is_one_name(a: Set[str], b: Set[str]) -> bool:
    """One spelled in two ways, as when a misspelling is put right."""
    return SequenceMatcher(None, " ".join(sorted(a)), " ".join(sorted(b))).ratio() >= SPELLED_ALIKE


def _opens(side: _Side, gap: range, only: Set[str]) -> bool:
    """Whether a sentence begins with what the other has not, one word or two, as a name may stand there."""
    differing = [n for n in gap if side.words[n] in only]
    return side.begins[differing[0]] and side.capitals[differing[0]] and len(differing) <= OPENS_MAX


def _is_short_without_case(words: Sequence[str]) -> bool:
    return len(words) <= 3 and all(word == word.upper() and not _KANA.search(word) for word in words)


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
    side, end = _Side(), 0
    raw: list[str] = []
    starts = side.begins
    for match in _TOKEN.finditer(plain):
        word = match.group()
        raw.append(word)
        starts.append(_begins(plain[end : match.start()], raw))
        end = match.end()
        if len(raw) >= WORDS_MAX:
            break
    side.words = [spelled(word.casefold()) for word in raw]
    side.numbers = [word[0].isdecimal() or word in SAID for word in side.words]
    side.capitals = [word[0].isupper() for word in raw]
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


def is_fact(text: str, *, begins: bool = False) -> bool:
    """Whether some words hold a number, a day, a numeral or a name. `begins`: a sentence begins with them."""
    for n, word in enumerate(_TOKEN.findall(level(text))):
        folded = word.casefold()
        if word[0].isdecimal() or folded in SAID or folded in SAME:
            return True
        if word[0].isupper() and not (begins and n == 0):
            return True
    return bool(_HANDS.match("".join(text.split())))
