"""When an edition is due. In: Schedule, a span of time. Out: Slots, oldest first. Pure: it is told the time.

A slot is named by its nominal local time and never by its instant, so that a change of zone rules, a restart or a
second scheduler finds the same name again. There is one slot

- for each local date (daily), each Monday to Friday (weekdays), each week (weekly), each month (monthly);
- on a night when the clock skips the nominal time, at the instant that the offset of before the change gives it: 02:30
  becomes 03:30 of the new time;
- on a night when the clock shows the nominal time twice, at its first occurrence.

A few zones have crossed the date line and skipped a whole local date: Apia went from Thursday 29 to Saturday 31
December 2011. A date that nobody lived has no daily and no weekdays slot. A weekly or monthly slot that falls on it is
kept, at the instant that the earlier offset gives, because its week or month was lived.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from itertools import takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from syndication.errors import SettingsError
from syndication.model.choice import Cadence
from syndication.model.newsletter import Schedule, Slot
from syndication.model.time import require_utc

DAY = timedelta(days=1)
# Two zones are at most 26 hours apart, so no date further back than this can still be due after a given instant.
MARGIN = 2 * DAY


def due_slots(schedule: Schedule, after: datetime, until: datetime) -> tuple[Slot, ...]:
    """The slots due later than `after` and not later than `until`, both in UTC: the shape of a watermark and now."""
    require_utc(until, "until")
    return tuple(takewhile(lambda slot: slot.due_at <= until, _slots(schedule, after)))


def next_slot(schedule: Schedule, after: datetime) -> Slot:
    """The first slot due later than `after`, in UTC."""
    return next(_slots(schedule, after))


def zone(name: str) -> ZoneInfo:
    """The zone of that name in the IANA database. Raises SettingsError, with the nearest name, when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = get_close_matches(name, available_timezones(), n=1)
        raise SettingsError(
            f"there is no time zone {name!r}",
            why="the IANA database does not know it",
            fix=f"did you mean {near[0]}?" if near else "use a name such as Europe/Amsterdam",
        ) from error


def _slots(schedule: Schedule, after: datetime) -> Iterator[Slot]:
    require_utc(after, "after")
    place = zone(schedule.zone)
    by_date = schedule.cadence in (Cadence.DAILY, Cadence.WEEKDAYS)
    for day in _dates(schedule, after.astimezone(place).date() - MARGIN):
        if by_date and not _was_lived(day, place):
            continue
        slot = _slot(day, schedule.at, place)
        if slot.due_at > after:
            yield slot


def _dates(schedule: Schedule, first: date) -> Iterator[date]:
    """The dates of a schedule, in order, from `first` on; for MONTHLY from the first's month on."""
    if schedule.cadence is Cadence.MONTHLY:
        yield from _monthly(first.year, first.month, schedule.monthday)
        return
    day = first
    while True:
        if (
            schedule.cadence is Cadence.DAILY
            or (schedule.cadence is Cadence.WEEKDAYS and day.weekday() < 5)
            or (schedule.cadence is Cadence.WEEKLY and day.weekday() == schedule.weekday)
        ):
            yield day
        day += DAY


def _monthly(year: int, month: int, monthday: int) -> Iterator[date]:
    while True:
        yield date(year, month, monthday)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _slot(day: date, at: time, place: ZoneInfo) -> Slot:
    local = datetime.combine(day, at.replace(fold=0))
    # fold=0 is both rules at once: the earlier offset in a gap, the first occurrence in an overlap (PEP 495).
    return Slot(local=local, due_at=local.replace(tzinfo=place).astimezone(UTC))


def _was_lived(day: date, place: ZoneInfo) -> bool:
    """Whether the clock ever showed this date: it did unless both its ends fall into a gap."""
    return any(_was_shown(datetime.combine(day, end), place) for end in (time.min, time.max))


def _was_shown(local: datetime, place: ZoneInfo) -> bool:
    return local.replace(tzinfo=place).astimezone(UTC).astimezone(place).replace(tzinfo=None, fold=0) == local
