"""The interpreter's collector of cycles, in a process that handles many small values. Changes only when it looks."""

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 10


def let_the_collector_rest() -> None:
    """Once everything is loaded: what is there stays and is not looked at again, and new values are looked at seldom.

    Entries and articles hold no cycles and go by their counts; looking for some among them took a tenth of a round of
    polling.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
