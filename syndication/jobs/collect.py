"""Partners' sources -> stored articles: claim who is due, ask all of them together, store what came.

In rounds, until nobody is due. First the feeds, then the pages that their entries want. What an answer brought is
stored while others are still awaited. A second round right after changes nothing.
"""

import logging
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from urllib.parse import urlsplit

from syndication.errors import StoreError
from syndication.jobs.gather import Gathered, gather, judge, page_requests, settle, sift, take_page
from syndication.jobs.lulls import with_lulls
from syndication.jobs.polls import poll_of
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.ports.library import Library
from syndication.jobs.shelve import finish, shelve
from syndication.jobs.unlock import Keys, no_keys, unlocked
from syndication.jobs.watch import look_for_missing
from syndication.model.collecting import Collected, DueSource, Polled
from syndication.model.exchange import Answer, Failure, FailureKind, Request
from syndication.model.feed import Topic
from syndication.model.source import Fetched, FetchOutcome, SetAside
from syndication.sources.fetch import request_for

LEASE_SECONDS = 300
GROUP_MAX = 50
GROUP_SECONDS = 0.02
FULL_EVERY = timedelta(days=1)
"""How often a source is asked for all of its feed: a publisher that only says 304 hides what it took back."""
HOSTS_MIN = 3
"""So many hosts must fail, and all of them, for our own network to be the likelier cause."""
OUR_SIDE = frozenset((FailureKind.UNREACHABLE, FailureKind.TIMEOUT, FailureKind.TLS))

log = logging.getLogger(__name__)


def collect(
    *,
    exchange: Exchange,
    library: Library,
    clock: Clock,
    limit: int = 500,
    only: str | None = None,
    stopping: Callable[[], bool] = lambda: False,
    jitter: Callable[[], float] = random.random,
    keys: Keys = no_keys,
) -> Collected:
    """Poll every source that is due, `limit` at a time; or `only` that one, due or not. Then look for what is missing.

    `stopping` is asked between answers: what is not stored by then is polled again when its lease has run out. `keys`
    answers the credentials that a source names.
    """
    polled: list[Polled] = []
    own_network = False
    while not stopping():
        dues = library.claim(clock(), limit=limit, lease_seconds=LEASE_SECONDS, only=only)
        if not dues:
            break
        way_out = unlocked(exchange, (due.source for due in dues), keys)
        round = _Round(way_out, library, clock, stopping, jitter, library.topics(), own_network)
        polled += round.run(dues)
        own_network = round.own_network
        if only is not None:
            break
    withdrawn = 0
    if not own_network and not stopping():
        withdrawn = look_for_missing(
            exchange=exchange, library=library, clock=clock, keys=keys, only=only, stopping=stopping
        )
    return Collected(tuple(polled), own_network, withdrawn)


@dataclass(slots=True)
class _Round:
    """One claim, driven to its end."""

    exchange: Exchange
    library: Library
    clock: Clock
    stopping: Callable[[], bool]
    jitter: Callable[[], float]
    topics: Sequence[Topic]
    own_network: bool
    polled: list[Polled] = field(default_factory=list)
    group: list[Gathered] = field(default_factory=list)
    group_since: float = 0.0
    wanting: list[tuple[Gathered, list[Request]]] = field(default_factory=list)
    """What waits for its pages."""

    def run(self, dues: Sequence[DueSource]) -> list[Polled]:
        by_id = {due.source.id: due for due in dues}
        failed: list[Gathered] = []
        for request, answer in self._asked(self._request(due) for due in dues):
            gathered = self._gather(by_id[_first(request.key)], answer)
            if isinstance(gathered.came, Failure):
                failed.append(gathered)
            else:
                self._take(gathered)
        self._flush()
        self._read_pages()
        self._count(failed, dues)
        return self.polled

    def _request(self, due: DueSource) -> Request:
        whole = due.last_full_at is None or self.clock() - due.last_full_at >= FULL_EVERY
        return request_for(due.source, due.validators, unconditional=whole)

    def _asked(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Answer | Failure]]:
        """Answers as they come. While none comes, what has come is stored."""
        with closing(with_lulls(self.exchange.fetch_all(requests), GROUP_SECONDS)) as answers:
            for answer in answers:
                if self.stopping():
                    return
                if answer is None:
                    self._flush()
                else:
                    yield answer

    def _gather(self, due: DueSource, answer: Answer | Failure) -> Gathered:
        """Read an answer. Whatever it does to us, only it suffers: it is set aside, and asked for again later."""
        try:
            return gather(due, answer, now=self.clock())
        except Exception as error:
            log.exception("source failed", extra={"source": due.source.slug})
            return _unread(due, answer, error, self.clock())

    def _read_pages(self) -> None:
        """The second wave. A source is stored when its last page has come."""
        wanting, self.wanting = self.wanting, []
        by_id = {gathered.due.source.id: gathered for gathered, _ in wanting}
        missing = {gathered.due.source.id: len(pages) for gathered, pages in wanting}
        for request, answer in self._asked(page for _, pages in wanting for page in pages):
            id = _first(request.key)
            take_page(by_id[id], request.url, answer)
            missing[id] -= 1
            if not missing[id]:
                self._take(by_id[id])
        self._flush()

    def _take(self, gathered: Gathered) -> None:
        """Put it into the group, and store the group when it is full or old."""
        if not self.group:
            self.group_since = monotonic()
        self.group.append(gathered)
        if len(self.group) >= GROUP_MAX or monotonic() - self.group_since > GROUP_SECONDS:
            self._flush()

    def _flush(self) -> None:
        """Store the group, but for what waits for its pages."""
        group, self.group = self.group, []
        if not group:
            return
        ready: list[Gathered] = []
        for gathered in self._sifted(group):
            if pages := list(page_requests(gathered)):
                self.wanting.append((gathered, pages))
            else:
                ready.append(self._guarded(gathered, self._settle))
        self._report(shelve(ready, library=self.library, jitter=self.jitter))

    def _sifted(self, group: Sequence[Gathered]) -> Iterator[Gathered]:
        asked = {gathered.due.source.id: tuple(gathered.listed) for gathered in group if gathered.listed}
        listings = self.library.listings(asked) if asked else {}
        for gathered in group:
            listing = listings.get(gathered.due.source.id)
            yield self._guarded(gathered, partial(sift, listing=listing, library=self.library)) if listing else gathered

    def _settle(self, gathered: Gathered) -> None:
        settle(gathered)
        judge(gathered, self.topics)

    def _guarded(self, gathered: Gathered, step: Callable[[Gathered], None]) -> Gathered:
        try:
            step(gathered)
        except StoreError:
            raise
        except Exception as error:
            log.exception("source failed", extra={"source": gathered.due.source.slug})
            return _unread(gathered.due, gathered.answer, error, gathered.at)
        return gathered

    def _count(self, failed: Sequence[Gathered], dues: Sequence[DueSource]) -> None:
        """Write down the failures, unless it was our own network that failed."""
        healthy = {_host(due) for due in dues if not due.failures}
        silent = {_host(each.due) for each in failed if _no_network(each)}
        if len(healthy) >= HOSTS_MIN and {_host(due) for due in dues} <= silent:
            self.own_network = True
            log.error("no host answers: our own network is down", extra={"hosts": len(silent)})
        polls = [poll_of(each, self.jitter(), excused=self.own_network and _no_network(each)) for each in failed]
        if polls:
            self._report(finish(polls, library=self.library))

    def _report(self, polled: Iterable[Polled]) -> None:
        for each in polled:
            self.polled.append(each)
            trouble = each.detail or each.health
            level = logging.WARNING if trouble else logging.INFO if each.new or each.changed else logging.DEBUG
            log.log(
                level,
                "collected",
                extra={
                    "source": each.source,
                    "outcome": each.outcome,
                    "new": each.new,
                    "changed": each.changed,
                    "error": each.detail,
                    "health": each.health,
                    "next_step": each.next_step,
                },
            )


def _first(key: object) -> int:
    """The source's id in a request's key: alone for a feed, beside the address for a page."""
    found = key[0] if isinstance(key, tuple) else key
    if not isinstance(found, int):
        raise TypeError(f"not a key of ours: {key!r}")
    return found


def _unread(due: DueSource, answer: Answer | Failure, error: Exception, now: datetime) -> Gathered:
    detail = f"it cannot be read: {error!r}"
    came = Fetched(FetchOutcome.FAILED, None, due.validators, detail=detail)
    aside = [SetAside(0, detail, answer.body)] if isinstance(answer, Answer) else []
    return Gathered(due, now, answer, came, set_aside=aside)


def _host(due: DueSource) -> str:
    return urlsplit(due.source.url).netloc


def _no_network(gathered: Gathered) -> bool:
    return isinstance(gathered.came, Failure) and gathered.came.kind in OUR_SIDE
