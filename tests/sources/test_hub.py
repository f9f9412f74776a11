"""What a feed says of its hub, what is asked of it, and whose word counts (WebSub)."""

import hashlib
import hmac
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from syndication.model.exchange import Answer
from syndication.model.hub import Lease, LeaseState, Offer, Push
from syndication.sources import hub
from syndication.sources.parse import parse_feed
from tests.builders import NOW

FEED = "https://harbour.example/feed"
OFFER = Offer("https://hub.example/", FEED)


def _answer(*links: str) -> Answer:
    return Answer(FEED, 200, tuple(("link", link) for link in links), b"", "192.0.2.1")


def _atom(links: str = "") -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><id>x</id>{links}</feed>'.encode()


HUB, SELF = '<link rel="hub" href="https://hub.example/"/>', f'<link rel="self" href="{FEED}"/>'


@pytest.mark.parametrize(
    ("links", "headers", "found"),
    [
        (HUB + SELF, (), OFFER),
        ("", ('<https://hub.example/>; rel="hub"', f'<{FEED}>; rel="self"'), OFFER),
        ("", (f'<https://hub.example/>; rel=hub, <{FEED}>; title="a, b"; rel="self"',), OFFER),
        ("", ('</>; rel="preload hub"', '<feed>; rel="self"'), Offer("https://harbour.example/", FEED)),
        # What the header says goes before what the document says.
        (HUB + SELF, ('<https://other.example/>; rel="hub"',), Offer("https://other.example/", FEED)),
        (HUB, (), None),
        (SELF, (), None),
        ("", ('<javascript:x>; rel="hub"', f'<{FEED}>; rel="self"'), None),
        ("", ("<" * 5000, "rel=hub", '<https://hub.example/>; rel="hub' + "x" * 9000), None),
    ],
)
def test_a_hub_is_found_in_headers_and_body(links, headers, found):
    assert hub.offered(parse_feed(_atom(links), url=FEED), _answer(*headers)) == found


def test_a_json_feed_names_its_hubs_too():
    text = b'{"version": "https://jsonfeed.org/version/1.1", "title": "x", "feed_url": "https://harbour.example/feed", '
    text += b'"hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "items": []}'
    assert hub.offered(parse_feed(text, url=FEED), _answer()) == OFFER


@pytest.mark.parametrize("secret", ["", "s3cret"])
def test_the_request_for_a_lease(secret):
    lease = Lease(7, "abc", OFFER, secret, LeaseState.WANTED)
    request = hub.subscription(lease, "https://us.example/websub/callback/abc")
    asked = {key: value[0] for key, value in parse_qs((request.body or b"").decode()).items()}
    assert (request.method, request.url, request.key) == ("POST", OFFER.hub, 7)
    assert asked.pop("hub.secret", "") == secret
    assert asked == {
        "hub.mode": "subscribe",
        "hub.topic": FEED,
        "hub.callback": "https://us.example/websub/callback/abc",
        "hub.lease_seconds": "864000",
    }


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signature_by_our_secret_counts(method):
    digest = hmac.new(b"s3cret", b"news", getattr(hashlib, method)).hexdigest()
    assert hub.is_signed(b"news", f"{method}={digest}", "s3cret")
    assert hub.is_signed(b"news", f"{method.upper()}={digest.upper()}", "s3cret")
    assert not hub.is_signed(b"other", f"{method}={digest}", "s3cret")


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=00", "md5=00", "none", "sha256=\xe9"])
def test_no_other_signature_counts(signature):
    assert not hub.is_signed(b"news", signature, "s3cret")
    assert hub.is_signed(b"news", signature, "")  # a hub in clear has no secret of ours, and signs nothing


@pytest.mark.parametrize(
    ("seconds", "granted"),
    [
        ("86400", timedelta(days=1)),
        ("1", hub.LEASE_MIN),
        ("999999999", hub.LEASE_MAX),
        ("9" * 30, hub.LEASE_WANTED),
        ("", hub.LEASE_WANTED),
        ("-5", hub.LEASE_WANTED),
        ("soon", hub.LEASE_WANTED),
    ],
)
def test_a_lease_is_as_long_as_granted_within_reason(seconds, granted):
    assert hub.lease_of(seconds) == granted


def test_a_hub_that_does_not_answer_is_left_alone_for_longer_and_longer():
    waits = [hub.retry_after(failures) for failures in range(1, 8)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(hours=2)
    assert waits[-1] == hub.REFUSED_FOR


FAR = NOW + timedelta(days=5)


@pytest.mark.parametrize(
    ("push", "wait"),
    [
        (None, timedelta()),
        (Push(FAR), timedelta()),  # it has yet to prove that it tells
        (Push(FAR, NOW, trusted=True), hub.SAFETY),
        (Push(NOW + timedelta(hours=1), NOW, trusted=True), timedelta()),  # it ends before a safe wait would
    ],
)
def test_a_poll_is_slow_only_with_a_hub_that_has_proved_to_tell(push, wait):
    assert hub.at_the_earliest(push, NOW, jitter=0.0) == NOW + wait


@pytest.mark.parametrize(
    ("told_at", "untold"), [(None, True), (NOW - timedelta(hours=9), True), (NOW - timedelta(hours=1), False)]
)
def test_what_a_poll_finds_must_have_been_told(told_at, untold):
    assert hub.went_untold(Push(FAR, told_at, trusted=True), NOW - timedelta(hours=6)) is untold
    assert not hub.went_untold(Push(FAR, told_at), NOW - timedelta(hours=6))
    assert not hub.went_untold(None, NOW)
