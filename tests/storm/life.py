"""One life of a worker: open what is due, assemble, plan, send, settle, until nothing is left to do or death comes."""

import logging
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from syndication.jobs import compose, record, recover
from syndication.jobs.doubt import settle_doubts
from syndication.jobs.ports.outbox import Outbox
from syndication.jobs.send import send_due
from syndication.model.doubt import OnUncertain
from syndication.model.edition import TERMINAL_EDITIONS, EditionState
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.outbound.wire import open_wire
from syndication.senders.sendgrid import SendGrid
from syndication.senders.sendgrid_witness import SendGridWitness
from syndication.senders.smtp import Smtp
from syndication.senders.smtp_session import Relay, Tls
from syndication.senders.spool import Spool
from syndication.storage import editions
from syndication.storage.database import Database
from syndication.storage.doubts import Doubts
from syndication.storage.recovery import Recovery
from tests.pressroom import Clock, PressRoom
from tests.storm.mortal import Death, Fate, Mortal, mortal_system_calls

KEY = "SG.for-the-storm.only"
BATCH_SIZE = 2
CALLS_AT_ONCE = 2
"""So that a death leaves only some of the batches in doubt."""
RELAY_BATCH_SIZE, RELAY_CONNECTIONS = 10, 3
FIRST_LIFE = datetime(2026, 5, 8, 5, 0, tzinfo=UTC)
"""Half an hour after the slot of that day."""
GENERATION = timedelta(minutes=6)
"""Longer than any lease: whatever an earlier life held is free in the next."""

ALIVE = 0
UNFINISHED = 3


def live(url: str, directory: Path, generation: int, death: Death | None, provider: str = "") -> None:
    """The target of a process. ALIVE: every edition is terminal. `provider`: its address, or
    "fenced:" before it, or "smtp:PORT" for a relay; else mail goes to a spool.
    """
    logging.disable(logging.CRITICAL)
    database = Database(url)
    clock = Clock(FIRST_LIFE + generation * GENERATION)
    room = PressRoom(database, directory, stories=0)
    room.clock = clock
    assert not recover.recover(Recovery(database), room.journal, clock()), "no kill makes the journal look ahead"

    fate = Fate(death)
    real = outbox(directory, provider)
    room.provider = Mortal(real, "outbox", fate)  # type: ignore[assignment]
    room.press = Mortal(room.press, "press", fate)  # type: ignore[assignment]
    room.ledger = Mortal(room.ledger, "ledger", fate)  # type: ignore[assignment]
    room.journal = Mortal(room.journal, "journal", fate)  # type: ignore[assignment]
    room.desk = replace(room.desk, press=room.press, clock=clock)
    mortal_system_calls(fate)
    doubts = Mortal(Doubts(database), "doubts", fate) if isinstance(real, SendGrid) and real.fenced else None
    work(room, doubts, real)
    with database.read() as connection:
        found = editions.listing(connection)
    sys.exit(ALIVE if found and all(one.state in TERMINAL_EDITIONS for one in found) else UNFINISHED)


def outbox(directory: Path, provider: str) -> Outbox:
    if not provider:
        return Spool(directory / "outbox", batch_size=BATCH_SIZE)
    if provider.startswith("smtp:"):
        at = Relay("127.0.0.1", int(provider.removeprefix("smtp:")), tls=Tls.NONE, reply_seconds=1.0)
        return Smtp(at, open_wire=open_wire, batch_size=RELAY_BATCH_SIZE, connections=RELAY_CONNECTIONS)
    exchange = Transport(AddressPolicy(("127.0.0.0/8",)), user_agent="syndication-tests/1")
    host, fence = provider.removeprefix("fenced:"), 30 if provider.startswith("fenced:") else 0
    few = {"batch_size": BATCH_SIZE, "calls_at_once": CALLS_AT_ONCE}
    return SendGrid(KEY, exchange=exchange, host=host, total_seconds=20, fence_minutes=fence, **few)


def work(room: Any, doubts: Any = None, account: Any = None) -> None:
    """What the tasks of a service do, one after the other."""
    compose.open_due(room.press, room.clock())
    record.take_up(room.ledger, room.provider, room.clock())
    if doubts is not None:
        asked = {account.name: SendGridWitness(account, activity=False)}
        settle_doubts(doubts, OnUncertain.FENCED, timedelta(hours=1), room.clock(), witnesses=asked)
    for edition in _unfinished(room):
        if edition.state in (EditionState.OPEN, EditionState.ASSEMBLING):
            compose.assemble(edition.id, room.desk)
        compose.plan(edition.id, room.press, room.clock, batch_size=room.provider.batch_size)
        send_due(edition.id, room.mailroom)


def _unfinished(room: Any) -> list[Any]:
    with room.database.read() as connection:
        return [one for one in editions.listing(connection) if one.state not in TERMINAL_EDITIONS]
