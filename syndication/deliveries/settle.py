"""What a submission's outcome does to its batch. In: Outcome, how many were offered. Out: a Move. Pure: one table.

"Definitely not accepted" goes back to planned. "May have been accepted" is uncertain, and nobody guesses, unless
offering the same again changes nothing.
"""

from dataclasses import dataclass
from enum import Enum, auto

from syndication.model.delivery import BatchState, Outcome, Verdict


class Move(Enum):
    ACCEPT = auto()
    RETRY = auto()  # the same again, later
    DROP = auto()  # without those refused, at once
    SPLIT = auto()  # in two halves, at once
    FAIL = auto()
    STOP = auto()  # the same again, when a person has lifted the stop
    HOLD = auto()  # nothing was sent and nothing will be, until a person says so
    DOUBT = auto()


NEXT = {
    Move.ACCEPT: BatchState.ACCEPTED,
    Move.RETRY: BatchState.PLANNED,
    Move.DROP: BatchState.PLANNED,
    Move.SPLIT: BatchState.PLANNED,
    Move.FAIL: BatchState.FAILED,
    Move.STOP: BatchState.PLANNED,
    Move.HOLD: BatchState.HELD,
    Move.DOUBT: BatchState.UNCERTAIN,
}
WHOLE = {
    Verdict.ACCEPTED: Move.ACCEPT,
    Verdict.VALIDATED: Move.HOLD,
    Verdict.DEFERRED: Move.RETRY,
    Verdict.STOPPED: Move.STOP,
}
NOT_ACCEPTED = frozenset(set(Verdict) - {Verdict.ACCEPTED, Verdict.UNCERTAIN})
"""Verdicts that prove that nobody got it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`refused` is what of the outcome's positions can be believed: each once, within the submission."""

    move: Move
    refused: tuple[tuple[int, str], ...] = ()

    @property
    def state(self) -> BatchState:
        return NEXT[self.move]


def after(outcome: Outcome, offered: int, *, repeatable: bool) -> Decision:
    """Decide. `repeatable`: offering the same readers again changes nothing."""
    if outcome.verdict in WHOLE:
        return Decision(WHOLE[outcome.verdict])
    if outcome.verdict is Verdict.UNCERTAIN:
        return Decision(Move.RETRY if repeatable else Move.DOUBT)
    known = {position: reason for position, reason in outcome.refused if 0 <= position < offered}
    if outcome.verdict is Verdict.REFUSED and known:
        return Decision(Move.FAIL if len(known) == offered else Move.DROP, tuple(sorted(known.items())))
    return Decision(Move.SPLIT if offered > 1 else Move.FAIL)


def broken_off(*, repeatable: bool) -> BatchState:
    """What a batch becomes whose lease ran out before any answer was written."""
    return BatchState.PLANNED if repeatable else BatchState.UNCERTAIN
