"""Retention: how long records of the past are kept, and how many of them at most."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kept(StrEnum):
    """Records that nothing else hangs on."""

    FETCH_LOG = "fetch_log"
    QUARANTINE = "quarantine"
    AUDIT_LOG = "audit_log"
    EVENT_ASIDE = "event_aside"


@dataclass(frozen=True, slots=True)
class Keep:
    """`days` from when it was written, and of those `rows_max` at most, newest first."""

    days: int
    rows_max: int

    def __post_init__(self) -> None:
        if self.days < 1 or self.rows_max < 1:
            raise ValueError(f"records are kept for a day and a row at least, got {self.days} and {self.rows_max}")


@dataclass(frozen=True, slots=True)
class Retention:
    fetch_log: Keep = field(default_factory=lambda: Keep(days=30, rows_max=1_000_000))
    quarantine: Keep = field(default_factory=lambda: Keep(days=90, rows_max=10_000))
    audit_log: Keep = field(default_factory=lambda: Keep(days=730, rows_max=1_000_000))
    event_aside: Keep = field(default_factory=lambda: Keep(days=30, rows_max=10_000))

    def of(self, kept: Kept) -> Keep:
        return {
            Kept.FETCH_LOG: self.fetch_log,
            Kept.QUARANTINE: self.quarantine,
            Kept.AUDIT_LOG: self.audit_log,
            Kept.EVENT_ASIDE: self.event_aside,
        }[kept]
