"""DSK-01, DEL-01: the disk is full, or fails, at some write or other of a send; then there is room again.

A worker whose write fails ends as it may; nobody is lost by that and nobody gets the edition twice. In `make test` by a
bound on the length of files, which is an I/O error; `STORM=full` has a real file system without room too.
"""

import os
import signal
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import needs
from tests.faults.full_disk import bound_files, fill, longest, small_disk
from tests.storm import great_life
from tests.storm.great import Storm, processes
from tests.storm.great_life import ALIVE, UNFINISHED
from tests.storm.storm_report import held

FULL = os.environ.get("STORM") == "full"
SEED = int(os.environ.get("STORM_SEED", "20260507"))
READERS, BATCH_SIZE = 200, 4
LIVES = 40 if FULL else 3
ROOM_BYTES = 60_000
"""A life may write up to so much more before its disk is full: from the first page to some batches."""
BROKE = 1
"""As a process ends that did not catch an error."""


def bounded(more_bytes: int, lot: great_life.Lot, *given: Any) -> None:
    """The target of a process: a life in which no file grows by more than so much."""
    bound_files(longest([*lot.directory.glob("house.db*"), *lot.directory.glob("journal/*")]) + more_bytes)
    great_life.live(lot, *given)


class Starved(Storm):
    """No kills: one life after the other finds the disk full, sooner or later."""

    broke = 0

    def _through_deaths(self) -> None:
        self._live(None, "hold", most=1)  # the edition is made and planned while there is room
        for _ in range(LIVES):
            self.starve(self._chance.randrange(ROOM_BYTES))
        assert self.broke >= LIVES // 2, "the disk was full"

    def starve(self, more_bytes: int) -> None:
        process = processes.Process(target=bounded, args=(more_bytes, self._lot, None, 2, "hold", 6))
        process.start()
        self.note(self._end(process))

    def note(self, ended: int) -> None:
        self.broke += ended == BROKE
        self._clock.forward(great_life.LEASE)

    def _end(self, process: Any) -> int:
        process.join(great_life.LIFE_SECONDS)
        ended = process.exitcode
        assert ended in (ALIVE, UNFINISHED, BROKE, -signal.SIGXFSZ), f"a life ended with {ended}"
        return int(ended)


class Crammed(Starved):
    """The same on a file system with no more room than that."""

    def starve(self, more_bytes: int) -> None:
        ballast = fill(self._directory, leave_bytes=more_bytes)
        try:
            self.note(self._end(self._begin(None, "hold", calls=2, most=6)))
        finally:
            ballast.unlink()


def settle(kind: type[Starved], directory: Path, template: Path) -> None:
    (directory / "house.db").write_bytes(template.read_bytes())
    storm = kind(
        f"sqlite:///{directory / 'house.db'}", directory, readers=READERS, batch_size=BATCH_SIZE, kills=1, seed=SEED
    )
    told = storm.run()
    assert held(told), told.verdict
    assert told.verdict is not None and len(told.verdict.reached) + len(told.verdict.refused) == READERS


@pytest.mark.storm
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", [Starved, *[Crammed] * FULL], ids=lambda kind: kind.__name__.lower())
def test_dsk_01_del_01_a_write_that_fails_anywhere_loses_and_doubles_nobody(
    kind: type[Starved], sqlite_template: Path, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", 24_000_000) if kind is Crammed else nullcontext(tmp_path) as disk:
        needs(disk, "the right to mount a file system")
        assert disk is not None
        settle(kind, disk, sqlite_template)
