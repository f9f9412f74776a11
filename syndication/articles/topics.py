"""The publication's own subjects of an article. In: an article, its source, the topics. Out: topic slugs, and why.

Three stated rules, the strongest named first: a word of the topic in title or excerpt, a category of the partner's that
is mapped to it, the partner's default. What a person decided stands above all three and is kept by the library.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from syndication.model.article import Article, DecidedBy
from syndication.model.feed import Topic
from syndication.model.source import Source


def decide(article: Article, source: Source, topics: Sequence[Topic]) -> tuple[tuple[str, DecidedBy], ...]:
    """The topics of `article` in the publication's order, each with the strongest rule that puts it there."""
    told = f"{article.title}\n{article.excerpt}"
    categories = {_plain(category) for category in article.categories}
    decided = []
    for topic in topics:
        if topic.words and _pattern(topic.words).search(told):
            decided.append((topic.slug, DecidedBy.RULE))
        elif any(_plain(category) in categories for category in topic.categories):
            decided.append((topic.slug, DecidedBy.CATEGORY))
        elif topic.slug in source.topics:
            decided.append((topic.slug, DecidedBy.PARTNER))
    return tuple(decided)


def _plain(category: str) -> str:
    return " ".join(category.split()).casefold()


@lru_cache(maxsize=512)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words or phrases in any case; any white space between the words of a phrase."""
    phrases = (r"\s+".join(re.escape(word) for word in phrase.split()) for phrase in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrase for phrase in phrases if phrase) or '(?!)'})(?!\w)", re.I)
