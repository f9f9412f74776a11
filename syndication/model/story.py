"""Story: one event told by one or more articles. How near two texts are, and what a new telling is held against."""

from dataclasses import dataclass
from enum import StrEnum

from syndication.model.article import Article
from syndication.model.source import Partner


class Relation(StrEnum):
    COPY = "copy"  # the same telling: one story
    RELATED = "related"  # another version: linked, never suppressed
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class Similarity:
    """`containment`: the share of the shorter text's shingles that the other has too, 0 to 1. `shared` counts them."""

    containment: float
    shared: int
    relation: Relation


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article as a telling of a story. `article_id` and `story_id` are 0 for one that is not stored yet."""

    article_id: int
    story_id: int
    partner: Partner
    article: Article
