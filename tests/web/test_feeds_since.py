"""RFC 3229 with `A-IM: feed`: who says what they hold is told what came since, and no more."""

import feedparser
import orjson
import pytest
import sqlalchemy as sa

from syndication.feeds.check import faults
from syndication.model.feed import FeedDocument, FeedFormat
from syndication.storage import feed_entries, schema, watch
from syndication.web.shelf import EARLIER_MAX
from tests.builders import NOW, put_article

ASKED = {"A-IM": "feed"}


def arrive(house, title: str) -> None:
    with house.database.write() as connection:
        id = put_article(connection, source_id=1, title=title, published_at=NOW)
        feed_entries.mark_stale(connection, [id])
    house.publish()


def titles(answer, format: FeedFormat) -> list[str]:
    assert faults(FeedDocument(format, answer.body, '"x"', NOW)) == ()
    if format is FeedFormat.JSON:
        return [item["title"] for item in orjson.loads(answer.body)["items"]]
    return [entry.title for entry in feedparser.parse(answer.body).entries]


@pytest.mark.parametrize("format", list(FeedFormat))
def test_what_came_since_is_told_and_no_more(house, format):
    path = f"/feeds/all.{format.value}"
    first = house.get(path).headers["etag"]
    arrive(house, "A new quay opens")
    second = house.get(path, ASKED | {"If-None-Match": first})
    assert second.status == 226
    assert titles(second, format) == ["A new quay opens"]
    whole = house.get(path)
    assert second.headers["im"] == "feed"
    assert second.headers["etag"] == whole.headers["etag"]
    assert second.headers["content-type"] == whole.headers["content-type"]
    assert second.headers["cache-control"] == "no-store, im"
    assert "A-IM" in second.headers["vary"]
    assert "sandbox" in second.headers["content-security-policy"]
    assert house.get(path, ASKED | {"If-None-Match": second.headers["etag"]}).status == 304
    arrive(house, "It closes again")
    assert titles(house.get(path, ASKED | {"If-None-Match": first}), format) == ["It closes again", "A new quay opens"]
    both = f"{first}, {second.headers['etag']}"
    assert titles(house.get(path, ASKED | {"If-None-Match": both}), format) == ["It closes again"]


def test_only_who_asks_and_is_known_gets_a_part(house):
    path = "/feeds/all.atom"
    first = house.get(path, {"Accept-Encoding": "gzip"}).headers["etag"]
    arrive(house, "A new quay opens")
    held = {"If-None-Match": first, "Accept-Encoding": "gzip"}
    assert house.get(path, held | {"A-IM": "vcdiff, FEED;q=0.5"}).status == 226
    for asked in ({}, {"A-IM": "vcdiff"}, {"A-IM": "feeds"}, {"A-IM": ""}):
        assert house.get(path, held | asked).status == 200
    assert house.get(path, ASKED).status == 200
    assert house.get(path, ASKED | {"If-None-Match": '"unknown"'}).status == 200
    assert house.ask("HEAD", path, held | ASKED).status == 200
    assert house.get("/feeds/all", held | ASKED | {"Accept": "application/atom+xml"}).status == 226


def test_who_keeps_a_copy_gets_a_tombstone_and_everybody_else_a_note(house):
    arrive(house, "A new quay opens")
    held = house.get("/feeds/all.atom").headers["etag"]
    with house.database.write() as connection:
        id = connection.scalar(sa.select(sa.func.max(schema.article.c.id)))
        assert watch.withdraw(connection, id, NOW)
        feed_entries.mark_stale(connection, [id])
    house.publish()
    part = house.get("/feeds/all.atom", ASKED | {"If-None-Match": held})
    assert part.status == 226
    assert part.text.count("<at:deleted-entry ") == 1 and "<entry" not in part.text
    whole = house.get("/feeds/all.atom").text
    assert "at:deleted-entry" not in whole and "<title>Withdrawn by us</title>" in whole
    assert "A new quay opens" not in whole


def test_what_is_long_ago_is_forgotten(house):
    path = "/feeds/all.atom"
    first = house.get(path).headers["etag"]
    for n in range(EARLIER_MAX - 1):
        arrive(house, f"Story {n}")
    assert house.get(path, ASKED | {"If-None-Match": first}).status == 226
    arrive(house, "One more")
    assert house.get(path, ASKED | {"If-None-Match": first}).status == 200
