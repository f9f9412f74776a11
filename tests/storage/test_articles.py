"""Articles read back: whole, in order, by choice, one of each story."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from syndication.model.article import Article, ArticleState, DecidedBy, Figure, RelatedLink, Removed
from syndication.model.choice import Choice
from syndication.storage import articles, feed_entries, revisions, schema, values, watch
from syndication.storage.database import Database
from tests.builders import NOW, a_partner, a_source, a_topic, an_article, put_article, put_publication


@pytest.fixture
def filled(database: Database) -> Database:
    """Two partners' sources, ids 1 and 2, and two topics."""
    other = a_partner(slug="shore-times", name="Shore Times", homepage="https://shore.example/")
    with database.write() as connection:
        put_publication(
            connection,
            sources=[a_source(id=0), a_source(id=0, partner=other)],
            topics=[a_topic(), a_topic(slug="arts", title="Arts")],
        )
    return database


def test_an_article_comes_back_whole(filled: Database) -> None:
    article = an_article(
        title="Tom & <Jerry> 🚢",
        figures=(Figure("https://harbour.example/a.jpg", caption="At noon", credit="A. Quay", alt="a ferry"),),
        related=(RelatedLink("More", "https://harbour.example/more"),),
        removed=(Removed("share-buttons", "Share this"),),
        flags=("no-date",),
        categories=("Shipping",),
        updated_at=NOW + timedelta(minutes=5),
    )
    with filled.write() as connection:
        id = put_article(connection, article, topics=["harbour", "arts"])
    with filled.read() as connection:
        stored = articles.get(connection, id)
        assert articles.get(connection, id + 1) is None
    assert stored is not None
    assert stored.article == article
    assert (stored.rev, stored.state, stored.leads, stored.backfill) == (1, ArticleState.LIVE, True, False)
    assert stored.topics == ("arts", "harbour")
    assert (stored.partner, stored.source_slug) == (a_partner(), "harbour-daily")
    assert stored.source_url == "https://harbour-daily.example/feed"


def test_articles_come_in_the_order_asked_for_and_unknown_ones_are_left_out(filled: Database) -> None:
    with filled.write() as connection:
        ids = [put_article(connection) for _ in range(5)]
    wanted = [ids[3], ids[0], 999, ids[4]]
    with filled.read() as connection:
        assert [one.id for one in articles.load(connection, wanted)] == [ids[3], ids[0], ids[4]]
        assert articles.load(connection, []) == []


def test_more_articles_than_one_question_takes(filled: Database) -> None:
    with filled.write() as connection:
        ids = [put_article(connection) for _ in range(articles.PART + 3)]
    with filled.read() as connection:
        assert [one.id for one in articles.load(connection, ids)] == ids


def test_newest_first_live_only_one_of_each_story(filled: Database) -> None:
    with filled.write() as connection:
        old = put_article(connection, published_at=NOW - timedelta(days=1))
        new = put_article(connection, published_at=NOW)
        same = put_article(
            connection, published_at=NOW, title="The same, elsewhere", story_id=1, leads=False, source_id=2
        )
        put_article(connection, state=ArticleState.HELD)
        put_article(connection, state=ArticleState.WITHDRAWN)
    with filled.read() as connection:
        assert [one.id for one in articles.newest(connection, limit=10)] == [new, old]
        assert [one.id for one in articles.newest(connection, limit=10, leaders_only=False)] == [same, new, old]
        assert [one.id for one in articles.newest(connection, limit=1)] == [new]
        (leader,) = [one for one in articles.newest(connection, limit=10) if one.id == old]
    assert [(link.article_id, link.title, link.partner) for link in leader.also_in] == [
        (same, "The same, elsewhere", "Shore Times")
    ]


def test_who_withdrew_it_is_told(filled: Database) -> None:
    with filled.write() as connection:
        theirs, ours, live = (put_article(connection) for _ in range(3))
        for id in (theirs, live):  # one that is looked for is live still
            guid = connection.scalar(sa.select(schema.article.c.guid).where(schema.article.c.id == id)) or ""
            watch.miss(connection, 1, [guid], NOW, lost=False)
        for id in (theirs, ours):
            assert watch.withdraw(connection, id, NOW)
    with filled.read() as connection:
        told = [one.taken_back for one in articles.load(connection, [theirs, ours, live])]
        gone = feed_entries.withdrawn(connection, [theirs, ours, live])
    assert told == [False, True, False]
    assert [(one.article_id, one.by_publisher) for one in gone] == [(theirs, True), (ours, False)]


def test_a_choice_means_in_sql_what_it_means_in_the_model(filled: Database) -> None:
    with filled.write() as connection:
        for source_id, topics in product((1, 2), ((), ("harbour",), ("arts",), ("arts", "harbour"))):
            put_article(connection, source_id=source_id, topics=topics)
    few = ((), ("harbour-daily",), ("shore-times", "unknown"), ("harbour-daily", "shore-times"))
    with filled.read() as connection:
        everything = articles.newest(connection, limit=100)
        assert len(everything) == 8
        for topics, partners, muted in product(((), ("arts",), ("harbour", "arts"), ("unknown",)), few, few):
            choice = Choice(topics=topics, partners=partners, muted_partners=muted)
            wanted = [one for one in everything if choice.wants(topics=one.topics, partner=one.partner.slug)]
            assert articles.newest(connection, choice=choice, limit=100) == wanted


def test_a_revision_that_comes_back_is_not_written_twice(filled: Database) -> None:
    first = an_article()
    second = replace(first, title="Corrected", fingerprint="other")
    with filled.write() as connection:
        id = put_article(connection, first)
        for n, text in enumerate((second, first, second)):
            revisions.revise(connection, id, text, entry_hash="", now=NOW + timedelta(hours=n + 1))
    with filled.read() as connection:
        stored = articles.get(connection, id)
        told = articles.revisions(connection, id)
    assert stored is not None
    assert (stored.rev, stored.article.title, stored.changed_at) == (2, "Corrected", NOW + timedelta(hours=3))
    assert [(one.rev, one.article.title, one.seen_at) for one in told] == [
        (1, first.title, NOW),
        (2, "Corrected", NOW + timedelta(hours=1)),
    ]


def test_a_topic_given_by_hand_outlasts_the_rules(filled: Database) -> None:
    with filled.write() as connection:
        id = put_article(connection)
        revisions.write_topics(connection, id, [("harbour", DecidedBy.HAND)])
        revisions.write_topics(connection, id, [("harbour", DecidedBy.RULE), ("arts", DecidedBy.PARTNER)])
        revisions.write_topics(connection, id, [("unknown", DecidedBy.RULE)])
    with filled.read() as connection:
        stored = articles.get(connection, id)
    assert stored is not None
    assert stored.topics == ("harbour",)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    st.builds(
        an_article,
        title=TEXT,
        body=TEXT,
        flags=st.lists(TEXT, max_size=2).map(tuple),
        figures=st.lists(st.builds(Figure, TEXT, TEXT, TEXT, TEXT), max_size=2).map(tuple),
        related=st.lists(st.builds(RelatedLink, TEXT, TEXT), max_size=2).map(tuple),
        removed=st.lists(st.builds(Removed, TEXT, TEXT), max_size=2).map(tuple),
        updated_at=st.none() | st.just(NOW),
    )
)
def test_what_is_written_of_an_article_reads_back_the_same(article: Article) -> None:
    written = orjson.loads(orjson.dumps(values.article_to_json(article)))
    assert values.article_from_json(written) == article
