"""Articles -> published feeds: what is stale is built, what is good is kept, a second round changes nothing."""

from datetime import timedelta

import pytest

from syndication.jobs import publish as job
from syndication.model.feed import FeedDocument, FeedEntry, FeedFormat
from syndication.model.rights import Rights
from syndication.storage import articles, feed_entries, feeds
from syndication.storage.database import Database
from syndication.storage.shelf import StoredShelf
from tests.builders import NOW, a_feed, a_publication, a_source, put_article, put_publication


@pytest.fixture
def shelf(database: Database) -> StoredShelf:
    with database.write() as connection:
        put_publication(connection, feeds=[a_feed(slug="all"), a_feed(slug="sea")])
        put_article(connection)
    return StoredShelf(database)


def publish(shelf: StoredShelf) -> job.Published:
    return job.publish(shelf=shelf, publication=a_publication(), clock=lambda: NOW)


def test_two_rounds_in_a_row_the_second_changes_nothing(shelf: StoredShelf, database: Database) -> None:
    first = publish(shelf)
    assert set(first.changed) == {f"{slug}.{format.value}" for slug in ("all", "sea") for format in FeedFormat}
    with database.read() as connection:
        before = feeds.snapshots(connection)
    assert publish(shelf) == job.Published()
    shelf.mark_all_stale()
    again = publish(shelf)
    assert again.changed == () and set(again.unchanged) == set(first.changed)
    with database.read() as connection:
        assert feeds.snapshots(connection) == before
        assert {row.built_at for row in feeds.listing(connection)} == {NOW}


def test_a_change_that_comes_while_building_is_built_next(shelf: StoredShelf) -> None:
    class Interrupted(StoredShelf):
        def articles(self, feed, *, limit):  # type: ignore[no-untyped-def]
            found = super().articles(feed, limit=limit)
            self.mark_all_stale()
            return found

    publish(Interrupted(shelf._database))
    assert [feed.slug for feed, _ in shelf.stale(NOW)] == ["all", "sea"]


def test_a_document_that_fails_its_check_leaves_the_last_good_one(
    shelf: StoredShelf, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(shelf)
    real = job.write

    def faulty(feed, *rest, **more):  # type: ignore[no-untyped-def]
        document = real(feed, *rest, **more)
        if feed.slug == "all" and document.format is FeedFormat.ATOM:
            return FeedDocument(document.format, b"<feed", '"broken"', document.updated_at)
        return document

    monkeypatch.setattr(job, "write", faulty)
    shelf.mark_all_stale()
    result = publish(shelf)
    assert len(result.refused) == 1 and result.refused[0].startswith("all.atom: feed: not well-formed")
    with database.read() as connection:
        good = feeds.snapshot(connection, "all", FeedFormat.ATOM)
        faults = {(row.slug, row.format): row.fault for row in feeds.listing(connection)}
    assert good is not None and good.data.startswith(b"<?xml")
    assert faults["all", FeedFormat.ATOM] is not None and faults["sea", FeedFormat.ATOM] is None
    monkeypatch.setattr(job, "write", real)
    shelf.mark_all_stale()
    assert publish(shelf).refused == ()
    with database.read() as connection:
        assert all(row.fault is None for row in feeds.listing(connection))


def test_an_article_in_a_feed_is_shown_as_its_rights_say(shelf: StoredShelf, database: Database) -> None:
    publish(shelf)
    with database.read() as connection:
        (stored,) = articles.newest(connection, limit=1)
        document = feeds.snapshot(connection, "all", FeedFormat.RSS)
    assert document is not None
    assert stored.article.title in document.data.decode()
    assert "It sails hourly" not in document.data.decode()  # a new source gives an excerpt, not the body


def test_an_article_under_embargo_waits(database: Database) -> None:
    guarded = a_source(rights=Rights(embargo_minutes=60))
    with database.write() as connection:
        put_publication(connection, sources=[guarded], feeds=[a_feed(slug="all")])
        put_article(connection, published_at=NOW)
    shelf = StoredShelf(database)
    publish(shelf)
    with database.read() as connection:
        early = feeds.snapshot(connection, "all", FeedFormat.JSON)
    shelf.mark_all_stale()
    job.publish(shelf=shelf, publication=a_publication(), clock=lambda: NOW + timedelta(hours=1))
    with database.read() as connection:
        later = feeds.snapshot(connection, "all", FeedFormat.JSON)
    assert early is not None and later is not None
    assert (early.data.count(b'"date_published"'), later.data.count(b'"date_published"')) == (0, 1)


def test_a_feed_that_cannot_be_built_ends_no_round_and_keeps_its_last_good_documents(
    shelf: StoredShelf, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(shelf)
    real = job.write

    def broken(feed, *rest, **more):  # type: ignore[no-untyped-def]
        if feed.slug == "all":
            raise ValueError("nobody thought of this")
        return real(feed, *rest, **more)

    monkeypatch.setattr(job, "write", broken)
    shelf.mark_all_stale()
    result = publish(shelf)
    assert set(result.unchanged) == {f"sea.{format.value}" for format in FeedFormat}
    assert {fault.split(":")[0] for fault in result.refused} == {f"all.{format.value}" for format in FeedFormat}
    assert all("nobody thought of this" in fault for fault in result.refused)
    with database.read() as connection:
        assert all(feeds.snapshot(connection, "all", format) is not None for format in FeedFormat)
        assert {row.slug for row in feeds.listing(connection) if row.fault} == {"all"}
    assert publish(shelf) == job.Published()  # not again and again
    monkeypatch.setattr(job, "write", real)
    job.publish(shelf=shelf, publication=a_publication(), clock=lambda: NOW + job.TRY_AGAIN)
    with database.read() as connection:
        assert all(row.fault is None for row in feeds.listing(connection))


def test_a_document_that_cannot_be_packed_hurts_its_own_feed_only(
    shelf: StoredShelf, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = job.pack

    def broken(document):  # type: ignore[no-untyped-def]
        if b"feeds/sea." in document.data:
            raise MemoryError("too large")
        return real(document)

    monkeypatch.setattr(job, "pack", broken)
    result = publish(shelf)
    assert set(result.changed) == {f"all.{format.value}" for format in FeedFormat}
    assert {fault.split(":")[0] for fault in result.refused} == {f"sea.{format.value}" for format in FeedFormat}
    with database.read() as connection:
        assert feeds.snapshot(connection, "all", FeedFormat.ATOM) is not None


def test_news_goes_before_what_waits_and_what_waits_has_its_turn_too(database: Database) -> None:
    slugs = [f"feed-{number}" for number in range(8)]
    with database.write() as connection:
        put_publication(connection, feeds=[a_feed(slug=slug) for slug in slugs])
        put_article(connection)
    shelf = StoredShelf(database)
    fresh = a_feed(slug="feed-5")

    class Watched(StoredShelf):
        def stale(self, now):  # type: ignore[no-untyped-def]
            found = super().stale(now)
            newest = [one for one in found if one[0].slug == fresh.slug]
            return (*newest, *(one for one in found if one not in newest))

    def some() -> job.Published:
        return job.publish(shelf=Watched(database), publication=a_publication(), clock=lambda: NOW, at_most=3)

    rounds = [some() for _ in range(3)]
    built = [{name.split(".")[0] for name in round.changed} for round in rounds]
    assert built == [{"feed-5", "feed-6", "feed-7"}, {"feed-0", "feed-3", "feed-4"}, {"feed-1", "feed-2"}]
    assert [round.more for round in rounds] == [True, True, False]
    assert shelf.stale(NOW) == ()


def test_feeds_of_the_newest_change_are_the_first_that_are_stale(shelf: StoredShelf, database: Database) -> None:
    publish(shelf)
    with database.write() as connection:
        (stored,) = articles.newest(connection, limit=1)
        sea = next(feed for feed in feeds.feeds(connection) if feed.slug == "sea")
        feed_entries.write(connection, [FeedEntry(sea.id, stored.id, 2)], (), NOW)
        feeds.mark_all_stale(connection)
        other = put_article(connection, guid="other", url="https://harbour.example/other")
        feed_entries.write(connection, [FeedEntry(sea.id, other, 1)], (), NOW)
        assert [feed.slug for feed, _ in feeds.stale(connection, NOW)] == ["sea", "all"]
