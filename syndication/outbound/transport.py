"""The way out for the whole product. In: requests. Out: answers or failures, never an exception for what another host
does.

Safe to use from many threads. `fetch` blocks its caller; `fetch_all` drives many on one event loop, one connection
per host.
"""

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import wait
from contextlib import closing

import pycurl

from syndication.model.exchange import Answer, Failure, Request
from syndication.outbound.crowd import Crowd, Result
from syndication.outbound.handle import Manners, Policy
from syndication.outbound.journey import Journey
from syndication.outbound.leg import Leg
from syndication.outbound.lookup import LookUp, Resolver, system_look_up

_IDLE_HANDLES_MAX = 16


class Transport:
    """`concurrency` bounds one `fetch_all`, and twice that the look-ups of all. `proxy` is a URL; None: none at all."""

    def __init__(
        self,
        policy: Policy,
        *,
        user_agent: str,
        concurrency: int = 200,
        ca_file: str | None = None,
        proxy: str | None = None,
        look_up: LookUp = system_look_up,
    ) -> None:
        self._manners = Manners(policy, user_agent, ca_file, proxy)
        self._concurrency = concurrency
        # A look-up that was given up holds its thread until the machine's resolver lets go, hence twice.
        self._resolver = Resolver(look_up, threads_max=2 * concurrency)
        self._guard = threading.Lock()
        self._idle: list[pycurl.Curl] = []
        self._crowds: set[Crowd] = set()
        self._closed = False

    def fetch(self, request: Request) -> Answer | Failure:
        """Make one exchange, redirects included, within its total time."""
        self._refuse_when_closed()
        journey = Journey(request, self._manners.policy)
        while True:
            end = self._hop(journey)
            if end is not None:
                return end

    def fetch_all(self, requests: Iterable[Request]) -> Iterator[Result]:
        """Make many. The iterable is read whole before the first begins. `close` ends the iteration early."""
        self._refuse_when_closed()
        journeys = tuple(Journey(request, self._manners.policy) for request in requests)
        return self._drive(journeys)

    def close(self) -> None:
        """End every `fetch_all`; what had no answer gets none. A `fetch` under way ends by its own deadline."""
        with self._guard:
            self._closed = True
            crowds, handles = tuple(self._crowds), tuple(self._idle)
            self._idle.clear()
        for crowd in crowds:
            crowd.stop()
        for handle in handles:
            handle.close()

    def _drive(self, journeys: tuple[Journey, ...]) -> Iterator[Result]:
        crowd = Crowd(journeys, self._manners, self._resolver, at_once=self._concurrency)
        with self._guard:
            self._crowds.add(crowd)
        if self._closed:
            crowd.stop()
        try:
            with closing(iter(crowd)) as results:
                yield from results
        finally:
            with self._guard:
                self._crowds.discard(crowd)

    def _hop(self, journey: Journey) -> Answer | Failure | None:
        target = journey.target()
        if isinstance(target, Failure):
            return target
        failure = journey.begin()
        if failure:
            return failure
        found = self._resolver.submit(target.host, target.port)
        wait([found], journey.connect_left())
        question = journey.question(target, found)
        if isinstance(question, Failure):
            return question
        with self._guard:
            curl = self._idle.pop() if self._idle else pycurl.Curl()
        outcome: Answer | Failure | None = None
        try:
            leg = Leg(curl, question, self._manners)
            outcome = leg.outcome(*_perform(curl))
        finally:
            self._give_back(curl, well=isinstance(outcome, Answer))
        return journey.take(outcome, misspoke=leg.misspoke)

    def _give_back(self, curl: pycurl.Curl, *, well: bool) -> None:
        """Kept, a handle keeps its connections, and the parsed certificates, which cost more than most exchanges."""
        curl.reset()
        with self._guard:
            keep = well and not self._closed and len(self._idle) < _IDLE_HANDLES_MAX
            if keep:
                self._idle.append(curl)
        if not keep:
            curl.close()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise RuntimeError("the transport is closed")


def _perform(curl: pycurl.Curl) -> tuple[int, str]:
    try:
        curl.perform()
    except pycurl.error as error:
        if len(error.args) == 1:
            raise  # not about the transfer: the handle was misused
        return error.args
    return 0, ""
