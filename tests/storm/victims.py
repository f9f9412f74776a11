"""kill -9 of the real service, whole or a part of it, and what comes after: time passes, and it is started again.

Killed by process ids of processes that the test itself started, never by a name.
"""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from syndication.storage import schema
from syndication.wiring import House
from tests.journeys.service import Service, until

PARTS = ("front", "back")


def parts_of(service: Service) -> dict[str, int]:
    """Process ids of the parts that live now, by name."""
    assert service.process is not None
    pid = service.process.pid
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            name = Path(f"/proc/{child}/cmdline").read_bytes().rstrip(b"\0").rpartition(b"\0")[2].decode()
        except FileNotFoundError:
            continue
        if name in PARTS:
            found[name] = int(child)
    return found


def kill(service: Service, victim: str, guest: House, *, as_it_was: Callable[[], None]) -> None:
    """Kill it, and have it back. `victim`: a part's name, "supervisor" (whose parts die with it), or "group".

    `as_it_was` is called with the victim dead and nothing changed yet.
    """
    assert service.process is not None
    parts = parts_of(service)
    if victim in PARTS:
        os.kill(parts[victim], signal.SIGKILL)
        until(f"the {victim}'s end", lambda: not _alive(parts[victim]), look_seconds=0.002)
        as_it_was()
        if victim == "back":
            let_leases_run_out(guest)
        until(f"another {victim}", lambda: parts_of(service).get(victim, parts[victim]) != parts[victim])
    else:
        (os.killpg if victim == "group" else os.kill)(service.process.pid, signal.SIGKILL)
        service.process.wait(60)
        until("the end of all", lambda: not any(map(_alive, parts.values())))
        as_it_was()
        let_leases_run_out(guest)
        service.start()
    service.wait_ready()


def let_leases_run_out(guest: House) -> None:
    """Whoever held them is dead, so nothing but time could end them: minutes, which a test does not wait for."""
    now = datetime.now(UTC)
    with guest.database.write() as connection:
        for table in (schema.source, schema.edition, schema.batch, schema.message):
            held = table.c.lease_until > now
            connection.execute(table.update().where(held).values(lease_until=now))


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
