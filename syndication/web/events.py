"""Where a provider tells what became of mail: `POST /webhooks/{provider}`. In: a signed body. Out: 204, 403 or 503.

Nothing of a body is read before its signature is verified on its raw bytes; a good one is on disk before the answer.
Whoever is refused learns nothing but that. What is refused is counted, and the counts are written now and then.
"""

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from syndication.errors import StoreError
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.events import Spool
from syndication.model.event import Trust

log = logging.getLogger(__name__)

BODY_BYTES_MAX = 4 * 1024 * 1024
"""Five times what the provider puts into one body."""
READ_SECONDS = 20.0
AWAY_SECONDS = "60"
COUNTS_SECONDS = 10.0

Judge = Callable[[Mapping[str, str], bytes, datetime], Trust]
"""Whether the headers, by their names in small letters, and the body are the provider's."""


@dataclass
class EventDoor:
    """`needs` are headers without which nothing is even read; `wake` asks for what was spooled to be applied."""

    transport: str
    judge: Judge
    needs: tuple[str, ...]
    spool: Spool
    wake: Callable[[], None]
    clock: Clock
    _counts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _written: float = float("-inf")

    def routes(self) -> list[Route]:
        return [Route(f"/webhooks/{self.transport}", self.take, methods=["POST"])]

    async def take(self, request: Request) -> Response:
        if not all(request.headers.get(name) for name in self.needs):
            await run_in_threadpool(self._count, "refused unsigned")
            return _refused()
        length = request.headers.get("content-length", "")
        if length and (not length.isdigit() or int(length) > BODY_BYTES_MAX):
            await run_in_threadpool(self._count, "refused too large")
            raise HTTPException(413, headers={"connection": "close"})
        body = await self._read(request)
        headers = {name: request.headers[name] for name in self.needs}
        return await run_in_threadpool(self._take, headers, body)

    def _take(self, headers: Mapping[str, str], body: bytes) -> Response:
        now = self.clock()
        trust = self.judge(headers, body, now)
        if trust is not Trust.GOOD:
            self._count(f"refused {trust.value}")
            return _refused()
        try:
            self.spool.put(self.transport, body, now)
        except StoreError as error:
            log.warning("events not taken: %s", error)
            return Response(status_code=503, headers={"retry-after": AWAY_SECONDS, "cache-control": "no-store"})
        self.wake()
        return Response(status_code=204)

    async def _read(self, request: Request) -> bytes:
        data = bytearray()
        try:
            async with asyncio.timeout(READ_SECONDS):
                async for chunk in request.stream():
                    data += chunk
                    if len(data) > BODY_BYTES_MAX:
                        await run_in_threadpool(self._count, "refused too large")
                        raise HTTPException(413, headers={"connection": "close"})
        except (TimeoutError, ClientDisconnect) as error:
            raise HTTPException(408, headers={"connection": "close"}) from error
        return bytes(data)

    def _count(self, kind: str) -> None:
        """Written every few seconds at most: refusals are cheap to make, and must not cost a transaction each."""
        with self._lock:
            self._counts[kind] += 1
            if time.monotonic() - self._written < COUNTS_SECONDS:
                return
            self._written = time.monotonic()
            counts, self._counts = self._counts, Counter()
        try:
            self.spool.count(counts, self.clock())
        except StoreError:
            with self._lock:
                self._counts += counts


def _refused() -> Response:
    """The same for every reason."""
    return Response(status_code=403, headers={"cache-control": "no-store", "connection": "close"})
