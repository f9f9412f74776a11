"""What is filed, where it stands, and what of a document is newer than somebody's copy."""

from dataclasses import replace
from datetime import datetime

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from syndication.feeds.archive import Filing, delta, file, place_of_feed, place_of_page
from syndication.feeds.build import build, write
from syndication.feeds.check import faults
from syndication.feeds.item import items_of
from syndication.model.feed import Feed, FeedDocument, FeedEntry, FeedFormat, Withdrawn
from tests.builders import NOW, a_partner, a_permission, a_publication, a_stored
from tests.feeds.advice import warnings_of

HOUSE = a_publication()
FEED = Feed(id=1, slug="all", title="All of it", description="", items_max=4)
NS = {
    "a": "http://www.w3.org/2005/Atom",
    "fh": "http://purl.org/syndication/history/1.0",
    "at": "http://purl.org/atompub/tombstones/1.0",
}


def entries(*articles: int, **given: object) -> list[FeedEntry]:
    return [FeedEntry(1, article, 1, id=n, **given) for n, article in enumerate(articles, start=1)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("articles", "shown", "pages"),
    [
        ([], [], ()),
        ([1], [1], ()),
        ([1, 2], [1, 2], ((1, 2),)),  # half a document makes a page
        ([1, 2, 3], [1, 2, 3], ((1, 2),)),
        ([1, 2, 3, 4, 5], [3, 4, 5], ((1, 2), (3, 4))),
        ([1], [], ((1,),)),  # it has left the document: nobody must miss it
        ([1, 2, 3], [1, 2], ((1, 2), (3,))),
    ],
)
def test_a_page_is_filed_when_there_is_enough_or_when_something_has_left(articles, shown, pages):
    assert file(entries(*articles), {(article, 1) for article in shown}, FEED) == Filing(pages)


def test_what_was_said_again_before_it_was_filed_is_dropped():
    twice = [FeedEntry(1, 7, 1, id=1, is_current=False), FeedEntry(1, 7, 2, id=2)]
    assert file(twice, {(7, 2)}, FEED) == Filing((), (1,))
    withdrawn = [FeedEntry(1, 7, 1, id=1), FeedEntry(1, 7, 1, withdrawn=True, id=2)]
    assert file(withdrawn, {(7, 0)}, FEED) == Filing((), (1,))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.booleans()), max_size=30), st.sets(st.integers(1, 6)), st.integers(1, 9)
)
def test_everything_is_in_a_page_or_in_the_document(said, shown, items_max):
    unfiled = [FeedEntry(1, article, 1, withdrawn=gone, id=n) for n, (article, gone) in enumerate(said, start=1)]
    feed = Feed(1, "all", "All", "", items_max=items_max)
    now_shown = {(article, rev) for article in shown for rev in (0, 1)}
    filing = file(unfiled, now_shown, feed)
    filed = [id for page in filing.pages for id in page]
    assert filed == sorted(filed)
    assert len(set(filed) | set(filing.dropped)) == len(filed) + len(filing.dropped)
    for one in unfiled:
        said_later = any(other.article_id == one.article_id and other.id > one.id for other in unfiled)
        assert one.id in filed or one.article_id in shown or said_later
    assert all(1 <= len(page) <= max(1, min(25, items_max // 2)) for page in filing.pages)


def test_a_page_says_what_it_is_and_what_lies_beside_it():
    items = items_of(HOUSE, [(a_stored(), a_permission())])
    document = write(FEED, HOUSE, items, FeedFormat.ATOM, place=place_of_page(FEED, 2))
    root = etree.fromstring(document.data)
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", NS)}
    base = f"{HOUSE.base_url}/feeds/all"
    assert root.find("fh:archive", NS) is not None
    assert links == {
        "self": f"{base}/archive/2.atom",
        "current": f"{base}.atom",
        "prev-archive": f"{base}/archive/1.atom",
        "next-archive": f"{base}/archive/3.atom",
        "alternate": f"{HOUSE.base_url}/",
    }
    assert root.findtext("a:id", namespaces=NS) == base  # one feed, told in several documents
    assert faults(document) == ()
    first = etree.fromstring(write(FEED, HOUSE, items, FeedFormat.ATOM, place=place_of_page(FEED, 1)).data)
    assert "prev-archive" not in {link.get("rel") for link in first.findall("a:link", NS)}


def test_the_feeds_own_document_leads_to_its_archive_and_to_the_hubs():
    place = place_of_feed(FEED, "atom", 3, ("https://hub.example/",))
    root = etree.fromstring(write(FEED, HOUSE, [], FeedFormat.ATOM, place=place).data)
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", NS)}
    assert links["prev-archive"] == f"{HOUSE.base_url}/feeds/all/archive/3.atom"
    assert links["hub"] == "https://hub.example/"
    rss = place_of_feed(FEED, "rss", 3, ("https://hub.example/",))
    channel = etree.fromstring(write(FEED, HOUSE, [], FeedFormat.RSS, place=rss).data)[0]
    assert [link.get("rel") for link in channel.findall("a:link", NS)] == ["self", "hub"]
    json = write(FEED, HOUSE, [], FeedFormat.JSON, place=place_of_feed(FEED, "json", 3, ("https://hub.example/",)))
    assert orjson.loads(json.data)["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]


GONE = Withdrawn(7, "https://harbour.example/?p=7", a_partner(), NOW, NOW)


def test_a_withdrawal_is_said_as_each_format_can_say_it():
    shown = [(a_stored(id=8), a_permission())]
    atom, rss, json = (
        build(FEED, HOUSE, shown, format, gone=[GONE]) for format in (FeedFormat.ATOM, FeedFormat.RSS, FeedFormat.JSON)
    )
    told = etree.fromstring(atom.data).findall("a:entry", NS)[-1]
    assert told.findtext("a:id", namespaces=NS) == "https://harbour.example/?p=7"
    assert told.findtext("a:title", namespaces=NS) == "Withdrawn by Harbour Daily"
    note = etree.fromstring(rss.data).findall("channel/item")[-1]
    assert note.findtext("guid") == "https://harbour.example/?p=7"
    assert note.findtext("title") == "Withdrawn by Harbour Daily"
    assert note.findtext("description") == "<p>Harbour Daily has withdrawn this story.</p>"
    item = orjson.loads(json.data)["items"][-1]
    assert (item["id"], item["_syndication"]["withdrawn_at"]) == ("https://harbour.example/?p=7", NOW.isoformat())
    assert [faults(document) for document in (atom, rss, json)] == [(), (), ()]
    assert [warnings_of(one.data, one.format.value) for one in (atom, rss, json)] == [[], [], []]


def test_who_keeps_a_copy_is_told_what_to_remove():
    shown = [
        (a_stored(id=8), a_permission(body='<p>&lt;category scheme="http://purl.org/atompub/tombstones/1.0"&gt;</p>'))
    ]
    whole = build(FEED, HOUSE, shown, FeedFormat.ATOM, gone=[GONE])
    told = etree.fromstring(delta(whole, [0, 1]))
    (stone,) = told.findall("at:deleted-entry", NS)
    assert stone.get("ref") == "https://harbour.example/?p=7"
    assert datetime.fromisoformat(stone.get("when") or "").replace(microsecond=0) == NOW
    assert len(told.findall("a:entry", NS)) == 1
    assert b"deleted-entry xmlns" not in delta(whole, [0])


def test_what_we_took_back_ourselves_is_not_said_of_its_publisher():
    rss = build(FEED, HOUSE, [], FeedFormat.RSS, gone=[replace(GONE, by_publisher=False)])
    (note,) = etree.fromstring(rss.data).findall("channel/item")
    assert note.findtext("title") == "Withdrawn by us"
    assert note.findtext("description") == "<p>We have taken this story back.</p>"


def document(format: FeedFormat, count: int) -> FeedDocument:
    feed = Feed(1, "all", "All", "", items_max=50)
    return build(feed, HOUSE, [(a_stored(id=n), a_permission(title=f"Story {n}")) for n in range(1, count + 1)], format)


@pytest.mark.parametrize("format", list(FeedFormat))
@pytest.mark.parametrize("wanted", [[], [0], [3], [0, 2], [0, 1, 2, 3]])
def test_a_delta_is_the_document_with_some_of_its_items(format, wanted):
    whole = document(format, 4)
    data = delta(whole, wanted)
    assert faults(FeedDocument(format, data, '"x"', NOW)) == ()
    for place in range(4):
        assert (f"Story {place + 1}".encode() in data) == (place in wanted)
    if len(wanted) == 4:
        assert data == whole.data
