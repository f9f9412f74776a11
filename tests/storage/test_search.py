"""The index of words answers alike on both engines, follows every change, and obeys no word of a query."""

from typing import Any

import pytest
import sqlalchemy as sa

from syndication.articles.find import wanted, words
from syndication.jobs.index import index
from syndication.model.article import ArticleState
from syndication.model.rights import Rights, TextRight
from syndication.storage import publication, revisions, schema, search
from syndication.storage.database import Database
from syndication.storage.search import Index
from tests.articles.test_find import HOSTILE
from tests.builders import NOW, a_declared, a_source, an_article, put_article, put_publication

FULL = Rights(text=TextRight.FULL)


@pytest.fixture
def stored(database: Database) -> Database:
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, rights=FULL), a_source(id=0, slug="brief")])
        put(connection, 1, "The ferry sails again", text="Café by the quay. The harbour master waved.")
        put(connection, 1, "Hill road closed", text="渡船は今日 in the hills, and the master of them.")
        put(connection, 2, "Markets open", excerpt="Fish is cheap.", text="The hidden price of herring.")
    assert index(Index(database)) == 3
    return database


def put(connection: Any, source_id: int, title: str, **given: Any) -> int:
    body = f"<p>{given.get('text', '')}</p>"
    return put_article(connection, source_id=source_id, title=title, **{"excerpt": "", "body": body} | given)


def found(database: Database, query: str, limit: int = 50) -> list[int]:
    with database.read() as connection:
        return list(search.find(connection, wanted(query), limit=limit))


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("ferry", [1]),
        ("FERR", [1]),
        ("fer", [1]),
        ("fe", []),  # too short for a beginning
        ("cafe", [1]),
        ("master", [2, 1]),
        ("master ferry", [1]),
        ('"harbour master"', [1]),
        ('"master harbour"', []),
        ("渡船", [2]),
        ("船渡", []),
        ("今", [2]),
        ("harbour-master", [1]),
        ("fish", [3]),
        ("herring", []),  # its rights show an excerpt only
        ("ada quay", [3, 2, 1]),  # a byline counts
        ("nowhere", []),
        ("", []),
    ],
)
def test_words_find_articles(stored, query, ids):
    assert found(stored, query) == ids


@pytest.mark.parametrize("query", HOSTILE)
def test_pub_16_a_hostile_query_finds_little_and_harms_nothing(stored, query):
    assert len(found(stored, query)) <= 3
    with stored.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(schema.article)) == 3


def test_the_newest_come_first_and_no_more_than_asked_for(stored):
    assert found(stored, "master", limit=1) == [2]


def test_a_correction_is_found_by_its_new_words_only(stored):
    with stored.write() as connection:
        text = an_article(source_id=1, title="The tram runs again", excerpt="", text="Rails.", body="<p>Rails.</p>")
        revisions.revise(connection, 1, text, entry_hash="", now=NOW)
        assert search.waits(connection)
    assert index(Index(stored)) == 1
    assert found(stored, "tram") == [1]
    assert found(stored, "ferry") == []
    assert index(Index(stored)) == 0


def test_a_text_that_changes_while_it_is_put_in_waits_again(stored):
    assert list(Index(stored).waiting(limit=9)) == []
    with stored.write() as connection:
        revisions.revise(connection, 1, an_article(source_id=1, title="Two"), entry_hash="", now=NOW)
    (second,) = Index(stored).waiting(limit=9)
    with stored.write() as connection:
        revisions.revise(connection, 1, an_article(source_id=1, title="Three"), entry_hash="", now=NOW)
    Index(stored).put([(second, words("Two"))])
    with stored.read() as connection:
        assert search.waits(connection)


@pytest.mark.parametrize("state", [ArticleState.WITHDRAWN, ArticleState.HELD])
def test_what_is_not_live_is_not_found(stored, state):
    with stored.write() as connection:
        connection.execute(schema.article.update().where(schema.article.c.id == 1).values(state=state.value))
    assert found(stored, "ferry") == []


def test_a_story_is_found_once_by_its_leading_telling(stored):
    with stored.write() as connection:
        put(connection, 2, "The ferry sails again", excerpt="The ferry sails.", story_id=1, leads=False)
    index(Index(stored))
    assert found(stored, "ferry") == [1]


def test_other_rights_make_the_index_anew(stored):
    granted = [a_source(id=0, rights=FULL), a_source(id=0, slug="brief", rights=FULL)]
    with stored.write() as connection:
        publication.apply(connection, a_declared(sources=granted), NOW)
    assert index(Index(stored)) == 1
    assert found(stored, "herring") == [3]
    with stored.write() as connection:
        publication.apply(connection, a_declared(sources=granted), NOW)
    assert index(Index(stored)) == 0


def test_a_long_text_is_put_in_as_far_as_it_goes(stored):
    with stored.write() as connection:
        id = put(connection, 1, "Long", text="again and " * 30_000 + "unreached " * 2)
        odd = put(connection, 1, "O'Brien \\ \" ' \x85 %", text="'quoted':1A & | ! <-> \\'")
    assert index(Index(stored)) == 2
    assert found(stored, '"and again"') == [id]
    assert found(stored, "brien quoted") == [odd]
    assert found(stored, "unreached") == []


def test_however_many_wait_feeds_have_their_turn(stored, monkeypatch):
    monkeypatch.setattr("syndication.jobs.index.ROUND", 2)
    with stored.write() as connection:
        search.forget(connection, 1)
        search.forget(connection, 2)
    assert [index(Index(stored), rounds=1) for _ in range(3)] == [2, 1, 0]


def test_the_index_is_asked_once_and_not_for_each_article(database):
    kind = "sqlite" if database.is_sqlite else "postgresql"
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    with database.read() as connection:
        plan = connection.execute(sa.text(explain + search._FIND[kind] + search._LIVE), {"query": "ferry", "most": 10})
        steps = [str(row[-1]) for row in plan]
    assert any("MATERIALIZE found" in step or "CTE found" in step for step in steps), steps
    assert not database.is_sqlite or "SCAN found" in steps, steps
