"""Where the hubs of partners call: `/websub/callback/{id}` (WebSub, sections 5.3 and 7). In: their questions and news.

An address that nobody was given answers 404, or 410 to news, so that a hub forgets it. What comes is measured, its
signature is looked at, and it is thrown away.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from syndication.jobs.hear import Heard, Question, answer, hear
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.hubs import Hubs

BODY_BYTES_MAX = 4 * 1024 * 1024
READ_SECONDS = 20.0
CHALLENGE_CHARACTERS_MAX = 1000


@dataclass(frozen=True, slots=True)
class HubCalls:
    """`wake` asks for what is due to be collected."""

    hubs: Hubs
    wake: Callable[[], None]
    clock: Clock

    def routes(self) -> list[Route]:
        path = "/websub/callback/{id:str}"
        return [Route(path, self.question, methods=["GET"]), Route(path, self.news, methods=["POST"])]

    def question(self, request: Request) -> Response:
        given = request.query_params
        asked = Question(
            mode=given.get("hub.mode", "")[:20],
            topic=given.get("hub.topic", "")[:4096],
            challenge=given.get("hub.challenge", "")[:CHALLENGE_CHARACTERS_MAX],
            lease_seconds=given.get("hub.lease_seconds", "")[:20],
        )
        challenge = answer(self.hubs, request.path_params["id"], asked, self.clock())
        if challenge is None:
            raise HTTPException(404)
        # As plain text, which no browser reads as anything else: the words are another's.
        return Response(challenge, headers={"cache-control": "no-store"}, media_type="text/plain")

    async def news(self, request: Request) -> Response:
        body = await _read(request)
        signature = request.headers.get("x-hub-signature", "")
        heard = await run_in_threadpool(hear, self.hubs, request.path_params["id"], body, signature, self.clock())
        if heard is Heard.UNKNOWN:
            return Response(status_code=410)
        if heard is Heard.NEWS:
            self.wake()
        # A wrong signature is answered like a right one: who guesses learns nothing (section 7.1.1).
        return Response(status_code=202)


async def _read(request: Request) -> bytes:
    data = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in request.stream():
                data += chunk
                if len(data) > BODY_BYTES_MAX:
                    raise HTTPException(413, headers={"connection": "close"})
    except (TimeoutError, ClientDisconnect) as error:
        raise HTTPException(408, headers={"connection": "close"}) from error
    return bytes(data)
