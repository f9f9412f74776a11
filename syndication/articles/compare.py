"""What a poll brought. In: incoming articles, the fingerprints known. Out: Changes. Pure; it deletes nothing.

An article that is no longer listed says nothing here: feeds forget, and only `sources.watch` may draw a conclusion.
"""

from collections.abc import Iterable, Mapping

from syndication.articles.identify import latest
from syndication.model.article import Article, Changes


def compare(incoming: Iterable[Article], known: Mapping[str, str]) -> Changes:
    """Split `incoming` against `known`, a mapping of guid to stored fingerprint, both of one source."""
    once = latest(incoming)  # a feed may list one article twice
    return Changes(
        new=tuple(article for article in once if article.guid not in known),
        changed=tuple(
            article for article in once if known.get(article.guid, article.fingerprint) != article.fingerprint
        ),
    )
