"""Hear from the hubs of partners: ask for leases, answer their questions, take their calls (WebSub).

A call makes its source due and no more; what is new comes by the feed itself. Safe to run twice.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.ports.hubs import Hubs
from syndication.model.exchange import Answer, Failure
from syndication.model.hub import Lease, LeaseState
from syndication.sources.hub import (
    ANSWER_WITHIN,
    FAILURES_MAX,
    REFUSED_FOR,
    RENEW_AT,
    is_signed,
    lease_of,
    retry_after,
    subscription,
)

ROUND_MAX = 200

log = logging.getLogger(__name__)


class Heard(Enum):
    """What came of a hub's call."""

    UNKNOWN = "unknown"  # nobody here asked for it: the hub may forget the address
    UNSIGNED = "unsigned"  # not by the secret that we gave: passed over
    KNOWN = "known"  # the source is due already
    NEWS = "news"  # the source is due now


@dataclass(frozen=True, slots=True)
class Question:
    """What a hub asks before it begins to call, or says when it will not (section 5.3 and 5.2)."""

    mode: str
    topic: str
    challenge: str = ""
    lease_seconds: str = ""


def ask_hubs(
    *,
    exchange: Exchange,
    hubs: Hubs,
    clock: Clock,
    callback_url: Callable[[str], str],
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Ask for every lease that is due, and answer how many hubs took the request."""
    due = {lease.source_id: lease for lease in hubs.due(clock(), limit=ROUND_MAX)}
    with hubs.writing() as desk:  # before: some hubs call back while they still have our request
        for lease in due.values():
            desk.asking(lease, next_try_at=clock() + max(ANSWER_WITHIN, retry_after(lease.failures + 1)))
    taken = 0
    requests = [subscription(lease, callback_url(lease.callback)) for lease in due.values()]
    for request, came in exchange.fetch_all(requests):
        if stopping():
            break
        if isinstance(came, Answer) and 200 <= came.status < 300:
            taken += 1
        elif isinstance(request.key, int):
            _not_taken(hubs, due[request.key], came)
    return taken


def answer(hubs: Hubs, callback: str, question: Question, now: datetime) -> str | None:
    """The challenge, when this is what we asked for; None when it is not, and for whatever we did not ask."""
    with hubs.writing() as desk:
        lease = desk.lease(callback)
        if lease is None or question.topic != lease.offer.topic:
            return None
        if question.mode == "denied":
            desk.denied(lease, next_try_at=now + REFUSED_FOR)
            log.warning("hub refused", extra={"source": lease.source_id, "hub": lease.offer.hub})
            return ""
        if question.mode != "subscribe" or lease.state not in (LeaseState.ASKED, LeaseState.ACTIVE):
            return None
        granted = lease_of(question.lease_seconds)
        desk.granted(lease, until=now + granted, renew_at=now + granted * RENEW_AT)
        return question.challenge


def hear(hubs: Hubs, callback: str, body: bytes, signature: str, now: datetime) -> Heard:
    with hubs.writing() as desk:
        lease = desk.lease(callback)
        if lease is None or lease.state is not LeaseState.ACTIVE:
            return Heard.UNKNOWN
        if not is_signed(body, signature, lease.secret):
            log.warning("hub call not signed", extra={"source": lease.source_id})
            return Heard.UNSIGNED
        return Heard.NEWS if desk.told(lease, now) else Heard.KNOWN


def _not_taken(hubs: Hubs, lease: Lease, came: Answer | Failure) -> None:
    """After some failures a hub is left alone for a week."""
    with hubs.writing() as desk:
        desk.not_taken(lease, for_now=lease.failures + 1 < FAILURES_MAX)
    why = f"status {came.status}" if isinstance(came, Answer) else came.detail
    log.info("hub did not take the request", extra={"source": lease.source_id, "error": why})
