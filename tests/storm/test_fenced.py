"""DEL-01 behind fences: kills and lost answers, and everybody gets it exactly once, without a person's word.

The provider keeps each call back and discards what was cancelled; its own record of that is the oracle.
"""

import os
import random
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.storage.database import Database
from syndication.storage.schema import alert, batch, batch_attempt
from tests.pressroom import PressRoom
from tests.standin.handle import Handle
from tests.storm import life
from tests.storm.mortal import Death
from tests.storm.test_kill import SEED, one_life

READERS = 12
STEPS = ("ledger.begin", "outbox.fence", "ledger.fence", "outbox.submit", "ledger.finish")
KILLS = len(STEPS) if os.environ.get("STORM") == "full" else 2
LIVES_MAX = 12


@pytest.mark.storm
@pytest.mark.timeout(600)
def test_del_01_in_fenced_mode_everybody_gets_it_exactly_once_through_kills(database_urls, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    url = database_urls()
    database = Database(url)
    PressRoom(database, tmp_path, readers=READERS, stories=2)
    standin = Handle(tmp_path / "accepted.jsonl", "--key", life.KEY)
    try:
        standin.fault("drop", at=[2])
        deaths = [Death(step, 1, after=chance.random() < 0.5) for step in chance.sample(STEPS, KILLS)]
        # What this one leaves in doubt the next has to cancel, and dies over it.
        deaths += [Death("outbox.submit", 1, after=True), Death("doubts.mark_fence", 1, after=chance.random() < 0.5)]
        ends = [one_life_of(url, tmp_path, standin, generation, death) for generation, death in enumerate(deaths)]
        assert ends == [-signal.SIGKILL] * len(deaths)
        ends += until_all_is_over(url, tmp_path, standin, len(deaths))
        assert ends[-1] == life.ALIVE
        judge(database, standin)
    finally:
        standin.stop()
        database.close()


def one_life_of(url: str, directory: Path, standin: Handle, generation: int, death: Death | None) -> int | None:
    standin.set_clock(life.FIRST_LIFE + generation * life.GENERATION)
    return one_life(url, directory, generation, death, f"fenced:{standin.url}")


def until_all_is_over(url: str, directory: Path, standin: Handle, generation: int) -> list[int | None]:
    """Lives without deaths, and without faults, until the edition is."""
    standin.no_faults()
    ends: list[int | None] = []
    while len(ends) < LIVES_MAX and ends[-1:] != [life.ALIVE]:
        ends.append(one_life_of(url, directory, standin, generation + len(ends), None))
    return ends


def judge(database: Database, standin: Handle) -> None:
    mailed = Counter(one["nl_dlv"] for call in standin.mailed() for one in call["deliveries"])
    assert set(mailed.values()) == {1} and len(mailed) == READERS, "nobody twice, and nobody never"
    assert len(standin.accepted()) > len(standin.mailed()), "something was cancelled on the way"
    with database.read() as connection:
        assert set(connection.scalars(sa.select(batch.c.state))) == {"accepted"}
        assert not connection.execute(sa.select(alert.c.key).where(alert.c.resolved_at.is_(None))).all()
        fences = connection.execute(sa.select(batch_attempt.c.fence, batch_attempt.c.fence_state)).all()
    names = [row.fence for row in fences if row.fence]
    assert len(names) == len(set(names)), "each call has a fence of its own"
    assert timedelta(minutes=20) > life.GENERATION, "a life comes in time to cancel what the last one left"
