"""Before pages are asked for: what their hosts ask of robots, and how fast. In: addresses. Out: Manners, a slower way.

robots.txt and tdmrep.json are read once a day. A page that may not be read is not asked for, and one that was reached
by a redirect to where nothing may be read counts for nothing. Between two pages of a host that wants a delay we wait,
a little in one round; what there is no time for comes with the next.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic, sleep
from urllib.parse import urlsplit

from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.ports.manners import Hosts
from syndication.model.exchange import Answer, Failure, FailureKind, Phase, Request
from syndication.model.manners import Manners, Reserved
from syndication.sources import mining, robots
from syndication.sources.robots import origin_of

WAITING_SECONDS = 30.0
"""How long one round waits for the sake of delays, at most."""
SLICE_SECONDS = 0.2


class Forgetful:
    """For a look that is not remembered."""

    def __init__(self) -> None:
        self._known: dict[str, Manners] = {}

    def known(self, origins: Collection[str]) -> Mapping[str, Manners]:
        return {origin: self._known[origin] for origin in origins if origin in self._known}

    def keep(self, learned: Iterable[Manners]) -> None:
        self._known |= {one.origin: one for one in learned}


@dataclass(slots=True)
class Doors:
    """What may be read of which host. `silent` holds the failures of hosts that could not be asked."""

    exchange: Exchange
    hosts: Hosts
    now: datetime
    known: dict[str, Manners] = field(default_factory=dict)
    silent: dict[str, Failure] = field(default_factory=dict)

    def learn(self, urls: Iterable[str]) -> None:
        origins = {origin_of(url) for url in urls} - set(self.known)
        if not origins:
            return
        kept = self.hosts.known(origins)
        self.known |= {origin: one for origin, one in kept.items() if one.until > self.now}
        missing = sorted(origins - set(self.known))
        if missing:
            self._ask(missing, kept)

    def refusal(self, url: str) -> str:
        """Why this address may not be read; empty when it may."""
        manners = self.known.get(origin_of(url))
        if manners is None or robots.allowed(manners, url):
            return ""
        return manners.refused or f"robots.txt of {urlsplit(url).hostname} asks us not to read it"

    def silence(self, url: str) -> Failure | None:
        """Set when its host could not say what may be read: nothing of it is asked for now."""
        silent, manners = self.silent.get(origin_of(url)), self.known.get(origin_of(url))
        if silent is None and manners is not None and manners.refused:
            return Failure(url, FailureKind.ASKED_NOT_TO, Phase.JUDGED, manners.refused)
        return silent

    def delay_seconds(self, url: str) -> float:
        manners = self.known.get(origin_of(url))
        return manners.delay_seconds if manners else 0.0

    def reserved(self, url: str) -> Reserved | None:
        manners, parts = self.known.get(origin_of(url)), urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return mining.reserved(manners, path) if manners else None

    def _ask(self, origins: list[str], before: Mapping[str, Manners]) -> None:
        ways = (("robots", robots.request_for), ("mining", mining.request_for))
        requests = [replace(way(origin), key=(what, origin)) for origin in origins for what, way in ways]
        answers = {request.key: answer for request, answer in self.exchange.fetch_all(requests)}
        learned = []
        for origin in origins:
            answer = answers.get(("robots", origin)) or _nothing(origin)
            manners = robots.read(origin, answer, self.now, before=before.get(origin))
            told = answers.get(("mining", origin))
            if isinstance(told, Answer):
                manners = replace(manners, mining=mining.read(told))
            elif origin in before:
                manners = replace(manners, mining=before[origin].mining)
            self.known[origin] = manners
            if manners.refused and isinstance(answer, Failure):
                self.silent[origin] = answer  # a host that is down is asked again with its next poll
            else:
                learned.append(manners)
        self.hosts.keep(learned)


def room_for(delay_seconds: float, pages_max: int) -> int:
    """How many pages of a host one round may ask for."""
    return pages_max if delay_seconds <= 0 else max(1, min(pages_max, int(WAITING_SECONDS / delay_seconds)))


class Paced:
    """The way out, for pages: between two of one host that wants a delay it waits. The others are not kept waiting."""

    def __init__(
        self,
        exchange: Exchange,
        delay_of: Callable[[str], float],
        *,
        stopping: Callable[[], bool] = lambda: False,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self._exchange = exchange
        self._delay_of = delay_of
        self._stopping = stopping
        self._wait = wait

    def fetch(self, request: Request) -> Answer | Failure:
        return self._exchange.fetch(request)

    def fetch_all(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Answer | Failure]]:
        at_once: list[Request] = []
        slowly: defaultdict[str, deque[Request]] = defaultdict(deque)
        for request in requests:
            delayed = self._delay_of(request.url) > 0
            slowly[origin_of(request.url)].append(request) if delayed else at_once.append(request)
        yield from self._exchange.fetch_all(at_once)
        while any(slowly.values()):
            wave = [queue.popleft() for queue in slowly.values() if queue]
            self._pause(max(self._delay_of(request.url) for request in wave))
            if self._stopping():
                return
            yield from self._exchange.fetch_all(wave)

    def _pause(self, seconds: float) -> None:
        ends = monotonic() + seconds
        while seconds > 0 and not self._stopping():
            self._wait(min(seconds, SLICE_SECONDS))
            seconds = min(seconds - SLICE_SECONDS, ends - monotonic())


def _nothing(origin: str) -> Failure:
    return Failure(f"{origin}/robots.txt", FailureKind.TIMEOUT, Phase.CONNECT, "there was no answer in time")
