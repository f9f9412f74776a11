"""Send what is due of one edition: claim, journal, a last look, one call, record. Safe beside any number of others.

Before the call three things are on disk: the claim in the database, its line in the journal, and every reader who left
until the last look. After a kill at any instruction the lease runs out and `record` says what may be said.
"""

import logging
import random
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syndication.deliveries import audience, manifest
from syndication.errors import SendError, StoreError
from syndication.jobs.carry import Porter
from syndication.jobs.lanes import side_by_side
from syndication.jobs.letterhead import Letterhead
from syndication.jobs.pacing import Chosen, Switchboard, WayOut, alone
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.journal import Journal
from syndication.jobs.ports.ledger import Ledger, LedgerPage
from syndication.jobs.ports.outbox import Outbox, calls_at_once, carries, fences
from syndication.jobs.record import Recorder, settle_on
from syndication.model.delivery import Claim, Fence, Outcome, Submission, Verdict
from syndication.model.edition import Edition, EditionState, Rendered
from syndication.model.journal import Claimed
from syndication.model.ledger import OpenBatch, Standing
from syndication.model.newsletter import Newsletter

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round did. `batches` were offered, in any way answered; `settled`: the edition is done."""

    batches: int = 0
    settled: bool = False
    barred: str = ""


@dataclass(frozen=True, slots=True)
class Mailroom:
    """What a sender needs. `draw` answers 0 to 1, `pause` waits for some seconds."""

    ledger: Ledger
    journal: Journal
    outbox: Outbox
    letterhead: Letterhead
    clock: Clock
    draw: Callable[[], float] = random.random
    pause: Callable[[float], None] = time.sleep
    several: tuple[WayOut, ...] = ()
    """All transports in their order, with what each may take; none: `outbox` takes everything."""

    @property
    def ways(self) -> tuple[WayOut, ...]:
        return self.several or alone(self.outbox)

    @property
    def calls_at_once(self) -> int:
        return max(calls_at_once(way.outbox) for way in self.ways)

    @property
    def lease(self) -> timedelta:
        return lease_of(self.outbox)


def lease_of(outbox: Outbox) -> timedelta:
    if carries(outbox):
        return timedelta(seconds=outbox.lease_seconds)  # it is prolonged on the way
    return timedelta(seconds=2 * outbox.total_seconds + 30)


@dataclass(frozen=True, slots=True)
class _Claimed:
    claim: Claim
    readers: Sequence[Standing]
    outbox: Outbox
    newsletter: Newsletter
    content: Rendered


def send_due(edition_id: int, room: Mailroom, *, stopping: Callable[[], bool] = lambda: False) -> Sent:
    """Send batch after batch until none is due, or until `stopping`. Raises StoreError when the records fail.

    As many calls are under way at once as the provider is good for.
    """

    def send_one() -> bool:
        claimed = _claim(edition_id, room)
        if claimed is not None:
            _deliver(claimed, room, stopping)
        return claimed is not None

    batches = side_by_side(send_one, room.calls_at_once, stopping)
    with room.ledger.writing() as page:
        settled = settle_on(page, edition_id, room.clock())
        barred = "; ".join(page.barred().values())
    if settled:
        log.info("settled edition=%d", edition_id)
    return Sent(batches=batches, settled=settled, barred=barred)


def _claim(edition_id: int, room: Mailroom) -> _Claimed | None:
    """Claim the next batch with somebody left in it, and write that into the journal."""
    parting = any(way.route.choosy for way in room.ways)  # then a claim may part readers, and nobody else claims
    with room.ledger.writing() as page:
        edition = page.lock(edition_id, change=parting)
        if edition is None or edition.state is not EditionState.SENDING or page.barred():
            return None
        found = _next(page, edition, room)
        if found is None:
            return None
        claim, chosen = found
        newsletter, content = page.newsletter(edition.newsletter_id), page.content(claim.content_id)
    try:
        room.journal.append(_line(claim, edition, newsletter, room))
    except StoreError as error:
        # Nothing was offered, so the batch is as it was; without its line it must not be.
        Recorder(room.ledger, room.clock).put_back(claim, f"the journal was not written: {error.why or error.what}")
        raise
    return _Claimed(claim, chosen.readers, chosen.way.outbox, newsletter, content)


def _next(page: LedgerPage, edition: Edition, room: Mailroom) -> tuple[Claim, Chosen] | None:
    now = room.clock()
    board = Switchboard(page, room.ways, now)
    while not board.closed and (batch := page.next_batch(edition.id, now)) is not None:
        readers = _reachable(page, batch, edition, now)
        if not readers:
            page.close_empty(batch, now)
        elif chosen := board.choose(batch, readers):
            claim, outbox = _claim_on(batch, chosen, now), chosen.way.outbox
            begun = page.begin(claim, outbox.name, now, by_message=carries(outbox), fenced=fences(outbox))
            return (claim, chosen) if begun else None
    return None


def _reachable(page: LedgerPage, batch: OpenBatch, edition: Edition, now: datetime) -> Sequence[Standing]:
    """Whoever of the batch may still be mailed; the others get their exceptions."""
    ids = [id for id in manifest.decode(batch.manifest) if id not in batch.taken_out]
    kept, gone = audience.reachable(ids, page.standings(edition.newsletter_id, ids), doubtful=batch.doubtful)
    page.take_out(edition.id, batch.n, gone, now)
    return kept


def _claim_on(batch: OpenBatch, chosen: Chosen, now: datetime) -> Claim:
    place_of = {id: place for place, id in enumerate(chosen.ids)}
    ids = tuple(reader.subscriber_id for reader in chosen.readers)
    return Claim(
        edition_id=batch.edition_id,
        n=batch.n,
        attempt=batch.attempt + 1,
        attempt_id=uuid.uuid4().hex,
        token=batch.token + 1,
        lease_until=now + lease_of(chosen.way.outbox),
        content_id=batch.content_id,
        recipient_ids=ids,
        places=tuple(place_of[id] for id in ids),
        deferred_since=batch.deferred_since,
        transport=chosen.way.outbox.name,
        rest_times=chosen.rest_times,
        reserved=chosen.reserved,
    )


def _deliver(claimed: _Claimed, room: Mailroom, stopping: Callable[[], bool]) -> None:
    claim, readers, outbox, newsletter = claimed.claim, claimed.readers, claimed.outbox, claimed.newsletter
    # Built first, so that nothing slow stands between the last look and the call.
    try:
        submission = room.letterhead.submission(claim, newsletter, claimed.content, readers, room.clock())
    except StoreError:
        raise
    except Exception as error:
        log.exception("a batch cannot be built edition=%d batch=%d", claim.edition_id, claim.n)
        Recorder(room.ledger, room.clock).set_aside(claim, f"it cannot be built: {type(error).__name__}: {error}")
        return
    if carries(outbox):
        porter = Porter(room.ledger, room.journal, outbox, room.clock, room.draw, room.pause, stopping)
        porter.carry(claim, submission, readers, newsletter)
        return
    recorder = Recorder(room.ledger, room.clock, draw=room.draw, pause=room.pause)
    if fences(outbox):
        fence = outbox.fence(room.clock())
        if isinstance(fence, Outcome):
            recorder.record(claim, fence, readers, repeatable=True)  # nothing was offered
            return
        submission = replace(submission, fence=fence)
    _offer(claim, submission, readers, newsletter, room, outbox, recorder)


def _offer(
    claim: Claim,
    submission: Submission,
    readers: Sequence[Standing],
    newsletter: Newsletter,
    room: Mailroom,
    outbox: Outbox,
    recorder: Recorder,
) -> None:
    seen = _last_look(claim, submission.fence, newsletter, room)
    if seen is None:
        return
    if seen.halted or not seen.staying:
        # Of nobody left the next claim finds nobody, and closes it.
        recorder.put_back(claim, seen.halted or "everybody left before the call")
        return
    staying = seen.staying
    readers = [reader for reader in readers if reader.subscriber_id in staying]
    submission = submission.only(staying)
    if (claim.lease_until - room.clock()).total_seconds() < outbox.total_seconds:
        recorder.put_back(claim, "too little of the lease was left for the call")
        return
    try:
        outcome = outbox.submit(submission)
    except SendError as error:
        outcome = Outcome(Verdict.STOPPED, detail=str(error))
    except BaseException as error:
        broken = Outcome(Verdict.UNCERTAIN, detail=f"{type(error).__name__} in the transport: {error}")
        recorder.record(claim, broken, readers, repeatable=outbox.repeatable)
        raise
    recorder.record(claim, outcome, readers, repeatable=outbox.repeatable)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Who may be mailed at this moment; why nobody, when a person or the provider has stopped it since the claim."""

    staying: frozenset[int] = frozenset()
    halted: str = ""


def _last_look(claim: Claim, fence: Fence | None, newsletter: Newsletter, room: Mailroom) -> _Seen | None:
    """None when the claim is no longer ours.

    An unsubscribe holds from its line in the journal on, whether or not the database has it yet.
    """
    now = room.clock()
    owed, mark = room.journal.news()
    with room.ledger.writing() as page:
        for line in owed:
            page.owe(line)
        if not page.holds(claim):
            return None
        halted = page.halted(claim.edition_id)
        unfit = page.unfit(newsletter.id, claim.recipient_ids)
        _, gone = audience.reachable(unfit, page.standings(newsletter.id, unfit))
        page.take_out(claim.edition_id, claim.n, gone, now)
        if fence is not None and not halted:
            page.fence(claim, fence)  # on disk before anything is offered behind it
    room.journal.seen(mark)
    return _Seen(frozenset(claim.recipient_ids).difference(one.subscriber_id for one in gone), halted)


def _line(claim: Claim, edition: Edition, newsletter: Newsletter, room: Mailroom) -> Claimed:
    return Claimed(
        at=room.clock(),
        attempt_id=claim.attempt_id,
        edition_id=claim.edition_id,
        n=claim.n,
        attempt=claim.attempt,
        recipients=len(claim.recipient_ids),
        newsletter=newsletter.slug,
        cadence=edition.cadence,
        slot_local=edition.slot_local,
        due_at=edition.due_at,
    )
