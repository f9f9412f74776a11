"""Documents that are built when they are asked for: archive pages, and a reader's own feed."""

import gzip
from datetime import timedelta

import brotli
import feedparser
import pytest
from lxml import etree

from syndication.feeds.check import faults
from syndication.jobs import own_feed
from syndication.model.feed import FeedDocument, FeedFormat
from syndication.storage import feed_entries, schema
from syndication.storage.own_feeds import StoredOwnFeeds
from tests.builders import NOW, put_article

TOKEN = "a2" * 16
OTHER = "b3" * 16


@pytest.fixture
def filled(house):
    """So many stories that the archive has a page."""
    with house.database.write() as connection:
        for n in range(30):
            id = put_article(connection, source_id=1, title=f"Story {n}", published_at=NOW + timedelta(minutes=n))
            feed_entries.note_change(connection, id)
            feed_entries.mark_stale(connection, [id])
    house.publish()
    return house


def test_a_feed_leads_to_its_archive_and_the_archive_back(filled):
    root = etree.fromstring(filled.get("/feeds/all.atom").body)
    path = next(link.get("href") for link in root.iter("{*}link") if link.get("rel") == "prev-archive")
    assert path.endswith("/feeds/all/archive/1.atom")
    page = filled.get("/feeds/all/archive/1.atom")
    assert (page.status, page.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    assert faults(FeedDocument(FeedFormat.ATOM, page.body, '"x"', NOW)) == ()
    assert len(feedparser.parse(page.body).entries) == 25
    assert page.headers["cache-control"].startswith("public, max-age=3600")
    assert "sandbox" in page.headers["content-security-policy"]
    next_page = filled.get("/feeds/all/archive/2.atom")
    assert next_page.status == 307  # until there is one, the feed's own document comes next
    assert next_page.headers["location"] == f"{filled.publication.base_url}/feeds/all.atom"
    assert next_page.headers["cache-control"] == "no-store"


def test_a_page_is_conditional_and_comes_in_every_coding(filled):
    path = "/feeds/all/archive/1.atom"
    plain = filled.get(path)
    for coding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        packed = filled.get(path, {"Accept-Encoding": coding})
        assert packed.headers["content-encoding"] == coding
        assert unpack(packed.body) == plain.body
        assert packed.headers["etag"] != plain.headers["etag"]
        held = {"Accept-Encoding": coding, "If-None-Match": packed.headers["etag"]}
        assert (filled.get(path, held).status, filled.get(path, held).body) == (304, b"")
    head = filled.ask("HEAD", path)
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", plain.headers["etag"])


@pytest.mark.parametrize("name", ["0.atom", "-1.atom", "01.atom", "3.atom", "1.rss", "1", "9999999999.atom", "a.atom"])
def test_pub_14_no_other_page_is_there(filled, name):
    assert filled.get(f"/feeds/all/archive/{name}").status == 404
    assert filled.get("/feeds/none/archive/1.atom").status == 404


@pytest.fixture
def reader(house):
    """One confirmed subscription, and a feed of their own."""
    house.sign_up()
    house.post(house.confirm_path(), {"subscription": ["1"]})
    own_feed.give(StoredOwnFeeds(house.database), 1, TOKEN, NOW)
    return house


@pytest.mark.parametrize("format", list(FeedFormat))
def test_a_reader_has_a_feed_of_their_own(reader, format):
    path = f"/feeds/own-{TOKEN}.{format.value}"
    answer = reader.get(path)
    assert answer.status == 200
    assert answer.headers["content-type"] == format.media_type
    assert answer.headers["cache-control"] == "private, max-age=300"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert faults(FeedDocument(format, answer.body, '"x"', NOW)) == ()
    assert path in answer.text  # it names itself by its own address
    assert "hub" not in answer.headers.get("link", "")
    assert reader.get(path, {"If-None-Match": answer.headers["etag"]}).status == 304


def test_it_holds_what_their_digest_holds_and_nothing_that_they_muted(reader):
    path = f"/feeds/own-{TOKEN}.atom"
    whole = {entry.source.title for entry in feedparser.parse(reader.get(path).body).entries}
    assert whole == {"Harbour Daily", "Upland Post"}
    with reader.database.write() as connection:
        choice = {"topics": [], "partners": [], "muted_partners": ["upland-post"], "search": ""}
        connection.execute(schema.subscription.update().values(choice=choice))
    left = {entry.source.title for entry in feedparser.parse(reader.get(path).body).entries}
    assert left == {"Harbour Daily"}


def test_an_address_is_taken_back_at_once(reader):
    own = StoredOwnFeeds(reader.database)
    path = f"/feeds/own-{TOKEN}.atom"
    own_feed.give(own, 1, OTHER, NOW)  # a new address ends the one before
    assert reader.get(path).status == 404
    assert reader.get(f"/feeds/own-{OTHER}.atom").status == 200
    assert own.revoke(1, NOW) == 1
    assert reader.get(f"/feeds/own-{OTHER}.atom").status == 404
    assert own.revoke(1, NOW) == 0


def test_who_leaves_has_no_feed_any_more(reader):
    reader.post(reader.leave_path(), {})
    assert reader.get(f"/feeds/own-{TOKEN}.atom").status == 404


@pytest.mark.parametrize("name", ["own-", f"own-{'a' * 32}.atom", f"own-{TOKEN}", f"own-{TOKEN}.xml", "own-1.atom"])
def test_pub_13_no_address_is_found_by_guessing(reader, name):
    assert reader.get(f"/feeds/{name}").status == 404


def test_what_is_kept_does_not_tell_the_address(reader):
    rows = reader.rows(schema.personal_feed)
    assert len(rows) == 1
    assert TOKEN not in str(rows)
    with pytest.raises(ValueError, match="32 letters"):
        own_feed.give(StoredOwnFeeds(reader.database), 1, "short", NOW)
