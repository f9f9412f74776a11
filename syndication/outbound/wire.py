"""A line to the operator's own mail host, byte by byte. In: a host, a port, how to secure it. Out: what it sends.

Other calls go to addresses that strangers name and are judged for it; this one goes where the settings say, loopback
and private networks included. It knows TLS and time limits, and nothing of what is spoken over it.
"""

import asyncio
import ssl
from typing import cast

from syndication.model.wire import WireLost

RECEIVED_BYTES_MAX = 256 * 1024
"""As much may wait to be read. A host that sends more without being asked is cut off."""


class Wire(asyncio.Protocol):
    """One connection. `read` answers whatever came; `send` never waits."""

    def __init__(self) -> None:
        self.secure = False
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._waiting: asyncio.Future[None] | None = None
        self._lost = ""
        self._unsent = False

    # -- what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        # With no room in the buffer we are told of the first byte that the kernel did not take, and of the last. TLS
        # hands on what it is given whole, so there it is the next thing sent that waits until all before it has left.
        self._transport.set_write_buffer_limits(high=0)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) > RECEIVED_BYTES_MAX:
            self._end("it sent far more than it was asked for")
        self._wake()

    def eof_received(self) -> None:
        self._end("it closed the connection")

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(f"the connection was lost: {exc}" if exc else "it closed the connection")

    def pause_writing(self) -> None:
        self._unsent = True

    def resume_writing(self) -> None:
        self._unsent = False

    # -- what is done with it

    @property
    def alive(self) -> bool:
        return not self._lost and not self._received

    def send(self, data: bytes) -> None:
        """Raises WireLost when the line is known to be dead: then nothing of `data` left."""
        if self._lost or self._transport is None:
            raise WireLost(self._lost, unsent=True)
        self._transport.write(data)

    async def read(self, seconds: float) -> bytes:
        """What has come, at least a byte. Raises WireLost."""
        if not self._received and not self._lost:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            timer = loop.call_later(seconds, self._end, f"it said nothing for {seconds:g} seconds")
            try:
                await self._waiting
            finally:
                timer.cancel()
                self._waiting = None
        if not self._received:
            raise WireLost(self._lost, unsent=self._unsent)
        data = bytes(self._received)
        self._received.clear()
        return data

    async def start_tls(self, context: ssl.SSLContext, host: str, seconds: float) -> None:
        """Secure the line from here on. Raises WireLost: also when something came before that nobody asked for.

        What came in plain text may be a stranger's, put there to be read as if it had come through TLS.
        """
        if self._received or self._lost or self._transport is None:
            raise WireLost(self._lost or "it sent more than its answer before TLS began")
        try:
            made = await asyncio.get_running_loop().start_tls(
                self._transport, self, context, server_hostname=host, ssl_handshake_timeout=seconds
            )
        except (OSError, ValueError) as error:
            self._end(_said(error))
            raise WireLost(f"TLS did not come about: {_said(error)}") from error
        if made is None or self._lost:
            raise WireLost(self._lost or "TLS did not come about")
        self._transport, self._unsent = made, False
        made.set_write_buffer_limits(high=1, low=0)  # with none at all TLS tells the opposite each time
        self._received.clear()
        self.secure = True

    def close(self) -> None:
        self._end("it was closed here")

    def _end(self, why: str) -> None:
        if not self._lost:
            self._lost = why
        if self._transport is not None:
            self._transport.abort()
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


async def open_wire(host: str, port: int, *, tls: ssl.SSLContext | None, seconds: float) -> Wire:
    """Connect, at once through TLS when `tls` is given. Every address of the host is tried. Raises WireLost."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(seconds):
            _, wire = await loop.create_connection(Wire, host, port, happy_eyeballs_delay=0.25)
    except TimeoutError as error:
        raise WireLost(f"nobody answered within {seconds:g} seconds", unsent=True) from error
    except (OSError, UnicodeError) as error:
        raise WireLost(_said(error), unsent=True) from error
    if tls is not None:
        await wire.start_tls(tls, host, seconds)
    return wire


def tls_context(ca_file: str = "", *, verify: bool = True) -> ssl.SSLContext:
    """TLS 1.2 or later. Raises OSError for a file of authorities that cannot be read."""
    context = ssl.create_default_context(cafile=ca_file or None)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _said(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not believed ({error.verify_message})"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
