"""Newsletter: the standing promise to readers. Schedule and Slot: when an edition is due."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from syndication.model.choice import Cadence, Choice


class LatePolicy(StrEnum):
    """What becomes of an edition found later than `late_after_seconds` after its slot."""

    SEND = "send"
    SKIP = "skip"
    ASK = "ask"  # held until a person decides


@dataclass(frozen=True, slots=True)
class Schedule:
    """When one stream of a newsletter is due: a local wall-clock time in a zone of the IANA database.

    `weekday` is 0 for Monday and counts for WEEKLY; `monthday` is 1 to 28 and counts for MONTHLY.
    """

    cadence: Cadence
    at: time
    zone: str
    weekday: int = 0
    monthday: int = 1

    def __post_init__(self) -> None:
        if self.at.tzinfo is not None:
            raise ValueError("a schedule's time is a local one, without a zone of its own")
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"a weekday is 0 (Monday) to 6, got {self.weekday}")
        if not 1 <= self.monthday <= 28:
            raise ValueError(f"a day of the month is 1 to 28, so that every month has it, got {self.monthday}")


@dataclass(frozen=True, slots=True)
class Slot:
    """One due time: the nominal local date and time that names it for ever, and the instant it means."""

    local: datetime
    """Naive: the nominal wall-clock time, even on a night when the clock never showed it."""
    due_at: datetime
    """In UTC."""

    @property
    def date(self) -> date:
        return self.local.date()


@dataclass(frozen=True, slots=True)
class Newsletter:
    id: int
    slug: str
    title: str
    description: str
    schedules: tuple[Schedule, ...]
    """One for each cadence offered; the first is the default of a new subscription."""
    template: str = "digest"
    choice: Choice = field(default_factory=Choice)
    """Which stories may be in it at all."""
    items_min: int = 1
    items_max: int = 12
    approval: bool = False
    late_policy: LatePolicy = LatePolicy.SEND
    late_after_seconds: int = 3 * 3600
    reply_to: str = ""

    def schedule(self, cadence: Cadence) -> Schedule | None:
        return next((schedule for schedule in self.schedules if schedule.cadence is cadence), None)
