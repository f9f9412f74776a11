"""A document changed -> everybody who asked is told: listeners of our own hub, and hubs of others (WebSub, W3C 2018).

Nobody is told who has not said yes by the callback itself. What fails is tried again, later each time, and then let go:
whoever listens polls too.
"""

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit

from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.ports.listeners import Listeners
from syndication.model.exchange import Answer, Failure, Request
from syndication.model.feed import FeedDocument, Publication
from syndication.model.listener import Listener, Wish

log = logging.getLogger(__name__)

AT_ONCE = 100
LEASE_SECONDS = 120.0
TOTAL_SECONDS = 15.0
ANSWER_BYTES_MAX = 16 * 1024
VERIFY_MAX = 3
"""Times that a callback is asked whether it meant it, when it cannot be reached."""
TELL_MAX = 10
"""Failures in a row after which a listener is forgotten: some two days."""
BACK_OFF = timedelta(minutes=1)
BACK_OFF_MAX = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Announced:
    """How many of each a round made."""

    verified: int = 0
    refused: int = 0
    told: int = 0
    failed: int = 0
    pinged: int = 0


@dataclass(frozen=True, slots=True)
class _Round:
    listeners: Listeners
    exchange: Exchange
    publication: Publication
    draw: Callable[[], str]
    clock: Clock
    stopping: Callable[[], bool]


def announce(
    *,
    listeners: Listeners,
    exchange: Exchange,
    publication: Publication,
    draw: Callable[[], str],
    clock: Clock,
    stopping: Callable[[], bool] = lambda: False,
) -> Announced:
    """One round. `draw` makes a challenge that nobody can guess. Safe to run twice, and at two places."""
    if not listeners.waits(publication.hubs, clock()):
        return Announced()
    round = _Round(listeners, exchange, publication, draw, clock, stopping)
    listeners.expire(clock())
    verified, refused = _verify(round)
    told, failed = _tell(round)
    pinged = sum(_ping(round, hub) for hub in publication.hubs)
    return Announced(verified, refused, told, failed, pinged)


def _verify(round: _Round) -> tuple[int, int]:
    yes = no = 0
    while not round.stopping() and (
        found := round.listeners.to_verify(round.clock(), limit=AT_ONCE, lease_seconds=LEASE_SECONDS)
    ):
        challenges = {listener.id: round.draw() for listener in found}
        requests = [_question(round.publication, one, challenges[one.id]) for one in found]
        for listener, answer in _asked(round, requests):
            if _says_yes(answer, challenges[listener.id]):
                yes += 1
                seconds = listener.ask.lease_seconds if listener.ask else 0
                until = round.clock() + timedelta(seconds=seconds)
                round.listeners.verified(listener, lease_until=until, now=round.clock())
            else:
                no += 1
                again = isinstance(answer, Failure) and listener.failures + 1 < VERIFY_MAX
                again_at = _later(round, listener.failures) if again else None
                round.listeners.refused(listener, again_at=again_at, now=round.clock())
    return yes, no


def _tell(round: _Round) -> tuple[int, int]:
    told = failed = 0
    while not round.stopping() and (
        found := round.listeners.to_tell(round.clock(), limit=AT_ONCE, lease_seconds=LEASE_SECONDS)
    ):
        documents = {topic: round.listeners.document(topic) for topic in {one.topic for one in found}}
        news = [_news(round.publication, one, document) for one in found if (document := documents[one.topic])]
        for listener, answer in _asked(round, news):
            document = documents[listener.topic]
            if document is not None and isinstance(answer, Answer) and 200 <= answer.status < 300:
                told += 1
                round.listeners.told(listener, document.etag, round.clock())
            else:
                failed += 1
                gone = isinstance(answer, Answer) and answer.status == 410
                again_at = None if gone or listener.failures + 1 >= TELL_MAX else _later(round, listener.failures)
                round.listeners.failed(listener, again_at=again_at, now=round.clock())
                log.info("listener=%s outcome=failed failures=%s", listener.id, listener.failures + 1)
    return told, failed


def _ping(round: _Round, hub: str) -> int:
    """Tell a hub of others which documents changed. It comes and fetches them."""
    pinged = 0
    while not round.stopping() and (
        found := round.listeners.to_ping(hub, round.clock(), limit=AT_ONCE, lease_seconds=LEASE_SECONDS)
    ):
        for topic, etag, failures in found:
            answer = round.exchange.fetch(_publish(round.publication, hub, topic))
            well = isinstance(answer, Answer) and 200 <= answer.status < 300
            pinged += well
            round.listeners.pinged(hub, topic, etag, again_at=None if well else _later(round, failures))
            if not well:
                log.warning("hub=%s topic=%s outcome=failed", hub, topic)
    return pinged


def _asked(round: _Round, requests: Sequence[Request]) -> Iterator[tuple[Listener, Answer | Failure]]:
    for request, answer in round.exchange.fetch_all(requests):
        if isinstance(request.key, Listener):
            yield request.key, answer


def _question(publication: Publication, listener: Listener, challenge: str) -> Request:
    """Section 5.3: whether the callback itself wants what was asked in its name."""
    ask = listener.ask
    wish = ask.wish if ask else Wish.UNSUBSCRIBE
    fields = {"hub.mode": wish.value, "hub.topic": _address(publication, listener.topic), "hub.challenge": challenge}
    if ask and wish is Wish.SUBSCRIBE:
        fields["hub.lease_seconds"] = str(ask.lease_seconds)
    parts = urlsplit(listener.callback)
    query = "&".join(filter(None, (parts.query, urlencode(fields))))
    return _request(urlunsplit(parts._replace(query=query)), listener)


def _says_yes(answer: Answer | Failure, challenge: str) -> bool:
    if not isinstance(answer, Answer) or not 200 <= answer.status < 300:
        return False
    return hmac.compare_digest(answer.body.strip(), challenge.encode())


def _news(publication: Publication, listener: Listener, document: FeedDocument) -> Request:
    """Section 7: the whole document, signed when the listener gave a secret."""
    address = _address(publication, listener.topic)
    headers = [
        ("Content-Type", document.format.media_type),
        ("Link", f'<{publication.hub}>; rel="hub", <{address}>; rel="self"'),
    ]
    if listener.secret:
        signature = hmac.new(listener.secret.encode(), document.data, hashlib.sha256).hexdigest()
        headers.append(("X-Hub-Signature", f"sha256={signature}"))
    return _request(listener.callback, listener, "POST", tuple(headers), document.data)


def _publish(publication: Publication, hub: str, topic: str) -> Request:
    body = urlencode({"hub.mode": "publish", "hub.url": _address(publication, topic)}).encode()
    return _request(hub, None, "POST", (("Content-Type", "application/x-www-form-urlencoded"),), body)


def _request(
    url: str,
    listener: Listener | None,
    method: str = "GET",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes | None = None,
) -> Request:
    return Request(
        url,
        method,
        headers,
        body,
        redirects_max=0,
        body_bytes_max=ANSWER_BYTES_MAX,
        wire_bytes_max=ANSWER_BYTES_MAX,
        connect_seconds=5.0,
        total_seconds=TOTAL_SECONDS,
        key=listener,
    )


def _address(publication: Publication, topic: str) -> str:
    return f"{publication.base_url}/feeds/{topic}"


def _later(round: _Round, failures: int) -> datetime:
    wait: timedelta = min(BACK_OFF * 2**failures, BACK_OFF_MAX)
    return round.clock() + wait
