"""Posts as WordPress' REST interface lists them, read like a feed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from syndication.errors import ParseError
from syndication.sources.parse import parse_feed

URL = "https://valley.example/wp-json/wp/v2/posts?per_page=20"


def a_post(**given: Any) -> dict[str, Any]:
    usual = {
        "id": 17,
        "date_gmt": "2026-05-07T05:00:00",
        "modified_gmt": "2026-05-07T06:00:00",
        "guid": {"rendered": "https://valley.example/?p=17"},
        "link": "https://valley.example/2026/05/the-bridge/",
        "title": {"rendered": "The bridge &#8211; open &amp; free"},
        "content": {"rendered": '<p>It <a href="../04/plan/">was planned</a>.</p>', "protected": False},
        "excerpt": {"rendered": "<p>It was planned.</p>", "protected": False},
        "_embedded": {
            "author": [{"name": "Ada Brook"}],
            "wp:term": [[{"name": "Roads"}, {"name": "Roads"}], [{"name": "bridge &amp; tunnel"}]],
            "wp:featuredmedia": [
                {"source_url": "/media/bridge.jpg", "caption": {"rendered": "<p>The bridge (Photo: Ada Brook)</p>"}}
            ],
        },
    }
    return usual | given


def read(*posts: object, url: str = URL):  # type: ignore[no-untyped-def]
    return parse_feed(json.dumps(posts).encode(), url=url, headers={"content-type": "application/json"})


def test_a_post_is_read_with_all_that_its_site_says() -> None:
    feed = read(a_post())
    assert (feed.dialect, feed.title, feed.url) == ("wordpress rest", "valley.example", "https://valley.example/")
    (entry,) = feed.entries
    assert entry.id == "https://valley.example/?p=17"
    assert entry.url == "https://valley.example/2026/05/the-bridge/"
    assert entry.title == "The bridge – open & free"
    assert entry.content_html == '<p>It <a href="https://valley.example/2026/05/04/plan/">was planned</a>.</p>'
    assert entry.summary_html == "<p>It was planned.</p>"
    assert entry.published == datetime(2026, 5, 7, 5, tzinfo=UTC)
    assert entry.updated == datetime(2026, 5, 7, 6, tzinfo=UTC)
    assert [author.name for author in entry.authors] == ["Ada Brook"]
    assert entry.categories == ("Roads", "bridge & tunnel")
    assert [(picture.url, picture.caption) for picture in entry.pictures] == [
        ("https://valley.example/media/bridge.jpg", "The bridge (Photo: Ada Brook)")
    ]


def test_a_post_behind_a_password_shows_no_text() -> None:
    (entry,) = read(a_post(content={"rendered": "<p>secret</p>", "protected": True})).entries
    assert entry.content_html is None


def test_col_17_one_that_is_no_post_is_set_aside_and_the_rest_goes_on() -> None:
    feed = read(a_post(), {"code": "rest_forbidden"}, 7, a_post(date_gmt="0000-00-00T00:00:00", _embedded=None))
    assert [entry.published for entry in feed.entries][1:] == [None]
    assert [aside.position for aside in feed.set_aside] == [1, 2]


@pytest.mark.parametrize("top", [[], [1, 2], [{"title": "no post"}], [[[[]]]]])
def test_another_list_is_no_feed(top: list[object]) -> None:
    with pytest.raises(ParseError, match="not a feed"):
        read(*top)


@pytest.mark.parametrize(
    "broken",
    [
        {"title": {}},
        {"guid": 5},
        {"content": {"rendered": None}},
        {"_embedded": {"author": {"name": 3}, "wp:term": "x"}},
    ],
)
def test_a_post_with_odd_fields_is_still_read(broken: dict[str, Any]) -> None:
    assert len(read(a_post(**broken)).entries) == 1
