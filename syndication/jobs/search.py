"""What a reader's query finds among what may be shown today, newest first, a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from syndication.articles.find import holds, marked, snippet, wanted
from syndication.jobs.ports.archive import Archive
from syndication.jobs.read import Shown, showable
from syndication.model.search import Piece, Wanted

PAGE = 20
PAGES_MAX = 10
CANDIDATES_MAX = 2 * PAGE * PAGES_MAX
"""Articles that a query looks at, however many hold its words."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A story with its title and a part of its text, in pieces."""

    shown: Shown
    title: tuple[Piece, ...]
    told: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`asked`: the query has words to look for. `more`: there is another page."""

    asked: bool
    hits: tuple[Hit, ...] = ()
    more: bool = False


def search(archive: Archive, query: str, number: int, now: datetime) -> Found:
    """Page `number`, counting from 1."""
    terms = wanted(query)
    if not terms.terms:
        return Found(asked=False)
    start = (number - 1) * PAGE
    # Some may not go out today, or only without the words that were looked for.
    stored = archive.find(terms, limit=CANDIDATES_MAX)
    fitting = (shown for shown in showable(stored, now) if holds(_texts(shown), terms))
    hits = tuple(_hit(shown, terms) for shown in islice(fitting, start, start + PAGE + 1))
    return Found(asked=True, hits=hits[:PAGE], more=len(hits) > PAGE and number < PAGES_MAX)


def _texts(shown: Shown) -> tuple[str, ...]:
    """All that the article's page shows, as text."""
    article, permission = shown.stored.article, shown.permission
    publisher = article.publisher or shown.stored.partner.name
    return (permission.title, article.byline, publisher, permission.excerpt, article.text if permission.body else "")


def _hit(shown: Shown, terms: Wanted) -> Hit:
    told = snippet(shown.permission.excerpt, terms)
    if shown.permission.body and not any(piece.hit for piece in told):
        from_body = snippet(shown.stored.article.text, terms)
        told = from_body if any(piece.hit for piece in from_body) else told
    return Hit(shown, marked(shown.permission.title, terms), told)
