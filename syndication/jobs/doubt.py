"""Settle what is in doubt, as far as evidence and the operator's policy go; raise alarms about how mail fares.

A person's word is `record.resolve`. What is done here without one leaves a line in the audit log, with the evidence.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from syndication.deliveries import doubt as rules
from syndication.deliveries.settle import Move
from syndication.jobs.ports.doubts import DoubtPage, Doubts, Witness
from syndication.jobs.record import settle_on
from syndication.model.delivery import BatchState
from syndication.model.doubt import Doubt, Evidence, OnUncertain
from syndication.model.mail_health import MailHealth

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=5)
WARN_RATE, ALARM_RATE = 0.001, 0.003
COMPLAINTS_MIN = 3
"""Below this a rate is chance: one reader of two hundred who complains is half a per cent."""
DOUBT_MAX = timedelta(hours=6)
SPOOL_MAX = timedelta(minutes=10)
ASKED_MAX = 20
"""So many calls are asked about in one round."""
CANCELLED_MAX = 10
"""So many cancelled calls a provider remembers at a time."""
RELEASE_AFTER = timedelta(minutes=30)
NOBODY: Mapping[str, Witness] = MappingProxyType({})


def settle_doubts(
    doubts: Doubts,
    policy: OnUncertain,
    grace: timedelta,
    now: datetime,
    *,
    witnesses: Mapping[str, Witness] = NOBODY,
) -> Sequence[int]:
    """Apply evidence and policy to each batch in doubt. Answers editions that have something to send again.

    While sending is barred nothing is planned again: whoever lifts the bar is to find it in doubt as it was.
    `witnesses` by transport are asked first, outside of any transaction.
    """
    again: set[int] = set()
    with doubts.reading() as page:
        editions = page.in_doubt()
        free = not page.barred()
    said = _ask(doubts, policy, witnesses, now, cancel=free) if witnesses and editions else {}
    for edition_id in editions:
        with doubts.writing() as page:
            page.lock(edition_id, change=True)
            barred = bool(page.barred())
            for one in page.doubts(edition_id):
                evidence = said.get(one.attempt_id)
                move = rules.after(one, policy, now, grace=grace, evidence=evidence)
                if move is Move.HOLD or (barred and move is Move.RETRY):
                    continue
                if _move(page, one, move, evidence, now) and move is Move.RETRY:
                    again.add(edition_id)
            if not page.doubts(edition_id):
                page.resolve_alert(f"uncertain:{edition_id}", now)
            settle_on(page, edition_id, now)
    _release(doubts, witnesses, now)
    return sorted(again)


def _ask(
    doubts: Doubts, policy: OnUncertain, witnesses: Mapping[str, Witness], now: datetime, *, cancel: bool
) -> dict[str, Evidence]:
    """By attempt, what their providers say. Of what was heard of nobody has to ask.

    Before a call is cancelled whoever made it loses it: an answer that comes now would say that it was accepted.
    """
    with doubts.reading() as page:
        found = [one for one in page.doubts() if one.transport in witnesses and not one.reported]
        room = CANCELLED_MAX - len(page.cancelled())
    # First those that can still be cancelled, the most urgent before others: what waits for a person waits anyway.
    found.sort(key=lambda one: (not rules.may_cancel(one, policy, now), one.since))
    said = {}
    for one in found[:ASKED_MAX]:
        cancels = cancel and room > 0 and rules.may_cancel(one, policy, now)
        if cancels:
            with doubts.writing() as page:
                cancels = page.disown(one)
        evidence = witnesses[one.transport].ask(one, cancel=cancels)
        if evidence is not None:
            said[one.attempt_id] = evidence
            room -= not evidence.accepted
    return said


def _release(doubts: Doubts, witnesses: Mapping[str, Witness], now: datetime) -> None:
    """A provider remembers few cancelled calls at a time; those whose time is over need not be among them."""
    if not witnesses:
        return
    with doubts.reading() as page:
        over = [one for one in page.cancelled() if now - one.fence.at > RELEASE_AFTER]
    for one in over:
        witness = witnesses.get(one.transport)
        if witness is not None and witness.release(one.fence):
            with doubts.writing() as page:
                page.mark_fence(one.attempt_id, released=True)


def _move(page: DoubtPage, one: Doubt, move: Move, evidence: Evidence | None, now: datetime) -> bool:
    state = BatchState.ACCEPTED if move is Move.ACCEPT else BatchState.PLANNED
    words = evidence.words if evidence is not None and not one.reported else rules.words(one, now)
    if not page.resolve(one.edition_id, one.n, state, f"{state} by its evidence: {words}", now):
        return False
    if evidence is not None and not evidence.accepted and move is Move.RETRY:
        page.mark_fence(one.attempt_id, released=False)
    page.audit("service", "resolve", f"edition {one.edition_id} batch {one.n}", f"{state}: {words}", now)
    log.warning("doubt settled edition=%d batch=%d state=%s", one.edition_id, one.n, state.value)
    return True


@dataclass
class Vigil:
    """Looks at how mail fares every few minutes, whenever it is asked. `hears`: events are taken."""

    doubts: Doubts
    hears: bool
    _next: datetime | None = field(default=None)

    def look(self, now: datetime) -> MailHealth | None:
        """None: it is too early."""
        if self._next is not None and self._next - LOOK_EVERY <= now < self._next:
            return None
        self._next = now + LOOK_EVERY
        with self.doubts.writing() as page:
            found = page.health(now)
            for key, text in self._alarms(found, now).items():
                if text:
                    page.alert(key, text, now)
                else:
                    page.resolve_alert(key, now)
        return found

    def _alarms(self, found: MailHealth, now: datetime) -> dict[str, str]:
        """Every alarm by its key, empty where all is well."""
        silent = found.silent_since if self.hears else None
        doubt = _overdue(found.oldest_doubt, DOUBT_MAX, now)
        spool = _overdue(found.spool_since, SPOOL_MAX, now)
        where = "see the provider's event webhook, and its account"
        return {
            "mail-silent": f"Mail is taken since {_at(silent)}, and nothing is told of it: {where}" if silent else "",
            "mail-complaints-high": _complaints(found, ALARM_RATE, None, "stop and find out why"),
            "mail-complaints": _complaints(found, WARN_RATE, ALARM_RATE, "mailbox providers begin to mind"),
            "mail-doubt": f"A batch is in doubt since {_at(doubt)}: see `syndication status`" if doubt else "",
            "mail-spool": f"Events wait to be applied since {_at(spool)}" if spool else "",
            "mail-clock": "Signed events are refused for their time: set this machine's clock" if found.stale else "",
        }


def _overdue(since: datetime | None, longest: timedelta, now: datetime) -> datetime | None:
    return since if since is not None and now - since > longest else None


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _complaints(found: MailHealth, rate: float, below: float | None, what: str) -> str:
    of = found.delivered or found.accepted
    if found.complained < COMPLAINTS_MIN or not of:
        return ""
    share = found.complained / of
    if share < rate or (below is not None and share >= below):
        return ""
    return f"{found.complained} of {of} readers called our mail spam within a week ({share:.2%}): {what}"
