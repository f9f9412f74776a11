"""What comes in by a form: bounded in size, fields and time. And the stamp that tells a person from a robot (PUB-08).

A stamp is drawn with the page and comes back with the form: signed, at least two seconds old, at most a day, and good
for a few sendings, since people correct their typing errors.
"""

import asyncio
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from syndication.subscribers.sign import Purpose, Signer
from syndication.web.network import Hosts

BODY_BYTES_MAX = 16 * 1024
FIELDS_MAX = 40
READ_SECONDS = 10.0

AGE_SECONDS_MIN, AGE_SECONDS_MAX = 2, 24 * 3600
USES_MAX = 3
USED_MAX = 20_000
NONCE_BITS = 21
"""Beside the milliseconds of when it was drawn; together they fit a token until the year 2109."""


class Fields:
    """The fields of a form, in order."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = pairs

    def one(self, name: str) -> str:
        """The first value, or nothing."""
        return next((value for key, value in self._pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name]


async def read_body(request: Request) -> bytes:
    """At most 16 KiB, within ten seconds. Raises HTTPException 408 or 413, as soon as either is certain."""
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > BODY_BYTES_MAX:
        raise HTTPException(413 if length.isdigit() else 400, headers={"connection": "close"})
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


async def read_form(request: Request) -> Fields:
    """The fields of an urlencoded form. Raises HTTPException 400, 408, 413 or 415."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    data = await read_body(request)
    try:
        pairs = parse_qsl(data.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except (ValueError, UnicodeDecodeError) as error:
        raise HTTPException(400) from error
    return Fields(pairs)


def refuse_foreign(request: Request, hosts: Hosts) -> None:
    """Raise HTTPException 403 for a form that a page of another site sent. What says nothing of it may pass."""
    origin = request.headers.get("origin", "")
    if request.headers.get("sec-fetch-site") == "cross-site" or (origin not in ("", "null") and not hosts.own(origin)):
        raise HTTPException(403)


class Stamps:
    """Draws stamps, and takes each a few times. Thread-safe."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._used: OrderedDict[int, int] = OrderedDict()
        self._lock = threading.Lock()

    def draw(self, now: datetime) -> str:
        drawn = (int(now.timestamp() * 1000) << NONCE_BITS) | secrets.randbits(NONCE_BITS)
        return self._signer.token(Purpose.FORM, drawn)

    def take(self, stamp: str, now: datetime) -> bool:
        """Whether the form may be believed. False: not ours, too quick, too old, or used up."""
        drawn = self._signer.read(Purpose.FORM, stamp)
        if drawn is None:
            return False
        age = now.timestamp() - (drawn >> NONCE_BITS) / 1000
        return AGE_SECONDS_MIN <= age <= AGE_SECONDS_MAX and self._count(drawn) <= USES_MAX

    def _count(self, drawn: int) -> int:
        with self._lock:
            self._used[drawn] = uses = self._used.pop(drawn, 0) + 1
            if len(self._used) > USED_MAX:
                self._used.popitem(last=False)
            return uses
