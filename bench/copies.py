"""How well copies are told from two stories in the same words. Prints recall, false merges, and what a question costs.

    python bench/copies.py [--seed N] [--each N] [--show]

Copies are made of stories as partners make them: cut to 55 words and to paragraphs, given another headline, house lines
before, between and after, other quotes and dashes, a changed figure, light rewording. Two stories in the same words are
forms (weather, markets, matches, police, courts) filled in twice, follow-ups with the same background, and stories of
one topic. Half of the forms and stories were not looked at while the rules were written: "held".
"""

import argparse
import random
import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import process_time

from copy_texts import (
    FOOTERS,
    FORMS,
    HEADS,
    HELD_FORMS,
    LISTS,
    MIDDLES,
    PRESS,
    REWORDINGS,
    STORIES,
    TAILS,
    TITLES,
)
from machine import heading

from syndication import compare_texts
from syndication.demo.stories import STORIES as DEMO
from syndication.model.story import Relation


@dataclass(frozen=True)
class Pair:
    kind: str
    a: str
    b: str
    copy: bool
    held: bool


def texts() -> list[tuple[str, bool]]:
    """Stories, each with whether it is held back."""
    demo = [textwrap.dedent(story.text).strip() for story in DEMO if len(story.text.split()) > 110]
    others = [text for several in STORIES.values() for text in several]
    return [(re.sub(r"(?<!\n)\n(?!\n)", " ", text), n % 2 == 1) for n, text in enumerate([*demo, *others, *PRESS])]


# -- what partners do to a text


def cut(text: str, chance: random.Random) -> str:
    if " " not in text[:60]:
        return text[:110] + "…"
    return " ".join(text.split()[:55]) + " […]"


def cut_with_footer(text: str, chance: random.Random) -> str:
    return f"{cut(text, chance)}\n\n{chance.choice(TAILS)}"


def first_paragraphs(text: str, chance: random.Random) -> str:
    parts = text.split("\n\n")
    return "\n\n".join(parts[: max(2, len(parts) // 2)])


def retitled(text: str, chance: random.Random) -> str:
    return f"{chance.choice(TITLES)}\n\n{text}"


def framed(text: str, chance: random.Random) -> str:
    return "\n\n".join([chance.choice(HEADS), text, *chance.sample(FOOTERS, 2)])


def interrupted(text: str, chance: random.Random) -> str:
    parts = text.split("\n\n")
    parts.insert(chance.randint(1, len(parts)), chance.choice(MIDDLES))
    return "\n\n".join(parts)


def other_signs(text: str, chance: random.Random) -> str:
    table = str.maketrans({"“": '"', "”": '"', "’": "'", "—": "-", "„": "«", "«": '"', "»": '"', "–": "-", "…": "..."})
    return text.translate(table).replace("1,", "1.").replace("\n\n", "\n")


def shouted(text: str, chance: random.Random) -> str:
    first, _, rest = text.partition(" ")
    return text.upper() if chance.random() < 0.3 else f"{first.upper()} {rest}"


def figure_changed(text: str, chance: random.Random) -> str:
    found = list(re.finditer(r"\d+", text))
    if not found:
        return text
    one = chance.choice(found)
    return f"{text[: one.start()]}{int(one.group()) + 3}{text[one.end() :]}"


def name_changed(text: str, chance: random.Random) -> str:
    found = list(re.finditer(r"(?<=[a-z] )[A-Z][a-z]{3,}", text))
    return text.replace(chance.choice(found).group(), "Corrigan", 1) if found else text


def reworded(text: str, chance: random.Random) -> str:
    for before, after in REWORDINGS:
        text = text.replace(before, after)
    return text


WAYS: list[Callable[[str, random.Random], str]] = [
    cut,
    cut_with_footer,
    first_paragraphs,
    retitled,
    framed,
    interrupted,
    other_signs,
    shouted,
    figure_changed,
    name_changed,
]


def copies(each: int, chance: random.Random) -> Iterator[Pair]:
    for text, held in texts():
        for way in WAYS:
            yield Pair(way.__name__, text, way(text, chance), True, held)
        for _ in range(each):
            first, second = chance.sample(WAYS[3:], 2)
            a, b = first(text, chance), second(text, chance)
            yield Pair("two ways", a, b, True, held)
            yield Pair(
                "cut and more", framed(text, chance), cut(chance.choice(WAYS[6:])(text, chance), chance), True, held
            )
    for text in PRESS:
        yield Pair("reworded", re.sub(r"\n(?!\n)", " ", text), retitled(reworded(text, chance), chance), True, False)


# -- two stories in the same words


def filled(form: str, chance: random.Random) -> tuple[str, str]:
    """The form twice, with another fact in each slot."""
    both: tuple[list[str], list[str]] = ([], [])

    def drawn(name: str) -> str:
        if name == "n":
            return str(chance.randint(2, 98))
        return str(chance.randint(0, 9)) if name in "ds" else chance.choice(LISTS[name])

    for part, name in re.findall(r"([^{]*)(?:\{(\w+)\})?", form):
        one = other = drawn(name) if name else ""
        while name and other == one:
            other = drawn(name)
        both[0].append(part + one)
        both[1].append(part + other)
    gap = "" if "曜日" in form else " "
    return "".join(both[0]).replace("\n", gap), "".join(both[1]).replace("\n", gap)


def forms(each: int, chance: random.Random) -> Iterator[Pair]:
    for held, several in ((False, FORMS), (True, HELD_FORMS)):
        for name, form in several.items():
            for _ in range(each * 4):
                a, b = filled(form, chance)
                yield Pair(name, a, b, False, held)
                yield Pair(f"{name}, framed", framed(a, chance), b, False, held)
                yield Pair(f"{name}, cut", cut(a, chance), b, False, held)


def follow_ups(chance: random.Random) -> Iterator[Pair]:
    """Another day's news with the background of the first."""
    known = texts()
    for n, (text, held) in enumerate(known):
        other = known[(n + 1) % len(known)][0].split("\n\n")
        parts = text.split("\n\n")
        if len(parts) > 2:
            yield Pair("follow-up", text, "\n\n".join([*other[:2], *parts[2:]]), False, held)


def one_topic(chance: random.Random) -> Iterator[Pair]:
    known = texts()
    for n, (text, held) in enumerate(known):
        for other, _ in known[n + 1 : n + 6]:
            yield Pair("another story", text, other, False, held)


# -- the score


def score(pairs: list[Pair], *, show: bool) -> tuple[Counter[tuple[str, bool, bool]], float]:
    counts: Counter[tuple[str, bool, bool]] = Counter()
    started = process_time()
    for pair in pairs:
        near = compare_texts(pair.a, pair.b)
        right = (near.relation is Relation.COPY) is pair.copy
        counts[pair.kind, pair.held, right] += 1
        if show and not right:
            print(f"-- {pair.kind}{' (held)' if pair.held else ''}: {near}\n   {pair.a[:150]!r}\n   {pair.b[:150]!r}")
    return counts, (process_time() - started) / len(pairs)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    print(heading())
    positive = list(copies(given.each, chance))
    negative = [*forms(given.each, chance), *follow_ups(chance), *one_topic(chance)]
    for name, pairs in (("copies", positive), ("two stories", negative)):
        counts, seconds = score(pairs, show=given.show)
        print(f"\n{name}: {len(pairs)} pairs, {seconds * 1000:.2f} ms a pair")
        by_kind: defaultdict[tuple[str, bool], Counter[bool]] = defaultdict(Counter)
        for (kind, held, right), count in counts.items():
            by_kind[kind, held][right] += count
        for (kind, held), found in sorted(by_kind.items()):
            if found[False]:
                print(f"   {kind + (' (held)' if held else ''):28} {found[True]:5} right {found[False]:4} wrong")
        for held in (False, True):
            right = sum(found[True] for (_, is_held), found in by_kind.items() if is_held is held)
            wrong = sum(found[False] for (_, is_held), found in by_kind.items() if is_held is held)
            words = f"recall {right / (right + wrong):.4f}" if name == "copies" else f"false merges {wrong}"
            print(f"   {'held' if held else 'seen':6} {words} of {right + wrong}")


if __name__ == "__main__":
    main()
