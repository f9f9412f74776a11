"""Serves both applications from one event loop. In: listeners, when to stop. Out: nothing, when all have stopped.

The server is granian, embedded: no child processes, no signal handlers of its own. The shelf of feeds is refreshed
between requests, in a thread.
"""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from starlette.types import ASGIApp

from syndication.errors import SettingsError, StoreError

log = logging.getLogger(__name__)

HEADER_MS = 10_000
HEADER_BYTES_MAX = 64 * 1024
BACKLOG = 1024
STARTING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Listener:
    """An address and what answers there."""

    name: str
    host: str
    port: int
    app: ASGIApp


@dataclass(frozen=True, slots=True)
class Refresh:
    """Something to do again and again while serving, in a thread: once at once, then `every_seconds`."""

    run: Callable[[], object]
    every_seconds: float = 1.0


def serve(
    listeners: Sequence[Listener],
    *,
    wait: Callable[[], object],
    up: Callable[[], None] = lambda: None,
    refresh: Refresh | None = None,
    drain_seconds: Callable[[], float] = lambda: 10.0,
) -> None:
    """Serve until `wait` returns (it is called in a thread of its own), then finish what has begun.

    `up` is called once every listener answers. Raises SettingsError when an address cannot be had.
    """
    for listener in listeners:
        require_free(listener)
    asyncio.run(_serve(listeners, wait, up, refresh, drain_seconds))


def require_free(listener: Listener) -> None:
    """Raise SettingsError unless the address can be bound.

    The server shares its ports (SO_REUSEPORT), so a second one would start without a word and take half the visitors.
    """
    family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listener.host, listener.port))
        except OSError as error:
            raise SettingsError(
                f"the {listener.name} address {listener.host}:{listener.port} cannot be had",
                why=error.strerror or str(error),
                fix="stop the program that listens there, or choose another address",
            ) from error


async def _serve(
    listeners: Sequence[Listener],
    wait: Callable[[], object],
    up: Callable[[], None],
    refresh: Refresh | None,
    drain_seconds: Callable[[], float],
) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    threading.Thread(target=_tell, args=(wait, loop, stop), name="stop", daemon=True).start()
    servers = [_server(listener) for listener in listeners]
    running = [asyncio.create_task(server.serve()) for server in servers]
    refreshing = asyncio.create_task(_keep_fresh(refresh)) if refresh else None
    try:
        await _answering(listeners, running)
        up()
        await _first(stop, running)
    finally:
        if refreshing:
            refreshing.cancel()
        await _stop(servers, running, drain_seconds())


def _tell(wait: Callable[[], object], loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    wait()
    with suppress(RuntimeError):  # the loop is closed already
        loop.call_soon_threadsafe(stop.set)


def _server(listener: Listener) -> Server:
    return Server(
        listener.app,
        address=listener.host,
        port=listener.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MS, max_buffer_size=HEADER_BYTES_MAX),
        websockets=False,
        backlog=BACKLOG,
        log_access=False,
        log_enabled=False,
    )


async def _answering(listeners: Sequence[Listener], running: Sequence[asyncio.Task[None]]) -> None:
    """Wait until each address takes a connection."""
    async with asyncio.timeout(STARTING_SECONDS):
        for listener in listeners:
            while not any(task.done() for task in running):
                try:
                    _, writer = await asyncio.open_connection(listener.host, listener.port)
                except OSError:
                    await asyncio.sleep(0.01)
                else:
                    writer.close()
                    break


async def _first(stop: asyncio.Event, running: Sequence[asyncio.Task[None]]) -> None:
    """Until we are to stop, or a server ends by itself, which none should."""
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
    for task in done - {stopping}:
        task.result()
        raise RuntimeError("a web server ended by itself")


async def _stop(servers: Sequence[Server], running: Sequence[asyncio.Task[None]], seconds: float) -> None:
    """No new connections; what has begun may finish."""
    for server in servers:
        server.stop()  # type: ignore[no-untyped-call]
    _, late = await asyncio.wait(running, timeout=max(seconds, 0.1))
    for task in late:
        task.cancel()
    if late:
        log.warning("connections cut at the end of the grace time", extra={"listeners": len(late)})


async def _keep_fresh(refresh: Refresh) -> None:
    """A store that is away is asked again next time; what is on the shelf stays."""
    away = False
    while True:
        try:
            await asyncio.to_thread(refresh.run)
            away = False
        except StoreError as error:
            if not away:
                log.warning("feeds are served from memory: %s", error)
            away = True
        await asyncio.sleep(refresh.every_seconds)
