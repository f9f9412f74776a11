"""Ports that tell a progress bar what passes through them, and are otherwise the ones they were given."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndication.cli.show import Tell
from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.ports.outbox import Outbox
from syndication.jobs.ports.shelf import Shelf
from syndication.model.article import Stored
from syndication.model.delivery import Outcome, Submission
from syndication.model.exchange import Answer, Failure, Request
from syndication.model.feed import Feed, FeedDocument, FeedFormat, Topic


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
        self._outbox, self._tell, self._total = outbox, tell, total
        self._offered = 0

    def submit(self, submission: Submission) -> Outcome:
        self._tell(self._offered, self._total)
        outcome = self._outbox.submit(submission)
        self._offered += len(submission.recipients)
        self._tell(self._offered, self._total)
        return outcome


class WatchedShelf:
    """Has only the feeds it is given to build; counts them, and keeps what was built."""

    def __init__(self, shelf: Shelf, feeds: Sequence[tuple[Feed, int]], tell: Tell) -> None:
        self._shelf, self._feeds, self._tell = shelf, feeds, tell
        self._done = 0
        self.built: dict[tuple[str, FeedFormat], bytes] = {}

    def mark_all_stale(self) -> None:
        self._shelf.mark_all_stale()

    def stale(self) -> Sequence[tuple[Feed, int]]:
        return self._feeds

    def articles(self, feed: Feed) -> Sequence[Stored]:
        return self._shelf.articles(feed)

    def topics(self) -> Sequence[Topic]:
        return self._shelf.topics()

    def put(self, feed: Feed, documents: Sequence[FeedDocument], *, seen: int, now: datetime) -> Sequence[FeedFormat]:
        kept = self._shelf.put(feed, documents, seen=seen, now=now)
        self.built |= {(feed.slug, document.format): document.data for document in documents}
        self._done += 1
        self._tell(self._done, len(self._feeds))
        return kept

    def refuse(self, feed: Feed, format: FeedFormat, fault: str) -> None:
        self._shelf.refuse(feed, format, fault)
