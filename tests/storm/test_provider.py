"""DEL-01, DEL-05: kills and a provider that answers late, wrongly or never. Its own log is the oracle.

It has no memory of what it was offered before, so what nobody can know must be uncertain, and nothing may go twice.
"""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.jobs import record
from syndication.model.delivery import BatchState
from syndication.storage.database import Database
from syndication.storage.schema import alert, batch, batch_attempt, delivery_exception, edition, subscriber
from tests.pressroom import PressRoom
from tests.standin.handle import Handle
from tests.storm import life
from tests.storm.mortal import Death
from tests.storm.test_kill import SEED, ids_of, one_life

READERS = 60
STEPS = ("ledger.begin", "ledger.commit", "journal.append", "ledger.holds", "outbox.submit", "ledger.finish")
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "drop", "probability": 0.12},
    {"kind": "reset", "probability": 0.08},
    {"kind": "status", "status": 500, "body": "html", "accepted": True, "probability": 0.08},
    {"kind": "status", "status": 502, "body": "none", "probability": 0.08},
    {"kind": "status", "status": 503, "body": "json", "probability": 0.1},
    {"kind": "status", "status": 429, "body": "json", "probability": 0.1},
    {"kind": "reset-mid-body", "probability": 0.08},
    {"kind": "truncate", "probability": 0.1},
    {"kind": "refuse", "position": 0, "probability": 0.06, "times": 2},
)


@pytest.mark.storm
@pytest.mark.timeout(600)
def test_del_01_del_05_nobody_gets_it_twice_from_a_provider_in_a_storm(database_urls, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    url = database_urls()
    database = Database(url)
    room = PressRoom(database, tmp_path, readers=READERS, stories=2)
    standin = Handle(tmp_path / "accepted.jsonl", "--key", life.KEY)
    try:
        for fault in FAULTS:
            standin.fault(**fault, seed=chance.randrange(1000))
        generation = through_deaths(url, tmp_path, chance, standin)
        generation = until_nothing_waits(url, database, tmp_path, generation, standin)
        judge(database, standin)
        settle_by_the_log(room, database, standin, generation)
        standin.no_faults()
        until_nothing_waits(url, database, tmp_path, generation, standin)
        judge(database, standin)
        assert everybody_is_settled(database, standin)
    finally:
        standin.stop()
        database.close()


def through_deaths(url: str, directory: Path, chance: random.Random, standin: Handle) -> int:
    generation = 0
    for step in chance.sample(STEPS * 2, len(STEPS) * 2):
        one_life(url, directory, generation, Death(step, 1, after=chance.random() < 0.5), standin.url)
        generation += 1
    return generation


def until_nothing_waits(url: str, database: Database, directory: Path, generation: int, standin: Handle) -> int:
    """Lives without deaths, until all that may be offered was."""
    waiting = sa.select(batch.c.n).where(batch.c.state.in_(("planned", "sending")))
    for _ in range(40):
        one_life(url, directory, generation, None, standin.url)
        generation += 1
        with database.read() as connection:
            if not connection.execute(waiting).all():
                return generation
    raise AssertionError("a batch waits for ever")


def taken(standin: Handle) -> Counter[str]:
    """How often the provider accepted each delivery."""
    return Counter(one["nl_dlv"] for call in standin.accepted() for one in call["deliveries"])


def addresses_taken(standin: Handle) -> set[str]:
    return {one["email"] for call in standin.accepted() for one in call["deliveries"]}


def ledger(database: Database) -> dict[str, set[str]]:
    """The addresses of an edition's readers by the state of their batch; those taken out apart."""
    with database.read() as connection:
        names = dict(connection.execute(sa.select(subscriber.c.id, subscriber.c.address)).all())
        out = set(connection.scalars(sa.select(delivery_exception.c.subscriber_id)))
        rows = connection.execute(sa.select(batch)).mappings().all()
    found: dict[str, set[str]] = {"out": {names[id] for id in out}}
    for row in rows:
        found.setdefault(row["state"], set()).update(names[id] for id in ids_of(row["manifest"]) if id not in out)
    return found


def judge(database: Database, standin: Handle) -> None:
    told, in_log = ledger(database), addresses_taken(standin)
    assert set(taken(standin).values()) == {1}, "no delivery was accepted twice"
    assert told["accepted"] <= in_log
    assert not told["out"] & in_log, "whom the provider refused got nothing"
    unknown = told.get("uncertain", set())
    assert in_log - told["accepted"] <= unknown, "what was accepted without our knowing is shown as uncertain"
    assert len(told["accepted"] | told["out"] | unknown) == READERS, "nobody is lost"
    with database.read() as connection:
        open_doubts = sa.select(alert.c.key).where(alert.c.resolved_at.is_(None), alert.c.key.startswith("uncertain:"))
        assert bool(unknown) == bool(connection.execute(open_doubts).all())


def settle_by_the_log(room: PressRoom, database: Database, standin: Handle, generation: int) -> None:
    """As a person would who can look at the provider's own list."""
    known = {one["nl_sub"] for call in standin.accepted() for one in call["deliveries"]}
    room.clock.now = life.FIRST_LIFE + generation * life.GENERATION
    with database.read() as connection:
        doubtful = connection.execute(
            sa.select(batch.c.edition_id, batch.c.n).where(batch.c.state == BatchState.UNCERTAIN.value)
        ).all()
        attempts = connection.execute(sa.select(batch_attempt)).all()
    assert doubtful, "such a storm leaves doubt"
    for edition_id, n in doubtful:
        accepted = any(attempt.attempt_id in known for attempt in attempts if attempt.n == n)
        record.resolve(edition_id, n, room.ledger, room.clock(), accepted=accepted, actor="ada")


def everybody_is_settled(database: Database, standin: Handle) -> bool:
    told = ledger(database)
    with database.read() as connection:
        (state,) = connection.execute(sa.select(edition.c.state)).one()
    return state == "settled" and told["accepted"] == addresses_taken(standin) and len(told["out"]) <= 2
