"""KIL-02, DEL-01: a worker is killed at named steps, drawn by a seed, and everybody gets the edition once all the same.

The oracle reads the outbox and SQL, and knows nothing of how sending works. `STORM=full` makes it 200 kills and more.
"""

import email
import multiprocessing
import os
import random
import signal
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.jobs.subscribe import unsubscribe
from syndication.storage.database import Database
from syndication.storage.schema import batch, delivery_exception, edition, edition_item, stream, subscriber
from syndication.storage.subscribers import Registry
from tests.faults.oracle import ids_of
from tests.pressroom import KEY, PressRoom
from tests.storm import life
from tests.storm.mortal import ASSEMBLING, OPENING, PLANNING, SENDING, SETTLING, STEPS, Death

RUNS = 11 if os.environ.get("STORM") == "full" else 3
READERS = 50
SEED = int(os.environ.get("STORM_SEED", "20260507"))
LIFE_SECONDS = 60

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.storm.life"])


@pytest.mark.storm
@pytest.mark.timeout(900)
def test_kil_02_del_01_everybody_gets_it_once_through_kills_at_every_named_step(database_urls, tmp_path: Path) -> None:
    deaths: Counter[str] = Counter()
    for run in range(RUNS):
        directory = tmp_path / f"run-{run}"
        directory.mkdir()
        deaths += storm(database_urls(), directory, random.Random(SEED + run))
    print(f"{deaths.total()} kills: {dict(deaths)}")
    assert deaths.total() >= (200 if RUNS > 3 else 30)
    assert min(deaths[step] for step in STEPS) >= 3, deaths


def storm(url: str, directory: Path, chance: random.Random) -> Counter[str]:
    """One edition through many deaths; answers where they struck."""
    database = Database(url)
    room = PressRoom(database, directory, readers=READERS, stories=5)
    room.suppress(*room.readers[10:13])
    mailed_when_left: dict[int, bool] = {}
    struck: Counter[str] = Counter()
    generation = 0
    for death in the_order_of_deaths(chance):
        ended = one_life(url, directory, generation, death)
        generation += 1
        if ended == -signal.SIGKILL:
            struck[death.step] += 1
        leaving = chance.choice(room.readers)
        if death.step in (*PLANNING, *SENDING) and leaving not in mailed_when_left:
            mailed_when_left[leaving] = leaving in mailed(directory, database)
            room.clock.now = life.FIRST_LIFE + generation * life.GENERATION
            unsubscribe(
                leaving, registry=Registry(database), journal=room.journal, key=KEY, now=room.clock()
            )  # subscription ids are subscriber ids here: each has one
    while (ended := one_life(url, directory, generation, None)) != life.ALIVE:
        assert ended == life.UNFINISHED and generation < 200, ended
        generation += 1
    judge(database, directory, mailed_when_left, suppressed=set(room.readers[10:13]))
    assert one_life(url, directory, generation + 1, None) == life.ALIVE, "and one more life changes nothing"
    judge(database, directory, mailed_when_left, suppressed=set(room.readers[10:13]))
    database.close()
    return struck


def the_order_of_deaths(chance: random.Random) -> list[Death]:
    """One at each step, phase after phase; while sending, in any order and some only later in a life."""

    def die(step: str, nth: int = 1) -> Death:
        return Death(step, nth, after=chance.random() < 0.5)

    return [
        *(die(step) for step in (*OPENING, *chance.sample(ASSEMBLING, len(ASSEMBLING)), *PLANNING)),
        die("press.commit", 3),  # the first stretch of the audience is planned, the second is not
        *(die(step, chance.choice((1, 1, 2, 3))) for step in chance.sample(SENDING, len(SENDING))),
        *(die(step) for step in SETTLING),
    ]


def one_life(url: str, directory: Path, generation: int, death: Death | None, provider: str = "") -> int | None:
    process = processes.Process(target=life.live, args=(url, directory, generation, death, provider))
    process.start()
    process.join(LIFE_SECONDS)
    assert process.exitcode is not None, "a life is bounded"
    return process.exitcode


# -- the oracle


def mailed(directory: Path, database: Database) -> Counter[int]:
    """How many mails lie in the outbox for each subscriber."""
    with database.read() as connection:
        ids = dict(connection.execute(sa.select(subscriber.c.address, subscriber.c.id)).all())
    files = (directory / "outbox").glob("*.eml")
    return Counter(ids[email.message_from_bytes(path.read_bytes())["To"]] for path in files)


def judge(database: Database, directory: Path, mailed_when_left: dict[int, bool], suppressed: set[int]) -> None:
    mails = mailed(directory, database)
    with database.read() as connection:
        (found,) = connection.execute(sa.select(edition)).all()
        batches = connection.execute(sa.select(batch)).mappings().all()
        taken_out = {row.subscriber_id: row for row in connection.execute(sa.select(delivery_exception))}
        everybody = set(connection.scalars(sa.select(subscriber.c.id)))
        items = connection.execute(sa.select(edition_item.c.story_id)).all()
        watermark = connection.scalar(sa.select(stream.c.watermark))
    assert found.state == "settled" and watermark == found.due_at
    assert len(items) == len(set(items)) == 5
    places = Counter(id for row in batches for id in ids_of(row["manifest"]))
    assert set(places.values()) == {1}, "each in one manifest"
    assert {row["state"] for row in batches} == {"accepted"}

    assert set(mails.values()) == {1}, "nobody twice"
    left = set(mailed_when_left)
    for id in everybody - left - suppressed:
        assert mails[id] == 1 and places[id] == 1 and id not in taken_out, f"{id} is lost"
    for id in suppressed:
        assert mails[id] == 0 and (id in taken_out or id in left), f"{id} is suppressed"
    for id, before in mailed_when_left.items():
        assert mails[id] == int(before), f"{id} was mailed after leaving, or their mail is gone"
        if before and id in taken_out:
            assert "may have reached" in taken_out[id].detail
        assert before or id in taken_out or places[id] == 0, f"{id} has no place in the ledger"
    audience = sum(row["count"] for row in batches) + sum(row.batch_n is None for row in taken_out.values())
    assert audience == len(set(places) | set(taken_out)), "the audience adds up"
