"""Carrying: a batch offered message by message. Fared: how one message did. Carried: how all did. Part: what becomes of
readers of one batch who came to the same end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from syndication.model.delivery import BatchState, Claim, Verdict


class Fate(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DEFERRED = "deferred"  # definitely not accepted, and may be later
    HELD = "held"  # not offered: its domain has asked for a rest
    UNCERTAIN = "uncertain"  # may have been accepted


@dataclass(frozen=True, slots=True)
class Fared:
    fate: Fate
    detail: str = ""
    """In the relay's own words, without addresses."""


@dataclass(frozen=True, slots=True)
class Carried:
    """`fared` is by position in the submission; whoever is missing there was not offered, or may not be mailed."""

    fared: Mapping[int, Fared]
    stopped: str = ""
    """Why the relay takes no mail of ours at all, until a person acts."""
    put_off: str = ""
    """Why it takes none for the moment."""
    resting: Mapping[str, str] = field(default_factory=dict)
    """Domains that have asked for a rest, and in what words."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a batch has come, as bits over the places of its manifest, the lowest bit first.

    What is `begun` and not `accepted` may or may not have been taken.
    """

    begun: int = 0
    accepted: int = 0

    @property
    def in_doubt(self) -> int:
        return self.begun & ~self.accepted


@dataclass(frozen=True, slots=True)
class Part:
    """Readers of one batch who came to the same end, in order of their ids."""

    state: BatchState
    ids: tuple[int, ...]
    verdict: Verdict | None = None
    """None: they were not offered."""
    detail: str = ""
    next_try_at: datetime | None = None
    deferred_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """A domain is offered nothing `until` then; it has asked for a rest so many `times` in a row."""

    times: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """A batch whose carrying broke off. Those `taken_out` of its manifest get nothing."""

    claim: Claim
    manifest: bytes
    taken_out: frozenset[int]
    cursor: Cursor
