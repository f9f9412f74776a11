"""Record what came of an attempt, under the claim's token; take up what broke off; settle; tell.

A write that finds another token or another state changes nothing: somebody else has the batch, or a person has spoken.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from syndication.deliveries import audience, manifest, pace, settle
from syndication.deliveries.settle import Move
from syndication.errors import NotFoundError, PolicyError, StoreError
from syndication.jobs import pacing
from syndication.jobs.part_ways import take_up_broken, tell_of_doubt
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.ledger import Ledger, LedgerPage
from syndication.jobs.ports.outbox import Outbox
from syndication.model.delivery import BatchState, Claim, ExceptionKind, Outcome, Verdict
from syndication.model.edition import TERMINAL_EDITIONS
from syndication.model.ledger import Bar, Parcel, Received, Report, Standing, TakenOut

log = logging.getLogger(__name__)

Written = TypeVar("Written")

EXCEPTIONS_MAX = 1000
"""As many as a report lists; its counts are whole in any case."""
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
DEFERRALS_BEFORE_ALERT = 5


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes outcomes. `draw` answers 0 to 1, `pause` waits for some seconds."""

    ledger: Ledger
    clock: Clock
    draw: Callable[[], float] = random.random
    pause: Callable[[float], None] = time.sleep

    def record(self, claim: Claim, outcome: Outcome, readers: Sequence[Standing], *, repeatable: bool) -> bool:
        """Write an answer, again and again while the lease lasts: it is known once and can be asked for never.

        False when the claim was no longer ours. Raises StoreError when the database stayed away.
        """
        return patiently(
            lambda: self._record(claim, outcome, readers, repeatable=repeatable),
            claim.lease_until,
            clock=self.clock,
            pause=self.pause,
        )

    def put_back(self, claim: Claim, why: str) -> bool:
        """The call was not made: the batch is as it was before the claim, at once."""
        outcome, now = Outcome(Verdict.DEFERRED, detail=why, phase=pacing.NOT_BEGUN), self.clock()
        with self.ledger.writing() as page:
            mine = page.finish(claim, outcome, BatchState.PLANNED, next_try_at=None, now=now)
            if mine:
                pacing.keep(page, claim, outcome, now, jitter=0.0)
            return mine

    def set_aside(self, claim: Claim, why: str) -> bool:
        """Nothing of it was offered, and nothing would be another time: a person has to look. The others go on."""
        outcome = Outcome(Verdict.DEFERRED, detail=why[:500], phase="not begun")
        with self.ledger.writing() as page:
            page.alert(
                f"held:{claim.edition_id}", f"Batch {claim.n} of edition {claim.edition_id}: {why}"[:500], self.clock()
            )
            return page.finish(claim, outcome, BatchState.HELD, next_try_at=None, now=self.clock())

    def _record(self, claim: Claim, outcome: Outcome, readers: Sequence[Standing], *, repeatable: bool) -> bool:
        now = self.clock()
        decision = settle.after(outcome, len(readers), repeatable=repeatable)
        with self.ledger.writing() as page:
            if decision.move is Move.SPLIT:
                page.lock(claim.edition_id, change=True)
            again = self._next_try(page, claim, outcome, now) if decision.move is Move.RETRY else None
            if not page.finish(claim, outcome, decision.state, next_try_at=again, now=now):
                log.warning("late answer edition=%d batch=%d verdict=%s", claim.edition_id, claim.n, outcome.verdict)
                return False
            _act(page, claim, outcome, decision, readers, now)
            pacing.keep(page, claim, outcome, now, jitter=self.draw())
        log.info("recorded edition=%d batch=%d verdict=%s", claim.edition_id, claim.n, outcome.verdict)
        return True

    def _next_try(self, page: LedgerPage, claim: Claim, outcome: Outcome, now: datetime) -> datetime:
        deferrals = page.deferrals(claim.edition_id, claim.n) + 1
        if deferrals >= DEFERRALS_BEFORE_ALERT:
            text = f"The provider has put off a batch of edition {claim.edition_id} {deferrals} times: {outcome.detail}"
            page.alert(f"deferred:{claim.edition_id}", text, now)
        return pace.next_try(deferrals, outcome.retry_after_seconds, now, jitter=self.draw())


def patiently(
    write: Callable[[], Written], until: datetime, *, clock: Clock, pause: Callable[[float], None]
) -> Written:
    """Write, again and again until it works or the time is over. Raises StoreError then."""
    pauses = iter(PAUSES)
    while True:
        try:
            return write()
        except StoreError:
            wait = next(pauses, PAUSES[-1])
            if (until - clock()).total_seconds() < wait:
                raise
            pause(wait)


def _act(
    page: LedgerPage,
    claim: Claim,
    outcome: Outcome,
    decision: settle.Decision,
    readers: Sequence[Standing],
    now: datetime,
) -> None:
    """What a decision does beside the batch's own state."""
    if decision.move is Move.SPLIT:
        _split(page, claim, now)
    elif decision.move in (Move.DROP, Move.FAIL):
        refused = decision.refused or tuple((position, outcome.detail) for position in range(len(readers)))
        gone = [TakenOut(readers[at].subscriber_id, ExceptionKind.REFUSED, why) for at, why in refused]
        page.take_out(claim.edition_id, claim.n, gone, now)
    elif decision.move is Move.STOP:
        page.bar(Bar.STOPPED, outcome.detail or "the provider refuses us")
        page.alert(Bar.STOPPED.value, f"All sending is stopped: {outcome.detail}", now)
    elif decision.move is Move.DOUBT:
        tell_of_doubt(page, claim.edition_id, now)
    elif decision.move is Move.HOLD:
        page.alert(f"held:{claim.edition_id}", f"Edition {claim.edition_id} was checked and not sent", now)


def _split(page: LedgerPage, claim: Claim, now: datetime) -> None:
    written, taken_out = page.manifest(claim.edition_id, claim.n)
    first, second = audience.halves(manifest.decode(written), taken_out)
    page.split(claim.edition_id, claim.n, _parcel(first), _parcel(second), second, now)


def _parcel(ids: Sequence[int]) -> Parcel:
    return Parcel(manifest.encode(ids), len(ids))


def take_up(ledger: Ledger, outbox: Outbox, now: datetime, *, at_start: bool = False) -> Sequence[tuple[int, int]]:
    """Batches whose lease ran out become what may be said of them. Answers (edition, n) of each.

    Only what `outbox` itself began can be repeated by it; whatever another transport began is uncertain. What can be
    repeated need not wait for its lease `at_start`: whoever was at it is most likely dead, and alive it does no harm.
    """
    itself = outbox.name if outbox.repeatable else None
    with ledger.writing() as page:
        # Those carried message by message first: their cursors know more than that the whole of it is in doubt.
        carried = [(one.claim.edition_id, one.claim.n) for one in page.broken(now) if take_up_broken(page, one, now)]
        never = page.expire_unfenced(now)
        again = page.expire(settle.broken_off(repeatable=True), now, of=itself, at_once=at_start) if itself else ()
        doubtful = page.expire(settle.broken_off(repeatable=False), now, but=itself)
        for edition_id in sorted({edition_id for edition_id, _ in doubtful}):
            tell_of_doubt(page, edition_id, now)
    found = [*carried, *never, *again, *doubtful]
    for edition_id, n in found:
        log.warning("broke off edition=%d batch=%d", edition_id, n)
    return found


def settle_edition(edition_id: int, ledger: Ledger, now: datetime) -> bool:
    """sending -> settled when every batch is terminal."""
    with ledger.writing() as page:
        return settle_on(page, edition_id, now)


def settle_on(page: LedgerPage, edition_id: int, now: datetime) -> bool:
    """The same within a transaction. What its batches were alarming about is over with it."""
    settled = page.settle(edition_id, now)
    if settled:
        for what in ("deferred", "held", "uncertain"):
            page.resolve_alert(f"{what}:{edition_id}", now)
    return settled


def resolve(edition_id: int, n: int, ledger: Ledger, now: datetime, *, accepted: bool, actor: str) -> None:
    """A person says what became of an uncertain or held batch: it was accepted, or it is to be sent again.

    Raises NotFoundError, and PolicyError for a batch that needs no word, or none any more.
    """
    state = BatchState.ACCEPTED if accepted else BatchState.PLANNED
    with ledger.writing() as page:
        edition = page.lock(edition_id, change=True)
        if edition is None:
            raise NotFoundError(f"there is no edition {edition_id}")
        if edition.state in TERMINAL_EDITIONS and not accepted:
            raise PolicyError(f"edition {edition_id} is {edition.state}", why="nothing of it is sent any more")
        found = next((batch for batch in page.batches(edition_id) if batch.n == n), None)
        if found is None:
            raise NotFoundError(f"edition {edition_id} has no batch {n}")
        if not page.resolve(edition_id, n, state, f"{state} by {actor}'s word; before: {found.detail}", now):
            raise PolicyError(f"batch {n} of edition {edition_id} is {found.state}", why="only doubt is resolved")
        page.audit(actor, "resolve", f"edition {edition_id} batch {n}", state.value, now)
        if not any(batch.state is BatchState.UNCERTAIN for batch in page.batches(edition_id)):
            page.resolve_alert(f"uncertain:{edition_id}", now)
        settle_on(page, edition_id, now)


def resume_sending(ledger: Ledger, now: datetime, *, actor: str) -> Sequence[str]:
    """Lift what bars all sending, and answer what that was."""
    with ledger.writing() as page:
        reasons = tuple(page.barred().values())
        page.unbar(now)
        for bar in Bar:
            page.resolve_alert(bar.value, now)
        if reasons:
            page.audit(actor, "resume sending", "all", "; ".join(reasons), now)
    return reasons


def report(edition_id: int, ledger: Ledger) -> Report:
    """Who got it, who did not and why. Raises NotFoundError."""
    with ledger.reading() as page:
        edition = page.edition(edition_id)
        if edition is None:
            raise NotFoundError(f"there is no edition {edition_id}")
        return Report(
            edition=edition,
            counts=page.counts(edition_id),
            batches=tuple(page.batches(edition_id)),
            attempts=tuple(page.attempts(edition_id)),
            exceptions=tuple(page.exceptions(edition_id, EXCEPTIONS_MAX)),
        )


def recipients_of(story_id: int, rev: int, ledger: Ledger) -> Iterator[Received]:
    """Everybody who got this text of the story, or may have."""
    with ledger.reading() as page:
        carried = page.carrying(story_id, rev)
    for batch in carried:
        for subscriber_id in manifest.decode(batch.manifest):
            if subscriber_id not in batch.taken_out:
                yield Received(batch.edition_id, subscriber_id, certain=batch.state is BatchState.ACCEPTED)
