"""Which articles tell one story. In: texts. Out: shingles for the index; copy, related or distinct; who leads.

A shingle is five words in a row. The share of the shorter text's shingles that another has too finds copies that were
cut, prefaced or lightly edited, where a hash of the whole finds a third of them (measured).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from syndication.articles.forms import is_form
from syndication.articles.shingle import Shingled, boilerplate, house_phrases, sample, shingled, shingles
from syndication.model.article import Article
from syndication.model.story import Candidate, Relation, Similarity

__all__ = [
    "WINDOW",
    "boilerplate",
    "compare_texts",
    "house_phrases",
    "leads",
    "place",
    "sample",
    "shingles",
    "text_of",
    "weigh",
]

COPY_CONTAINMENT = 0.8
COPY_SHARED_MIN = 30
RELATED_CONTAINMENT = 0.3
RELATED_SHARED_MIN = 8
VERSIONS_MAX = 8
WINDOW = timedelta(days=90)
"""A story that is republished weeks later is still the story that it was."""


def compare_texts(a: str, b: str) -> Similarity:
    """How near two plain texts are, either way round the same."""
    return _similarity(a, shingled(a), b, shingled(b))


def text_of(article: Article) -> str:
    """What of an article is held against others: its body, or its excerpt when there is no more."""
    return article.text or article.excerpt


@dataclass(frozen=True, slots=True)
class Placed:
    """`twin` tells the same story; `versions` the same event otherwise: (article id, per cent of it), nearest first."""

    twin: Candidate | None = None
    versions: tuple[tuple[int, int], ...] = ()


def weigh(article: Article, candidates: Sequence[Candidate], *, house_phrases: frozenset[int] = frozenset()) -> Placed:
    """Hold an article against others of the window: the nearest copy, and other versions of the event.

    `house_phrases` are shingles left out on both sides (see `boilerplate`).
    """
    text = text_of(article)
    own = _without(shingled(text), house_phrases)
    near: list[tuple[Similarity, Candidate]] = []
    for candidate in candidates:
        if abs(candidate.article.first_seen_at - article.first_seen_at) <= WINDOW:
            other = text_of(candidate.article)
            near.append((_similarity(text, own, other, _without(shingled(other), house_phrases)), candidate))
    near.sort(key=lambda pair: (-pair[0].containment, -pair[0].shared, pair[1].article_id))
    twin = next((candidate for found, candidate in near if found.relation is Relation.COPY), None)
    versions = [
        (candidate.article_id, round(100 * found.containment))
        for found, candidate in near
        # A form filled in twice is nearer than that, and tells of something else.
        if found.relation is Relation.RELATED and found.containment < COPY_CONTAINMENT
    ]
    return Placed(twin, tuple(versions[:VERSIONS_MAX]))


def place(
    article: Article, candidates: Sequence[Candidate], *, house_phrases: frozenset[int] = frozenset()
) -> Candidate | None:
    """The candidate that tells the same story as `article`: the nearest copy in the window, or None."""
    return weigh(article, candidates, house_phrases=house_phrases).twin


def leads(challenger: Candidate, leader: Candidate) -> bool:
    """Whether `challenger` should lead the story that `leader` leads: the originator, else full text, else earliest."""
    own = (_credits(leader, challenger), _is_originator(challenger), bool(challenger.article.body))
    other = (_credits(challenger, leader), _is_originator(leader), bool(leader.article.body))
    if own != other:
        return own > other
    return _age(challenger) < _age(leader)


def _similarity(a: str, in_a: Shingled, b: str, in_b: Shingled) -> Similarity:
    shared = len(in_a.found & in_b.found)
    containment = shared / min(len(in_a.found), len(in_b.found)) if shared else 0.0
    words = shared / max(in_a.a_word, in_b.a_word)
    relation = Relation.DISTINCT
    if containment >= RELATED_CONTAINMENT and words >= RELATED_SHARED_MIN:
        relation = Relation.RELATED
    if containment >= COPY_CONTAINMENT and words >= COPY_SHARED_MIN:
        # Two market reports share every sentence and no figure: a form filled in twice is two stories. Where the
        # shorter has no shingle of its own, no word of it differs.
        shorter, longer = sorted((a, b), key=lambda text: (len(text), text))
        relation = Relation.RELATED if containment < 1.0 and is_form(shorter, longer) else Relation.COPY
    return Similarity(round(containment, 4), shared, relation)


def _without(text: Shingled, phrases: frozenset[int]) -> Shingled:
    return Shingled(text.found - phrases, text.a_word) if phrases else text


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
