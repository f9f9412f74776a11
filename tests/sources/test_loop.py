"""Our own output coming back through a partner is no new story."""

from dataclasses import replace

import pytest

from syndication.model.source import Origin
from syndication.sources.loop import without_our_own
from syndication.sources.parse import parse_feed
from tests.builders import an_entry

OURS = "https://news.example.org"
FEED = parse_feed(b"<rss version='2.0'><channel><title>x</title></channel></rss>", url="https://x.example/", headers={})


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"url": f"{OURS}/articles/7"}, "link"),
        ({"url": "http://www.news.example.org/articles/7?utm_source=x"}, "link"),
        ({"id": f"{OURS}/articles/7"}, "id"),
        ({"source": Origin(title="Sound & Shore", url=f"{OURS}/")}, "source"),
    ],
)
def test_col_18_an_entry_that_is_ours_is_set_aside_with_its_reason(given, what):
    theirs, ours = an_entry(), an_entry(**given)
    found = without_our_own(replace(FEED, entries=(theirs, ours)), OURS)
    assert found.entries == (theirs,)
    (aside,) = found.set_aside
    assert aside.position == 1 and f"its {what} is " in aside.reason


def test_an_entry_that_only_speaks_of_us_stays():
    entry = an_entry(url="https://news.example.organic/articles/7", summary_html=f'<a href="{OURS}/articles/7">x</a>')
    feed = replace(FEED, entries=(entry,))
    assert without_our_own(feed, OURS) is feed
    assert without_our_own(feed, "") is feed
