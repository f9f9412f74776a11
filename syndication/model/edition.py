"""Edition: one dated fulfilment of a newsletter's promise, frozen before it is planned, and its ledger's counts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syndication.model.choice import Cadence


class EditionState(StrEnum):
    OPEN = "open"
    ASSEMBLING = "assembling"
    REVIEW = "review"
    FROZEN = "frozen"
    DISPATCHING = "dispatching"  # plan_cursor moves
    SENDING = "sending"  # planned whole
    SETTLED = "settled"
    SKIPPED = "skipped"
    HELD = "held"
    PAUSED = "paused"
    CANCELLED = "cancelled"


TERMINAL_EDITIONS = frozenset({EditionState.SETTLED, EditionState.SKIPPED, EditionState.CANCELLED})


class ItemKind(StrEnum):
    NEW = "new"
    CORRECTION = "correction"
    RETRACTION = "retraction"


@dataclass(frozen=True, slots=True)
class Item:
    """A story's place in an edition, with the exact telling and revision that was mailed."""

    story_id: int
    article_id: int
    rev: int
    position: int
    kind: ItemKind = ItemKind.NEW
    reason: str = ""
    """Why it is in, in words: "new since 7 May, topic harbour"."""

    @property
    def rev_key(self) -> int:
        """Part of what makes an item unique in its stream: a story is new once, and corrected once per revision."""
        return 0 if self.kind is ItemKind.NEW else self.rev


@dataclass(frozen=True, slots=True)
class Edition:
    id: int
    newsletter_id: int
    newsletter_slug: str
    cadence: Cadence
    slot_local: datetime
    """Naive, as in Slot.local."""
    due_at: datetime
    state: EditionState
    reason: str = ""
    cutoff_at: datetime | None = None
    audience_max_id: int | None = None
    plan_cursor: int = 0
    token: int = 0
    """Fencing token: a worker's writes count only while the row still carries the token it was given."""
    content_hash: str = ""
    created_at: datetime | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail before it knows its reader. Tags of the form `{name-nonce}` stand where a reader's own values go."""

    subject: str
    preheader: str
    html: str
    text: str
    nonce: str
    """Six or more hex digits, drawn for this content; a tag with another nonce is text like any other."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The ledger of one edition, per recipient (design: ledger words). `audience` is the sum of the other five."""

    audience: int
    accepted: int
    refused: int
    suppressed: int
    uncertain: int
    unsent: int

    @property
    def adds_up(self) -> bool:
        parts = self.accepted + self.refused + self.suppressed + self.uncertain + self.unsent
        return self.audience == parts
