"""WebSub, as a subscriber. In: a feed and its answer; what a hub asks or sends. Out: Offer, request, yes or no. Pure.

What a hub sends is never read: it says only that there is something new, and the feed is asked as always. So nobody who
guesses an address can put a word into the library.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode

from syndication.model.exchange import Answer, Request
from syndication.model.hub import Lease, Offer, Push
from syndication.model.source import ParsedFeed
from syndication.sources.links import resolve

LEASE_WANTED = timedelta(days=10)
LEASE_MIN = timedelta(minutes=30)
LEASE_MAX = timedelta(days=30)
RENEW_AT = 0.8
"""The share of a lease after which it is renewed."""
ANSWER_WITHIN = timedelta(hours=1)
"""A hub that has not called back by then is asked again."""
SAFETY = timedelta(hours=6)
"""How often a source is polled whose hub has proved to tell us."""
FAILURES_MAX = 5
REFUSED_FOR = timedelta(days=7)

_LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:\"[^\"]{0,500}\"|[^\s\",;]{0,500}))?)*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)
_METHODS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512, "sha1": hashlib.sha1}


def offered(feed: ParsedFeed, answer: Answer) -> Offer | None:
    """The first hub that the headers name, else the feed (section 4). None unless hub and topic are both named."""
    links = list(_links(answer))
    hubs = [*(url for url, rels in links if "hub" in rels), *feed.hubs]
    topics = [*(url for url, rels in links if "self" in rels), *((feed.self_url,) if feed.self_url else ())]
    return Offer(hubs[0], topics[0]) if hubs and topics else None


def subscription(lease: Lease, callback_url: str) -> Request:
    """The request that asks for a lease or renews it (section 5.1)."""
    fields = {
        "hub.callback": callback_url,
        "hub.mode": "subscribe",
        "hub.topic": lease.offer.topic,
        "hub.lease_seconds": str(int(LEASE_WANTED.total_seconds())),
    }
    if lease.secret:
        fields["hub.secret"] = lease.secret
    return Request(
        lease.offer.hub,
        method="POST",
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
        body=urlencode(fields).encode(),
        body_bytes_max=64 * 1024,
        key=lease.source_id,
    )


def lease_of(seconds: str) -> timedelta:
    """What a hub granted, within reason; what cannot be read is what we asked for."""
    granted = timedelta(seconds=int(seconds)) if seconds.isdecimal() and len(seconds) < 10 else LEASE_WANTED
    return min(max(granted, LEASE_MIN), LEASE_MAX)


def retry_after(failures: int) -> timedelta:
    """When a hub that did not take the request is asked again."""
    return REFUSED_FOR if failures >= FAILURES_MAX else timedelta(hours=2**failures)


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the signature is ours (section 7.1). A hub that has no secret of ours signs nothing."""
    if not secret:
        return True
    method, _, digest = signature.partition("=")
    make = _METHODS.get(method.strip().lower())
    if make is None:
        return False
    wanted = hmac.new(secret.encode(), body, make).hexdigest()
    return hmac.compare_digest(wanted.encode(), digest.strip().lower().encode())


def at_the_earliest(push: Push | None, now: datetime, *, jitter: float) -> datetime:
    """Before this instant a poll brings nothing that the hub would not tell us sooner. `jitter` is 0 to 1."""
    later = now + SAFETY * (1.0 + 0.1 * jitter)
    return later if push and push.trusted and push.until > later else now


def went_untold(push: Push | None, last_ok_at: datetime | None) -> bool:
    """Whether a poll that brought something new was needed: the hub had said nothing since the one before."""
    if push is None or not push.trusted or last_ok_at is None:
        return False
    return push.last_at is None or push.last_at < last_ok_at


def _links(answer: Answer) -> Iterable[tuple[str, list[str]]]:
    """RFC 8288, as far as it is needed here."""
    for name, value in answer.headers:
        if name != "link":
            continue
        for found in _LINK.finditer(value[:8000]):
            rel = _REL.search(found[2])
            url = resolve(found[1], answer.url)
            if rel and url:
                yield url, (rel[1] or rel[2] or "").lower().split()
