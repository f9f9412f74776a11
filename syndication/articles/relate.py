"""Which articles tell one story. In: texts. Out: shingles for the index; copy, related or distinct; who leads.

A shingle is five words in a row. The share of the shorter text's shingles that another has too finds copies that were
cut, prefaced or lightly edited, where a hash of the whole finds a third of them (measured).
"""

import re
import struct
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import blake2b
from itertools import accumulate
from urllib.parse import urlsplit

from syndication.model.article import Article
from syndication.model.story import Candidate, Relation, Similarity

WORDS = 5
COPY_CONTAINMENT = 0.8
COPY_SHARED_MIN = 30
RELATED_CONTAINMENT = 0.3
RELATED_SHARED_MIN = 10
NUMBERS_MIN = 4
NUMBERS_FOUND = 0.6
WINDOW = timedelta(days=30)

SAMPLE_ONE_IN = 4
SAMPLE_MIN = 8
SAMPLE_MAX = 2000

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]+")  # Chinese and Japanese put no spaces between
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def shingles(text: str) -> frozenset[int]:
    """Every five words in a row, without case and punctuation, as signed 64-bit numbers. Empty below five words."""
    return frozenset(_runs(text))


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
    runs = _runs(text)
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


def compare_texts(a: str, b: str) -> Similarity:
    """How near two plain texts are, either way round the same."""
    return _similarity(a, shingles(a), b, shingles(b))


def text_of(article: Article) -> str:
    """What of an article is held against others: its body, or its excerpt when there is no more."""
    return article.text or article.excerpt


def place(
    article: Article, candidates: Sequence[Candidate], *, house_phrases: frozenset[int] = frozenset()
) -> Candidate | None:
    """The candidate that tells the same story as `article`: the nearest copy in the window, or None.

    `house_phrases` are shingles left out on both sides (see `boilerplate`).
    """
    text = text_of(article)
    own = shingles(text) - house_phrases
    best, best_key = None, (0.0, 0)
    for candidate in candidates:
        if abs(candidate.article.first_seen_at - article.first_seen_at) > WINDOW:
            continue
        other = text_of(candidate.article)
        near = _similarity(text, own, other, shingles(other) - house_phrases)
        if near.relation is Relation.COPY and (near.containment, near.shared) > best_key:
            best, best_key = candidate, (near.containment, near.shared)
    return best


def leads(challenger: Candidate, leader: Candidate) -> bool:
    """Whether `challenger` should lead the story that `leader` leads: the originator, else full text, else earliest."""
    own = (_credits(leader, challenger), _is_originator(challenger), bool(challenger.article.body))
    other = (_credits(challenger, leader), _is_originator(leader), bool(leader.article.body))
    if own != other:
        return own > other
    return _age(challenger) < _age(leader)


def _similarity(a: str, in_a: frozenset[int], b: str, in_b: frozenset[int]) -> Similarity:
    shared = len(in_a & in_b)
    containment = shared / min(len(in_a), len(in_b)) if shared else 0.0
    relation = Relation.DISTINCT
    if containment >= RELATED_CONTAINMENT and shared >= RELATED_SHARED_MIN:
        relation = Relation.RELATED
    if containment >= COPY_CONTAINMENT and shared >= COPY_SHARED_MIN:
        shorter, longer = (a, b) if len(in_a) <= len(in_b) else (b, a)
        # Two market reports share every sentence and no figure: a form filled in twice is two stories.
        relation = Relation.COPY if _numbers_agree(shorter, longer) else Relation.RELATED
    return Similarity(round(containment, 4), shared, relation)


def _numbers_agree(shorter: str, longer: str) -> bool:
    wanted = set(_NUMBER.findall(shorter))
    return len(wanted) < NUMBERS_MIN or len(wanted & set(_NUMBER.findall(longer))) >= NUMBERS_FOUND * len(wanted)


def _runs(text: str) -> Sequence[int]:
    """The shingles in the order of the text."""
    plain = unicodedata.normalize("NFKC", text.replace("’", "'")).casefold().replace("'", "")
    words = [word.encode() for word in _WORD.findall(plain)]
    line = b" ".join(words)
    starts = list(accumulate((len(word) + 1 for word in words), initial=0))
    count = max(0, len(words) - WORDS + 1)
    digests = [blake2b(line[starts[n] : starts[n + WORDS] - 1], digest_size=8).digest() for n in range(count)]
    return struct.unpack(f">{count}q", b"".join(digests))


def _credits(teller: Candidate, other: Candidate) -> bool:
    """Whether `teller` names `other`'s house as the one that the story is from."""
    named, house = teller.article.publisher.casefold(), other.partner.name.casefold()
    return teller.partner.slug != other.partner.slug and (
        named == house or _same_host(teller.article.publisher_url, other.partner.homepage)
    )


def _is_originator(telling: Candidate) -> bool:
    return telling.article.publisher.casefold() == telling.partner.name.casefold()


def _same_host(a: str, b: str) -> bool:
    hosts = [_host(url) for url in (a, b)]
    return bool(hosts[0]) and hosts[0] == hosts[1]


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower().removeprefix("www.")
    except ValueError:
        return ""


def _age(telling: Candidate) -> tuple[object, ...]:
    article = telling.article
    return (article.published_at, article.first_seen_at, telling.article_id or 2**63)


def related(article: Article, candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Other versions of the same event among `candidates`, nearest first: to be linked, never suppressed."""
    text = text_of(article)
    own = shingles(text)
    near = [(_similarity(text, own, other := text_of(one.article), shingles(other)), one) for one in candidates]
    kept = [(found.containment, one) for found, one in near if found.relation is Relation.RELATED]
    return tuple(one for _, one in sorted(kept, key=lambda pair: (-pair[0], pair[1].article_id)))
