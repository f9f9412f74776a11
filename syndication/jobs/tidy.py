"""Throw away records of the past that are too old or too many. In: Retention, now. Out: how many went, of each kind.

| what | kept for | at most |
|---|---|---|
| fetch_log: each poll of a source | 30 days | 1,000,000 lines |
| quarantine: documents and entries that could not be read | 90 days | 10,000 |
| audit_log: who did what | 730 days | 1,000,000 lines |
| event_aside: what providers told and nobody understood; it may hold addresses | 30 days | 10,000 |

Articles, editions, batches and consent are no records of the past in this sense: the ledger must go on adding up, and
a story told once must stay known.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from syndication.jobs.ports.tidy import Attic
from syndication.model.retention import Kept, Retention

log = logging.getLogger(__name__)

SLICE = 500
"""Records dropped in one transaction, so that no writer waits for long."""


def tidy(
    attic: Attic, retention: Retention, now: datetime, *, stopping: Callable[[], bool] = lambda: False
) -> Mapping[Kept, int]:
    """One round. A second right after it drops nothing. Raises StoreError."""
    dropped = {kept: _tidy(attic, retention, kept, now, stopping) for kept in Kept}
    for kept, count in dropped.items():
        if count:
            log.info("tidied", extra={"what": kept.value, "dropped": count})
    return dropped


def _tidy(attic: Attic, retention: Retention, kept: Kept, now: datetime, stopping: Callable[[], bool]) -> int:
    keep = retention.of(kept)
    before = now - timedelta(days=keep.days)
    return _drop_all(lambda: attic.older(kept, before, SLICE), attic, kept, stopping) + _drop_all(
        lambda: attic.beyond(kept, keep.rows_max, SLICE), attic, kept, stopping
    )


def _drop_all(find: Callable[[], Sequence[int]], attic: Attic, kept: Kept, stopping: Callable[[], bool]) -> int:
    dropped = 0
    while not stopping() and (ids := find()):
        dropped += attic.drop(kept, ids)
    return dropped
