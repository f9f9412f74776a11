"""Service mail over several transports: the next is asked after a definite "not now", and after nothing else."""

import pytest

from syndication.model.delivery import Verdict
from syndication.senders.in_turn import InTurn
from tests.pressroom import Provider, refuse
from tests.senders.submissions import a_batch


@pytest.mark.parametrize(
    ("verdict", "asked"),
    [(Verdict.DEFERRED, True), (Verdict.UNCERTAIN, False), (Verdict.STOPPED, False), (Verdict.REFUSED, False)],
)
def test_del_05_only_what_was_definitely_not_accepted_goes_to_the_next(verdict: Verdict, asked: bool) -> None:
    first, second = Provider(name="one", answers=[refuse(verdict)]), Provider(name="two")
    outcome = InTurn([first, second]).submit(a_batch())
    assert outcome.verdict is (Verdict.ACCEPTED if asked else verdict)
    assert bool(second.accepted) is asked


def test_it_is_as_slow_as_all_of_them_and_as_careful_as_the_most_careful() -> None:
    both = InTurn([Provider(name="one", repeatable=True), Provider(name="two", batch_size=2)])
    assert (both.name, both.batch_size, both.total_seconds, both.repeatable) == ("one", 2, 120.0, False)
