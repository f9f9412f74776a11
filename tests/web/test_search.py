"""The search page finds what may be shown and nothing else, on both databases; no query does harm or runs."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from syndication.jobs.index import index
from syndication.jobs.search import PAGE
from syndication.storage import schema
from syndication.storage.search import Index
from tests.articles.test_find import HOSTILE
from tests.builders import NOW, put_article
from tests.web.house import House


def titles(page: str) -> list[str]:
    return [re.sub("<[^>]*>", "", title) for title in re.findall(r'<h3[^>]*><a href="/articles/\d+">(.*?)</a>', page)]


def search(house: House, query: str, more: str = "") -> str:
    index(Index(house.database))
    answer = house.get(f"/search?q={quote(query)}{more}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    return answer.text


def test_a_find_is_shown_with_its_words_marked(house):
    page = search(house, "ferry")
    assert titles(page)[:2] == ["The ferry sails again", "Hill road closed until June"]  # the second by its excerpt
    assert "The <mark>ferry</mark> sails again" in page
    assert "the <mark>ferry</mark> crosses the sound again" in page


def test_the_body_is_looked_through_where_it_may_be_shown(house):
    page = search(house, "hourly")
    assert titles(page)[0] == "The ferry sails again"
    assert "It sails <mark>hourly</mark>." in page
    assert "Hill road" not in page


def test_pub_16_what_may_not_be_shown_cannot_be_felt_for(house):
    """Rights that were taken back while the index was not made anew yet."""
    assert titles(search(house, "hourly"))
    with house.database.write() as connection:
        rights = dict(connection.execute(schema.source.select().where(schema.source.c.id == 1)).one().rights)
        connection.execute(
            schema.source.update().where(schema.source.c.id == 1).values(rights=rights | {"text": "excerpt"})
        )
    assert titles(search(house, "hourly")) == []
    assert "No story has all of these words" in search(house, "hourly")


@pytest.mark.parametrize("query", [*HOSTILE, "<script>alert(1)</script>", '"><b>', "a" * 10_000])
def test_pub_16_a_hostile_query_is_text_and_tells_nothing_of_us(house, query):
    answer = house.get(f"/search?q={quote(query)}")
    assert answer.status == 200
    assert len(answer.body) < 25_000
    for secret in ("Traceback", "sqlalchemy", "MATCH", "tsquery", "fts5", "syntax error", ".py"):
        assert secret not in answer.text.replace("Traceback (most", "Traceback")
    assert "<script>" not in answer.text
    assert '"><b>' not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_pub_16_odd_bytes_in_a_query_are_no_fault_of_ours(house):
    for query in ("%00", "%ff%fe", "%ED%A0%80", "%F0%9F%9A%80", "q=1&q=2&page=1", "=", "%"):
        assert house.get(f"/search?q={query}").status == 200
    for page in ("0", "-1", "11", "x", "1e1", "%C2%B2"):
        assert house.get(f"/search?q=ferry&page={page}").status == 404


def test_a_search_without_words_says_what_to_do(house):
    assert "look through" in house.get("/search").text
    assert "There is no word in that" in search(house, "?!")
    assert "noindex" in search(house, "ferry")
    assert "x-robots-tag" not in house.get("/search").headers


def test_many_finds_come_a_page_at_a_time(house):
    with house.database.write() as connection:
        for n in range(PAGE + 3):
            put_article(
                connection, source_id=1, title=f"Tram {n}", excerpt="Rails.", published_at=NOW - timedelta(minutes=n)
            )
    first = search(house, "tram rails")
    assert len(titles(first)) == PAGE
    assert 'href="/search?q=tram+rails&amp;page=2"' in first
    second = search(house, "tram rails", "&page=2")
    assert len(titles(second)) == 3
    assert 'href="/search?q=tram+rails"' in second
    assert set(titles(first)) & set(titles(second)) == set()


def test_pub_11_a_query_changes_no_other_page(house):
    for path in ("/articles/1", "/editions/1", "/archive", "/topics/harbour"):
        assert house.get(path).headers["etag"] == house.get(f"{path}?q=ferry&page=2&lang=fr").headers["etag"]
