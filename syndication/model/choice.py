"""Choice: what a reader, or a feed, asks for. The default asks for everything."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Cadence(StrEnum):
    """How often an edition comes. Each cadence of a newsletter is a stream with a watermark of its own."""

    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which articles: any of `topics` (none named: all), none of `muted_partners`; only `partners` when named."""

    topics: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    muted_partners: tuple[str, ...] = ()
    search: str = ""
    """A saved search: only what it finds. The store answers it; `wants` does not."""

    def wants(self, *, topics: Iterable[str], partner: str) -> bool:
        """Whether an article with these topic slugs, of this partner's slug, is asked for."""
        if partner in self.muted_partners or (self.partners and partner not in self.partners):
            return False
        return not self.topics or any(topic in self.topics for topic in topics)
