"""DEL-01, DEL-05, DEL-08: kills within an edition over SMTP, by a relay that drops and puts off. Its log judges.

It has no memory of what it took before, so whatever nobody can know must be uncertain, and nothing may go twice.
"""

import json
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.jobs import record
from syndication.model.delivery import BatchState
from syndication.storage.database import Database
from syndication.storage.schema import alert, batch, delivery_exception, edition, subscriber
from tests.pressroom import PressRoom
from tests.relay import DROP, TAKE_AND_DROP, Relay, Session
from tests.storm import life
from tests.storm.mortal import Death
from tests.storm.test_kill import SEED, ids_of, one_life

READERS = 120
STEPS = (
    *("ledger.begin", "ledger.commit", "journal.append", "ledger.holds", "ledger.take_out"),
    *("ledger.advance", "ledger.break_up", "journal.marking", "journal.ended"),
)
ROUNDS = 12 if os.environ.get("STORM") == "full" else 2
FAULTS = (
    *(("rcpt", b"450 4.2.0 not now\r\n"), ("rcpt", b"550 5.1.1 unknown\r\n"), ("rcpt", DROP), ("data", DROP)),
    *(("mail", b"421 4.3.2 bye\r\n"), ("end", b"451 4.3.0 later\r\n"), ("end", b"554 5.6.0 no\r\n")),
    *(("end", DROP), ("end", TAKE_AND_DROP), ("end", b"what?\r\n")),
)
FAULT_CHANCE = 0.02


@pytest.mark.storm
@pytest.mark.timeout(900)
def test_del_01_del_05_nobody_gets_it_twice_from_a_relay_in_a_storm(database_urls, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    url = database_urls()
    database = Database(url)
    room = PressRoom(database, tmp_path, readers=READERS, stories=2)
    log = tmp_path / "taken.jsonl"
    log.touch()
    with Relay(answer=a_storm(random.Random(SEED)), log=log) as relay:
        at = f"smtp:{relay.port}"
        generation, deaths = through_deaths(url, tmp_path, chance, at)
        # In a long one the edition is done before the deaths are: who has nothing to send dies no more.
        assert deaths >= min(ROUNDS * len(STEPS) // 2, 40), "such a storm kills"
        generation = until_nothing_waits(url, database, tmp_path, generation, at)
        judge(database, log)
        settle_by_the_log(room, database, log, generation)
        relay.answer = lambda step, line, session: None
        until_nothing_waits(url, database, tmp_path, generation, at)
        judge(database, log)
    told = ledger(database)
    with database.read() as connection:
        (state,) = connection.execute(sa.select(edition.c.state)).one()
    assert state == "settled" and told["accepted"] == set(taken(log))
    database.close()


def a_storm(chance: random.Random) -> Callable[[str, str, Session], object]:
    lock = threading.Lock()

    def answer(step: str, line: str, session: Session) -> object:
        with lock:
            struck = [reply for at, reply in FAULTS if at == step and chance.random() < FAULT_CHANCE]
        return struck[0] if struck else None

    return answer


def through_deaths(url: str, directory: Path, chance: random.Random, at: str) -> tuple[int, int]:
    generation = deaths = 0
    for step in chance.sample(STEPS * ROUNDS, len(STEPS) * ROUNDS):
        # The first calls of a step come early in a life; the later ones within the carrying of a batch.
        death = Death(step, chance.choice((1, 1, 2)), after=chance.random() < 0.5)
        deaths += one_life(url, directory, generation, death, at) == -signal.SIGKILL
        generation += 1
    return generation, deaths


def until_nothing_waits(url: str, database: Database, directory: Path, generation: int, at: str) -> int:
    waiting = sa.select(batch.c.n).where(batch.c.state.in_(("planned", "sending")))
    for _ in range(60):
        one_life(url, directory, generation, None, at)
        generation += 1
        with database.read() as connection:
            if not connection.execute(waiting).all():
                return generation
    raise AssertionError("a batch waits for ever")


def taken(log: Path) -> Counter[str]:
    """How often the relay took mail for each address."""
    return Counter(json.loads(line)["to"] for line in log.read_text().splitlines())


def ledger(database: Database) -> dict[str, set[str]]:
    """Addresses by the state of their batch; those taken out apart."""
    with database.read() as connection:
        names = dict(connection.execute(sa.select(subscriber.c.id, subscriber.c.address)).all())
        out = set(connection.scalars(sa.select(delivery_exception.c.subscriber_id)))
        rows = connection.execute(sa.select(batch)).mappings().all()
    places = Counter(id for row in rows for id in ids_of(row["manifest"]))
    assert set(places.values()) == {1} and set(places) == set(names), "each in one manifest"
    found: dict[str, set[str]] = {"accepted": set(), "out": {names[id] for id in out}}
    for row in rows:
        found.setdefault(row["state"], set()).update(names[id] for id in ids_of(row["manifest"]) if id not in out)
    return found


def judge(database: Database, log: Path) -> None:
    told, in_log = ledger(database), taken(log)
    assert not [address for address, times in in_log.items() if times > 1], "nobody twice"
    unknown = told.get("uncertain", set())
    assert told["accepted"] <= set(in_log), "what is called accepted was taken"
    assert not told["out"] & set(in_log), "whom the relay refused got nothing"
    assert set(in_log) - told["accepted"] <= unknown, "what was taken without our knowing is in doubt"
    assert len(told["accepted"] | told["out"] | unknown) == READERS, "nobody is lost"
    with database.read() as connection:
        open_doubts = sa.select(alert.c.key).where(alert.c.resolved_at.is_(None), alert.c.key.startswith("uncertain:"))
        assert bool(unknown) == bool(connection.execute(open_doubts).all())


def settle_by_the_log(room: PressRoom, database: Database, log: Path, generation: int) -> None:
    """As a person would who looks at the relay's own log: each message in doubt is a batch by itself."""
    room.clock.now = life.FIRST_LIFE + generation * life.GENERATION
    in_log = taken(log)
    with database.read() as connection:
        names = dict(connection.execute(sa.select(subscriber.c.id, subscriber.c.address)).all())
        out = set(connection.scalars(sa.select(delivery_exception.c.subscriber_id)))
        rows = connection.execute(sa.select(batch).where(batch.c.state == BatchState.UNCERTAIN.value)).mappings().all()
    assert rows, "such a storm leaves doubt"
    for row in rows:
        got = {names[id] in in_log for id in ids_of(row["manifest"]) if id not in out}
        (accepted,) = got
        record.resolve(row["edition_id"], row["n"], room.ledger, room.clock(), accepted=accepted, actor="ada")
