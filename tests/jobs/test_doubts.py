"""A page that shows only the beginning, or asks for money, is held for a person; a whole one is live at once."""

from datetime import timedelta

import pytest

from syndication.jobs.collect import collect
from syndication.model.article import ArticleState
from syndication.model.rights import Rights, TextRight
from syndication.model.source import ArticleFrom
from syndication.storage import articles
from syndication.storage.library import Library
from tests.builders import NOW, a_source, put_publication
from tests.world import World, item, rss

FEED = "https://harbour-daily.example/feed"
STORY = "".join(
    f"<p>The ferry crosses the sound for the {n}th time this week, the harbour master said on the pier.</p>"
    for n in range(4, 9)
)


def _collected(database, page):
    source = a_source(id=0, article_from=ArticleFrom.PAGE, rights=Rights(text=TextRight.FULL))
    with database.write() as connection:
        put_publication(connection, sources=[source])
    world = World()
    world.puts(FEED, rss(item(1)))
    world.puts("https://harbour.example/news/1", page, type="text/html")
    library = Library(database)
    collect(exchange=world, library=library, clock=lambda: NOW + timedelta(minutes=1), jitter=lambda: 0.0)
    with database.read() as connection:
        (stored,) = articles.newest(connection, limit=9, states=tuple(ArticleState))
    return stored


def _page(body, title="Ferry 1 sails again"):
    return f"<html lang=en><body><article><h1>{title}</h1>{body}</article></body></html>"


def test_a_whole_page_is_live(database):
    assert _collected(database, _page(STORY)).state is ArticleState.LIVE


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (_page(f"{STORY}<p>Already a subscriber? Log in to read on.</p>"), "for those who pay"),
        (_page(f"{STORY}<p>And when the boat came in, […]</p>"), "only the beginning"),
        (
            _page(STORY.replace("ferry", "choir").replace("sound", "square"), "Choir looks for basses"),
            "does not show the title",
        ),
    ],
)
def test_a_doubtful_page_is_held_with_its_reason(database, page, reason):
    stored = _collected(database, page)
    assert stored.state is ArticleState.HELD
    assert reason in stored.article.flags[-1]
