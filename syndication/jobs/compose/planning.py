"""Walk the audience once: each reader gets one place in one batch, or a line that says why not.

The transaction that moves the cursor writes the batches it passed, so a walk broken off goes on where it stood. Before
the first step the edition is looked at once more: a story withdrawn or corrected by then sends it back to be made anew.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from syndication.deliveries import audience, manifest
from syndication.jobs.compose.standing import fallen, take_back
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.press import Press, Sheet
from syndication.model.edition import Edition, EditionState
from syndication.model.ledger import Parcel, Standing

log = logging.getLogger(__name__)

BATCHES_A_STEP = 20


def plan(
    edition_id: int, press: Press, clock: Clock, *, batch_size: int, stopping: Callable[[], bool] = lambda: False
) -> bool:
    """frozen -> dispatching -> sending. True when the edition is planned whole, by us or by others."""
    while not stopping():
        with press.writing() as sheet:
            state = _step(sheet, edition_id, clock, batch_size)
        if state is not EditionState.DISPATCHING:
            log.info("planned edition=%d state=%s", edition_id, state)
            return state is EditionState.SENDING
    return False


def _step(sheet: Sheet, edition_id: int, clock: Clock, batch_size: int) -> EditionState | None:
    """One stretch of the audience; answers the state after it."""
    edition = sheet.lock(edition_id)
    if edition is None:
        return None
    if edition.state is EditionState.FROZEN:
        if why := fallen(sheet, edition_id):
            take_back(sheet, edition, why, clock())
            return EditionState.OPEN
        sheet.start_plan(edition, sheet.last_subscriber_id())
        return EditionState.DISPATCHING
    return _walk(sheet, edition, clock, batch_size) if edition.state is EditionState.DISPATCHING else edition.state


def _walk(sheet: Sheet, edition: Edition, clock: Clock, batch_size: int) -> EditionState:
    now, limit = clock(), BATCHES_A_STEP * batch_size
    for_all = sheet.content_for_all(edition.id)
    readers = _readers_of_all(sheet, edition, for_all, limit, now)
    done = len(readers) < limit
    to = (edition.audience_max_id or 0) if done else readers[-1].subscriber_id
    alone = _addressed(sheet, edition, to)
    ours = {reader.subscriber_id for reader in readers}
    others = sorted(id for id in alone if id not in ours)
    if len(others) > limit:
        done, to = False, others[limit - 1]
        readers, others = [reader for reader in readers if reader.subscriber_id <= to], others[:limit]
    if others:
        readers += sheet.audience(edition, limit=limit, now=now, newest_story_at=None, only=others)
    for content_id, group in sorted(_by_content(readers, alone, for_all).items()):
        division = audience.divide(group, batch_size)
        sheet.leave_out(edition.id, division.left_out, now)
        parcels = [Parcel(manifest.encode(part), len(part)) for part in division.parts]
        sheet.add_batches(edition.id, parcels, content_id=content_id, wave=edition.due_at, now=now)
    sheet.move_cursor(edition, to, done=done)
    return EditionState.SENDING if done else EditionState.DISPATCHING


def _readers_of_all(sheet: Sheet, edition: Edition, for_all: int | None, limit: int, now: datetime) -> list[Standing]:
    """The next stretch of those to whom something in the edition is new."""
    newest = sheet.newest_story_at(edition.id)
    if newest is None or for_all is None:
        return []
    return list(sheet.audience(edition, limit=limit, now=now, newest_story_at=newest))


def _addressed(sheet: Sheet, edition: Edition, to: int) -> dict[int, int]:
    """Readers of this stretch for whom a content of their own was made, with its id."""
    return {
        id: content_id
        for content_id, readers in sheet.addressees(edition.id, after=edition.plan_cursor, to=to)
        for id in manifest.decode(readers)
        if edition.plan_cursor < id <= to
    }


def _by_content(
    readers: Iterable[Standing], alone: Mapping[int, int], for_all: int | None
) -> dict[int, list[Standing]]:
    found: defaultdict[int, list[Standing]] = defaultdict(list)
    for reader in sorted(readers, key=lambda reader: reader.subscriber_id):
        content_id = alone.get(reader.subscriber_id, for_all)
        if content_id is not None:
            found[content_id].append(reader)
    return found
