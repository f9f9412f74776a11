"""Sorted: a stored article as the rules for topics see it, and the topics it has by rule."""

from dataclasses import dataclass

from syndication.model.article import Article, DecidedBy
from syndication.model.source import Source


@dataclass(frozen=True, slots=True)
class Sorted:
    id: int
    article: Article
    source: Source
    topics: tuple[tuple[str, DecidedBy], ...]
    """By slug, without those that a person gave."""
