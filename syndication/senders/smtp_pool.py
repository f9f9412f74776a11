"""The connections to a relay, counted and kept for a while. In: a Relay. Out: Sessions, each in one hand at a time."""

import asyncio

from syndication.senders.smtp_session import Open, Relay, Session, open_session

IDLE_SECONDS = 20.0


class Connections:
    """At most `size` are open at once; who wants one more waits."""

    def __init__(self, relay: Relay, open_wire: Open, size: int) -> None:
        self._relay, self._open_wire = relay, open_wire
        self._free = asyncio.Semaphore(size)
        self._idle: list[Session] = []
        self._sweep: asyncio.TimerHandle | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    async def take(self) -> Session:
        await self._free.acquire()
        while self._idle:
            session = self._idle.pop()
            if session.alive:
                return session
            self._hang_up(session)
        try:
            return await open_session(self._relay, self._open_wire)
        except BaseException:
            self._free.release()
            raise

    async def give_back(self, session: Session) -> None:
        if session.alive and not session.spent:
            self._idle.append(session)
            if self._sweep is None:
                self._sweep = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._sweep_out)
        else:
            self._hang_up(session)
        self._free.release()

    async def close(self) -> None:
        self._sweep_out()
        if self._leaving:
            await asyncio.wait(self._leaving)

    def _sweep_out(self) -> None:
        self._sweep = None
        while self._idle:
            self._hang_up(self._idle.pop())

    def _hang_up(self, session: Session) -> None:
        task = asyncio.get_running_loop().create_task(session.quit())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
