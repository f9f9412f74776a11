"""Whoever publishes is told when an article is on the disk, not when the round of collecting is over."""

import pytest

from syndication.model.collecting import Arrival
from syndication.storage import articles
from syndication.storage.database import Database
from syndication.storage.heralded import Heralded
from tests.builders import a_feed, a_source, an_article, put_publication


@pytest.fixture
def told() -> list[int]:
    return []


@pytest.fixture
def library(database: Database, told: list[int]) -> Heralded:
    def tell() -> None:
        with database.read() as connection:
            told.append(len(articles.newest(connection, limit=9)))

    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0)], feeds=[a_feed()])
    return Heralded(database, tell)


def test_each_transaction_that_brought_something_is_told_of_once_it_counts(library: Heralded, told: list[int]) -> None:
    for number in (1, 2):
        with library.writing() as stack:
            stack.add([Arrival(an_article(guid=f"g{number}", url=f"https://harbour.example/{number}"), leads=True)])
            assert told == list(range(1, number))
    assert told == [1, 2]


def test_nothing_is_told_of_what_brought_nothing_or_did_not_come_to_be(library: Heralded, told: list[int]) -> None:
    with library.writing() as stack:
        stack.finish([])
    with pytest.raises(RuntimeError), library.writing() as stack:
        stack.add([Arrival(an_article(), leads=True)])
        raise RuntimeError("cut off")
    assert told == []
