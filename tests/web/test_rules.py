"""The small judgements of the edge, as tables and laws: Accept, conditions, hosts, visitors, headings, stamps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.model.feed import FeedFormat
from syndication.subscribers.sign import Signer
from syndication.web.accept import HTML, choose
from syndication.web.conditional import http_date, is_fresh
from syndication.web.form import USED_MAX, Stamps
from syndication.web.network import Hosts, Proxies, network_of
from syndication.web.outbox import in_new_windows, linked
from syndication.web.present import demoted, direction
from tests.builders import NOW


@given(st.text(max_size=200))
def test_any_accept_header_gets_some_form(accept):
    assert choose(accept) in (*FeedFormat, HTML)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_no_condition_breaks_an_answer(tag, since):
    headers = [(b"if-none-match", tag), (b"if-modified-since", since)]
    assert is_fresh(headers, etag=b'"x"', modified_at=NOW) in (True, False)
    assert is_fresh(headers[1:], etag=b'"x"', modified_at=NOW) in (True, False)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))
def test_what_we_say_of_a_date_is_fresh_when_it_is_said_back(moment):
    aware = moment.replace(tzinfo=UTC)
    assert is_fresh([(b"if-modified-since", http_date(aware))], etag=b'"x"', modified_at=aware)


HOSTS = Hosts.of("https://News.Example.org/sub", ["localhost", "::1"])


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("news.example.org", True),
        ("NEWS.example.org.", True),
        ("news.example.org:8443", True),
        ("localhost", True),
        ("[::1]:80", True),
        ("", False),
        ("example.org", False),
        ("news.example.org:80:80", False),
        ("news.example.org:x", False),
        ("[::1", False),
        ("[::1]x", False),
        ("user@news.example.org", False),
    ],
)
def test_pub_10_a_host_is_ours_or_it_is_not(host, known):
    assert HOSTS.know(host) is known


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("https://news.example.org", True),
        ("http://localhost:8080", True),
        ("https://evil.example", False),
        ("null", False),
    ],
)
def test_pub_09_an_origin_is_ours_or_it_is_not(origin, ours):
    assert HOSTS.own(origin) is ours


@pytest.mark.parametrize(
    ("peer", "forwarded", "visitor"),
    [
        ("198.51.100.7", ["203.0.113.9"], "198.51.100.7"),  # not a proxy of ours: it may say what it likes
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        (
            "10.0.0.1",
            ["1.1.1.1, 203.0.113.9, 10.0.0.2"],
            "203.0.113.9",
        ),  # what stands before was written by the visitor
        ("10.0.0.1", ["1.1.1.1", "203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
        ("", ["203.0.113.9"], ""),
    ],
)
def test_pub_10_a_visitor_is_the_nearest_that_no_proxy_of_ours_stands_at(peer, forwarded, visitor):
    assert Proxies(["10.0.0.0/8"]).visitor(peer, forwarded) == visitor


def test_what_is_kept_of_an_address_is_its_network():
    assert network_of("203.0.113.9") == network_of("203.0.113.200") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2ff::1") == "2001:db8:1:200::/56"
    assert network_of("unknown") == ""


@pytest.mark.parametrize(
    ("body", "then"),
    [
        ("<p>x</p>", "<p>x</p>"),
        ("<h1>a</h1><h3>b</h3>", "<h2>a</h2><h3>b</h3>"),
        ('<h3 id="x">a</h3><h3>b</h3>', '<h2 id="x">a</h2><h2>b</h2>'),
        ("<hr><header>x</header>", "<hr><header>x</header>"),
    ],
)
def test_a_bodys_headings_stand_below_the_pages_own(body, then):
    assert demoted(body) == then
    assert demoted(then) == then


@pytest.mark.parametrize(
    ("language", "way"), [("ar", "rtl"), ("he-IL", "rtl"), ("en", "ltr"), ("", "ltr"), ("arn", "ltr")]
)
def test_a_language_has_a_direction(language, way):
    assert direction(language) == way


@given(st.text(max_size=200))
def test_finding_links_loses_no_word(text):
    assert "".join(words for words, _ in linked(text)) == text


def test_a_mails_links_open_outside_its_frame_with_or_without_a_head():
    assert in_new_windows("<html><HEAD lang=en><title>").startswith('<html><HEAD lang=en><base target="_blank">')
    assert in_new_windows("<p>x").startswith('<base target="_blank">')
    assert in_new_windows("<header>x").startswith('<base target="_blank"><header>')


def test_pub_08_used_stamps_are_remembered_within_bounds():
    stamps = Stamps(Signer((b"s" * 32,)))
    for n in range(USED_MAX + 50):
        drawn = NOW + timedelta(milliseconds=n)
        assert stamps.take(stamps.draw(drawn), drawn + timedelta(seconds=5))
    assert len(stamps._used) == USED_MAX
