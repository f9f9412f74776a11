"""Due slots become editions. A slot found late meets the newsletter's policy; of several found at once the last counts.

The stream's watermark moves in the transaction that writes its editions, so a slot is dealt with once, however many
schedulers look at it and whatever the clock does.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndication.editions.slot import due_slots
from syndication.jobs.ports.press import Press, Sheet
from syndication.model.edition import EditionState
from syndication.model.newsletter import LatePolicy, Newsletter, Schedule, Slot

log = logging.getLogger(__name__)

SLOTS_MAX = 100
"""As many missed slots get a row of their own; a longer outage is told in the first of them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Ids of the editions written, by what became of them."""

    opened: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    held: tuple[int, ...] = ()


def open_due(press: Press, now: datetime) -> Opened:
    """Write an edition for each slot due since the last time. A second time at the same instant does nothing."""
    with press.reading() as sheet:
        newsletters = sheet.newsletters()
    found: dict[EditionState, list[int]] = {state: [] for state in _WORDS}
    for newsletter in newsletters:
        for schedule in newsletter.schedules:
            for state, edition_id in _open_stream(press, newsletter, schedule, now):
                found[state].append(edition_id)
    return Opened(*(tuple(found[state]) for state in _WORDS))


def hold_due(press: Press, now: datetime, reason: str) -> int:
    """Each slot due since the last time waits for a person, whatever the policy. Answers how many."""
    with press.writing() as sheet:
        held = 0
        for newsletter in sheet.newsletters():
            for schedule in newsletter.schedules:
                watermark = sheet.watermark(newsletter.id, schedule.cadence)
                slots = due_slots(schedule, watermark, now) if watermark is not None else ()
                for slot in slots[-SLOTS_MAX:]:
                    held += _hold(sheet, newsletter, schedule, slot, now, reason)
                if slots:
                    sheet.move_watermark(newsletter.id, schedule.cadence, slots[-1].due_at)
    return held


def _hold(sheet: Sheet, newsletter: Newsletter, schedule: Schedule, slot: Slot, now: datetime, reason: str) -> bool:
    added = sheet.add(
        newsletter.id,
        schedule.cadence,
        slot,
        state=EditionState.HELD,
        reason=reason,
        cutoff_at=now,
        now=now,
        held_state=EditionState.OPEN,
    )
    return added is not None


_WORDS = (EditionState.OPEN, EditionState.SKIPPED, EditionState.HELD)


def _open_stream(
    press: Press, newsletter: Newsletter, schedule: Schedule, now: datetime
) -> list[tuple[EditionState, int]]:
    with press.writing() as sheet:
        watermark = sheet.watermark(newsletter.id, schedule.cadence)
        if watermark is None:
            return []  # the stream is opened by whoever applies the publication
        slots = due_slots(schedule, watermark, now)
        if not slots:
            return []
        written = [
            *_coalesced(sheet, newsletter, schedule, slots, now),
            _last(sheet, newsletter, schedule, slots[-1], now),
        ]
        sheet.move_watermark(newsletter.id, schedule.cadence, slots[-1].due_at)
    return [(state, edition_id) for state, edition_id in written if edition_id is not None]


def _coalesced(
    sheet: Sheet, newsletter: Newsletter, schedule: Schedule, slots: Sequence[Slot], now: datetime
) -> list[tuple[EditionState, int | None]]:
    missed = slots[:-1]
    told = missed[-SLOTS_MAX:]
    reason = f"coalesced into the slot of {slots[-1].local:%Y-%m-%d %H:%M}"
    before = f"; so were {len(missed) - len(told)} slots before it" if len(missed) > len(told) else ""
    return [
        (
            EditionState.SKIPPED,
            sheet.add(
                newsletter.id,
                schedule.cadence,
                slot,
                state=EditionState.SKIPPED,
                reason=reason + (before if slot is told[0] else ""),
                cutoff_at=now,
                now=now,
            ),
        )
        for slot in told
    ]


def _last(
    sheet: Sheet, newsletter: Newsletter, schedule: Schedule, slot: Slot, now: datetime
) -> tuple[EditionState, int | None]:
    state, reason = judge_late(newsletter, slot, now)
    edition_id = sheet.add(
        newsletter.id,
        schedule.cadence,
        slot,
        state=state,
        reason=reason,
        cutoff_at=now,
        now=now,
        held_state=EditionState.OPEN if state is EditionState.HELD else None,
    )
    if edition_id is not None:
        log.info("edition=%d newsletter=%s state=%s reason=%s", edition_id, newsletter.slug, state, reason)
    if edition_id is not None and state is EditionState.HELD:
        sheet.alert(f"late:{edition_id}", f"{newsletter.title}: edition {edition_id} is {reason}", now)
    return state, edition_id


def judge_late(newsletter: Newsletter, slot: Slot, now: datetime) -> tuple[EditionState, str]:
    """What becomes of a slot found now, and why. Never silent: a late one says how late, and by which policy."""
    late = now - slot.due_at
    if late <= timedelta(seconds=newsletter.late_after_seconds):
        return EditionState.OPEN, ""
    minutes = int(late.total_seconds()) // 60
    found = f"late by {minutes // 60} h {minutes % 60:02} min"
    if newsletter.late_policy is LatePolicy.SKIP:
        return EditionState.SKIPPED, f"{found}, skipped by policy"
    if newsletter.late_policy is LatePolicy.ASK:
        return EditionState.HELD, f"{found}, held until a person decides"
    return EditionState.OPEN, f"{found}, sent by policy"
