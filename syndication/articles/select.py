"""Which articles belong in a feed or an edition. In: stored articles, a Choice, a limit. Out: the newest, one a story.

It asks nothing of rights: what may be shown of each is the next question, and `permit` answers it.
"""

from collections.abc import Iterable

from syndication.model.article import ArticleState, Stored
from syndication.model.choice import Choice


def choose(articles: Iterable[Stored], choice: Choice, *, limit: int) -> tuple[Stored, ...]:
    """At most `limit` live articles that `choice` asks for, newest first.

    A story comes once: by its leader when that is asked for, else by its newest telling that is (a feed of one
    partner's shows that partner's telling).
    """
    wanted: dict[int, Stored] = {}
    for stored in sorted(articles, key=_newest_first):
        if stored.state is not ArticleState.LIVE:
            continue
        if not choice.wants(topics=stored.topics, partner=stored.partner.slug):
            continue
        known = wanted.get(stored.story_id)
        if known is None or (stored.leads and not known.leads):
            wanted[stored.story_id] = stored
    return tuple(sorted(wanted.values(), key=_newest_first)[:limit])


def _newest_first(stored: Stored) -> tuple[float, int]:
    return (-stored.article.published_at.timestamp(), -stored.id)
