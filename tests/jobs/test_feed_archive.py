"""What feeds have said: a reader of the document and its archive misses nothing, whatever happens between."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from lxml import etree

from syndication.jobs import feed_archive, index, read
from syndication.jobs import publish as job
from syndication.model.choice import Choice
from syndication.model.feed import FeedFormat
from syndication.model.rights import Rights, TextRight
from syndication.storage import feed_entries, feeds, revisions, schema, watch
from syndication.storage.archive import Archive
from syndication.storage.database import Database
from syndication.storage.library import Library
from syndication.storage.search import Index
from syndication.storage.shelf import StoredShelf
from tests.builders import NOW, a_feed, a_publication, a_source, an_article, put_article, put_publication
from tests.feeds.advice import warnings_of

HOUSE = a_publication()
NS = {"a": "http://www.w3.org/2005/Atom"}
WITHDRAWN = 'a:category[@scheme="http://purl.org/atompub/tombstones/1.0"]'
FULL = Rights(text=TextRight.FULL)


class Desk:
    """A publication with one partner, its clock and its feeds."""

    def __init__(self, database: Database) -> None:
        self.database, self.shelf, self.now = database, StoredShelf(database), NOW
        self.articles: list[int] = []

    def arrive(self, count: int = 1, **given: object) -> None:
        with self.database.write() as connection:
            for _ in range(count):
                self.now += timedelta(minutes=1)
                usual = {"published_at": self.now, "first_seen_at": self.now}
                id = put_article(connection, **usual | given)  # type: ignore[arg-type]
                feed_entries.note_change(connection, id)
                feed_entries.mark_stale(connection, [id])
                self.articles.append(id)

    def correct(self, id: int, title: str) -> None:
        with self.database.write() as connection:
            self.now += timedelta(minutes=1)
            revisions.revise(connection, id, an_article(title=title), entry_hash="x", now=self.now)
            feed_entries.note_change(connection, id)
            feed_entries.mark_stale(connection, [id])

    def withdraw(self, id: int) -> None:
        with self.database.write() as connection:
            self.now += timedelta(minutes=1)
            assert watch.withdraw(connection, id, self.now)
            feed_entries.note_change(connection, id)
            feed_entries.mark_stale(connection, [id])

    def publish(self) -> job.Published:
        return job.publish(shelf=self.shelf, publication=HOUSE, clock=lambda: self.now)

    def atom(self, slug: str = "all") -> etree._Element:
        with self.database.read() as connection:
            document = feeds.snapshot(connection, slug, FeedFormat.ATOM)
        assert document is not None
        return etree.fromstring(document.data)

    def page(self, number: int, slug: str = "all") -> bytes | None:
        document = feed_archive.page(self.shelf, HOUSE, slug, number, self.now)
        return None if document is None else document.data

    def pages(self, slug: str = "all") -> Iterator[bytes]:
        """Every archive document, as a reader finds them: from the feed's own, by its links, to the first."""
        root = self.atom(slug)
        while link := link_of(root, "prev-archive"):
            data = self.page(int(link.rpartition("/")[2].removesuffix(".atom")), slug)
            assert data is not None
            yield data
            root = etree.fromstring(data)

    def all_ids(self, slug: str = "all") -> set[str]:
        roots = [self.atom(slug), *map(etree.fromstring, self.pages(slug))]
        return {id for root in roots for id in ids_of(root)}


def link_of(root: etree._Element, rel: str) -> str:
    return next((str(link.get("href")) for link in root.findall("a:link", NS) if link.get("rel") == rel), "")


def ids_of(root: etree._Element) -> list[str]:
    return [str(id.text) for id in root.findall("a:entry/a:id", NS)]


@pytest.fixture
def desk(database: Database) -> Desk:
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, rights=FULL)], feeds=[a_feed(items_max=4)])
    return Desk(database)


def published_ids(desk: Desk) -> set[str]:
    with desk.database.read() as connection:
        rows = connection.scalars(
            sa.select(schema.article_revision.c.content).where(schema.article_revision.c.rev == 1)
        )
        return {content["publisher_guid"] for content in rows}


def test_a_reader_of_document_and_archive_misses_nothing(desk: Desk) -> None:
    for count in (1, 2, 7, 1, 1, 3):
        desk.arrive(count)
        desk.publish()
        assert desk.all_ids() == published_ids(desk)
    assert len(ids_of(desk.atom())) == 4


def test_an_old_story_that_comes_late_is_in_the_archive(desk: Desk) -> None:
    desk.arrive(4)
    desk.publish()
    desk.arrive(1, published_at=NOW - timedelta(days=300))
    desk.publish()
    assert desk.all_ids() == published_ids(desk)


def test_an_archive_document_never_changes(desk: Desk) -> None:
    desk.arrive(5)
    desk.publish()
    first = desk.page(1)
    desk.arrive(9)
    desk.correct(desk.articles[0], "Another title")
    desk.publish()
    desk.now += timedelta(days=400)
    assert desk.page(1) == first
    assert first is not None and b"Another title" not in first
    whole = b"".join([etree.tostring(desk.atom()), *desk.pages()])
    assert b"Another title" in whole  # a correction is a later entry of the same id


def test_what_was_withdrawn_leaves_every_document_and_a_note_stays(desk: Desk) -> None:
    desk.arrive(6)
    desk.publish()
    gone = desk.articles[0]
    with desk.database.read() as connection:
        query = sa.select(schema.article_revision.c.title).where(schema.article_revision.c.article_id == gone)
        told = connection.scalars(query).one()
    assert told.encode() in (desk.page(1) or b"")
    desk.withdraw(gone)
    desk.publish()
    for data in (etree.tostring(desk.atom()), *desk.pages()):
        assert told.encode() not in data
    assert notes(desk.atom()) == notes(etree.fromstring(desk.page(1) or b"")) == ["Withdrawn by us"]
    assert warnings_of(desk.page(1) or b"", "atom") == []
    desk.now += timedelta(days=31)
    desk.arrive()
    desk.publish()
    assert notes(desk.atom()) == []  # readers have had a month
    assert notes(etree.fromstring(desk.page(1) or b"")) == ["Withdrawn by us"]


def notes(root: etree._Element) -> list[str | None]:
    entries = root.findall("a:entry", NS)
    return [one.findtext("a:title", namespaces=NS) for one in entries if one.find(WITHDRAWN, NS) is not None]


def test_a_story_that_was_never_shown_leaves_no_note(desk: Desk) -> None:
    desk.arrive(1)
    desk.withdraw(desk.articles[0])
    desk.publish()
    assert notes(desk.atom()) == []


def test_there_is_no_page_before_it_is_filed_and_none_of_an_unknown_feed(desk: Desk) -> None:
    desk.arrive(1)
    desk.publish()
    assert [desk.page(number) for number in (-1, 0, 1, 2)] == [None] * 4
    desk.arrive(1)
    desk.publish()
    assert desk.page(1) is not None and desk.page(2) is None
    assert desk.page(1, slug="none") is None


def test_a_new_feed_begins_its_archive_with_what_there_is(desk: Desk) -> None:
    desk.arrive(9)
    desk.publish()
    with desk.database.write() as connection:
        put_publication(
            connection,
            sources=[a_source(id=0, rights=FULL)],
            feeds=[
                a_feed(items_max=4),
                a_feed(slug="partner", items_max=4, choice=Choice(partners=("harbour-daily",))),
            ],
        )
    desk.publish()
    assert desk.all_ids("partner") == published_ids(desk)


def test_a_feed_with_another_choice_begins_anew(desk: Desk) -> None:
    desk.arrive(6)
    desk.publish()
    assert desk.page(1) is not None
    with desk.database.write() as connection:
        put_publication(
            connection,
            sources=[a_source(id=0, rights=FULL)],
            feeds=[a_feed(items_max=4, choice=Choice(topics=("harbour",)))],
        )
    desk.publish()
    assert desk.page(1) is None
    assert ids_of(desk.atom()) == []


def test_only_feeds_that_an_article_touches_are_built(database: Database) -> None:
    other = a_source(id=0, slug="upland", partner=None)
    with database.write() as connection:
        put_publication(
            connection,
            sources=[a_source(id=0), other],
            feeds=[
                a_feed(),
                a_feed(slug="harbour", choice=Choice(topics=("harbour",))),
                a_feed(slug="muted", choice=Choice(muted_partners=("harbour-daily",))),
                a_feed(slug="ours", choice=Choice(partners=("harbour-daily",))),
            ],
        )
    desk = Desk(database)
    desk.publish()
    desk.arrive()
    assert sorted(feed.slug for feed, _ in desk.shelf.stale(desk.now)) == ["all", "ours"]
    desk.publish()
    desk.arrive(topics=("harbour",))
    assert sorted(feed.slug for feed, _ in desk.shelf.stale(desk.now)) == ["all", "harbour", "ours"]
    desk.publish()
    with database.write() as connection:  # it leaves the topic, so it leaves the feed
        connection.execute(schema.article_topic.delete())
        feed_entries.mark_stale(connection, [desk.articles[1]])
    assert sorted(feed.slug for feed, _ in desk.shelf.stale(desk.now)) == ["all", "harbour", "ours"]


def test_a_feed_is_built_again_when_an_embargo_in_it_opens(database: Database) -> None:
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, rights=Rights(embargo_minutes=60))], feeds=[a_feed()])
    desk = Desk(database)
    desk.arrive()
    opens = desk.now + timedelta(minutes=60)
    desk.publish()
    assert ids_of(desk.atom()) == []
    assert due(desk, opens - timedelta(seconds=1)) == []
    assert due(desk, opens) == ["all"]
    desk.now = opens
    assert "all.atom" in desk.publish().changed
    assert len(ids_of(desk.atom())) == 1
    assert due(desk, opens + timedelta(days=1)) == []


def test_a_feed_is_built_again_when_a_right_in_it_ends(database: Database) -> None:
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, rights=Rights(expiry_days=2))], feeds=[a_feed(items_max=2)])
    desk = Desk(database)
    desk.arrive(3)
    desk.publish()
    assert desk.page(1) is not None and ids_of(etree.fromstring(desk.page(1) or b"")) != []
    desk.now += timedelta(days=2)
    assert due(desk, desk.now) == ["all"]
    desk.publish()
    assert ids_of(desk.atom()) == []
    assert ids_of(etree.fromstring(desk.page(1) or b"")) == []  # nor in the archive


def due(desk: Desk, now: datetime) -> list[str]:
    return [feed.slug for feed, _ in desk.shelf.stale(now)]


def test_collecting_tells_of_what_came_and_of_nothing_that_was_undone(desk: Desk) -> None:
    from syndication.errors import ParseError
    from syndication.model.collecting import Arrival

    desk.publish()
    with Library(desk.database).writing() as stack:
        (id,) = stack.add([Arrival(an_article(published_at=NOW))])
        with pytest.raises(ParseError), stack.apart():
            stack.add([Arrival(an_article(published_at=NOW))])
            raise sa.exc.DataError("", None, Exception("refused"))
    assert stack.told == {id}
    assert due(desk, NOW) == ["all"]
    changes, (stored,), gone = desk.shelf.changes(limit=9)
    assert (len(changes), stored.id, gone) == (1, id, [])
    desk.publish()
    assert desk.shelf.changes(limit=9) == ((), [], [])


def test_a_saved_search_holds_what_it_finds_and_may_be_shown(database: Database) -> None:
    with database.write() as connection:
        put_publication(
            connection,
            sources=[a_source(id=0, rights=FULL), a_source(id=0, slug="upland", rights=Rights(text=TextRight.LINK))],
            feeds=[a_feed(), a_feed(slug="boats", choice=Choice(search='"night boat" sound'))],
        )
    desk = Desk(database)
    body = "<p>The night boat crosses the sound.</p>"
    text = "The night boat crosses the sound."
    desk.arrive(title="Found", body=body, text=text)
    desk.arrive(title="Boat at night, sound asleep", body="<p>x</p>", text="x", excerpt="x")
    desk.arrive(title="Kept back", body=body, text=text, source_id=2)  # only its title may be shown
    desk.publish()
    assert ids_of(desk.atom("boats")) == []  # the index knows nothing of it yet
    assert index.index(Index(database)) == 3
    assert due(desk, desk.now) == ["boats"]
    desk.publish()
    titles = [title.text for title in desk.atom("boats").findall("a:entry/a:title", NS)]
    assert titles == ["Found"]
    desk.arrive(title="Of something else", body="<p>x</p>", text="x")
    assert index.index(Index(database)) == 1
    assert due(desk, desk.now) == ["all"], "a story that it does not find leaves a search alone"
    desk.publish()
    page = read.feed(Archive(database), "boats", desk.now)
    assert page is not None
    assert [story.permission.title for story in page.stories] == ["Found"]
    desk.withdraw(desk.articles[0])
    assert due(desk, desk.now) == ["all", "boats"]
    desk.publish()
    assert notes(desk.atom("boats")) == ["Withdrawn by us"]
    assert len(ids_of(desk.atom("boats"))) == 1


def test_a_newsletters_editions_have_a_feed(database: Database) -> None:
    with database.write() as connection:
        put_publication(
            connection,
            sources=[a_source(id=0, rights=FULL)],
            feeds=[a_feed(slug="editions-morning", title="The Morning Sound: editions", newsletter="morning")],
        )
    desk = Desk(database)
    desk.arrive(2)
    desk.publish()
    assert ids_of(desk.atom("editions-morning")) == []
    with database.write() as connection:
        row = {
            "newsletter_id": 1,
            "cadence": "daily",
            "slot_local": "2026-05-08T06:30",
            "due_at": NOW,
            "created_at": NOW,
        }
        for number, state in enumerate(("settled", "review"), start=1):
            connection.execute(
                schema.edition.insert().values(**row | {"state": state, "slot_local": f"2026-05-0{number}T06:30"})
            )
        for position, article_id in enumerate(desk.articles):
            connection.execute(
                schema.edition_item.insert().values(
                    edition_id=1, newsletter_id=1, cadence="daily", story_id=article_id, article_id=article_id,
                    kind="new", rev=1, rev_key=0, position=position, reason="",
                )
            )  # fmt: skip
    assert due(desk, desk.now) == []
    desk.now += job.EDITIONS_AGAIN
    assert due(desk, desk.now) == ["editions-morning"]
    desk.publish()
    (entry,) = desk.atom("editions-morning").findall("a:entry", NS)
    assert entry.findtext("a:id", namespaces=NS) == f"{HOUSE.base_url}/editions/1"
    assert entry.findtext("a:title", namespaces=NS) == "The Morning Sound, 1 May 2026"
    assert entry.find("a:source", NS) is None  # it is our own
    content = entry.findtext("a:content", namespaces=NS) or ""
    assert content.count("<li>") == 2 and content.count("(Harbour Daily)") == 2
    with database.read() as connection:
        for format in FeedFormat:
            document = feeds.snapshot(connection, "editions-morning", format)
            assert document is not None
            assert warnings_of(document.data, format.value) == []
