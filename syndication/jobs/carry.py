"""Send a claimed batch message by message: the gate before each, and what becomes of the batch at the end.

Before a message leaves, its reader has been looked at for the last time and the cursor that says so is on disk, both in
the transaction that lets it through; and then beside the database too, which may be restored. After a kill whatever the
cursor has behind it is accepted, the messages under way are in doubt, one for each connection, and nobody else was
offered anything.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syndication.deliveries import audience, ends, pace
from syndication.errors import StoreError
from syndication.jobs.pacing import keep_carried
from syndication.jobs.part_ways import LIFETIME, part_ways
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.journal import Journal
from syndication.jobs.ports.ledger import Ledger, LedgerPage
from syndication.jobs.ports.outbox import Carrier
from syndication.jobs.record import patiently
from syndication.model.carrying import Carried, Cursor, Fared, Fate, Rest
from syndication.model.delivery import Claim, ExceptionKind, Outcome, Submission, Verdict
from syndication.model.journal import Carried as CarriedLine
from syndication.model.ledger import Bar, Standing, TakenOut
from syndication.model.newsletter import Newsletter

log = logging.getLogger(__name__)

FORGOTTEN_AFTER = timedelta(days=7)
ALERT_AFTER = 5


@dataclass
class Turnstile:
    """The gate of one claim, which names the readers as the submission does."""

    claim: Claim
    newsletter: Newsletter
    ledger: Ledger
    journal: Journal
    clock: Clock
    lease: timedelta
    stopping: Callable[[], bool]
    cursor: Cursor = field(default_factory=Cursor)
    gone: set[int] = field(default_factory=set)
    """Ids of those who left, or were suppressed, before their message."""
    why: str = ""
    _unwritten: dict[int, Fared] = field(default_factory=dict)
    _lease_until: datetime | None = None

    @property
    def shut(self) -> bool:
        return bool(self.why)

    @property
    def lease_until(self) -> datetime:
        return self._lease_until or self.claim.lease_until

    def through(self, wanted: Sequence[int], fared: Mapping[int, Fared]) -> frozenset[int]:
        self._unwritten |= fared
        if self.stopping():
            self.why = self.why or "the service is stopping"
        if self.why:
            wanted = ()
        try:
            return self._through(wanted)
        except StoreError as error:
            self.why = f"the records could not be written: {error.why or error.what}"
            return frozenset()

    def _through(self, wanted: Sequence[int]) -> frozenset[int]:
        now = self.clock()
        ids = {self.claim.recipient_ids[position]: position for position in wanted}
        owed, mark = self.journal.news()
        with ExitStack() as beside, self.ledger.writing() as page:
            for line in owed:
                page.owe(line)
            if not page.holds(self.claim):
                self.why = "the claim is somebody else's by now"
                return frozenset()
            if halted := page.halted(self.claim.edition_id):
                self.why, ids = self.why or halted, {}
            kept, gone = audience.reachable(ids, page.standings(self.newsletter.id, list(ids)) if ids else {})
            let = frozenset(ids[reader.subscriber_id] for reader in kept)
            cursor = self._moved(let)
            page.take_out(self.claim.edition_id, self.claim.n, [*gone, *self._refused()], now)
            page.advance(self.claim, cursor, self._renewal(now))
            if let:
                # Acceptances as they were committed before: only of an older database are these marks ahead.
                known = Cursor(cursor.begun, self.cursor.accepted)
                beside.enter_context(self.journal.marking(self.claim.attempt_id, known))
        self.journal.seen(mark)
        self.cursor = cursor
        self._unwritten.clear()
        self.gone |= {one.subscriber_id for one in gone}
        return let

    def ended(self, fared: Mapping[int, Fared]) -> CarriedLine:
        self._unwritten |= fared
        cursor = self._moved(frozenset())
        return CarriedLine(self.clock(), self.claim.attempt_id, f"{cursor.begun:x}", f"{cursor.accepted:x}")

    def so_far(self) -> dict[int, Fared]:
        """How each position fared as far as is known, when the transport itself failed."""
        cursor, found = self._moved(frozenset()), dict(self._unwritten)
        for position, place in enumerate(self.claim.places):
            if position not in found and cursor.begun & 1 << place:
                done = cursor.accepted & 1 << place
                found[position] = Fared(Fate.ACCEPTED) if done else Fared(Fate.UNCERTAIN, ends.BROKE_OFF)
        return found

    def _moved(self, let: frozenset[int]) -> Cursor:
        begun, accepted = self.cursor.begun, self.cursor.accepted
        for position, fared in self._unwritten.items():
            bit = 1 << self.claim.places[position]
            if fared.fate is Fate.ACCEPTED:
                accepted |= bit
            elif fared.fate is not Fate.UNCERTAIN:
                begun &= ~bit
        for position in let:
            begun |= 1 << self.claim.places[position]
        return Cursor(begun, accepted)

    def _refused(self) -> list[TakenOut]:
        return [
            TakenOut(self.claim.recipient_ids[position], ExceptionKind.REFUSED, fared.detail)
            for position, fared in self._unwritten.items()
            if fared.fate is Fate.REFUSED
        ]

    def _renewal(self, now: datetime) -> datetime | None:
        """The lease's new end, once half of it has gone by."""
        if self.lease_until - now > self.lease / 2:
            return None
        self._lease_until = now + self.lease
        return self._lease_until


@dataclass(frozen=True, slots=True)
class Porter:
    """What carrying needs. `draw` answers 0 to 1, `pause` waits for some seconds."""

    ledger: Ledger
    journal: Journal
    outbox: Carrier
    clock: Clock
    draw: Callable[[], float]
    pause: Callable[[float], None]
    stopping: Callable[[], bool]

    def carry(self, claim: Claim, submission: Submission, readers: Sequence[Standing], newsletter: Newsletter) -> None:
        """Raises StoreError when the records fail."""
        resting = self._resting(readers)
        awake = [at for at, reader in enumerate(readers) if reader.subscriber_id not in resting]
        ids = tuple(readers[at].subscriber_id for at in awake)
        gate = Turnstile(
            claim=replace(claim, recipient_ids=ids, places=tuple(claim.places[at] for at in awake)),
            newsletter=newsletter,
            ledger=self.ledger,
            journal=self.journal,
            clock=self.clock,
            lease=timedelta(seconds=self.outbox.lease_seconds),
            stopping=self.stopping,
        )
        try:
            carried = self.outbox.carry(submission.only(ids), gate) if ids else Carried({})
        except BaseException:
            self._close(claim, Carried(gate.so_far()), gate, readers, resting)
            raise
        self._close(claim, carried, gate, readers, resting)

    def _resting(self, readers: Sequence[Standing]) -> dict[int, datetime]:
        """Until when readers wait whose domain rests."""
        with self.ledger.reading() as page:
            rests = page.rests({reader.address.domain for reader in readers})
        now = self.clock()
        found = ((reader.subscriber_id, rests.get(reader.address.domain)) for reader in readers)
        return {id: rest.until for id, rest in found if rest is not None and rest.until > now}

    def _close(
        self,
        claim: Claim,
        carried: Carried,
        gate: Turnstile,
        readers: Sequence[Standing],
        resting: Mapping[int, datetime],
    ) -> None:
        ids = gate.claim.recipient_ids
        fared = {ids[position]: one for position, one in carried.fared.items()}
        offered = [reader.subscriber_id for reader in readers if reader.subscriber_id not in gate.gone]
        closing = _Closing(claim, carried, fared, offered, dict(resting), readers)
        patiently(lambda: self._record(closing), gate.lease_until, clock=self.clock, pause=self.pause)
        if gate.cursor.begun:
            self._tell_end(gate, carried)

    def _tell_end(self, gate: Turnstile, carried: Carried) -> None:
        try:
            self.journal.ended(gate.ended(carried.fared))
        except StoreError as error:  # the mark stands, and says the same at the next start
            log.warning("the end of a claim is not in the journal: %s", error)

    def _record(self, closing: "_Closing") -> None:
        now, claim, carried = self.clock(), closing.claim, closing.carried
        with self.ledger.writing() as page:
            page.lock(claim.edition_id, change=True)
            if not page.holds(claim):
                log.warning("late answer edition=%d batch=%d", claim.edition_id, claim.n)
                return
            rests = _let_rest(page, closing, now)
            until = closing.resting | {
                reader.subscriber_id: rests[reader.address.domain].until
                for reader in closing.readers
                if reader.address.domain in rests
            }
            found = ends.after(
                closing.fared,
                closing.offered,
                now=now,
                lifetime=LIFETIME,
                deferred_since=claim.deferred_since,
                later=self._later(page, closing, now),
                resting=until,
            )
            part_ways(page, claim, found, _outcome(found, carried), now)
            keep_carried(page, claim, closing.fared, carried.put_off, closing.readers, now, jitter=self.draw())
            if carried.stopped:
                page.bar(Bar.STOPPED, carried.stopped)
                page.alert(Bar.STOPPED.value, f"All sending is stopped: {carried.stopped}", now)
        log.info("carried edition=%d batch=%d %s", claim.edition_id, claim.n, found.detail or "nobody")

    def _later(self, page: LedgerPage, closing: "_Closing", now: datetime) -> datetime | None:
        """When those are tried whom the relay did not even let us offer. None: at once."""
        claim, why = closing.claim, closing.carried.put_off
        if not why:
            return None
        deferrals = page.deferrals(claim.edition_id, claim.n) + 1
        if deferrals >= ALERT_AFTER:
            text = f"The relay has put off a batch of edition {claim.edition_id} {deferrals} times: {why}"
            page.alert(f"deferred:{claim.edition_id}", text, now)
        return pace.next_try(deferrals, None, now, jitter=self.draw())


@dataclass(frozen=True, slots=True)
class _Closing:
    claim: Claim
    carried: Carried
    fared: Mapping[int, Fared]
    offered: Sequence[int]
    resting: dict[int, datetime]
    readers: Sequence[Standing]


def _let_rest(page: LedgerPage, closing: _Closing, now: datetime) -> dict[str, Rest]:
    """Note which domains have asked for a rest, and which take mail again. Answers the former."""
    domain_of = {reader.subscriber_id: reader.address.domain for reader in closing.readers}
    taking = {domain_of[id] for id, one in closing.fared.items() if one.fate is Fate.ACCEPTED}
    asked = closing.carried.resting
    before = page.rests(set(asked))
    rests = {}
    for domain in asked:
        times = before[domain].times + 1 if domain in before and domain not in taking else 1
        rests[domain] = Rest(times, ends.rest_until(times, now))
    page.rested(taking - set(asked), now - FORGOTTEN_AFTER)
    page.rest({domain: (rest, asked[domain]) for domain, rest in rests.items()})
    return rests


def _outcome(found: ends.Ends, carried: Carried) -> Outcome:
    trouble = carried.stopped or carried.put_off
    detail = "; ".join(filter(None, (found.detail, trouble)))
    nothing_taken = found.verdict not in (Verdict.ACCEPTED, Verdict.UNCERTAIN)
    return Outcome(Verdict.STOPPED if carried.stopped and nothing_taken else found.verdict, detail)
