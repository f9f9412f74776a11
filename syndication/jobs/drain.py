"""Apply what providers have told of our mails: take spooled bodies, read them, fold them into bits, act, commit.

A body goes from the spool in the transaction that applies it, so a kill between loses nothing and doubles nothing.
Every effect is the same however often and in whatever order it is told: bits are OR-ed, a setback counts once for its
mailing, an unsubscribe holds from when it happened. So no list of seen ids is kept. A body that cannot be applied is
tried again alone, then set aside with the reason, and the others go on.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from syndication.deliveries import bits, bounces, manifest, personalize
from syndication.errors import StoreError
from syndication.jobs import setbacks
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.events import EventPage, Events, Parse
from syndication.jobs.ports.journal import Journal
from syndication.jobs.record import settle_on
from syndication.model.delivery import ExceptionKind
from syndication.model.event import BitKind, DeliveryEvent, EventKind, SetAside, Spooled
from syndication.model.journal import Owed
from syndication.model.ledger import Attempted, Bar, News
from syndication.model.setback import Setback

log = logging.getLogger(__name__)

BODIES_MAX = 256
BYTES_MAX = 4 * 1024 * 1024
"""What one transaction takes up: it keeps others waiting for about a second at most."""
TRIES_MAX = 3
KNOWN_MAX = 256
LETTER = "message-"
"""How the attempt id of a service mail begins; its number follows."""
NEWS = {
    EventKind.BOUNCED: ExceptionKind.BOUNCED,
    EventKind.DROPPED: ExceptionKind.DROPPED,
    EventKind.QUOTA: ExceptionKind.DROPPED,
    EventKind.OUR_FAULT: ExceptionKind.DROPPED,
    EventKind.COMPLAINED: ExceptionKind.COMPLAINED,
}
SUSPENDED = "the provider has suspended the account"


@dataclass(frozen=True, slots=True)
class Drained:
    bodies: int = 0
    events: int = 0
    aside: int = 0

    def __add__(self, other: "Drained") -> "Drained":
        return Drained(self.bodies + other.bodies, self.events + other.events, self.aside + other.aside)


@dataclass
class Drain:
    """`parsers` by transport; `key` makes delivery ids."""

    events: Events
    journal: Journal
    parsers: Mapping[str, Parse]
    key: bytes
    clock: Clock
    _known: dict[tuple[int, bytes], dict[str, tuple[int, int]]] = field(default_factory=dict)

    def run(self, *, stopping: Callable[[], bool] = lambda: False) -> Drained:
        """Until nothing waits, or `stopping`. Raises StoreError when the records fail."""
        done = Drained()
        while not stopping():
            round = self._round()
            done += round
            if not round.bodies:
                break
        if done.bodies:
            log.info("drained bodies=%d events=%d aside=%d", done.bodies, done.events, done.aside)
        return done

    def _round(self) -> Drained:
        try:
            with self.events.writing() as page:
                return self._apply(page, page.take(BODIES_MAX, BYTES_MAX))
        except StoreError:
            raise
        except Exception:
            log.exception("events put off: a body cannot be applied")
            return self._one_by_one()

    def _one_by_one(self) -> Drained:
        """After a failure: each body of a round in a transaction of its own, so that only the bad one stays."""
        with self.events.writing() as page:
            bodies = page.take(BODIES_MAX, BYTES_MAX)
        done = Drained()
        for body in bodies:
            try:
                with self.events.writing() as page:
                    done += self._apply(page, [body])
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001  whatever it is, the bytes are kept and the others go on
                done += self._fail(body, f"{type(error).__name__}: {error}")
        return done

    def _fail(self, body: Spooled, reason: str) -> Drained:
        """It waits behind the others; after some tries it is set aside."""
        with self.events.writing() as page:
            if body.tries + 1 < TRIES_MAX:
                page.failed(body.id)
                return Drained(bodies=1)
            page.set_aside([SetAside(body.transport, f"could not be applied: {reason}", body.body)], self.clock())
            page.tally({"aside": 1}, self.clock())
            page.done([body.id])
        return Drained(bodies=1, aside=1)

    def _apply(self, page: EventPage, bodies: Sequence[Spooled]) -> Drained:
        """Bodies are folded together: one event a body costs little more than many."""
        now, owed = self.clock(), list[Owed]()
        events: dict[str, list[DeliveryEvent]] = defaultdict(list)
        aside: list[SetAside] = []
        for body in bodies:
            parsed = self.parsers[body.transport](body.body)
            events[body.transport] += [_clamped(event, now) for event in parsed.events]
            aside += parsed.aside
        counts = Counter({"aside": len(aside)})
        for transport, told in events.items():
            round = _Round(self, page, transport, owed.append, now)
            round.apply(told)
            counts += round.counts
        page.set_aside(aside, now)
        page.tally(counts, now)
        page.done([body.id for body in bodies])
        self.journal.append_all(owed)  # on disk before this transaction is
        return Drained(len(bodies), sum(map(len, events.values())), len(aside))

    def places(self, edition_id: int, written: bytes) -> Mapping[str, tuple[int, int]]:
        """(place, subscriber) by delivery id, for one manifest; the latest few hundred are remembered."""
        known = self._known.get((edition_id, written))
        if known is None:
            known = {
                personalize.delivery_id(self.key, edition_id, id): (place, id)
                for place, id in enumerate(manifest.decode(written))
            }
            while len(self._known) >= KNOWN_MAX:
                del self._known[next(iter(self._known))]
            self._known[edition_id, written] = known
        return known


class _Round:
    """Events of one transport, applied in one transaction."""

    def __init__(self, drain: Drain, page: EventPage, transport: str, append: setbacks.Append, now: datetime) -> None:
        self._drain, self._page, self._actor, self._append, self._now = drain, page, transport, append, now
        self._bits: dict[tuple[int, int], dict[BitKind, int]] = defaultdict(lambda: defaultdict(int))
        self._news: list[News] = []
        self._delivered: dict[int, datetime] = {}
        self._said: list[tuple[int, Setback, int | None]] = []
        self.counts: Counter[str] = Counter()

    def apply(self, events: list[DeliveryEvent]) -> None:
        attempts = self._page.attempts_of({event.attempt_id for event in events if event.attempt_id})
        void = [event for event in events if _is_void(event, attempts)]
        if void:
            self.counts["cancelled"] += len(void)
            events = [event for event in events if not _is_void(event, attempts)]
            told = {event.attempt_id for event in events}
            attempts = {id: several for id, several in attempts.items() if id in told}
        every = [one for several in attempts.values() for one in several]
        manifests = self._page.manifests({(one.edition_id, one.n) for one in every})
        for event in events:
            if event.kind in (EventKind.SUSPENDED, EventKind.REACTIVATED):
                self._account(event)
            elif event.attempt_id.startswith(LETTER):
                self._letter(event)
            elif several := attempts.get(event.attempt_id):
                self._delivery(event, several, manifests)
            else:
                self.counts["foreign" if not event.attempt_id else "unknown"] += 1
        self._accept(every)
        self._page.add_bits(self._bits)
        self._page.add_news(self._news, self._now)
        self._hear()
        self._forgive()

    def _delivery(
        self, event: DeliveryEvent, several: Sequence[Attempted], manifests: Mapping[tuple[int, int], bytes]
    ) -> None:
        found = None
        for attempt in several:  # more than one where a batch was split since
            found = self._drain.places(attempt.edition_id, manifests[attempt.edition_id, attempt.n]).get(
                event.delivery_id
            )
            if found:
                break
        if found is None:
            self.counts["unknown"] += 1
            return
        place, subscriber_id = found
        told = self._bits[attempt.edition_id, attempt.n]
        for kind in (BitKind.REPORTED, *bits.BITS[event.kind]):
            told[kind] |= 1 << place
        self.counts[event.kind.value] += 1
        if event.kind is EventKind.DELIVERED:
            before = self._delivered.get(subscriber_id, event.at)
            self._delivered[subscriber_id] = max(before, event.at)
        elif event.kind in NEWS:
            detail = _detail(event)
            self._news.append(News(attempt.edition_id, attempt.n, subscriber_id, NEWS[event.kind], detail))
        self._note(event, subscriber_id, f"edition:{attempt.edition_id}", attempt.newsletter_id)
        self._ours(event, attempt)

    def _letter(self, event: DeliveryEvent) -> None:
        number = event.attempt_id.removeprefix(LETTER).partition("-")[0]
        id = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
        subscriber_id = self._page.accept_letter(id, self._now) if id else None
        if subscriber_id is None:
            self.counts["unknown"] += 1
            return
        self.counts[event.kind.value] += 1
        if event.kind is EventKind.DELIVERED:
            self._delivered[subscriber_id] = max(self._delivered.get(subscriber_id, event.at), event.at)
        self._note(event, subscriber_id, f"message:{id}", None)

    def _note(self, event: DeliveryEvent, subscriber_id: int, about: str, newsletter_id: int | None) -> None:
        kind = bounces.said_by(event)
        if kind is not None:
            self._said.append((subscriber_id, Setback(kind, event.at, about, _detail(event)), newsletter_id))

    def _ours(self, event: DeliveryEvent, attempt: Attempted) -> None:
        """What is nobody's fault but ours, or the account's: a person must look."""
        if event.kind is EventKind.QUOTA:
            reason = f"the provider has dropped mail of it: {_detail(event)}"
            self._page.pause(attempt.edition_id, reason, self._now)
            text = f"Edition {attempt.edition_id} is stopped: the account at the provider may send no more"
            self._page.alert(f"quota:{attempt.edition_id}", text, self._now)
        elif event.kind is EventKind.OUR_FAULT:
            text = f"The provider drops mail of edition {attempt.edition_id} for what is in it: {_detail(event)}"
            self._page.alert(f"dropped:{attempt.edition_id}", text, self._now)

    def _account(self, event: DeliveryEvent) -> None:
        self.counts[event.kind.value] += 1
        if not self._page.account(event.at):
            return
        if event.kind is EventKind.SUSPENDED:
            reason = f"{SUSPENDED} ({bounces.told(event.text)})"
            self._page.bar(Bar.STOPPED, reason)
            self._page.alert(Bar.STOPPED.value, f"All sending is stopped: {reason}", self._now)
        elif self._page.reactivate(SUSPENDED):
            self._page.resolve_alert(Bar.STOPPED.value, self._now)

    def _accept(self, attempts: Iterable[Attempted]) -> None:
        """Any event of a call proves that the call was accepted, for all its readers."""
        by_edition: dict[int, list[Attempted]] = defaultdict(list)
        for attempt in attempts:
            by_edition[attempt.edition_id].append(attempt)
        for edition_id, theirs in sorted(by_edition.items()):
            self._page.lock(edition_id, change=False)
            accepted = [self._page.accept(edition_id, one.n, one.attempt, self._now) for one in theirs]
            if any(accepted):
                if not self._page.doubtful(edition_id):
                    self._page.resolve_alert(f"uncertain:{edition_id}", self._now)
                settle_on(self._page, edition_id, self._now)

    def _hear(self) -> None:
        for subscriber_id, setback, newsletter_id in sorted(self._said, key=lambda one: one[1].at):
            setbacks.apply(
                self._page,
                self._append,
                subscriber_id,
                setback,
                newsletter_id=newsletter_id,
                now=self._now,
                actor=self._actor,
            )

    def _forgive(self) -> None:
        for id in self._page.with_setbacks(self._delivered) if self._delivered else ():
            self._page.delivered([id], self._delivered[id])


def _clamped(event: DeliveryEvent, now: datetime) -> DeliveryEvent:
    """Nothing has happened yet that is to happen: a clock of theirs may be ahead."""
    return event._replace(at=now) if event.at > now else event


def _is_void(event: DeliveryEvent, attempts: Mapping[str, Sequence[Attempted]]) -> bool:
    """That a call was taken which was cancelled since: nobody got it, and it is offered anew."""
    return event.kind is EventKind.ACCEPTED and any(one.cancelled for one in attempts.get(event.attempt_id, ()))


def _detail(event: DeliveryEvent) -> str:
    answer = event.text if event.status and event.status in event.text else f"{event.status} {event.text}"
    return bounces.told(answer)
