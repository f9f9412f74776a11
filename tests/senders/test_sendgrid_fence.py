"""Calls behind a fence: drawn first, carried in the body, cancelled and confirmed; and what the activity of an account
proves. On the stand-in, over the real way out."""

from datetime import UTC, datetime, timedelta

import pytest

from syndication.model.delivery import Fence, Outcome, Verdict
from syndication.model.doubt import Doubt, Evidence
from syndication.senders.sendgrid import SendGrid
from syndication.senders.sendgrid_witness import ASKED_MAX, SendGridWitness
from tests.senders.conftest import KEY
from tests.senders.submissions import a_batch


@pytest.fixture
def account(standin, transport):
    return SendGrid(KEY, exchange=transport, host=standin.url, fence_minutes=30, total_seconds=20)


def a_doubt(fence: Fence | None = None, *, attempt_id: str = "att-0001") -> Doubt:
    return Doubt(
        edition_id=12,
        n=1,
        readers=3,
        transport="sendgrid",
        since=datetime.now(UTC),
        reported=0,
        later=0,
        doubtful_attempts=1,
        detail="",
        going=True,
        by_message=False,
        attempt_id=attempt_id,
        fence=fence,
    )


def drawn(account) -> Fence:
    found = account.fence(datetime.now(UTC))
    assert isinstance(found, Fence), found
    return found


def test_a_fence_is_a_new_name_each_time_and_its_call_waits_behind_it(account, standin):
    one, two = drawn(account), drawn(account)
    assert one.name != two.name
    assert timedelta(minutes=29) < one.at - datetime.now(UTC) <= timedelta(minutes=30)
    assert account.submit(a_batch(fence=one)).verdict is Verdict.ACCEPTED
    (call,) = standin.accepted()
    assert (call["batch_id"], call["send_at"]) == (one.name, int(one.at.timestamp()))


def test_a_confirmed_cancel_is_proof_and_can_be_asked_for_twice(account, standin):
    fence = drawn(account)
    standin.fault("drop")
    assert account.submit(a_batch(fence=fence)).verdict is Verdict.UNCERTAIN
    witness = SendGridWitness(account, activity=False)
    assert witness.ask(a_doubt(fence), cancel=False) is None
    for _ in range(2):
        said = witness.ask(a_doubt(fence), cancel=True)
        assert said is not None and not said.accepted
    assert len(standin.accepted()) == 1
    assert standin.mailed() == []


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "path": "scheduled_sends", "status": 500, "body": "html"},
        {"kind": "status", "path": "scheduled_sends", "status": 403},
        {"kind": "status", "path": "scheduled_sends", "status": 200, "body": "html"},
        {"kind": "drop", "path": "scheduled_sends"},
        {"kind": "status", "path": "scheduled_sends/", "status": 404},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('status', '')} {fault['path']}",
)
def test_a_cancel_that_is_not_confirmed_proves_nothing(account, standin, fault):
    fence = drawn(account)
    standin.fault(**fault)
    assert SendGridWitness(account, activity=False).ask(a_doubt(fence), cancel=True) is None


def test_more_cancels_than_the_service_remembers_prove_nothing(account, standin):
    witness = SendGridWitness(account, activity=False)
    said = [witness.ask(a_doubt(drawn(account)), cancel=True) for _ in range(11)]
    assert [one is not None for one in said] == [True] * 10 + [False]


def test_a_cancel_is_forgotten_when_its_time_is_over(account):
    fence = drawn(account)
    witness = SendGridWitness(account, activity=False)
    witness.ask(a_doubt(fence), cancel=True)
    assert [witness.release(fence) for _ in range(2)] == [True, True]


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        ({"kind": "status", "status": 401}, Verdict.STOPPED),
        ({"kind": "status", "status": 403}, Verdict.STOPPED),
        ({"kind": "status", "status": 404}, Verdict.STOPPED),
        ({"kind": "status", "status": 400}, Verdict.STOPPED),
        ({"kind": "status", "status": 429}, Verdict.DEFERRED),
        ({"kind": "status", "status": 503}, Verdict.DEFERRED),
        ({"kind": "status", "status": 500, "body": "html"}, Verdict.DEFERRED),
        ({"kind": "status", "status": 200}, Verdict.DEFERRED),
        ({"kind": "status", "status": 201, "body": "none"}, Verdict.DEFERRED),
        ({"kind": "drop"}, Verdict.DEFERRED),
    ],
    ids=lambda given: f"{given['kind']} {given.get('status', '')}" if isinstance(given, dict) else given.value,
)
def test_without_a_fence_nothing_was_offered_whatever_the_answer(account, standin, fault, verdict):
    standin.fault(**fault, path="mail/batch")
    found = account.fence(datetime.now(UTC))
    assert isinstance(found, Outcome) and found.verdict is verdict
    assert KEY not in repr(found)


def test_what_the_activity_lists_was_accepted_and_what_it_does_not_proves_nothing(account, standin):
    account.submit(a_batch(fence=drawn(account)))
    witness = SendGridWitness(account, activity=True)
    assert witness.ask(a_doubt(), cancel=False) == Evidence(True, "the provider lists a mail of this call")
    assert witness.ask(a_doubt(attempt_id="att-0002"), cancel=False) is None
    standin.fault("status", path="messages", status=500)
    assert witness.ask(a_doubt(), cancel=False) is None


def test_the_activity_is_asked_six_times_a_minute(account, standin):
    account.submit(a_batch(fence=drawn(account)))
    now = iter([0.0] * (ASKED_MAX + 1) + [60.0])
    witness = SendGridWitness(account, activity=True, clock=lambda: next(now))
    said = [witness.ask(a_doubt(), cancel=False) is not None for _ in range(ASKED_MAX + 2)]
    assert said == [True] * ASKED_MAX + [False, True]


def test_an_account_without_fences_needs_none(standin, transport):
    plain = SendGrid(KEY, exchange=transport, host=standin.url)
    assert not plain.fenced
    assert plain.submit(a_batch()).verdict is Verdict.ACCEPTED
    assert "send_at" not in standin.accepted()[0]
