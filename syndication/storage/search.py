"""The index of words: FTS5 on SQLite, a tsvector on PostgreSQL. In: words, as `articles.find` takes them. Out: ids.

Both get words that are parted and folded already, and neither parts them again: "ascii" leaves alone what is not ASCII,
and a tsvector is written out word by word. So a query means the same on both, and holds nothing but letters and digits.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.article import ArticleState, Stored
from syndication.model.search import Term, Wanted
from syndication.storage import articles, feed_entries, schema
from syndication.storage.database import Database

PLACES_MAX = 200
"""Places of one word in one article that PostgreSQL is told; it keeps no more than 255."""
PLACE_LAST = 16_000
"""It counts no further than 16,383."""

_WAITING = schema.article.c.indexed_rev != schema.article.c.rev
_LIVE = (
    " ON article.id = found.id JOIN story ON story.id = article.story_id AND story.leader_id = article.id"
    f" WHERE article.state = '{ArticleState.LIVE.value}'"
    " ORDER BY article.published_at DESC, article.id DESC LIMIT :most"
)
# The index first, whatever a planner thinks of it: SQLite would ask it anew for each article, newest first.
_FIND = {
    "sqlite": "WITH found AS MATERIALIZED (SELECT rowid AS id FROM article_search WHERE words MATCH :query)"
    " SELECT article.id FROM found CROSS JOIN article",
    "postgresql": "WITH found AS MATERIALIZED (SELECT article_id AS id FROM article_search"
    " WHERE words @@ CAST(:query AS tsquery)) SELECT article.id FROM found JOIN article",
}
_PUT = {
    "sqlite": "INSERT INTO article_search (rowid, words) VALUES (:id, :words)",
    "postgresql": "INSERT INTO article_search (article_id, words) VALUES (:id, CAST(:words AS tsvector))"
    " ON CONFLICT (article_id) DO UPDATE SET words = excluded.words",
}


class Index:
    """Fulfils `jobs.ports.index.Index` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, *, limit: int) -> Sequence[Stored]:
        query = sa.select(schema.article.c.id).where(_WAITING).order_by(schema.article.c.id).limit(limit)
        with self._database.read() as connection:
            return articles.load(connection, connection.scalars(query).all())

    def searches(self) -> Mapping[int, str]:
        with self._database.read() as connection:
            return feed_entries.searches(connection)

    def put(self, rows: Iterable[tuple[Stored, Sequence[str]]], *, found_by: Collection[int] = ()) -> None:
        with self._database.write() as connection:
            ids = []
            for stored, words in rows:
                _put(connection, stored, words)
                ids.append(stored.id)
            feed_entries.mark_searches_stale(connection, found_by, ids)


def waits(connection: Connection) -> bool:
    """Whether an article is not in the index as it is now."""
    return bool(connection.scalar(sa.select(sa.exists().where(_WAITING))))


def forget(connection: Connection, source_id: int) -> None:
    """Let the articles of a source wait for the index again: what may be shown of them has changed."""
    mine = schema.article.c.source_id == source_id
    connection.execute(schema.article.update().where(mine).values(indexed_rev=0))


def find(connection: Connection, wanted: Wanted, *, limit: int) -> Sequence[int]:
    """Live articles that hold all terms, newest first, one telling of each story."""
    if not wanted.terms:
        return []
    spell = _fts5 if connection.dialect.name == "sqlite" else _tsquery
    query = sa.text(_FIND[connection.dialect.name] + _LIVE)
    joined = (" AND " if spell is _fts5 else " & ").join(spell(term) for term in wanted.terms)
    return connection.scalars(query, {"query": joined, "most": limit}).all()


def _put(connection: Connection, stored: Stored, words: Sequence[str]) -> None:
    # Marked with the revision that was read: one that came meanwhile still waits.
    marked = connection.execute(
        schema.article.update().where(schema.article.c.id == stored.id).values(indexed_rev=stored.rev)
    )
    if not marked.rowcount:
        return
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:  # FTS5 knows no ON CONFLICT
        connection.execute(sa.text("DELETE FROM article_search WHERE rowid = :id"), {"id": stored.id})
    written = " ".join(words) if sqlite else _tsvector(words)
    connection.execute(sa.text(_PUT[connection.dialect.name]), {"id": stored.id, "words": written})


def _fts5(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + ("*" if term.open else "")


def _tsquery(term: Term) -> str:
    quoted = [f"'{word}'" for word in term.words]
    return f"({' <-> '.join(quoted)}{':*' if term.open else ''})"


def _tsvector(words: Sequence[str]) -> str:
    placed = sorted((word, min(place, PLACE_LAST)) for place, word in enumerate(words, 1))
    told = []
    for word, group in groupby(placed, key=lambda pair: pair[0]):
        places = sorted({place for _, place in group})[:PLACES_MAX]
        told.append(f"'{word}':{','.join(map(str, places))}")
    return " ".join(told)
