"""Invented prose. In: a seed. Out: words, sentences and paragraphs, the same for the same seed.

No two texts share a run of words but by chance, so that nothing measured here is taken for a copy of something else.
"""

import random

_STARTS, _MIDDLES, _ENDS, _SMALL = (
    parts.split()
    for parts in (
        "b br c ch d f fl g gr h j k l m n p pr qu r s sh sl st t th tr v w",
        "a ai e ea i o oa u",
        "b ck d ff l ld m n nd ng nt p r rd rk rn s sk st t",
        "the of and a to in is that for it was on with as at by from or an be this have not are but had",
    )
)


def _lexicon(count: int) -> list[str]:
    chance = random.Random(7)
    found: dict[str, None] = {}
    while len(found) < count:
        parts = chance.choices((1, 2, 3), (4, 5, 2))[0]
        word = "".join(chance.choice(_STARTS) + chance.choice(_MIDDLES) for _ in range(parts)) + chance.choice(_ENDS)
        found[word] = None
    return list(found)


LEXICON = _lexicon(4000)
_WEIGHTED = LEXICON + _SMALL * 100


class Prose:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def words(self, count: int) -> list[str]:
        return self.chance.choices(_WEIGHTED, k=count)

    def title(self) -> str:
        return " ".join(self.words(self.chance.randint(5, 10))).capitalize()

    def sentence(self) -> str:
        found = self.words(self.chance.randint(8, 22))
        if len(found) > 14:
            found[7] += ","
        return " ".join(found).capitalize() + "."

    def paragraph(self, characters: int) -> str:
        found: list[str] = []
        length = 0
        while length < characters:
            found.append(self.sentence())
            length += len(found[-1]) + 1
        return " ".join(found)
