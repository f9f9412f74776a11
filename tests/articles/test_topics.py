"""A topic is decided by rule, mapped category or partner default, and says by which."""

import pytest

from syndication.articles.topics import decide
from syndication.model.article import DecidedBy
from syndication.model.feed import Topic
from tests.builders import a_source, an_article

SEA = Topic("sea", "The sea", words=("ferry", "fishing fleet", "C++"), categories=("Maritime",))
FOOD = Topic("food", "Food", words=("bread",), categories=("Food & Drink",))
TOWN = Topic("town", "The town")
TOPICS = (SEA, FOOD, TOWN)


@pytest.mark.parametrize(
    ("article", "source", "decided"),
    [
        ({"title": "Ferry returns", "excerpt": ""}, {}, (("sea", DecidedBy.RULE),)),
        ({"title": "x", "excerpt": "The FISHING\nfleet is out."}, {}, (("sea", DecidedBy.RULE),)),
        ({"title": "C++ on board", "excerpt": ""}, {}, (("sea", DecidedBy.RULE),)),
        ({"title": "Ferryman Roe retires", "excerpt": "Transferry"}, {}, ()),
        ({"title": "x", "excerpt": "", "categories": ("food  & drink",)}, {}, (("food", DecidedBy.CATEGORY),)),
        ({"title": "x", "excerpt": ""}, {"topics": ("town",)}, (("town", DecidedBy.PARTNER),)),
        (
            {"title": "Bread by ferry", "excerpt": "", "categories": ("Maritime",)},
            {"topics": ("sea", "town", "unknown")},
            (("sea", DecidedBy.RULE), ("food", DecidedBy.RULE), ("town", DecidedBy.PARTNER)),
        ),
        ({"title": "x", "excerpt": ""}, {}, ()),
    ],
)
def test_topics_are_decided_by_the_strongest_rule(article, source, decided):
    assert decide(an_article(**article), a_source(**source), TOPICS) == decided


def test_a_topic_without_words_takes_nothing_by_rule():
    assert decide(an_article(title=""), a_source(), (Topic("x", "X", words=("", " ")),)) == ()
