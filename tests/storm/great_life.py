"""One life of a worker in the great storm: everything that a service does for an edition over SendGrid, until nothing
is due or death comes. Several calls at once, events drained, doubt settled by evidence and policy.
"""

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from syndication.jobs import compose, record, recover
from syndication.jobs.doubt import settle_doubts
from syndication.jobs.drain import Drain
from syndication.jobs.send import Mailroom, send_due
from syndication.model.doubt import OnUncertain
from syndication.model.edition import TERMINAL_EDITIONS, EditionState
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.senders import sendgrid_events
from syndication.senders.sendgrid import SendGrid
from syndication.storage import editions
from syndication.storage.database import Database
from syndication.storage.doubts import Doubts
from syndication.storage.events import Events
from syndication.storage.recovery import Recovery
from tests.faults.clock import SharedClock
from tests.pressroom import KEY, PressRoom
from tests.storm.mortal import Death, Fate, Mortal, mortal_system_calls

API_KEY = "SG.for-the-great-storm.only"
CALL_SECONDS = 4.0
GRACE = timedelta(minutes=30)
LEASE = timedelta(seconds=2 * CALL_SECONDS + 31)
"""No claim is good for longer."""
LIFE_SECONDS = 300.0
ALIVE, UNFINISHED = 0, 3


@dataclass(frozen=True)
class Lot:
    """What all lives of a storm have in common. `clock`: the file of the shared one."""

    url: str
    directory: Path
    clock: Path
    host: str
    batch_size: int


def live(lot: Lot, death: Death | None, calls: int, policy: str, most: int) -> None:
    """The target of a process. ALIVE: every edition is terminal. After `most` calls it is asked to stop; 0: never."""
    logging.disable(logging.CRITICAL)
    clock, fate = SharedClock(lot.clock), Fate(death)
    database = Database(lot.url)
    room = PressRoom(database, lot.directory, stories=0)
    room.clock = clock  # type: ignore[assignment]
    assert not recover.recover(Recovery(database), room.journal, clock()), "no kill makes the journal look ahead"
    exchange = Transport(AddressPolicy(("127.0.0.0/8",)), user_agent="syndication-tests/1")
    outbox = SendGrid(
        API_KEY,
        exchange=Mortal(exchange, "exchange", fate),  # type: ignore[arg-type]
        host=lot.host,
        batch_size=lot.batch_size,
        calls_at_once=calls,
        total_seconds=CALL_SECONDS,
    )
    for role in ("press", "ledger", "journal"):
        setattr(room, role, Mortal(getattr(room, role), role, fate))
    room.provider = Mortal(outbox, "outbox", fate)  # type: ignore[assignment]
    room.desk = replace(room.desk, press=room.press, clock=clock)
    mortal_system_calls(fate)
    work(room, fate, OnUncertain(policy), lambda: 0 < most <= fate.calls["outbox.submit"])
    with database.read() as connection:
        found = editions.listing(connection)
    sys.exit(ALIVE if found and all(one.state in TERMINAL_EDITIONS for one in found) else UNFINISHED)


def work(room: Any, fate: Fate, policy: OnUncertain, stopping: Callable[[], bool]) -> None:
    """What the tasks of a service do, one after the other."""
    compose.open_due(room.press, room.clock())
    record.take_up(room.ledger, room.provider, room.clock())
    parsers = {sendgrid_events.NAME: sendgrid_events.parse}
    drain = Drain(Mortal(Events(room.database), "events", fate), room.journal, parsers, KEY, room.clock)  # type: ignore[arg-type]
    drain.run()
    settle_doubts(Mortal(Doubts(room.database), "doubts", fate), policy, GRACE, room.clock())  # type: ignore[arg-type]
    mailroom = Mailroom(room.ledger, room.journal, room.provider, room.letterhead, room.clock)
    for edition in _unfinished(room):
        if edition.state in (EditionState.OPEN, EditionState.ASSEMBLING):
            compose.assemble(edition.id, room.desk)
        compose.plan(edition.id, room.press, room.clock, batch_size=room.provider.batch_size)
        send_due(edition.id, mailroom, stopping=stopping)
    drain.run()


def _unfinished(room: Any) -> list[Any]:
    with room.database.read() as connection:
        return [one for one in editions.listing(connection) if one.state not in TERMINAL_EDITIONS]
