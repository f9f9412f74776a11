"""Identity hangs on what publishers change least; the fingerprint on what a reader sees (PAR-07)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.articles.compare import compare
from syndication.articles.identify import GUID_CHARS_MAX, canonical_url, distinguish, fingerprint, guid_for
from syndication.model.article import Article, Figure
from syndication.model.source import Entry

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


def _article(guid="a", **more):
    values = {
        "source_id": 1,
        "guid": guid,
        "url": "https://coast.example/a",
        "publisher_guid": "",
        "title": "Title",
        "byline": "",
        "publisher": "Coast",
        "publisher_url": "",
        "excerpt": "Excerpt.",
        "body": "",
        "text": "",
        "language": "",
        "published_at": NOON,
        "first_seen_at": NOON,
    }
    article = Article(**(values | more))
    return replace(article, fingerprint=fingerprint(article))


@pytest.mark.parametrize(
    ("url", "out"),
    [
        ("HTTP://Coast.Example:80/A", "http://coast.example/A"),
        ("https://coast.example:443", "https://coast.example/"),
        ("https://coast.example:8443/x", "https://coast.example:8443/x"),
        ("https://coast.example/a?utm_source=x&id=7&fbclid=y#top", "https://coast.example/a?id=7"),
        ("https://coast.example/a?utm_campaign=x", "https://coast.example/a"),
        ("https://coast.example/a?p=1&p=2", "https://coast.example/a?p=1&p=2"),
        ("https://coast.example/x/../a/./b", "https://coast.example/a/b"),
        ("https://coast.example/%7euser/%c3%a4", "https://coast.example/~user/%C3%A4"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("javascript:alert(1)", ""),
        ("/relative", ""),
        ("", ""),
    ],
)
def test_a_link_has_one_spelling(url, out):
    assert canonical_url(url) == out
    assert canonical_url(out) == out


@given(st.text())
def test_the_canonical_spelling_is_its_own(url):
    once = canonical_url(f"https://coast.example/{url}")
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("entry", "guid"),
    [
        (Entry(id="https://Coast.example/?p=12", url="https://coast.example/a", title="T"), "coast.example/?p=12"),
        (Entry(id="http://coast.example/?p=12", url=None, title="T"), "coast.example/?p=12"),
        (Entry(id="tag:coast.example,2026:12", url=None, title="T"), "tag:coast.example,2026:12"),
        (Entry(id=" 12\x00 ", url=None, title="T"), "12"),
        (Entry(id="", url="https://coast.example/a?utm_source=rss", title="T"), "coast.example/a"),
        (Entry(id=None, url="http://coast.example/a", title="T"), "coast.example/a"),
        (Entry(id=None, url="javascript:x", title=" The  Title", published=NOON), "title:2026-05-12:the title"),
        (Entry(id=None, url=None, title="T"), "title:undated:t"),
    ],
)
def test_par_07_identity_falls_back_by_rule(entry, guid):
    assert guid_for(entry) == guid


def test_par_07_an_entry_with_nothing_to_go_by_still_has_an_identity():
    bare = Entry(id=None, url=None, title="", content_html="<p>x</p>")
    assert (
        guid_for(bare)
        == guid_for(replace(bare, content_html="<div>x</div>"))
        != guid_for(replace(bare, content_html="y"))
    )


def test_par_07_an_id_given_to_several_links_is_no_id():
    entries = [Entry(id="0", url=f"https://coast.example/{n}", title="T") for n in range(3)]
    assert [guid_for(entry) for entry in distinguish(entries)] == [f"coast.example/{n}" for n in range(3)]
    twice = [
        Entry(id="7", url="https://coast.example/a", title="T"),
        Entry(id="7", url="https://coast.example/a?utm_source=x", title="T"),
    ]
    assert {guid_for(entry) for entry in distinguish(twice)} == {"7"}


def test_a_very_long_id_is_capped_and_still_tells_apart():
    one, other = (guid_for(Entry(id="x" * 5000 + end, url=None, title="")) for end in "ab")
    assert one != other
    assert len(one) <= GUID_CHARS_MAX


def test_par_05_and_07_an_identity_can_always_be_stored():
    guid = guid_for(Entry(id="a\ud800\uffff\x0bb", url=None, title=""))
    guid.encode()
    assert guid == "a b"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "x"},
        {"byline": "x"},
        {"excerpt": "x"},
        {"body": "x"},
        {"url": "x"},
        {"publisher": "x"},
        {"figures": (Figure("x"),)},
    ],
)
def test_what_a_reader_sees_makes_another_fingerprint(change):
    assert _article(**change).fingerprint != _article().fingerprint


def test_dates_and_what_was_removed_make_none():
    later = NOON.replace(hour=13)
    assert (
        _article(published_at=later, first_seen_at=later, updated_at=later, flags=("x",)).fingerprint
        == _article().fingerprint
    )


def test_a_poll_is_split_into_new_and_changed():
    known = {"a": _article("a").fingerprint, "b": _article("b").fingerprint, "gone": "x"}
    changes = compare([_article("a"), _article("b", title="Other"), _article("c")], known)
    assert [article.guid for article in changes.new] == ["c"]
    assert [article.guid for article in changes.changed] == ["b"]


def test_par_07_an_article_listed_twice_counts_once_and_the_newer_wins():
    older, newer = _article("a", title="Older"), _article("a", title="Newer", updated_at=NOON.replace(hour=14))
    for order in ([older, newer], [newer, older]):
        assert [article.title for article in compare(order, {}).new] == ["Newer"]
    assert compare([_article("a", title="First"), _article("a", title="Second")], {}).new[0].title == "First"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y"]))))
def test_a_poll_told_again_brings_nothing(told):
    articles = [_article(guid, title=title) for guid, title in told]
    first = compare(articles, {})
    known = {article.guid: article.fingerprint for article in first.new}
    again = compare(articles, known)
    assert not again.new
    assert not again.changed
