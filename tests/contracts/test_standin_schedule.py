"""The stand-in keeps mails back until their time, discards what was cancelled, and lists what it took."""

import http.client
import time
from copy import deepcopy

import pytest

from tests.contracts.test_standin import GOOD, call
from tests.standin.handle import Handle
from tests.standin.schedule import STOPPED_MAX

SCHEDULED = "/v3/user/scheduled_sends"


@pytest.fixture
def standin(tmp_path):
    running = Handle(tmp_path / "accepted.jsonl", "--key", "SG.right.key")
    yield running
    running.stop()


def a_fence(standin) -> str:
    status, _, found = call(standin, {}, path="/v3/mail/batch")
    assert status == 201
    return found["batch_id"]


def behind(fence: str, *, minutes: int = 30) -> dict:
    return {**deepcopy(GOOD), "batch_id": fence, "send_at": int(time.time()) + minutes * 60}


def stop(standin, fence: str, status: str = "cancel"):
    return call(standin, {"batch_id": fence, "status": status}, path=SCHEDULED)


def test_what_is_cancelled_before_its_time_is_discarded_and_nothing_else(standin):
    kept, cancelled = a_fence(standin), a_fence(standin)
    assert [call(standin, behind(fence))[0] for fence in (kept, cancelled)] == [202, 202]
    assert stop(standin, cancelled)[::2] == (201, {"batch_id": cancelled, "status": "cancel"})
    confirmed = call(standin, path=f"{SCHEDULED}/{cancelled}", method="GET", raw=b"")
    assert confirmed[::2] == (200, [{"batch_id": cancelled, "status": "cancel"}])
    assert call(standin, path=f"{SCHEDULED}/{kept}", method="GET", raw=b"")[2] == []
    assert len(standin.accepted()) == 2
    assert [one["batch_id"] for one in standin.mailed()] == [kept]


def test_a_cancel_that_comes_late_stops_nothing(standin):
    fence = a_fence(standin)
    call(standin, behind(fence))
    standin.forward(minutes=31)
    assert stop(standin, fence)[0] == 201
    assert len(standin.mailed()) == 1


def test_a_cancel_that_is_forgotten_before_its_time_is_none(standin):
    fence = a_fence(standin)
    call(standin, behind(fence))
    stop(standin, fence)
    assert call(standin, path=f"{SCHEDULED}/{fence}", method="DELETE", raw=b"")[0] == 204
    assert call(standin, path=f"{SCHEDULED}/{fence}", method="DELETE", raw=b"")[0] == 404
    assert len(standin.mailed()) == 1


def test_a_call_with_a_cancelled_id_is_taken_and_discarded(standin):
    fence = a_fence(standin)
    stop(standin, fence)
    assert call(standin, behind(fence))[0] == 202
    assert standin.mailed() == []


def test_ten_are_remembered_at_a_time_and_one_is_changed_by_a_patch(standin):
    fences = [a_fence(standin) for _ in range(STOPPED_MAX + 1)]
    assert [stop(standin, fence)[0] for fence in fences] == [201] * STOPPED_MAX + [400]
    assert stop(standin, fences[0])[0] == 400, "it has a status already"
    pause = {"status": "pause"}
    assert call(standin, pause, path=f"{SCHEDULED}/{fences[0]}", method="PATCH")[0] == 204
    assert call(standin, pause, path=f"{SCHEDULED}/{fences[-1]}", method="PATCH")[0] == 404
    assert len(call(standin, path=SCHEDULED, method="GET", raw=b"")[2]) == STOPPED_MAX


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"path": SCHEDULED, "body": {"batch_id": "nobody's", "status": "cancel"}}, 400),
        ({"path": SCHEDULED, "body": {}, "key": "SG.wrong.key"}, 401),
        ({"path": "/v3/mail/batch", "body": {}, "key": "SG.wrong.key"}, 401),
        ({"body": {**GOOD, "batch_id": "nobody's"}}, 400),
        ({"path": "/v3/messages?query=to_email", "method": "GET", "raw": b""}, 400),
        ({"path": "/v3/scopes", "method": "GET", "raw": b""}, 200),
    ],
)
def test_what_the_service_would_answer(standin, given, status):
    assert call(standin, **given)[0] == status


def test_what_was_taken_is_found_by_its_call_and_what_was_not_is_not(standin):
    call(standin)
    query = "/v3/messages?limit=1&query=unique_args%5B%27nl_sub%27%5D%3D%22{}%22"
    found = [call(standin, path=query.format(id), method="GET", raw=b"")[2]["messages"] for id in ("att-1", "att-2")]
    assert [len(one) for one in found] == [1, 0]


def test_ids_and_cancels_survive_a_kill_of_the_stand_in(standin, tmp_path):
    fence = a_fence(standin)
    call(standin, behind(fence))
    stop(standin, fence)
    standin._process.kill()
    standin._process.wait(10)
    again = Handle(tmp_path / "accepted.jsonl", "--key", "SG.right.key")
    try:
        assert call(again, path=f"{SCHEDULED}/{fence}", method="GET", raw=b"")[2][0]["status"] == "cancel"
        assert again.mailed() == []
    finally:
        again.stop()


def test_a_fault_can_strike_what_is_no_mail(standin):
    standin.fault("status", path="scheduled_sends", status=503, times=1)
    standin.fault("drop", path="mail/batch", times=1)
    with pytest.raises(http.client.HTTPException):
        a_fence(standin)
    fence = a_fence(standin)
    assert call(standin)[0] == 202
    assert [stop(standin, fence)[0] for _ in range(2)] == [503, 201]
