"""Apply what is said against an address: remember it, let the rules decide, suppress or unsubscribe. And undo.

A transport that learns of a bounce calls `take`; whoever applies many in one transaction calls `apply` for each. The
journal has each suppression and each leave before the database does, so that no restored backup forgets one; it has
each lifting too, or the next start would suppress the address again.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from syndication.deliveries import bounces
from syndication.errors import PolicyError
from syndication.jobs.ports.journal import Journal
from syndication.jobs.ports.setbacks import SetbackPage, Setbacks
from syndication.model.journal import Lifted, Owed, Suppressed, Unsubscribed
from syndication.model.setback import Lifting, Ruling, Setback, SetbackKind

log = logging.getLogger(__name__)

Append = Callable[[Owed], None]
COMPLAINT = bounces.AT_ONCE[SetbackKind.COMPLAINT]


def take(
    setbacks: Setbacks,
    journal: Journal,
    subscriber_id: int,
    setback: Setback,
    *,
    newsletter_id: int | None,
    now: datetime,
    actor: str,
) -> Ruling:
    """One setback in a transaction of its own. Raises StoreError, and then nothing was applied."""
    with setbacks.writing() as page:
        return apply(page, journal.append, subscriber_id, setback, newsletter_id=newsletter_id, now=now, actor=actor)


def apply(
    page: SetbackPage,
    append: Append,
    subscriber_id: int,
    setback: Setback,
    *,
    newsletter_id: int | None,
    now: datetime,
    actor: str,
) -> Ruling:
    """Apply it once, however often it is told. `append` writes into the journal, on disk before `page` is committed.

    `newsletter_id` is whose mailing it was, None for service mail; `actor` is the transport that told.
    """
    address_hash = page.address_hash(subscriber_id)
    if address_hash is None or not page.add(subscriber_id, setback):
        return Ruling()
    ruling = bounces.ruling(setback, page.counting(subscriber_id))
    line = _owed(page, subscriber_id, address_hash, ruling, newsletter_id, min(setback.at, now))
    if line is None:
        return ruling
    append(line)
    if page.owe(line):
        what = "suppress" if ruling.suppress else "unsubscribe"
        page.audit(actor, what, f"subscriber {subscriber_id}", _why(ruling, setback), now)
        log.info("%s subscriber=%d by=%s", what, subscriber_id, actor)
    return ruling


def lift(
    setbacks: Setbacks, append: Append, address_hash: str, *, now: datetime, actor: str, complaints: bool = False
) -> Sequence[Lifting]:
    """Let an address be mailed again, and answer what kept it from that. `append` writes into the journal.

    Raises PolicyError for one whose reader complained, unless `complaints`.
    """
    with setbacks.writing() as page:
        found = page.suppressions(address_hash)
        if not complaints and any(one.reason == COMPLAINT for one in found):
            raise PolicyError(
                "the address is suppressed because its reader called our mail spam",
                why="mail that comes again after that harms everybody's delivery",
                fix="only if its reader has asked for it since: say --even-a-complaint",
            )
        for one in found:
            line = Lifted(at=now, address_hash=address_hash, scope=one.scope)
            append(line)
            page.owe(line)
            page.audit(actor, "lift suppression", f"address {address_hash}", one.reason, now)
        page.forgive(address_hash, now)
    return found


def suppress(setbacks: Setbacks, append: Append, address_hash: str, reason: str, *, now: datetime, actor: str) -> bool:
    """Mail this address nothing any more, on a person's word. False when that is so already."""
    with setbacks.writing() as page:
        line = Suppressed(at=now, address_hash=address_hash, scope=0, reason=reason)
        append(line)
        done = page.owe(line)
        if done:
            page.audit(actor, "suppress", f"address {address_hash}", reason, now)
    return done


def _owed(
    page: SetbackPage, subscriber_id: int, address_hash: str, ruling: Ruling, newsletter_id: int | None, at: datetime
) -> Owed | None:
    if ruling.suppress:
        return Suppressed(at=at, address_hash=address_hash, scope=0, reason=ruling.suppress)
    if not ruling.leave or newsletter_id is None:
        return None
    subscription_id = page.subscription(subscriber_id, newsletter_id)
    if subscription_id is None:
        return None
    return Unsubscribed(at=at, subscription_id=subscription_id, address_hash=address_hash)


def _why(ruling: Ruling, setback: Setback) -> str:
    said = ruling.suppress or "left by way of the provider"
    return f"{said} ({setback.about}{': ' if setback.detail else ''}{setback.detail})"
