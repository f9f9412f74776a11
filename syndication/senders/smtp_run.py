"""One submission carried over several connections at once. In: a Submission, a Gate, a pool. Out: Carried.

Each connection has one message in its hands. Before it offers the next it stands at the gate; all who stand there at
one moment go through together, so one commit serves many. A domain that puts off several readers in a row rests: the
others of it are not offered. When the relay refuses everybody in the same words it is us that it means.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

from syndication.errors import SendError
from syndication.model.carrying import Carried, Fared, Fate
from syndication.model.delivery import Submission
from syndication.senders.dots import stuffed
from syndication.senders.smtp_judge import Judgement
from syndication.senders.smtp_session import Down, Session
from syndication.senders.typeset import Typeset

OFFERS_MAX = 3
"""A message that broke off before its last dot is offered so often in one run."""
TOGETHER, GATHER_SECONDS = 0.6, 0.002
"""The gate waits so long when fewer than this share of the connections stand before it."""
SLOW_IN_A_ROW = 3
"""Readers of one domain put off one after the other, before it rests."""
DOUBTS_IN_A_ROW = 5
"""Messages left in doubt, one after the other, before no more are offered for now."""
REFUSED_IN_A_ROW = 10
"""Refusals in the same words, with nobody accepted, before we believe that all would be."""


class Pool(Protocol):
    """What a run needs of the connections."""

    async def take(self) -> Session:
        """One that is ready, once there is one. Raises Down or SendError."""
        ...

    async def give_back(self, session: Session) -> None: ...


Ask = Callable[[Sequence[int], dict[int, Fared]], Awaitable[tuple[frozenset[int], bool]]]
"""Puts the gate's question. Answers who may go through, and whether it is shut now."""


class Run:
    """Of one use: `carry`, once."""

    def __init__(
        self,
        submission: Submission,
        pool: Pool,
        ask: Ask,
        *,
        domain_max: int,
        seconds: float,
        sign: Callable[[bytes], bytes],
    ) -> None:
        """`sign` answers the header that signs a mail, or nothing. After `seconds` no message is begun."""
        self._submission, self._pool, self._ask, self._sign = submission, pool, ask, sign
        self._domain_max = domain_max
        self._until = asyncio.get_running_loop().time() + seconds
        self._waiting: dict[str, deque[int]] = defaultdict(deque)
        for position, recipient in enumerate(submission.recipients):
            self._waiting[recipient.address.domain].append(position)
        self._turns = deque(self._waiting)
        self._busy: dict[str, int] = defaultdict(int)
        self._slow: dict[str, int] = defaultdict(int)
        self._offers: dict[int, int] = defaultdict(int)
        self._fared: dict[int, Fared] = {}
        self._resting: dict[str, str] = {}
        self._refusals: dict[int, Fared] = {}
        self._accepted = self._enough = False
        self._doubts = 0
        self.stopped = self.put_off = ""
        # what stands at the gate
        self._asking: dict[int, asyncio.Future[bool]] = {}
        self._told: dict[int, Fared] = {}
        self._somebody = asyncio.Event()
        self._something_moved = asyncio.Event()
        self._closed = False

    async def carry(self, workers: int, heartbeat_seconds: float) -> Carried:
        self._workers = workers = min(workers, len(self._submission.recipients))
        try:
            self._typeset = Typeset(self._submission)
        except SendError as error:
            return Carried({}, stopped=str(error))
        porter = asyncio.create_task(self._gate(heartbeat_seconds))
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(workers):
                    group.create_task(self._work())
        finally:
            self._closed = True
            self._somebody.set()
            await porter
        self._believe()
        return Carried(self._fared, stopped=self.stopped, put_off=self.put_off, resting=self._resting)

    # -- the gate

    async def _gate(self, heartbeat_seconds: float) -> None:
        try:
            while not self._closed:
                with suppress(TimeoutError):  # nobody for a while: the gate is asked all the same, as a sign of life
                    await asyncio.wait_for(self._somebody.wait(), heartbeat_seconds)
                self._somebody.clear()
                if len(self._asking) < self._workers * TOGETHER:
                    await asyncio.sleep(GATHER_SECONDS)  # others are on their way, and one commit serves all
                if not self._closed:
                    await self._let_through()
        finally:
            self._closed = True
            for answer in self._asking.values():
                answer.cancel()

    async def _let_through(self) -> None:
        asking, self._asking = self._asking, {}
        told, self._told = self._told, {}
        try:
            let, shut = await self._ask(list(asking), told)
        except BaseException:
            self._asking |= asking
            raise
        self._closed = self._closed or shut
        for position, answer in asking.items():
            if not answer.done():
                answer.set_result(position in let)

    async def _through(self, position: int) -> bool:
        if self._closed:
            return False
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asking[position] = answer
        self._somebody.set()
        try:
            return await answer
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise  # it is we who are told to end
            return False  # the gate fell: why, its keeper will say

    # -- one connection

    async def _work(self) -> None:
        session: Session | None = None
        try:
            while not self._over:
                if session is None or not session.alive or session.spent:
                    done, session = session, None
                    session = await self._another(done)
                if (position := await self._next()) is None:
                    break
                await self._offer(session, position)
        except Down as down:
            self.put_off = self.put_off or str(down)
        except SendError as error:
            self.stopped = self.stopped or str(error)
        finally:
            self._something_moved.set()
            if session is not None:
                await self._pool.give_back(session)

    @property
    def _over(self) -> bool:
        late = asyncio.get_running_loop().time() > self._until
        return bool(self.stopped or self._enough or self._closed or late)

    async def _another(self, session: Session | None) -> Session:
        if session is not None:
            await self._pool.give_back(session)
        return await self._pool.take()

    async def _offer(self, session: Session, position: int) -> None:
        recipient = self._submission.recipients[position]
        domain = recipient.address.domain
        self._busy[domain] += 1
        try:
            if await self._through(position):
                data = self._made(position, session.size_max)
                sender = recipient.return_path or self._submission.sender.address.text
                self._judged(position, domain, await session.deliver(sender, recipient.address.text, data))
        except SendError as error:  # nothing of it left
            self._refused(position, Fared(Fate.REFUSED, str(error)))
        finally:
            self._busy[domain] -= 1
            self._something_moved.set()

    def _made(self, position: int, size_max: int) -> bytes:
        mail = self._typeset.mail(position)
        data = stuffed(self._sign(mail) + mail)
        if 0 < size_max < len(data):
            raise SendError(f"the mail is longer than the {size_max} bytes that the relay takes")
        return data

    # -- what comes next

    async def _next(self) -> int | None:
        """The next position, domain after domain; waits while those left are of domains that have enough."""
        while not self._over:
            for _ in range(len(self._turns)):
                domain = self._turns[0]
                self._turns.rotate(-1)
                if self._waiting[domain] and self._busy[domain] < self._domain_max:
                    return self._waiting[domain].popleft()
            if not any(self._waiting.values()) and not any(self._busy.values()):
                return None
            self._something_moved.clear()
            await self._something_moved.wait()
        return None

    # -- what became of one

    def _judged(self, position: int, domain: str, found: Judgement) -> None:
        self._offers[position] += 1
        if found.stop:
            self.stopped = self.stopped or f"the relay refuses us: {found.fared.detail}"
            self._note(position, Fared(Fate.DEFERRED, found.fared.detail))
        elif found.again and self._offers[position] < OFFERS_MAX:
            self._told[position] = Fared(Fate.DEFERRED, found.fared.detail)
            self._waiting[domain].appendleft(position)
        elif found.fared.fate is Fate.REFUSED:
            self._refused(position, found.fared)
        else:
            self._note(position, found.fared)
            self._pace(domain, found)

    def _note(self, position: int, fared: Fared) -> None:
        self._fared[position] = self._told[position] = fared

    def _pace(self, domain: str, found: Judgement) -> None:
        if found.fared.fate is Fate.UNCERTAIN:
            self._doubts += 1
            if self._doubts >= DOUBTS_IN_A_ROW:
                self.put_off = self.put_off or f"the relay breaks off after the last dot: {found.fared.detail}"
                self._enough = True
        elif found.fared.fate is Fate.ACCEPTED:
            self._accepted = True
            self._doubts = 0
            self._slow[domain] = 0
            self._believe()
        elif found.fared.fate is Fate.DEFERRED and not found.again:
            self._slow[domain] += 2 if found.slow else 1
            if self._slow[domain] >= SLOW_IN_A_ROW:
                self._rest(domain, found.fared.detail)

    def _rest(self, domain: str, said: str) -> None:
        self._resting.setdefault(domain, said)
        waiting = self._waiting[domain]
        while waiting:
            self._fared[waiting.popleft()] = Fared(Fate.HELD, said)

    def _refused(self, position: int, fared: Fared) -> None:
        """A refusal counts for the reader as soon as it is plain that not everybody is refused alike."""
        self._refusals[position] = fared
        if self.stopped:
            self._put_back_refused()
            return
        alike = len({one.detail for one in self._refusals.values()}) == 1
        if self._accepted or not alike:
            self._believe()
        elif len(self._refusals) >= REFUSED_IN_A_ROW:
            self.stopped = self.stopped or f"the relay refuses everybody alike: {fared.detail}"
            self._put_back_refused()

    def _put_back_refused(self) -> None:
        for position, fared in self._refusals.items():
            self._note(position, Fared(Fate.DEFERRED, fared.detail))
        self._refusals.clear()

    def _believe(self) -> None:
        for position, fared in self._refusals.items():
            self._note(position, fared)
        self._refusals.clear()
