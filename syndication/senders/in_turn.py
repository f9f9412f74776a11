"""Several transports for service mail: the next is asked when one says a definite "not now". In: outboxes. Out: one.

For mails of one reader, whose record does not say by which transport they went. Editions choose at the claim instead.
"""

from collections.abc import Sequence
from typing import Protocol

from syndication.model.delivery import Outcome, Submission, Verdict


class Outbox(Protocol):
    name: str
    batch_size: int
    total_seconds: float
    repeatable: bool

    def submit(self, submission: Submission) -> Outcome: ...


class InTurn:
    """An Outbox over others, in their order; at least one."""

    def __init__(self, outboxes: Sequence[Outbox]) -> None:
        self._outboxes = tuple(outboxes)
        self.name = self._outboxes[0].name
        self.batch_size = min(one.batch_size for one in self._outboxes)
        self.total_seconds = sum(one.total_seconds for one in self._outboxes)
        self.repeatable = all(one.repeatable for one in self._outboxes)

    def submit(self, submission: Submission) -> Outcome:
        """What may have been accepted is offered to no other; neither is what stops sending for all."""
        outcome = Outcome(Verdict.DEFERRED, detail="no transport was asked")
        for one in self._outboxes:
            outcome = one.submit(submission)
            if outcome.verdict is not Verdict.DEFERRED:
                break
        return outcome
