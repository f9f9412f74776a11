"""Partners' sources -> stored articles: claim who is due, ask all of them together, store what came.

In rounds, until nobody is due. First the feeds, then the pages that their entries want. What an answer brought is
stored while others are still awaited. A second round right after changes nothing.
"""

import logging
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic, sleep
from urllib.parse import urlsplit

from syndication.articles.themes import changed
from syndication.errors import StoreError
from syndication.jobs.errands import Errands
from syndication.jobs.gather import Gathered, gather, judge, keep_page, page_requests, settle, sift, take_page
from syndication.jobs.lists import further_requests
from syndication.jobs.lulls import with_lulls
from syndication.jobs.manners import Doors, Forgetful, Paced
from syndication.jobs.pages import PageRead
from syndication.jobs.polls import poll_of
from syndication.jobs.ports.assistant import Assistant
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.ports.library import Library
from syndication.jobs.ports.manners import Hosts
from syndication.jobs.shelve import finish, shelve
from syndication.jobs.unlock import Keys, no_keys, unlocked
from syndication.jobs.watch import look_for_missing
from syndication.model.collecting import Collected, DueSource, Polled
from syndication.model.exchange import Answer, Failure, FailureKind, Phase, Request
from syndication.model.feed import Topic
from syndication.model.source import Fetched, FetchOutcome, SetAside, SourceKind
from syndication.sources.fetch import request_for

LEASE_SECONDS = 300
GROUP_MAX = 50
GROUP_SECONDS = 0.02
QUIET_MAX = 200
QUIET_SECONDS = 0.1
"""The same while a group holds nothing but that nothing is new: a commit costs more than what it keeps."""
LARGE_CLAIM = 100
"""From so many sources on it is worth a second process."""
FULL_EVERY = timedelta(days=1)
"""How often a source is asked for all of its feed: a publisher that only says 304 hides what it took back."""
PAGE_EVERY = timedelta(hours=1)
"""The same for a page that lists articles: only with the list at hand is it known whose pages to read once more."""
HOSTS_MIN = 3
"""So many hosts must fail, and all of them, for our own network to be the likelier cause."""
OUR_SIDE = frozenset((FailureKind.UNREACHABLE, FailureKind.TIMEOUT, FailureKind.TLS))

Polling = tuple[DueSource, Answer | Failure, Sequence[Answer | Failure]]
"""A source, its answer, and further documents of its list."""

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
    hosts: Hosts | None = None,
    base_url: str = "",
    wait: Callable[[float], None] = sleep,
    assistant: Assistant | None = None,
) -> Collected:
    """Poll every source that is due, `limit` at a time; or `only` that one, due or not. Then look for what is missing.

    `stopping` is asked between answers: what is not stored by then is polled again when its lease has run out. `keys`
    answers the credentials that a source names. `hosts` remembers what hosts ask of robots; without it each round asks.
    `base_url` is our own: what is published there is nobody's source. `assistant` cleans what a large claim brings.
    """
    hosts = hosts or Forgetful()
    polled: list[Polled] = []
    own_network = False
    while not stopping():
        dues = library.claim(clock(), limit=limit, lease_seconds=LEASE_SECONDS, only=only)
        if not dues:
            break
        way_out = unlocked(exchange, (due.source for due in dues), keys)
        doors = Doors(way_out, hosts, clock())
        topics = library.topics()
        errands = Errands(assistant if len(dues) >= LARGE_CLAIM else None, topics)
        round = _Round(way_out, library, clock, stopping, jitter, topics, own_network, doors, base_url, wait, errands)
        polled += round.run(dues)
        own_network = round.own_network
        if only is not None:
            break
    withdrawn = 0
    if not own_network and not stopping():
        withdrawn = look_for_missing(
            exchange=exchange, library=library, clock=clock, keys=keys, hosts=hosts, only=only, stopping=stopping
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
    doors: Doors
    base_url: str
    wait: Callable[[float], None]
    errands: Errands
    polled: list[Polled] = field(default_factory=list)
    group: list[Gathered] = field(default_factory=list)
    group_since: float = 0.0
    group_tells: bool = False
    wanting: list[tuple[Gathered, list[Request]]] = field(default_factory=list)
    """What waits for its pages."""

    def run(self, dues: Sequence[DueSource]) -> list[Polled]:
        by_id = {due.source.id: due for due in dues}
        failed: list[Gathered] = []
        for due, answer, more in self._lists(dues, by_id):
            gathered = self._gather(due, answer, more)
            if isinstance(gathered.came, Failure):
                failed.append(gathered)
            else:
                self._take(gathered)
        self._flush()
        self._read_pages()
        self._shelve_what_is_back(wait=True)
        self._count(failed, dues)
        return self.polled

    def _lists(self, dues: Sequence[DueSource], by_id: Mapping[int, DueSource]) -> Iterator[Polling]:
        """Each source with its answer, and with the further documents of its list where it has any."""
        pages = [due for due in dues if due.source.kind is not SourceKind.FEED]
        if pages:
            self.doors.learn(self._request(due).url for due in pages)
        closed = {due.source.id: came for due in pages if (came := self._closed(due)) is not None}
        yield from ((by_id[id], came, ()) for id, came in closed.items())
        several: dict[int, tuple[DueSource, Answer | Failure, list[Request]]] = {}
        for request, answer in self._asked(self._request(due) for due in dues if due.source.id not in closed):
            due = by_id[_first(request.key)]
            if further := further_requests(due, answer, self.clock()) if due.source.kind is not SourceKind.FEED else []:
                several[due.source.id] = due, answer, further
            else:
                yield due, answer, ()
        if several:
            yield from self._together(several)

    def _together(self, several: Mapping[int, tuple[DueSource, Answer | Failure, list[Request]]]) -> Iterator[Polling]:
        wanted = [request for _, _, further in several.values() for request in further]
        self.doors.learn(request.url for request in wanted)
        may = [request for request in wanted if not self.doors.refusal(request.url)]
        came = {request.key: answer for request, answer in self._paced(may)}
        for due, answer, further in several.values():
            yield due, answer, [came[request.key] for request in further if request.key in came]

    def _closed(self, due: DueSource) -> Answer | Failure | None:
        """What stands for the answer of a source whose host asks us not to read it, or cannot say."""
        url = self._request(due).url
        if silence := self.doors.silence(url):
            return silence
        refusal = self.doors.refusal(url)
        return Failure(url, FailureKind.ASKED_NOT_TO, Phase.JUDGED, refusal) if refusal else None

    def _paced(self, requests: Sequence[Request]) -> Iterator[tuple[Request, Answer | Failure]]:
        """Pages, as slowly as their hosts wish."""
        slow = Paced(self.exchange, self.doors.delay_seconds, stopping=self.stopping, wait=self.wait)
        return self._asked(requests, slow)

    def _request(self, due: DueSource) -> Request:
        every = PAGE_EVERY if due.source.kind is SourceKind.LISTING else FULL_EVERY
        whole = due.last_full_at is None or self.clock() - due.last_full_at >= every
        return request_for(due.source, due.validators, unconditional=whole)

    def _asked(
        self, requests: Iterable[Request], way_out: Exchange | None = None
    ) -> Iterator[tuple[Request, Answer | Failure]]:
        """Answers as they come. While none comes, what has come is stored."""
        with closing(with_lulls((way_out or self.exchange).fetch_all(requests), GROUP_SECONDS)) as answers:
            for answer in answers:
                if self.stopping():
                    return
                if answer is None:
                    self._flush()
                else:
                    yield answer

    def _gather(self, due: DueSource, answer: Answer | Failure, more: Sequence[Answer | Failure] = ()) -> Gathered:
        """Read an answer. Whatever it does to us, only it suffers: it is set aside, and asked for again later."""
        try:
            return gather(due, answer, more=more, base_url=self.base_url, now=self.clock())
        except Exception as error:
            log.exception("source failed", extra={"source": due.source.slug})
            return _unread(due, answer, error, self.clock())

    def _read_pages(self) -> None:
        """The second wave. A source is stored when its last page has come."""
        wanting, self.wanting = self.wanting, []
        by_id = {gathered.due.source.id: gathered for gathered, _ in wanting}
        missing = {gathered.due.source.id: len(pages) for gathered, pages in wanting}
        for request, answer in self._pages([page for _, pages in wanting for page in pages]):
            id = _first(request.key)
            if isinstance(answer, str):
                keep_page(by_id[id], request.url, PageRead(refused=answer))
            else:
                take_page(by_id[id], request.url, answer, self.doors.reserved(request.url))
            missing[id] -= 1
            if not missing[id]:
                self._take(by_id[id])
        self._flush()

    def _pages(self, pages: Sequence[Request]) -> Iterator[tuple[Request, Answer | Failure | str]]:
        """Each page's answer, or why it may not be read. A redirect leads to no page that may not be read either."""
        allowed = []
        for page in pages:
            if silence := self.doors.silence(page.url):
                yield page, silence
            elif refusal := self.doors.refusal(page.url):
                yield page, refusal
            else:
                allowed.append(page)
        for page, answer in self._paced(allowed):
            if isinstance(answer, Answer) and answer.url != page.url:
                self.doors.learn([answer.url])
            yield page, (self.doors.refusal(answer.url) if isinstance(answer, Answer) else "") or answer

    def _take(self, gathered: Gathered) -> None:
        """Put it into the group, and store the group when it is full or old."""
        if not self.group:
            self.group_since = monotonic()
        self.group.append(gathered)
        self.group_tells = self.group_tells or bool(gathered.listed or gathered.set_aside or gathered.reads)
        most, seconds = (GROUP_MAX, GROUP_SECONDS) if self.group_tells else (QUIET_MAX, QUIET_SECONDS)
        if len(self.group) >= most or monotonic() - self.group_since > seconds:
            self._flush()

    def _flush(self) -> None:
        """Store the group, but for what waits for its pages or is with the assistant; and what is back from there."""
        self._shelve_what_is_back()
        group, self.group = self.group, []
        self.group_tells = False
        if not group:
            return
        ready: list[Gathered] = []
        for gathered in self._sifted(group):
            if pages := self._page_requests(gathered):
                self.wanting.append((gathered, pages))
            else:
                ready.append(gathered)
        self._shelve([self._guarded(gathered, self._settle) for gathered in self.errands.send(ready)])

    def _shelve_what_is_back(self, *, wait: bool = False) -> None:
        for group in self.errands.back(wait=wait):
            self._shelve([one if settled else self._guarded(one, self._settle) for one, settled in group])

    def _shelve(self, group: Sequence[Gathered]) -> None:
        if group:
            self._report(shelve(group, library=self.library, jitter=self.jitter))

    def _sifted(self, group: Sequence[Gathered]) -> Iterator[Gathered]:
        asked = {gathered.due.source.id: tuple(gathered.listed) for gathered in group if gathered.listed}
        listings = self.library.listings(asked) if asked else {}
        for gathered in group:
            listing = listings.get(gathered.due.source.id)
            yield self._guarded(gathered, partial(sift, listing=listing, library=self.library)) if listing else gathered

    def _page_requests(self, gathered: Gathered) -> list[Request]:
        first = next(page_requests(gathered), None)
        if first is None:
            return []
        self.doors.learn([first.url])
        pages = list(page_requests(gathered, self.doors.delay_seconds(first.url)))
        self.doors.learn(page.url for page in pages)
        return pages

    def _settle(self, gathered: Gathered) -> None:
        settle(gathered)
        if gathered.looks:
            before = self.library.looks(gathered.due.source.id)
            gathered.theme = changed(tuple(reversed(gathered.looks)), before)
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
