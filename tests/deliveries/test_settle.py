"""What an outcome does to a batch: one table (contract, section 4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.deliveries.settle import NOT_ACCEPTED, Move, after, broken_off
from syndication.model.delivery import BatchState, Outcome, Verdict


@pytest.mark.parametrize(
    ("outcome", "offered", "move", "state"),
    [
        (Outcome(Verdict.ACCEPTED), 5, Move.ACCEPT, BatchState.ACCEPTED),
        (Outcome(Verdict.VALIDATED), 5, Move.HOLD, BatchState.HELD),  # never accepted: nothing was queued
        (Outcome(Verdict.DEFERRED), 5, Move.RETRY, BatchState.PLANNED),
        (Outcome(Verdict.STOPPED), 5, Move.STOP, BatchState.PLANNED),
        (Outcome(Verdict.UNCERTAIN), 5, Move.DOUBT, BatchState.UNCERTAIN),
        (Outcome(Verdict.REFUSED, refused=((2, "bad"),)), 5, Move.DROP, BatchState.PLANNED),
        (Outcome(Verdict.REFUSED, refused=((0, "bad"), (1, "bad"))), 2, Move.FAIL, BatchState.FAILED),
        (Outcome(Verdict.REFUSED), 5, Move.SPLIT, BatchState.PLANNED),
        (Outcome(Verdict.REFUSED, refused=((5, "beyond"),)), 5, Move.SPLIT, BatchState.PLANNED),
        (Outcome(Verdict.REFUSED), 1, Move.FAIL, BatchState.FAILED),
        (Outcome(Verdict.TOO_LARGE), 2, Move.SPLIT, BatchState.PLANNED),
        (Outcome(Verdict.TOO_LARGE), 1, Move.FAIL, BatchState.FAILED),
    ],
)
def test_del_05_an_outcome_moves_a_batch(outcome: Outcome, offered: int, move: Move, state: BatchState) -> None:
    decision = after(outcome, offered, repeatable=False)
    assert (decision.move, decision.state) == (move, state)


def test_doubt_about_what_can_be_repeated_is_no_doubt() -> None:
    assert after(Outcome(Verdict.UNCERTAIN), 5, repeatable=True).move is Move.RETRY
    assert broken_off(repeatable=True) is BatchState.PLANNED
    assert broken_off(repeatable=False) is BatchState.UNCERTAIN


positions = st.lists(st.tuples(st.integers(-3, 12), st.text(max_size=5)), max_size=20).map(tuple)


@given(st.sampled_from(Verdict), positions, st.integers(1, 10), st.booleans())
def test_every_outcome_has_a_move_and_positions_are_believed_once(
    verdict: Verdict, refused: tuple[tuple[int, str], ...], offered: int, repeatable: bool
) -> None:
    decision = after(Outcome(verdict, refused=refused), offered, repeatable=repeatable)
    named = [position for position, _ in decision.refused]
    assert named == sorted(set(named)) and all(0 <= position < offered for position in named)
    if decision.move in (Move.DROP, Move.SPLIT, Move.FAIL, Move.STOP, Move.HOLD):
        assert verdict in NOT_ACCEPTED
    if decision.state is BatchState.PLANNED and not repeatable:
        assert verdict in NOT_ACCEPTED, "only what was provably not accepted is offered again"
