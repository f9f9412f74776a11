"""Applying what is declared: once, twice, changed, taken out and put back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.model.choice import Cadence
from syndication.model.source import SourceState
from syndication.storage import publication, sources
from syndication.storage.database import Database
from syndication.storage.schema import feed, stream
from syndication.storage.schema import source as source_rows
from tests.builders import (
    NOW,
    a_declared,
    a_feed,
    a_newsletter,
    a_partner,
    a_schedule,
    a_source,
    a_topic,
    put_article,
    put_publication,
)


def rows(database: Database, query: Any) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(query))


def apply(database: Database, later: timedelta = timedelta(0), **given: Any) -> Any:
    with database.write() as connection:
        return publication.apply(connection, a_declared(**given), NOW + later)


def test_the_second_time_nothing_changes(database: Database) -> None:
    first = apply(database)
    assert first.added == (
        "partner harbour-daily",
        "source harbour-daily",
        "topic harbour",
        "feed all",
        "newsletter morning",
    )
    everything = [rows(database, sa.select(table)) for table in (source_rows, feed, stream)]
    second = apply(database, later=timedelta(days=1))
    assert second.unchanged == first.added
    assert (second.added, second.changed, second.paused, second.left) == ((), (), (), ())
    assert [rows(database, sa.select(table)) for table in (source_rows, feed, stream)] == everything


def test_what_is_declared_comes_back_as_it_was(database: Database) -> None:
    weekly = a_schedule(cadence=Cadence.WEEKLY, weekday=4)
    newsletter = a_newsletter(id=0, schedules=(a_schedule(), weekly), items_max=7, reply_to="desk@example.org")
    topics = [a_topic(), a_topic(slug="arts", title="Arts", words=(), categories=("Culture", "Music"))]
    source = a_source(id=0, topics=("arts",), poll_seconds=1800)
    apply(database, newsletters=[newsletter], topics=topics, sources=[source])
    with database.read() as connection:
        (stored,) = publication.newsletters(connection)
        assert replace(stored, id=0) == newsletter
        assert publication.newsletter(connection, "morning") == stored
        assert publication.newsletter(connection, "evening") is None
        assert publication.topics(connection) == tuple(topics)
        (listed,) = sources.listing(connection)
        assert replace(listed.source, id=0) == source
        assert listed.declared == "publication.toml:2"


def test_each_cadence_offered_is_a_stream_that_begins_when_it_is_first_declared(database: Database) -> None:
    apply(database)
    weekly = a_schedule(cadence=Cadence.WEEKLY)
    apply(database, later=timedelta(days=3), newsletters=[a_newsletter(id=0, schedules=(a_schedule(), weekly))])
    marks = {row.cadence: row.watermark for row in rows(database, sa.select(stream))}
    assert marks == {"daily": NOW, "weekly": NOW + timedelta(days=3)}


def test_a_changed_selection_makes_its_feed_stale(database: Database) -> None:
    apply(database)
    before = rows(database, sa.select(feed.c.stale))[0].stale
    assert apply(database, feeds=[a_feed(id=0, items_max=9)]).changed == ("feed all",)
    assert rows(database, sa.select(feed.c.stale))[0].stale == before + 1


def test_a_source_taken_out_is_paused_and_goes_on_when_it_is_put_back(database: Database) -> None:
    apply(database)
    applied = apply(database, sources=[], partners=[a_partner()])
    assert (applied.paused, applied.left) == (("source harbour-daily",), ())
    with database.read() as connection:
        (row,) = sources.listing(connection)
    assert (row.state, row.last_error, row.declared) == (SourceState.PAUSED, publication.UNDECLARED, "")
    assert apply(database, sources=[], partners=[a_partner()]).paused == ()
    assert apply(database, later=timedelta(days=2)).changed == ("source harbour-daily",)
    with database.read() as connection:
        (row,) = sources.listing(connection)
    assert (row.state, row.last_error, row.next_poll_at) == (SourceState.IDLE, "", NOW + timedelta(days=2))


def test_a_source_that_no_file_declared_is_left_alone(database: Database) -> None:
    apply(database)
    with database.write() as connection:
        connection.execute(source_rows.update().values(declared=None))
    assert apply(database, sources=[], partners=[a_partner()]).paused == ()


def test_nothing_is_deleted_when_a_file_is_empty(database: Database) -> None:
    apply(database)
    with database.write() as connection:
        put_article(connection)
    applied = apply(database, sources=[], partners=[], topics=[], feeds=[], newsletters=[])
    assert applied.left == ("partner harbour-daily", "topic harbour", "feed all", "newsletter morning")
    for table in ("partner", "source", "topic", "feed", "newsletter", "stream", "article"):
        assert rows(database, sa.text(f"SELECT count(*) FROM {table}"))[0][0] == 1


def test_another_address_forgets_what_the_old_one_said_of_itself(database: Database) -> None:
    apply(database)
    with database.write() as connection:
        connection.execute(
            source_rows.update().values(etag='"a"', body_hash="b", last_modified="c", next_poll_at=NOW + timedelta(1))
        )
    apply(database, later=timedelta(hours=1), sources=[a_source(id=0, url="https://new.example/feed")])
    (row,) = rows(database, sa.select(source_rows))
    assert (row.etag, row.body_hash, row.last_modified) == (None, None, None)
    assert row.next_poll_at == NOW + timedelta(hours=1)


def test_a_failure_half_way_applies_nothing(database: Database) -> None:
    orphan = a_declared(partners=[])
    with pytest.raises(KeyError), database.write() as connection:
        publication.apply(connection, orphan, NOW)
    assert rows(database, sa.text("SELECT count(*) FROM topic"))[0][0] == 0


def test_the_builder_writes_what_it_says(database: Database) -> None:
    with database.write() as connection:
        assert len(put_publication(connection).added) == 5
