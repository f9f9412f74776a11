"""Refusal: a reader whom the provider definitely refused, and the class of its reason. Retried: those offered again."""

from dataclasses import dataclass
from enum import StrEnum


class RefusalClass(StrEnum):
    MAILBOX = "mailbox"  # there is no such mailbox, or it takes no mail
    FULL = "full"  # the mailbox is full
    PUT_OFF = "put-off"  # put off until its time was over
    POLICY = "policy"  # the receiving host minds our mail or its sender
    SIZE = "size"  # the mail is too large
    ADDRESS = "address"  # taken for no address
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Refusal:
    subscriber_id: int
    n: int
    """The batch whose manifest has the reader."""
    detail: str
    doubtful: bool
    """An earlier attempt may have reached them: nobody offers it to them again."""


@dataclass(frozen=True, slots=True)
class Retried:
    """`readers` were planned anew, in the batches of these numbers."""

    readers: int
    batches: tuple[int, ...]
