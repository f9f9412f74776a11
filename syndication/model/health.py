"""Health: how a source is, in one word, with the reason and what to do about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syndication.model.rhythm import Rhythm
from syndication.model.source import SourceState

OWN_NETWORK = "own network"
"""The outcome of a poll that failed when every other did."""


class HealthState(StrEnum):
    HEALTHY = "healthy"
    NEW = "new"  # not polled yet
    PAUSED = "paused"  # by a person, or by a file that no longer declares it
    GONE = "gone"  # 410
    MOVED = "moved"  # for good, to where nothing is taken from before a person has agreed
    DENIED = "denied"  # 401, 402, 403, 407, 451
    MISSING = "missing"  # 404
    NOT_A_FEED = "not a feed"  # a web page, or what cannot be read
    NOT_ALLOWED = "not allowed"  # robots.txt, or the page itself, asks us not to read it
    LOG_IN = "log in"  # a page that asks who we are stands in place of the list
    PAGES_CLOSED = "pages closed"  # the list can be read, and none of its pages
    NEW_THEME = "new theme"  # pages look otherwise than they did: what comes is held
    BUSY = "busy"  # 429
    UNAVAILABLE = "unavailable"  # 503
    UNREACHABLE = "unreachable"  # no connection, no name
    TLS = "no trust"  # a certificate that does not hold
    SLOW = "slow"  # no whole answer in time
    TOO_LARGE = "too large"
    GARBLED = "garbled"  # not HTTP, or cut short
    REFUSED = "refused"  # a rule of ours: the address, a redirect, credentials that are not set
    FAILING = "failing"  # any other answer
    FLOODED = "flooded"  # articles are held: more than usual, or a move of platform
    LOST = "lost"  # more has gone from the list at once than is believed
    SILENT = "silent"  # nothing new for three times its usual gap
    OVERDUE = "overdue"  # nobody has polled it in time


@dataclass(frozen=True, slots=True)
class Condition:
    """What the judgement rests on. `outcome` is that of the last poll, empty before the first."""

    state: SourceState
    outcome: str
    next_poll_at: datetime
    failures: int = 0
    error: str = ""
    last_ok_at: datetime | None = None
    held: int = 0
    """Articles that wait for a person."""
    lost: int = 0
    """Articles that have gone from the list, and are not asked for before a person has looked."""
    moved_to: str = ""
    theme: str = ""
    """Why its pages look like another theme than they did."""
    closed: str = ""
    """Why none of its pages may be read."""
    rhythm: Rhythm | None = None


@dataclass(frozen=True, slots=True)
class Health:
    state: HealthState
    why: str = ""
    next_step: str = ""
    """What a person should do; empty when nothing needs to be done."""

    @property
    def good(self) -> bool:
        return self.state in (HealthState.HEALTHY, HealthState.NEW)
