"""The newest come first, a story comes once, and nothing that was not asked for."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from syndication.articles.select import choose
from syndication.model.article import ArticleState
from syndication.model.choice import Choice
from tests.builders import NOW, a_partner, a_stored

OTHER = a_partner(slug="courier", name="Courier")


def _stored(n, **more):
    return a_stored(**({"id": n, "story_id": n, "published_at": NOW + timedelta(minutes=n), "leads": True} | more))


def _ids(articles, choice=None, limit=10):
    return [stored.id for stored in choose(articles, choice or Choice(), limit=limit)]


def test_newest_first_and_no_more_than_asked_for():
    assert _ids([_stored(1), _stored(3), _stored(2)]) == [3, 2, 1]
    assert _ids([_stored(1), _stored(3), _stored(2)], limit=2) == [3, 2]
    assert _ids([_stored(1, published_at=NOW), _stored(2, published_at=NOW)]) == [2, 1]


def test_a_story_comes_once_by_its_leader():
    assert _ids([_stored(1), _stored(2, story_id=1, leads=False)]) == [1]


def test_where_the_leader_is_not_asked_for_another_telling_stands():
    tellings = [_stored(1), _stored(2, story_id=1, leads=False, partner=OTHER)]
    assert _ids(tellings, Choice(partners=("courier",))) == [2]
    assert _ids(tellings, Choice(muted_partners=("harbour-daily",))) == [2]


def test_held_and_withdrawn_are_not_chosen():
    assert _ids([_stored(1, state=ArticleState.HELD), _stored(2, state=ArticleState.WITHDRAWN), _stored(3)]) == [3]


def test_topics_are_asked_for_by_any():
    articles = [_stored(1, topics=("sea",)), _stored(2, topics=("food", "town")), _stored(3)]
    assert _ids(articles, Choice(topics=("sea", "food"))) == [2, 1]


@given(st.lists(st.tuples(st.integers(1, 5), st.booleans(), st.integers(0, 5)), max_size=20), st.integers(0, 6))
def test_each_story_once_and_in_order(rows, limit):
    articles = [
        _stored(n, story_id=story, leads=leads, published_at=NOW + timedelta(hours=hours))
        for n, (story, leads, hours) in enumerate(rows, start=1)
    ]
    chosen = choose(articles, Choice(), limit=limit)
    assert len({stored.story_id for stored in chosen}) == len(chosen) == min(limit, len({row[0] for row in rows}))
    moments = [stored.article.published_at for stored in chosen]
    assert moments == sorted(moments, reverse=True)
