"""What was answered once is answered again word for word, and never after it changed."""

from syndication.storage import feeds
from syndication.web.recall import BYTES_MAX, HEADERS_MAX, KEPT_MAX, Recall, answer, word_for_word
from tests.builders import NOW, put_article


def scope(path=b"/feeds/all.rss", method="GET", headers=((b"host", b"news.example"),)):
    return {"method": method, "raw_path": path, "headers": list(headers)}


def test_what_was_asked_is_told_apart_by_every_word():
    recall = Recall()
    recall.keep(word_for_word(scope()), answer(200, (), b"rss"))
    assert recall.of(word_for_word(scope()))[1]["body"] == b"rss"
    for other in (
        scope(path=b"/feeds/all.atom"),
        scope(path=b"/feeds/all.rss?x"),
        scope(method="HEAD"),
        scope(headers=[(b"host", b"evil.example")]),
        scope(headers=[(b"host", b"news.example"), (b"if-none-match", b"*")]),
        scope(headers=[]),
    ):
        assert recall.of(word_for_word(other)) is None


def test_what_is_kept_has_a_bound():
    recall = Recall()
    for asked in (
        scope(path=b"/" + b"x" * BYTES_MAX),
        scope(headers=[(b"x", b"y" * BYTES_MAX)]),
        scope(headers=[(b"x", b"%d" % number) for number in range(HEADERS_MAX + 1)]),
    ):
        recall.keep(word_for_word(asked), answer(200, (), b""))
        assert recall.of(word_for_word(asked)) is None
    for number in range(KEPT_MAX + 1):
        recall.keep(word_for_word(scope(path=b"/%d" % number)), answer(200, (), b""))
    assert recall.of(word_for_word(scope(path=b"/%d" % (KEPT_MAX - 1)))) is not None
    assert recall.of(word_for_word(scope(path=b"/%d" % KEPT_MAX))) is None


def test_pub_18_what_was_asked_before_is_answered_anew_once_the_feed_has_changed(house):
    first = house.get("/feeds/all.rss")
    assert house.get("/feeds/all.rss").body == first.body
    assert house.get("/feeds/all.rss", {"If-None-Match": first.headers["etag"]}).status == 304
    with house.database.write() as connection:
        put_article(connection, source_id=1, title="A new pier", published_at=NOW)
        feeds.mark_all_stale(connection)
    house.publish()
    again = house.get("/feeds/all.rss")
    assert b"A new pier" in again.body and again.headers["etag"] != first.headers["etag"]
    assert house.get("/feeds/all.rss", {"If-None-Match": first.headers["etag"]}).status == 200


def test_pub_10_a_foreign_name_is_refused_also_after_our_own_was_answered(house):
    assert house.get("/feeds/all.rss").status == 200
    assert house.get("/feeds/all.rss", {"Host": "evil.example"}).status == 421
    assert house.get("/feeds/all.rss").status == 200
