"""Route: one transport as its operator has set it, what it takes and how much. Usage: what it has taken, and its rest.

Opening: whether it takes anything now. Placed: readers of a batch who go one way, or wait for the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

ALL = ""
"""As a domain: every reader."""
OTHERS = "*"
"""As a domain among limits: every one that is not named."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` to `end` by the clock of `zone`; `end` before `start` is the next day."""

    start: time
    end: time
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is the transport's, as the ledger records it. A limit of 0 is none."""

    name: str
    share: int = 0
    """Its part of what others with a share may take as well. 0: it takes what they cannot, in its turn."""
    domains: frozenset[str] = frozenset()
    """It takes readers of these and no others, and takes them first. Empty: everybody."""
    daily: int = 0
    domain_daily: Mapping[str, int] = field(default_factory=dict)
    warm_up: int = 0
    """So many on its first day; from then on `growth` times as many each day on which it was used."""
    growth: float = 1.5
    hours: Hours | None = None

    @property
    def limited(self) -> bool:
        """Whether what it takes has to be counted."""
        return bool(self.daily or self.warm_up or self.domain_daily or self.share)

    @property
    def choosy(self) -> bool:
        """Whether readers of one batch may have to part for it."""
        return bool(self.limited or self.domains)


@dataclass(frozen=True, slots=True)
class Usage:
    """Of one route. `used` today by domain, ALL among them; `days` before today on which it was used."""

    used: Mapping[str, int] = field(default_factory=dict)
    days: int = 0
    rest_until: datetime | None = None
    rest_times: int = 0
    """How often in a row it has put us off."""
    rest_why: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """`until` and `why`: it takes nothing until then. `left`: so many more today; None: any number."""

    left: int | None = None
    until: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """Readers who go by `route`, or, when that is empty, wait `until` then."""

    ids: tuple[int, ...]
    route: str = ""
    until: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reserved:
    """Taken from a day's quota before a call, by domain; whatever was definitely not accepted is given back."""

    route: str
    day: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Readers of an edition who are not offered yet. No `why`: their turn has not come."""

    edition_id: int
    due_at: datetime
    """When the edition was due, and so since when they wait."""
    batches: int
    readers: int
    why: str
    until: datetime | None
