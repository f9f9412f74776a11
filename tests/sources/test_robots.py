"""robots.txt (RFC 9309): who is spoken to, which pattern decides, and what an answer means."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.model.exchange import Answer, Failure, FailureKind, Phase
from syndication.model.manners import Manners
from syndication.sources.robots import BYTES_MAX, allowed, fits, origin_of, parse, pattern_of, read, spelt
from tests.builders import NOW

HOST = "https://harbour.example"


def told(text: str | bytes, status: int = 200) -> Manners:
    body = text.encode() if isinstance(text, str) else text
    return read(HOST, Answer(f"{HOST}/robots.txt", status, (), body, "192.0.2.1"), NOW)


@pytest.mark.parametrize(
    ("text", "path", "may"),
    [
        ("", "/news/1", True),
        ("User-agent: *\nDisallow:", "/news/1", True),
        ("User-agent: *\nDisallow: /", "/news/1", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("user-agent: SYNDICATION\ndisallow: /news", "/news/1", False),
        ("User-agent: syndication/1.0\nDisallow: /news", "/news/1", False),  # a version is no part of the name
        ("User-agent: syndicationist\nDisallow: /", "/news/1", True),  # another robot's name
        ("User-agent: *\nDisallow: /\n\nUser-agent: syndication\nAllow: /", "/news/1", True),  # our own group counts
        ("User-agent: other\nUser-agent: syndication\nDisallow: /a", "/a", False),
        ("User-agent: syndication\nDisallow: /a\n\nUser-agent: syndication\nDisallow: /b", "/b", False),  # both groups
        ("User-agent: other\nSitemap: https://harbour.example/s.xml\nUser-agent: *\nDisallow: /", "/a", False),
        ("Disallow: /\nUser-agent: *\nAllow: /", "/a", True),  # a rule before any name speaks to nobody
        ("User-agent: *\nDisallow: /news\nAllow: /news/open", "/news/open/1", True),  # the longer one
        ("User-agent: *\nAllow: /news\nDisallow: /news", "/news", True),  # as long: allowed
        ("User-agent: *\nDisallow: /*.php$", "/a/b.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/a/b.php?x=1", True),
        ("User-agent: *\nDisallow: /*?", "/a?x=1", False),
        ("User-agent: *\nDisallow: /News", "/news", True),  # paths have case
        ("User-agent: *\nDisallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", False),
        ("User-agent: *\nDisallow: /foo/%62ar", "/foo/bar", False),
        ("User-agent: *\nDisallow: /foo%2fbar", "/foo/bar", True),  # an escaped slash is another character
        ("User-agent: *\nDisallow: /foo%2fbar", "/foo%2Fbar", False),
        ("User-agent: *\nDisallow: /a%2A", "/a*", False),
        ("User-agent: *\nDisallow: /price$list", "/price$list", False),
        ("User-agent: * # all\nDisallow: /a # this\n", "/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("User-agent: *\nDisallow: a", "/a", True),  # no path
        ("<html><p>Disallow: /</p></html>", "/a", True),
    ],
)  # fmt: skip
def test_a_file_says_what_may_be_read(text: str, path: str, may: bool) -> None:
    assert allowed(told(text), HOST + path) is may


def test_no_more_is_read_than_the_limit() -> None:
    late = b"User-agent: *\nDisallow: /a\n" + b"#" * BYTES_MAX + b"\nDisallow: /b\n"
    assert not allowed(told(late), f"{HOST}/a")
    assert allowed(told(late), f"{HOST}/b")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 86400", 30.0),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: -3", 0.0),
        ("User-agent: other\nCrawl-delay: 9\n\nUser-agent: *\nDisallow:", 0.0),
        ("User-agent: *\nCrawl-delay: 9\n\nUser-agent: syndication\nDisallow: /a", 0.0),
    ],
)
def test_a_delay_is_kept_to_and_has_a_limit(text: str, seconds: float) -> None:
    assert told(text).delay_seconds == seconds


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_without_a_file_all_may_be_read(status: int) -> None:
    assert allowed(told("User-agent: *\nDisallow: /", status), f"{HOST}/a")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_host_that_fails_to_say_is_not_read(status: int) -> None:
    found = told("", status)
    assert not allowed(found, f"{HOST}/a")
    assert (str(status) in found.refused, found.until) == (True, NOW + timedelta(hours=1))


def test_what_was_known_holds_while_a_host_fails_to_say() -> None:
    known = told("User-agent: *\nDisallow: /a")
    silent = Failure(f"{HOST}/robots.txt", FailureKind.TIMEOUT, Phase.CONNECT, "too slow")
    found = read(HOST, silent, NOW + timedelta(days=1), before=known)
    assert (allowed(found, f"{HOST}/a"), allowed(found, f"{HOST}/b")) == (False, True)
    assert not allowed(read(HOST, silent, NOW), f"{HOST}/b")


def test_too_many_redirects_are_no_file() -> None:
    looping = Failure(f"{HOST}/robots.txt", FailureKind.REFUSED, Phase.JUDGED, "more than 5 redirects")
    assert allowed(read(HOST, looping, NOW), f"{HOST}/a")


def test_a_file_is_asked_for_again_within_a_day() -> None:
    assert told("").until - NOW == timedelta(hours=24)


def test_an_origin_has_no_names_in_it() -> None:
    assert origin_of("HTTPS://ada:secret@Harbour.example:8443/a?b") == "https://harbour.example:8443"


PIECES = st.lists(st.sampled_from(["/", "a", "b", "*", "$", "%41", "é", "-"]), max_size=12).map("".join)


def slowly(pattern: str, path: str) -> bool:
    """The same by trying everything."""
    if pattern == "$":
        return not path
    if not pattern:
        return True
    if pattern[0] == "*":
        return any(slowly(pattern[1:], path[at:]) for at in range(len(path) + 1))
    return path[:1] == pattern[0] and slowly(pattern[1:], path[1:])


@settings(max_examples=100, deadline=None)  # the machine may be busy
@given(PIECES, PIECES)
def test_matching_is_what_trying_everything_finds(pattern: str, path: str) -> None:
    own, there = pattern_of("/" + pattern), spelt("/" + path.replace("*", "").replace("$", ""))
    assert fits(own, there) is slowly(own, there)


@settings(max_examples=100, deadline=None)  # the machine may be busy
@given(st.text(max_size=60))
def test_a_spelling_is_spelt_once(path: str) -> None:
    assert spelt(spelt(path)) == spelt(path)


@settings(max_examples=100, deadline=None)  # the machine may be busy
@given(st.binary(max_size=400))
def test_no_bytes_are_too_much(data: bytes) -> None:
    said = parse(data)
    assert 0 <= said.delay_seconds <= 30
    assert all(rule.pattern[:1] in "/*" for rule in said.rules)


def test_many_stars_cost_no_more_than_their_length() -> None:
    pattern = "/" + "*a" * 900 + "*b"
    assert allowed(told(f"User-agent: *\nDisallow: {pattern}"), f"{HOST}/" + "a" * 4000)
