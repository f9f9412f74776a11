"""SMTP to a relay: each reader's mail by itself, over several connections. In: a Submission. Out: how each fared.

One event loop in a thread of its own drives all connections; whoever submits waits outside. Service mail has a
connection beside the others, so that a confirmation does not wait for an edition. What is said over a connection is
`smtp_session`'s.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar

from syndication.errors import SendError
from syndication.model.carrying import Carried, Fared, Fate
from syndication.model.delivery import Outcome, Submission, Verdict
from syndication.senders.smtp_pool import Connections
from syndication.senders.smtp_run import Run
from syndication.senders.smtp_session import Down, Open, Relay, open_session

HEARTBEAT_SECONDS = 15.0
LEASE_SECONDS = 90.0
"""The gate is asked every HEARTBEAT_SECONDS at least, so nobody who lives lets a lease of this length run out."""

T = TypeVar("T")


class Gate(Protocol):
    def through(self, wanted: Sequence[int], fared: Mapping[int, Fared]) -> frozenset[int]: ...

    @property
    def shut(self) -> bool: ...


class _OpenGate:
    shut = False

    def through(self, wanted: Sequence[int], fared: Mapping[int, Fared]) -> frozenset[int]:
        return frozenset(wanted)


class Smtp:
    """An Outbox and a Carrier. Thread-safe."""

    repeatable = False
    lease_seconds = LEASE_SECONDS

    def __init__(
        self,
        relay: Relay,
        *,
        open_wire: Open,
        batch_size: int = 500,
        connections: int = 10,
        domain_connections: int = 10,
        total_seconds: float = 300.0,
        sign: Callable[[bytes], bytes] = lambda mail: b"",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        name: str = "smtp",
    ) -> None:
        """`total_seconds`: in one submission no message is begun later. `sign`: a mail -> the header that signs it."""
        self.name, self.batch_size = name, batch_size
        self.total_seconds = total_seconds + relay.connect_seconds + relay.reply_seconds
        self._relay, self._open_wire = relay, open_wire
        self._connections, self._domain_max = connections, domain_connections
        self._begin_seconds = total_seconds
        self._sign, self._clock = sign, clock
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._keepers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="smtp-gate")

    def __repr__(self) -> str:
        return f"Smtp({self._relay}, connections={self._connections})"

    def carry(self, submission: Submission, gate: Gate) -> Carried:
        return self._do(self._carry(submission, gate, self._many))

    def submit(self, submission: Submission) -> Outcome:
        """For a service mail and the like: nothing is kept of how far it came."""
        carried = self._do(self._carry(submission, _OpenGate(), self._one))
        return outcome(carried, len(submission.recipients))

    def knock(self) -> str:
        """Connect, greet, secure and log in, and send nothing. Answers the trouble with it, or ""."""
        return self._do(self._knock())

    def close(self) -> None:
        with self._starting:
            loop, self._loop = self._loop, None
        if loop is not None:
            asyncio.run_coroutine_threadsafe(self._hang_up(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
        self._keepers.shutdown(wait=False)

    # -- within the loop

    @cached_property
    def _many(self) -> Connections:
        return Connections(self._relay, self._open_wire, self._connections)

    @cached_property
    def _one(self) -> Connections:
        return Connections(self._relay, self._open_wire, 1)

    async def _carry(self, submission: Submission, gate: Gate, pool: Connections) -> Carried:
        loop = asyncio.get_running_loop()

        async def ask(wanted: Sequence[int], fared: dict[int, Fared]) -> tuple[frozenset[int], bool]:
            return await loop.run_in_executor(self._keepers, gate.through, wanted, fared), gate.shut

        run = Run(
            submission if submission.date else replace(submission, date=self._clock()),
            pool,
            ask,
            domain_max=self._domain_max,
            seconds=self._begin_seconds,
            sign=self._sign,
        )
        return await run.carry(self._connections, HEARTBEAT_SECONDS)

    async def _knock(self) -> str:
        try:
            session = await open_session(self._relay, self._open_wire)
        except (Down, SendError) as error:
            return str(error)
        await session.quit()
        return ""

    async def _hang_up(self) -> None:
        for pool in ("_many", "_one"):
            if pool in self.__dict__:
                await self.__dict__[pool].close()

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="smtp", daemon=True).start()
            loop = self._loop
        return asyncio.run_coroutine_threadsafe(work, loop).result()


def outcome(carried: Carried, count: int) -> Outcome:
    """All of a submission in one word. Of several readers some may have it and some not: then nobody guesses."""
    fates = {fared.fate for fared in carried.fared.values()}
    details = "; ".join(sorted({fared.detail for fared in carried.fared.values() if fared.detail})[:3])
    if fates == {Fate.ACCEPTED} and len(carried.fared) == count:
        return Outcome(Verdict.ACCEPTED, details)
    if fates & {Fate.UNCERTAIN, Fate.ACCEPTED}:
        return Outcome(Verdict.UNCERTAIN, details or carried.put_off, phase="after the last dot")
    if carried.stopped:
        return Outcome(Verdict.STOPPED, carried.stopped)
    refused = tuple((at, fared.detail) for at, fared in sorted(carried.fared.items()) if fared.fate is Fate.REFUSED)
    if refused:
        return Outcome(Verdict.REFUSED, details, refused=refused)
    return Outcome(Verdict.DEFERRED, details or carried.put_off)
