"""Articles -> the index of words. A few hundred at a time, until none waits; safe to run twice."""

from collections.abc import Callable

from syndication.articles.find import may_hold, wanted, words
from syndication.jobs.ports.index import Index
from syndication.model.article import Stored
from syndication.model.rights import TextRight

ROUND = 200


def index(index: Index, *, stopping: Callable[[], bool] = lambda: False, rounds: int | None = None) -> int:
    """How many were put in. `rounds`: at most so many times ROUND of them."""
    done = 0
    searches = {feed_id: wanted(search) for feed_id, search in index.searches().items()}
    while not stopping() and (rounds is None or done < rounds * ROUND) and (waiting := index.waiting(limit=ROUND)):
        rows = [(stored, words(" ".join(findable(stored)))) for stored in waiting]
        found = [set(said) for _, said in rows]
        found_by = [id for id, terms in searches.items() if any(may_hold(said, terms) for said in found)]
        index.put(rows, found_by=found_by)
        done += len(waiting)
    return done


def findable(stored: Stored) -> tuple[str, ...]:
    """The texts in which it may be found: no more than its rights let a page show."""
    if stored.ended:
        return ()
    article = stored.article
    named = (article.title, article.byline, article.publisher or stored.partner.name)
    if stored.rights.text is TextRight.LINK:
        return named
    body = article.text if stored.rights.text is TextRight.FULL and article.body else ""
    return (*named, article.excerpt, body)
