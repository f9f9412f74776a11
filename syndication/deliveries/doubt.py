"""A batch in doubt -> what becomes of it, and the evidence in words. In: Doubt, policy, now. Pure.

An event of any reader proves that the whole call was accepted. Silence proves nothing alone; it grows into evidence
when time passes and calls that were made later are heard of. What is done about it, the operator has said beforehand.
"""

from datetime import datetime, timedelta

from syndication.deliveries.settle import Move
from syndication.model.doubt import Doubt, Evidence, OnUncertain

LATER_MIN = 3
"""So many later batches have to be heard of before silence counts."""
FORGOTTEN = "journal"
"""So begins the transport of an attempt of which the journal knows more: a person decides, whatever the policy."""
CANCEL_BEFORE = timedelta(minutes=10)
"""A cancel that comes later than so long before its time is not promised to hold."""
AGAIN_MAX = 2
"""Sent again so often without a person; a call that is never answered would else be repeated for ever."""


def after(
    doubt: Doubt, policy: OnUncertain, now: datetime, *, grace: timedelta, evidence: Evidence | None = None
) -> Move:
    """ACCEPT, RETRY or HOLD. Nothing of an edition that is paused or over is sent again, unless nobody got it.

    `evidence` is the provider's own word, and proof.
    """
    if doubt.reported and not doubt.by_message:
        return Move.ACCEPT
    if evidence is not None:
        return Move.ACCEPT if evidence.accepted else Move.RETRY
    if not doubt.going or doubt.doubtful_attempts > AGAIN_MAX or doubt.transport.startswith(FORGOTTEN):
        return Move.HOLD
    if policy is OnUncertain.RESEND:
        return Move.RETRY
    silent = doubt.later >= LATER_MIN and now - doubt.since >= grace and not doubt.reported
    return Move.RETRY if policy is OnUncertain.SILENCE and silent else Move.HOLD


def may_cancel(doubt: Doubt, policy: OnUncertain, now: datetime) -> bool:
    """Whether the call can still be cancelled for certain."""
    return policy is OnUncertain.FENCED and doubt.fence is not None and now <= doubt.fence.at - CANCEL_BEFORE


def words(doubt: Doubt, now: datetime) -> str:
    """As in: 0 of 500 reported in 62 min; 40 later batches did."""
    others = "1 later batch did" if doubt.later == 1 else f"{doubt.later or 'no'} later batches did"
    return f"{doubt.reported} of {doubt.readers} reported in {span(now - doubt.since)}; {others}"


def span(time: timedelta) -> str:
    minutes = max(int(time.total_seconds() // 60), 0)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
