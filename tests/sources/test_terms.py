"""What a feed says of one item's own use: its licence, and not to show it before a moment."""

from datetime import UTC, datetime, timedelta

import pytest

from syndication.articles.clean import clean
from syndication.sources.parse import parse_feed
from tests.builders import NOW, a_source

BY = "https://creativecommons.org/licenses/by/4.0/"


def article_of(inner: str):
    spaces = (
        'xmlns:cc="http://backend.userland.com/creativeCommonsRssModule" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
    )
    item = f"<item><title>Ferry</title><link>https://harbour.example/1</link>{inner}</item>"
    data = f'<rss version="2.0" {spaces}><channel><title>H</title>{item}</channel></rss>'.encode()
    (entry,) = parse_feed(data, url="https://harbour.example/feed", headers={}).entries
    return clean(entry, a_source(), NOW)


@pytest.mark.parametrize(
    "inner", [f"<cc:license>{BY}</cc:license>", f"<dc:rights>(c) Harbour</dc:rights><cc:license>{BY}</cc:license>"]
)
def test_a_licence_is_kept_beside_the_note(inner):
    assert article_of(inner).terms.licence == BY


@pytest.mark.parametrize("name", ["dcterms:available", "prism:embargoDate"])
def test_an_embargo_of_one_item(name):
    opens = NOW + timedelta(hours=5)
    assert article_of(f"<{name}>{opens.isoformat()}</{name}>").terms.embargo_until == opens


@pytest.mark.parametrize("text", ["", "soon", "start=2026-05-01; end=2026-06-01", "0000-00-00"])
def test_what_is_no_moment_is_no_embargo(text):
    found = article_of(f"<dcterms:available>{text}</dcterms:available>").terms.embargo_until
    assert found is None or found <= datetime(2026, 6, 1, tzinfo=UTC)


def test_a_licence_is_an_address_on_the_web_or_none():
    assert article_of("<cc:license>javascript:alert(1)</cc:license>").terms.licence == ""


def test_an_item_that_says_nothing_has_no_terms():
    article = article_of("")
    assert (article.terms.licence, article.terms.embargo_until) == ("", None)
