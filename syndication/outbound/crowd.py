"""Many journeys on one event loop. In: journeys. Out: each request with what came of it, in the order they end.

One connection per host at a time, `at_once` in all. An origin that could not be connected is not tried again in the
same crowd, so many sources of one dead host cost one waiting. The loop has a thread of its own: while the consumer
waits for its database, no partner's answer times out; while it is slow, no more than twice `at_once` answers are
held.
"""

import heapq
import threading
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future
from dataclasses import replace
from itertools import count
from queue import SimpleQueue
from time import monotonic

import pycurl

from syndication.model.exchange import Answer, Failure, FailureKind, Phase, Request
from syndication.outbound.handle import Manners
from syndication.outbound.journey import Journey
from syndication.outbound.leg import Leg
from syndication.outbound.lookup import Resolver
from syndication.outbound.loop import Loop
from syndication.outbound.turns import Turns
from syndication.outbound.url import Target

Result = tuple[Request, Answer | Failure]
Origin = tuple[str, str, int]

_NOT_CONNECTED = (FailureKind.UNREACHABLE, FailureKind.TIMEOUT)


class Crowd:
    """Iterate it once, in one thread. `stop` may be called from any: what has no result by then gets none."""

    def __init__(self, journeys: Iterable[Journey], manners: Manners, resolver: Resolver, *, at_once: int) -> None:
        self._journeys = tuple(journeys)
        self._manners = manners
        self._resolver = resolver
        self._at_once = at_once
        self._loop = Loop()
        self._results: SimpleQueue[Result | BaseException | None] = SimpleQueue()
        self._turns: Turns[tuple[Journey, Target]] = Turns()
        self._looking: dict[Future[tuple[str, ...]], tuple[Journey, Target]] = {}
        self._found: deque[Future[tuple[str, ...]]] = deque()
        self._give_up: list[tuple[float, int, Future[tuple[str, ...]]]] = []
        self._numbers = count()
        self._flying: dict[pycurl.Curl, tuple[Journey, Target, Leg]] = {}
        self._idle: list[pycurl.Curl] = []
        self._dead: dict[Origin, Failure] = {}
        self._failed: set[Origin] = set()
        self._held_back = False
        self._stopped = False

    def __iter__(self) -> Generator[Result, None, None]:
        thread = threading.Thread(target=self._run, name="fetch-all", daemon=True)
        thread.start()
        try:
            while (result := self._results.get()) is not None:
                if self._held_back:
                    self._held_back = False
                    self._loop.wake()
                if isinstance(result, BaseException):
                    raise result
                yield result
        finally:
            self.stop()
            thread.join()

    def stop(self) -> None:
        self._stopped = True
        self._loop.wake()

    def _run(self) -> None:
        try:
            for journey in self._journeys:
                self._queue(journey)
            while not self._stopped and (self._turns or self._looking or self._flying):
                self._start_some()
                if self._looking or self._flying or self._held_back:
                    self._take_a_turn()
        except BaseException as error:  # noqa: BLE001 - a fault of ours ends the consumer's thread, not this one
            self._results.put(error)
        finally:
            self._clear()
            self._results.put(None)

    def _queue(self, journey: Journey, *, first: bool = False) -> None:
        target = journey.target()
        if isinstance(target, Failure):
            self._results.put((journey.asked, target))
        else:
            self._turns.add(target.host, (journey, target), first=first)

    def _start_some(self) -> None:
        while len(self._looking) + len(self._flying) < self._at_once and self._has_room():
            turn = self._turns.next()
            if turn is None:
                return
            _, (journey, target) = turn
            failure = journey.begin() or self._already_dead(journey, target)
            if failure:
                self._end(journey, target, failure)
            else:
                self._look_up(journey, target)

    def _has_room(self) -> bool:
        # Raised before the look: a consumer that takes a result after it sees the flag, and wakes the loop.
        self._held_back = True
        if self._results.qsize() >= self._at_once:
            return False
        self._held_back = False
        return True

    def _already_dead(self, journey: Journey, target: Target) -> Failure | None:
        seen = self._dead.get(target.origin)
        return journey.fail(seen.kind, seen.phase, seen.detail) if seen else None

    def _look_up(self, journey: Journey, target: Target) -> None:
        future = self._resolver.submit(target.host, target.port)
        if future.done():
            self._fly(journey, target, future)
            return
        self._looking[future] = journey, target
        heapq.heappush(self._give_up, (monotonic() + journey.connect_left(), next(self._numbers), future))
        future.add_done_callback(self._hear)

    def _hear(self, future: "Future[tuple[str, ...]]") -> None:
        """Called in the resolver's thread."""
        self._found.append(future)
        self._loop.wake()

    def _take_what_was_found(self) -> None:
        while self._found:
            self._leave_look_up(self._found.popleft())
        while self._give_up and self._give_up[0][0] <= monotonic():
            self._leave_look_up(heapq.heappop(self._give_up)[2])

    def _leave_look_up(self, future: "Future[tuple[str, ...]]") -> None:
        looking = self._looking.pop(future, None)
        if looking:
            self._fly(*looking, future)

    def _take_a_turn(self) -> None:
        for curl, code, message in self._loop.turn(self._seconds_to_wait()):
            self._land(curl, code, message)
        self._take_what_was_found()

    def _seconds_to_wait(self) -> float | None:
        return max(0.0, self._give_up[0][0] - monotonic()) if self._give_up else None

    def _fly(self, journey: Journey, target: Target, found: "Future[tuple[str, ...]]") -> None:
        question = journey.question(target, found)
        if isinstance(question, Failure):
            self._end(journey, target, question)
            return
        if target.origin in self._failed:
            question = replace(question, fresh=True)
        curl = self._idle.pop() if self._idle else pycurl.Curl()
        self._flying[curl] = journey, target, Leg(curl, question, self._manners)
        self._loop.add(curl)

    def _land(self, curl: pycurl.Curl, code: int, message: str) -> None:
        journey, target, leg = self._flying.pop(curl)
        self._loop.remove(curl)
        outcome = leg.outcome(code, message)
        if isinstance(outcome, Failure):
            self._failed.add(target.origin)
        end = journey.take(outcome, misspoke=leg.misspoke)
        curl.reset()
        self._idle.append(curl)
        if end is None:
            self._turns.done(target.host)
            self._queue(journey, first=True)
        else:
            self._end(journey, target, end)

    def _end(self, journey: Journey, target: Target, outcome: Answer | Failure) -> None:
        if isinstance(outcome, Failure) and outcome.phase is Phase.CONNECT and outcome.kind in _NOT_CONNECTED:
            self._dead.setdefault(target.origin, outcome)
        self._turns.done(target.host)
        self._results.put((journey.asked, outcome))

    def _clear(self) -> None:
        for curl in self._flying:
            self._loop.remove(curl)
            self._idle.append(curl)
        self._flying.clear()
        for future in self._looking:
            future.cancel()
        for curl in self._idle:
            curl.close()
        self._loop.close()
