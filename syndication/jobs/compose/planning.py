"""Walk the audience once: each reader gets one place in one batch, or a line that says why not.

The transaction that moves the cursor writes the batches it passed, so a walk broken off goes on where it stood.
"""

import logging
from collections.abc import Callable

from syndication.deliveries import audience, manifest
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.press import Press, Sheet
from syndication.model.edition import Edition, EditionState
from syndication.model.ledger import Parcel

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
        sheet.start_plan(edition, sheet.last_subscriber_id())
        return EditionState.DISPATCHING
    return _walk(sheet, edition, clock, batch_size) if edition.state is EditionState.DISPATCHING else edition.state


def _walk(sheet: Sheet, edition: Edition, clock: Clock, batch_size: int) -> EditionState:
    now, limit = clock(), BATCHES_A_STEP * batch_size
    newest = sheet.newest_story_at(edition.id)
    readers = [] if newest is None else sheet.audience(edition, limit=limit, now=now, newest_story_at=newest)
    division = audience.divide(readers, batch_size)
    done = len(readers) < limit
    to = (edition.audience_max_id or 0) if done else readers[-1].subscriber_id
    sheet.leave_out(edition.id, division.left_out, now)
    if division.parts:
        content_id = sheet.contents(edition.id)[0][0]
        parcels = [Parcel(manifest.encode(part), len(part)) for part in division.parts]
        sheet.add_batches(edition.id, parcels, content_id=content_id, wave=edition.due_at, now=now)
    sheet.move_cursor(edition, to, done=done)
    return EditionState.SENDING if done else EditionState.DISPATCHING
