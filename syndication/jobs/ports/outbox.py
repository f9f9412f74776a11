"""A provider that takes mail. It speaks one dialect inside and answers in our words."""

from typing import Protocol

from syndication.model.delivery import Outcome, Submission


class Outbox(Protocol):
    name: str
    """As the ledger records it: "spool", "sendgrid"."""
    batch_size: int
    """Recipients in one submission, at most."""
    total_seconds: float
    """The longest that `submit` may take. Work with less lease left is not begun."""
    repeatable: bool
    """True when submitting the same recipients again changes nothing, so a broken attempt is simply made again."""

    def submit(self, submission: Submission) -> Outcome:
        """Offer it once. Never raises for what the provider does."""
        ...
