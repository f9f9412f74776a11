"""KIL-02, DEL-01, DEL-02, DEL-05: the great storm, in small. `make storm` runs it whole and writes docs/storm.md.

Kills and stops at named steps, calls side by side, a network that cuts, a provider that errs, events that come late: in
the end everybody has the edition once or stands refused with a reason, and what was in doubt was shown.
"""

import os
from pathlib import Path

import pytest

from tests.storm.great import HEARING, STEPS, Storm
from tests.storm.storm_report import held, written

SEED = int(os.environ.get("STORM_SEED", "20260507"))
KILLS, READERS, BATCH_SIZE = 32, 480, 4


@pytest.mark.storm
@pytest.mark.timeout(900)
def test_kil_02_del_01_del_02_nobody_is_lost_or_doubled_whatever_dies_when(
    sqlite_template: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'house.db'}"
    (tmp_path / "house.db").write_bytes(sqlite_template.read_bytes())
    storm = Storm(url, tmp_path, readers=READERS, batch_size=BATCH_SIZE, kills=KILLS, seed=SEED, each=1)
    told = storm.run()
    print(written([told], STEPS))
    assert held(told), told.verdict
    assert told.verdict is not None
    assert len(told.verdict.reached) + len(told.verdict.refused) == READERS
    assert told.kills.total() >= 30 and told.stops.total() >= 1 and not told.taken_in_doubt
    assert all(told.kills[step] for step in STEPS if step not in HEARING), told.kills
