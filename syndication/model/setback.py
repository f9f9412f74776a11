"""Setback: what a receiving host, a provider or a reader said against mailing an address. Ruling: what follows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SetbackKind(StrEnum):
    HARD = "hard"  # there is no such mailbox, or it takes no mail any more
    SOFT = "soft"  # this mail was not taken; another may be
    FULL = "full"  # the mailbox is full
    INVALID = "invalid"  # the provider takes it for no address at all
    COMPLAINT = "complaint"  # its reader called our mail spam
    LEFT = "left"  # its reader left at the provider, or by mail


@dataclass(frozen=True, slots=True)
class Setback:
    """`about` names the mailing ("edition:12", "message:5"): a mailing counts once for each kind, however often told.

    `detail` is the answer as it was given, with no address in it.
    """

    kind: SetbackKind
    at: datetime
    about: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """`suppress` is the reason to mail this address nothing any more, empty when there is none.

    `leave`: the subscription that the mailing was sent for is over.
    """

    suppress: str = ""
    leave: bool = False


@dataclass(frozen=True, slots=True)
class Lifting:
    """A suppression that was, for an address that may be mailed again."""

    scope: int
    """A newsletter's id, or 0 for all."""
    reason: str
    at: datetime
