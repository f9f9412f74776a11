"""The collector of cycles rests: asked of a process of its own, because it is the whole interpreter's."""

import subprocess
import sys

PROGRAM = """
import gc
from syndication.wiring.collector import YOUNG, let_the_collector_rest
let_the_collector_rest()
assert gc.isenabled() and gc.get_threshold()[0] == YOUNG and gc.get_freeze_count() > 1000
ring = []
ring.append(ring)
del ring
assert gc.collect() >= 1  # what is made afterwards is still found
"""


def test_what_is_loaded_is_looked_at_no_more_and_what_is_new_is_still_found() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=120)
