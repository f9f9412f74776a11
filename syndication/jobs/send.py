"""Send what is due of one edition: claim, journal, a last look, one call, record. Safe beside any number of others.

Before the call three things are on disk: the claim in the database, its line in the journal, and every reader who left
until the last look. After a kill at any instruction the lease runs out and `record` says what may be said.
"""

import logging
import random
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from syndication.deliveries import audience, manifest
from syndication.errors import SendError, StoreError
from syndication.jobs.carry import Porter
from syndication.jobs.lanes import side_by_side
from syndication.jobs.letterhead import Letterhead
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.journal import Journal
from syndication.jobs.ports.ledger import Ledger, LedgerPage
from syndication.jobs.ports.outbox import Outbox, calls_at_once, carries
from syndication.jobs.record import Recorder, settle_on
from syndication.model.delivery import Claim, Outcome, Submission, Verdict
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

    @property
    def lease(self) -> timedelta:
        if carries(self.outbox):
            return timedelta(seconds=self.outbox.lease_seconds)  # it is prolonged on the way
        return timedelta(seconds=2 * self.outbox.total_seconds + 30)


def send_due(edition_id: int, room: Mailroom, *, stopping: Callable[[], bool] = lambda: False) -> Sent:
    """Send batch after batch until none is due, or until `stopping`. Raises StoreError when the records fail.

    As many calls are under way at once as the provider is good for.
    """

    def send_one() -> bool:
        claimed = _claim(edition_id, room)
        if claimed is not None:
            _deliver(*claimed, room, stopping)
        return claimed is not None

    batches = side_by_side(send_one, calls_at_once(room.outbox), stopping)
    with room.ledger.writing() as page:
        settled = settle_on(page, edition_id, room.clock())
        barred = "; ".join(page.barred().values())
    if settled:
        log.info("settled edition=%d", edition_id)
    return Sent(batches=batches, settled=settled, barred=barred)


def _claim(edition_id: int, room: Mailroom) -> tuple[Claim, Sequence[Standing], Newsletter, Rendered] | None:
    """Claim the next batch with somebody left in it, and write that into the journal."""
    with room.ledger.writing() as page:
        edition = page.lock(edition_id, change=False)
        if edition is None or edition.state is not EditionState.SENDING or page.barred():
            return None
        found = _next(page, edition, room)
        if found is None:
            return None
        claim, readers = found
        newsletter, content = page.newsletter(edition.newsletter_id), page.content(claim.content_id)
    try:
        room.journal.append(_line(claim, edition, newsletter, room))
    except StoreError as error:
        # Nothing was offered, so the batch is as it was; without its line it must not be.
        Recorder(room.ledger, room.clock).put_back(claim, f"the journal was not written: {error.why or error.what}")
        raise
    return claim, readers, newsletter, content


def _next(page: LedgerPage, edition: Edition, room: Mailroom) -> tuple[Claim, Sequence[Standing]] | None:
    now = room.clock()
    while (batch := page.next_batch(edition.id, now)) is not None:
        claim, readers = _checked(page, batch, edition, room)
        if readers:
            by_message = carries(room.outbox)
            return (claim, readers) if page.begin(claim, room.outbox.name, now, by_message=by_message) else None
        page.close_empty(batch, now)
    return None


def _checked(page: LedgerPage, batch: OpenBatch, edition: Edition, room: Mailroom) -> tuple[Claim, Sequence[Standing]]:
    """A claim on whoever of the batch may still be mailed; the others get their exceptions."""
    now = room.clock()
    place_of = {id: place for place, id in enumerate(manifest.decode(batch.manifest)) if id not in batch.taken_out}
    ids = list(place_of)
    kept, gone = audience.reachable(ids, page.standings(edition.newsletter_id, ids), doubtful=batch.doubtful)
    page.take_out(edition.id, batch.n, gone, now)
    claim = Claim(
        edition_id=edition.id,
        n=batch.n,
        attempt=batch.attempt + 1,
        attempt_id=uuid.uuid4().hex,
        token=batch.token + 1,
        lease_until=now + room.lease,
        content_id=batch.content_id,
        recipient_ids=tuple(reader.subscriber_id for reader in kept),
        places=tuple(place_of[reader.subscriber_id] for reader in kept),
        deferred_since=batch.deferred_since,
    )
    return claim, kept


def _deliver(
    claim: Claim,
    readers: Sequence[Standing],
    newsletter: Newsletter,
    content: Rendered,
    room: Mailroom,
    stopping: Callable[[], bool],
) -> None:
    # Built first, so that nothing slow stands between the last look and the call.
    submission = room.letterhead.submission(claim, newsletter, content, readers, room.clock())
    if carries(room.outbox):
        porter = Porter(room.ledger, room.journal, room.outbox, room.clock, room.draw, room.pause, stopping)
        porter.carry(claim, submission, readers, newsletter)
    else:
        _offer(claim, submission, readers, newsletter, room)


def _offer(
    claim: Claim, submission: Submission, readers: Sequence[Standing], newsletter: Newsletter, room: Mailroom
) -> None:
    recorder = Recorder(room.ledger, room.clock, draw=room.draw, pause=room.pause)
    staying = _last_look(claim, newsletter, room)
    if staying is None:
        return
    if not staying:
        recorder.put_back(claim, "everybody left before the call")  # the next claim finds nobody and closes it
        return
    readers = [reader for reader in readers if reader.subscriber_id in staying]
    submission = submission.only(staying)
    if (claim.lease_until - room.clock()).total_seconds() < room.outbox.total_seconds:
        recorder.put_back(claim, "too little of the lease was left for the call")
        return
    try:
        outcome = room.outbox.submit(submission)
    except SendError as error:
        outcome = Outcome(Verdict.STOPPED, detail=str(error))
    except BaseException as error:
        broken = Outcome(Verdict.UNCERTAIN, detail=f"{type(error).__name__} in the transport: {error}")
        recorder.record(claim, broken, readers, repeatable=room.outbox.repeatable)
        raise
    recorder.record(claim, outcome, readers, repeatable=room.outbox.repeatable)


def _last_look(claim: Claim, newsletter: Newsletter, room: Mailroom) -> frozenset[int] | None:
    """Ids of those who may be mailed at this moment. None when the claim is no longer ours.

    An unsubscribe holds from its line in the journal on, whether or not the database has it yet.
    """
    now = room.clock()
    owed, mark = room.journal.news()
    with room.ledger.writing() as page:
        for line in owed:
            page.owe(line)
        if not page.holds(claim):
            return None
        kept, gone = audience.reachable(claim.recipient_ids, page.standings(newsletter.id, claim.recipient_ids))
        page.take_out(claim.edition_id, claim.n, gone, now)
    room.journal.seen(mark)
    return frozenset(reader.subscriber_id for reader in kept)


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
