"""Feeds over HTTP: from memory, with validators that mean what they say."""

import json
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import feedparser
import pytest

from tests.builders import NOW, put_article

TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


@pytest.mark.parametrize("format", TYPES)
def test_pub_18_a_feed_is_served_with_validators_and_unchanged_is_304(still, format):
    path = f"/feeds/all.{format}"
    first = still.get(path)
    assert (first.status, first.headers["content-type"]) == (200, TYPES[format])
    etag = first.headers["etag"]
    assert etag.startswith('"')
    assert int(first.headers["content-length"]) == len(first.body)
    again = still.get(path, {"If-None-Match": etag})
    assert (again.status, again.body) == (304, b"")
    for name in ("etag", "last-modified", "cache-control", "content-security-policy"):
        assert again.headers[name] == first.headers[name]
    assert still.get(path).headers["etag"] == etag
    head = still.ask("HEAD", path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == first.headers["content-length"]


def test_pub_18_what_is_served_parses_and_carries_the_stories(still):
    for format in ("rss", "atom"):
        parsed = feedparser.parse(still.get(f"/feeds/all.{format}").body)
        assert not parsed.bozo
        assert "The ferry sails again" in [entry.title for entry in parsed.entries]
    feed = json.loads(still.get("/feeds/all.json").body)
    assert len(feed["items"]) == 3


@pytest.mark.parametrize(
    ("conditions", "status"),
    [
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": "W/{etag}"}, 304),  # weakened on its way
        ({"If-None-Match": '"a", {etag}'}, 304),
        ({"If-None-Match": '"a"'}, 200),
        ({"If-None-Match": "nonsense"}, 200),
        ({"If-Modified-Since": "{modified}"}, 304),
        ({"If-Modified-Since": "{later}"}, 304),
        ({"If-Modified-Since": "{earlier}"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-Modified-Since": "Thu, 99 Foo 2026 99:99:99 GMT"}, 200),
        ({"If-None-Match": '"a"', "If-Modified-Since": "{later}"}, 200),  # the tag outranks the date
    ],
)
def test_conditions_are_read_as_rfc_9110_says(still, conditions, status):
    first = still.get("/feeds/all.atom")
    modified = parsedate_to_datetime(first.headers["last-modified"])
    known = {
        "etag": first.headers["etag"],
        "modified": first.headers["last-modified"],
        "later": format_datetime(modified + timedelta(days=1), usegmt=True),
        "earlier": format_datetime(modified - timedelta(days=1), usegmt=True),
    }
    asked = {name: value.format(**known) for name, value in conditions.items()}
    assert still.get("/feeds/all.atom", asked).status == status


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/rss+xml", "application/rss+xml"),
        ("application/atom+xml, application/rss+xml;q=0.9", "application/atom+xml"),
        ("application/feed+json", "application/feed+json"),
        ("application/json", "application/feed+json"),
        ("application/xml", "application/rss+xml"),
        ("*/*", "application/atom+xml"),
        ("", "application/atom+xml"),
        ("text/*", "text/html"),
        (BROWSER, "text/html"),
        ("application/atom+xml;q=0, */*;q=0.1", "application/rss+xml"),
        ("q=;;;,,,;q=x", "application/atom+xml"),
    ],
)
def test_one_address_serves_the_form_that_is_asked_for(still, accept, kind):
    answer = still.get("/feeds/all", {"Accept": accept} if accept else {})
    assert answer.status == 200
    assert answer.headers["content-type"].startswith(kind)
    assert "Accept" in answer.headers["vary"]
    if kind == "text/html":  # it holds a form, drawn for one visitor
        assert answer.headers["cache-control"] == "no-store"
        return
    again = still.get("/feeds/all", {"Accept": accept, "If-None-Match": answer.headers["etag"]})
    assert (again.status, again.headers["vary"]) == (304, answer.headers["vary"])


def test_pub_18_no_script_runs_in_a_feed_that_is_opened_in_a_browser(still):
    for path in ("/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json", "/opml"):
        headers = still.get(path).headers
        assert "sandbox" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]  # default-src 'none' forbids it
        assert headers["x-content-type-options"] == "nosniff"
    assert b"<script>" not in still.get("/feeds/all.rss").body


def test_a_change_is_on_the_shelf_without_a_restart(house):
    before = house.get("/feeds/all.atom").headers["etag"]
    with house.database.write() as connection:
        put_article(connection, source_id=1, title="A new quay opens", published_at=NOW)
        from syndication.storage import feeds

        feeds.mark_all_stale(connection)
    house.publish()
    after = house.get("/feeds/all.atom", {"If-None-Match": before})
    assert after.status == 200
    assert b"A new quay opens" in after.body


def test_feeds_are_served_while_the_database_is_away(house, database):
    def away():
        raise RuntimeError("away")

    held = house.shelf._marks
    house.shelf._marks = away
    try:
        assert house.get("/feeds/all.rss").status == 200
    finally:
        house.shelf._marks = held


@pytest.mark.parametrize("path", ["/feeds/none", "/feeds/none.rss", "/feeds/all.xml", "/feeds/", "/feeds/all.rss.atom"])
def test_an_unknown_feed_is_404(still, path):
    assert still.get(path, {"Accept": "application/rss+xml"}).status == 404


def test_pub_11_queries_cookies_and_languages_change_nothing(still):
    for path in ("/feeds/all.rss", "/articles/1", "/archive", "/editions/1"):
        plain = still.get(path)
        dressed = still.get(
            path + "?lang=fr&utm_source=x&page=2",
            {
                "Accept-Language": "fr",
                "Cookie": "a=b",
                "User-Agent": "x",
                "X-Requested-With": "y",
                "Accept": "text/plain",
            },
        )
        assert (dressed.status, dressed.body) == (plain.status, plain.body)
        assert dressed.headers["etag"] == plain.headers["etag"]
        assert "set-cookie" not in dressed.headers
