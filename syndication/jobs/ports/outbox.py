"""A provider that takes mail. It speaks one dialect inside and answers in our words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeGuard

from syndication.model.carrying import Carried, Fared
from syndication.model.delivery import Fence, Outcome, Submission


class Outbox(Protocol):
    name: str
    """As the ledger records it: "spool", "sendgrid", "smtp"."""
    batch_size: int
    """Recipients in one submission, at most."""
    total_seconds: float
    """The longest that `submit` may take. Work with less lease left is not begun."""
    repeatable: bool
    """True when submitting the same recipients again changes nothing, so a broken attempt is simply made again."""

    def submit(self, submission: Submission) -> Outcome:
        """Offer it once. Never raises for what the provider does."""
        ...


class Gate(Protocol):
    """Stands before each message that a Carrier offers."""

    def through(self, wanted: Sequence[int], fared: Mapping[int, Fared]) -> frozenset[int]:
        """Those of the positions `wanted` that may be offered now. It is on disk that they are, and how others fared.

        A message is offered only after this has named it. Called now and then with nobody wanted, to show life. Blocks.
        """
        ...

    @property
    def shut(self) -> bool:
        """True when nobody will be let through any more."""
        ...


class Carrier(Outbox, Protocol):
    """An outbox that offers each message by itself, and can say of each how it fared."""

    lease_seconds: float
    """A claim must be good for so long after the gate was last asked."""

    def carry(self, submission: Submission, gate: Gate) -> Carried:
        """Offer each message once, as the gate allows. Never raises for what the relay does."""
        ...


def calls_at_once(outbox: Outbox) -> int:
    """How many submissions of one edition may be under way side by side: one, unless it says otherwise."""
    return getattr(outbox, "calls_at_once", 1)


class Fencing(Outbox, Protocol):
    """An outbox whose calls the provider keeps back for a while, each under a fence that is written down first."""

    def fence(self, now: datetime) -> Fence | Outcome:
        """A new one. An Outcome says why there is none: nothing was offered, whatever it says."""
        ...


def fences(outbox: Outbox) -> TypeGuard[Fencing]:
    """Whether each of its submissions needs a fence."""
    return bool(getattr(outbox, "fenced", False))


def carries(outbox: Outbox) -> TypeGuard[Carrier]:
    """Whether it offers each message by itself."""
    return hasattr(outbox, "carry")
