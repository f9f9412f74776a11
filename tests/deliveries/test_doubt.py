"""What becomes of a batch in doubt, by its evidence and the operator's policy."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.deliveries.doubt import AGAIN_MAX, LATER_MIN, after, may_cancel, words
from syndication.deliveries.settle import Move
from syndication.model.delivery import Fence
from syndication.model.doubt import Doubt, Evidence, OnUncertain
from tests.builders import NOW

HOUR = timedelta(hours=1)


def a_doubt(**given: Any) -> Doubt:
    usual: dict[str, Any] = {
        "edition_id": 1,
        "n": 2,
        "readers": 500,
        "transport": "sendgrid",
        "since": NOW - timedelta(minutes=62),
        "reported": 0,
        "later": 40,
        "doubtful_attempts": 1,
        "detail": "the answer was lost",
        "going": True,
        "by_message": False,
    }
    return Doubt(**usual | given)


@pytest.mark.parametrize(
    ("policy", "given", "move"),
    [
        (OnUncertain.HOLD, {}, Move.HOLD),
        (OnUncertain.HOLD, {"reported": 1}, Move.ACCEPT),
        (OnUncertain.SILENCE, {}, Move.RETRY),
        (OnUncertain.SILENCE, {"reported": 1}, Move.ACCEPT),
        (OnUncertain.SILENCE, {"later": LATER_MIN - 1}, Move.HOLD),
        (OnUncertain.SILENCE, {"since": NOW - timedelta(minutes=59)}, Move.HOLD),
        (OnUncertain.RESEND, {"since": NOW, "later": 0}, Move.RETRY),
        (OnUncertain.RESEND, {"reported": 1}, Move.ACCEPT),
        (OnUncertain.RESEND, {"doubtful_attempts": AGAIN_MAX}, Move.RETRY),
        (OnUncertain.RESEND, {"doubtful_attempts": AGAIN_MAX + 1}, Move.HOLD),  # nobody ever answers
        (OnUncertain.RESEND, {"going": False}, Move.HOLD),
        (OnUncertain.RESEND, {"transport": "journal"}, Move.HOLD),  # the database was restored
        (OnUncertain.SILENCE, {"transport": "journal"}, Move.HOLD),
        (OnUncertain.RESEND, {"transport": "journal:smtp", "by_message": True}, Move.HOLD),
        (OnUncertain.RESEND, {"transport": "journal", "reported": 1}, Move.ACCEPT),
        (OnUncertain.SILENCE, {"going": False}, Move.HOLD),
        (OnUncertain.HOLD, {"going": False, "reported": 3}, Move.ACCEPT),
        (OnUncertain.HOLD, {"reported": 3, "by_message": True}, Move.HOLD),  # the others are as unknown as before
        (OnUncertain.SILENCE, {"reported": 3, "by_message": True}, Move.HOLD),
    ],
)
def test_what_becomes_of_doubt(policy: OnUncertain, given: dict[str, Any], move: Move) -> None:
    assert after(a_doubt(**given), policy, NOW, grace=HOUR) is move


@pytest.mark.parametrize("policy", list(OnUncertain))
@pytest.mark.parametrize("given", [{}, {"going": False}, {"doubtful_attempts": AGAIN_MAX + 1}], ids=str)
def test_a_provider_s_own_word_is_proof_under_every_policy(policy: OnUncertain, given: dict[str, Any]) -> None:
    for accepted, move in ((True, Move.ACCEPT), (False, Move.RETRY)):
        evidence = Evidence(accepted, "so says the provider")
        assert after(a_doubt(**given), policy, NOW, grace=HOUR, evidence=evidence) is move
        assert after(a_doubt(**given, reported=1), policy, NOW, grace=HOUR, evidence=evidence) is Move.ACCEPT


@pytest.mark.parametrize(
    ("policy", "minutes", "may"),
    [
        (OnUncertain.FENCED, 11, True),
        (OnUncertain.FENCED, 9, False),  # a cancel so late is not promised to hold
        (OnUncertain.FENCED, -5, False),
        (OnUncertain.HOLD, 25, False),
    ],
)
def test_a_call_is_cancelled_in_time_or_not_at_all(policy: OnUncertain, minutes: int, may: bool) -> None:
    assert may_cancel(a_doubt(fence=Fence("b-1", NOW + timedelta(minutes=minutes))), policy, NOW) is may
    assert not may_cancel(a_doubt(), policy, NOW), "there is nothing to cancel it by"
    assert after(a_doubt(), OnUncertain.FENCED, NOW, grace=HOUR) is Move.HOLD


@given(st.sampled_from(OnUncertain), st.integers(1, 500), st.integers(0, 50), st.booleans(), st.integers(0, 100_000))
def test_what_is_heard_of_is_never_sent_again(
    policy: OnUncertain, reported: int, later: int, going: bool, seconds: int
) -> None:
    doubt = a_doubt(reported=reported, later=later, going=going, since=NOW - timedelta(seconds=seconds))
    assert after(doubt, policy, NOW, grace=HOUR) is Move.ACCEPT


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "0 of 500 reported in 62 min; 40 later batches did"),
        ({"later": 1}, "0 of 500 reported in 62 min; 1 later batch did"),
        ({"later": 0, "since": NOW - 5 * HOUR}, "0 of 500 reported in 5 h; no later batches did"),
        ({"reported": 3, "since": NOW - 100 * HOUR}, "3 of 500 reported in 4 days; 40 later batches did"),
        ({"since": NOW + HOUR}, "0 of 500 reported in 0 min; 40 later batches did"),  # a clock stepped back
    ],
)
def test_the_evidence_in_words(given: dict[str, Any], said: str) -> None:
    assert words(a_doubt(**given), NOW) == said
