"""Fill an edition with stories and render it, under a lease. One transaction freezes it, or puts it up for review.

A worker whose lease was taken over finds another token and writes nothing.
"""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from syndication.editions.lint import blocking
from syndication.errors import NotFoundError, PolicyError, RenderError
from syndication.jobs.compose.desk import Desk, Draft, draft, rendered_hash
from syndication.jobs.ports.press import Press, Sheet
from syndication.model.choice import Cadence
from syndication.model.edition import Edition, EditionState
from syndication.model.newsletter import Newsletter, Schedule, Slot

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
TRIES = 3


def assemble(edition_id: int, desk: Desk) -> EditionState | None:
    """Do it, and answer the state it came to; None when the edition was not to be assembled, or not by us."""
    for _ in range(TRIES):
        now = desk.clock()
        with desk.press.writing() as sheet:
            edition = sheet.lease(edition_id, now + LEASE, now)
        if edition is None:
            return None
        state = _assemble(edition, desk)
        if state is not None:
            log.info("assembled edition=%d state=%s", edition_id, state)
            return state
    return None


def _assemble(edition: Edition, desk: Desk) -> EditionState | None:
    """None: another edition of the stream told a story of ours first, so it is open again; or we lost the lease."""
    made: Draft | str | RenderError
    with desk.press.reading() as sheet:
        newsletter = sheet.newsletter(edition.newsletter_id)
        try:
            made = draft(
                desk,
                sheet,
                newsletter,
                edition.cadence,
                cutoff=edition.cutoff_at or desk.clock(),
                day=edition.slot_local.date(),
                web_url=f"{desk.publication.base_url}/editions/{edition.id}",
            )
        except RenderError as error:
            made = error
    with desk.press.writing() as sheet:
        return _write(sheet, edition, newsletter, made, desk.clock())


def _write(
    sheet: Sheet, edition: Edition, newsletter: Newsletter, made: Draft | str | RenderError, now: datetime
) -> EditionState | None:
    if isinstance(made, str):
        reason = f"{edition.reason}; {made}" if edition.reason else made
        return _moved(sheet, edition, EditionState.SKIPPED, now, reason)
    if isinstance(made, RenderError):
        return _hold(sheet, edition, str(made), now)
    if faults := blocking(made.faults):
        return _hold(sheet, edition, "; ".join(f"{fault.rule}: {fault.text}" for fault in faults[:5]), now)
    fresh = [place for place in range(len(made.items)) if place not in made.told]
    if sheet.told(newsletter.id, edition.cadence, [made.items[place] for place in fresh]):
        _moved(sheet, edition, EditionState.OPEN, now, edition.reason)
        return None
    state = EditionState.REVIEW if newsletter.approval else EditionState.FROZEN
    if not sheet.move(edition, state, now=now, content_hash=made.content_hash):
        return None
    written = sheet.write_items(edition, [made.items[place] for place in fresh])
    item_ids = {**made.told, **dict(zip(fresh, written, strict=True))}
    for content in made.contents:
        shown = [item_ids[place] for place in content.shows]
        id = sheet.write_content(edition.id, content.variant, shown, content.rendered, rendered_hash(content.rendered))
        if content.readers is not None:
            sheet.address(edition.id, id, content.readers.addressed())
    if newsletter.approval:
        sheet.alert(f"review:{edition.id}", f"{newsletter.title}: edition {edition.id} waits for approval", now)
    return state


def _hold(sheet: Sheet, edition: Edition, reason: str, now: datetime) -> EditionState | None:
    if not sheet.move(edition, EditionState.HELD, now=now, reason=reason, held_state=EditionState.OPEN):
        return None
    sheet.alert(f"held:{edition.id}", f"Edition {edition.id} is held: {reason}", now)
    return EditionState.HELD


def _moved(sheet: Sheet, edition: Edition, to: EditionState, now: datetime, reason: str) -> EditionState | None:
    return to if sheet.move(edition, to, now=now, reason=reason) else None


def build_now(slug: str, desk: Desk, *, cadence: Cadence | None = None) -> int:
    """An edition beside the schedule, asked for by hand. Answers its id; it is assembled already.

    Raises NotFoundError and PolicyError.
    """
    now = desk.clock()
    newsletter, schedule = _stream(desk.press, slug, cadence)
    local = now.astimezone(ZoneInfo(schedule.zone)).replace(tzinfo=None)
    if local.second == local.microsecond == 0:
        local = local.replace(microsecond=1)  # the whole minute is the schedule's own
    with desk.press.writing() as sheet:
        edition_id = sheet.add(
            newsletter.id,
            schedule.cadence,
            Slot(local, now),
            state=EditionState.OPEN,
            reason="built by hand",
            cutoff_at=now,
            now=now,
        )
    if edition_id is None:
        raise PolicyError(f"{slug} has an edition of this very moment", why="one slot has one edition")
    assemble(edition_id, desk)
    return edition_id


def preview(slug: str, desk: Desk, *, cadence: Cadence | None = None) -> Draft | str:
    """The next edition as it would be now; or, in words, why there would be none. Writes nothing.

    Raises NotFoundError and RenderError.
    """
    now = desk.clock()
    newsletter, schedule = _stream(desk.press, slug, cadence)
    with desk.press.reading() as sheet:
        return draft(
            desk,
            sheet,
            newsletter,
            schedule.cadence,
            cutoff=now,
            day=now.astimezone(ZoneInfo(schedule.zone)).date(),
            web_url=f"{desk.publication.base_url}/archive",
        )


def _stream(press: Press, slug: str, cadence: Cadence | None) -> tuple[Newsletter, Schedule]:
    with press.reading() as sheet:
        newsletter = next((found for found in sheet.newsletters() if found.slug == slug), None)
    if newsletter is None:
        raise NotFoundError(f"there is no newsletter {slug!r}")
    schedule = newsletter.schedules[0] if cadence is None else newsletter.schedule(cadence)
    if schedule is None:
        raise NotFoundError(f"{slug} has no {cadence} editions")
    return newsletter, schedule
