"""Track: what became of one reader's mail of one edition. Roll: a batch with all that a list of its readers needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from syndication.model.delivery import ExceptionKind
from syndication.model.event import BitKind


@dataclass(frozen=True, slots=True)
class Roll:
    """`bits` are over the places of the manifest, the lowest bit first."""

    n: int
    word: str
    """Where its readers stand who have no exception."""
    manifest: bytes
    detail: str
    provider_ref: str
    bits: Mapping[BitKind, bytes]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one reader, and when."""

    kind: ExceptionKind
    batch_n: int | None
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Track:
    """`word` is the reader's one place in the ledger (accepted, refused, suppressed, uncertain, unsent)."""

    subscriber_id: int
    word: str
    batch_n: int | None
    """None: left out at plan, in no manifest."""
    detail: str
    """The provider's words, or ours."""
    provider_ref: str = ""
    told: tuple[BitKind, ...] = ()
    """What events told, in the order of BitKind."""
    said: tuple[Said, ...] = field(default=())
    """News of it: a bounce, a drop, a complaint."""
