"""Ports that tell a progress bar what passes through them, and are otherwise the ones they were given."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndication.cli.show import Tell
from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.ports.outbox import Carrier, Fencing, Gate, Outbox, calls_at_once, carries, fences
from syndication.model.carrying import Carried, Fared
from syndication.model.delivery import Outcome, Submission
from syndication.model.exchange import Answer, Failure, Request
from syndication.model.feed import Built, Feed, FeedDocument, FeedFormat
from syndication.storage.database import Database
from syndication.storage.shelf import StoredShelf


@dataclass
class WatchedExchange:
    """Counts requests and answers."""

    exchange: Exchange
    tell: Tell
    asked: int = 0
    answered: int = 0

    def fetch(self, request: Request) -> Answer | Failure:
        return self.exchange.fetch(request)

    def fetch_all(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Answer | Failure]]:
        for found in self.exchange.fetch_all(self._counted(requests)):
            self.answered += 1
            self.tell(self.answered, self.asked)
            yield found

    def _counted(self, requests: Iterable[Request]) -> Iterator[Request]:
        for request in requests:
            self.asked += 1
            yield request


class WatchedOutbox:
    """Counts recipients that were offered."""

    def __init__(self, outbox: Outbox, tell: Tell, total: int) -> None:
        self.name, self.batch_size = outbox.name, outbox.batch_size
        self.total_seconds, self.repeatable = outbox.total_seconds, outbox.repeatable
        self.calls_at_once = calls_at_once(outbox)
        self._outbox, self._tell, self._total = outbox, tell, total
        self._offered = 0

    def submit(self, submission: Submission) -> Outcome:
        self._tell(self._offered, self._total)
        outcome = self._outbox.submit(submission)
        self._offered += len(submission.recipients)
        self._tell(self._offered, self._total)
        return outcome


class WatchedFencing(WatchedOutbox):
    """The same for an outbox whose calls need a fence."""

    fenced = True

    def __init__(self, outbox: Fencing, tell: Tell, total: int) -> None:
        super().__init__(outbox, tell, total)
        self.fence = outbox.fence


class WatchedCarrier(WatchedOutbox):
    """Counts messages that were let through a gate."""

    def __init__(self, carrier: Carrier, tell: Tell, total: int) -> None:
        super().__init__(carrier, tell, total)
        self.lease_seconds = carrier.lease_seconds
        self._carrier = carrier

    def carry(self, submission: Submission, gate: Gate) -> Carried:
        return self._carrier.carry(submission, _WatchedGate(gate, self._let))

    def _let(self, count: int) -> None:
        self._offered += count
        self._tell(self._offered, self._total)


class _WatchedGate:
    def __init__(self, gate: Gate, let: Callable[[int], None]) -> None:
        self._gate, self._let = gate, let

    @property
    def shut(self) -> bool:
        return self._gate.shut

    def through(self, wanted: Sequence[int], fared: Mapping[int, Fared]) -> frozenset[int]:
        found = self._gate.through(wanted, fared)
        self._let(len(found))
        return found


def watched(outbox: Outbox, tell: Tell, total: int) -> WatchedOutbox:
    """Of the kind that the outbox is."""
    if fences(outbox):
        return WatchedFencing(outbox, tell, total)
    return WatchedCarrier(outbox, tell, total) if carries(outbox) else WatchedOutbox(outbox, tell, total)


class WatchedShelf(StoredShelf):
    """Counts the feeds that are built, and keeps what was built. `every`: all feeds are to be, changed or not."""

    def __init__(self, database: Database, tell: Tell, *, every: bool) -> None:
        super().__init__(database)
        self._tell, self._every = tell, every
        self._done = self._total = 0
        self.built: dict[tuple[str, FeedFormat], FeedDocument] = {}

    def stale(self, now: datetime) -> tuple[tuple[Feed, int], ...]:
        found = super().stale(now)
        if self._every:
            counts = {feed.id: count for feed, count in found}
            found = tuple((feed, counts.get(feed.id, 0)) for feed in self.all())
        self._total = len(found)
        self._tell(0, self._total)
        return found

    def put(self, built: Sequence[Built], now: datetime) -> list[tuple[FeedFormat, ...]]:
        kept = super().put(built, now)
        for one, formats in zip(built, kept, strict=True):
            changed = (document for document in one.documents if document.format in formats)
            self.built |= {(one.feed.slug, document.format): document for document in changed}
        self._done += len(built)
        self._tell(self._done, self._total)
        return kept
