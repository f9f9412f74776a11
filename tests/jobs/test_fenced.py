"""Calls behind a fence: what is on disk before them, what is cancelled, and what a provider remembers meanwhile."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.jobs import compose, record
from syndication.jobs.doubt import ASKED_MAX, CANCELLED_MAX, settle_doubts
from syndication.jobs.send import send_due
from syndication.model.delivery import BatchState, Claim, Fence, Outcome, Submission, Verdict
from syndication.model.doubt import Doubt, Evidence, OnUncertain
from syndication.model.edition import EditionState
from syndication.storage.database import Database
from syndication.storage.doubts import Doubts
from syndication.storage.schema import audit_log, batch_attempt, transport_rest
from tests.pressroom import PressRoom, Provider

HOUR = timedelta(hours=1)
UNCERTAIN, ACCEPTED, PLANNED = BatchState.UNCERTAIN, BatchState.ACCEPTED, BatchState.PLANNED


@dataclass
class Keeping(Provider):
    """Keeps each call back for half an hour, and knows which of them were cancelled."""

    name: str = "sendgrid"
    fenced: bool = True
    drawn: int = 0
    no_fence: list[Outcome] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)
    deaf: bool = False
    released: list[str] = field(default_factory=list)

    def fence(self, now: datetime) -> Fence | Outcome:
        if self.no_fence:
            return self.no_fence.pop(0)
        self.drawn += 1
        return Fence(f"fence-{self.drawn}", now + timedelta(minutes=30))

    def ask(self, doubt: Doubt, *, cancel: bool) -> Evidence | None:
        if self.deaf or not cancel or doubt.fence is None:
            return None
        self.cancelled.add(doubt.fence.name)
        return Evidence(accepted=False, words="it is cancelled")

    def release(self, fence: Fence) -> bool:
        self.released.append(fence.name)
        return True

    @property
    def mailed(self) -> Counter[int]:
        going = [one for one in self.accepted if one.fence is None or one.fence.name not in self.cancelled]
        return Counter(one.subscriber_id for submission in going for one in submission.recipients)


@pytest.fixture
def room(database: Database, tmp_path: Path) -> PressRoom:
    made = PressRoom(database, tmp_path, readers=6)
    made.provider = Keeping()
    return made


def settle(room: PressRoom, policy: OnUncertain = OnUncertain.FENCED) -> list[int]:
    asked = {"sendgrid": room.provider}
    return list(settle_doubts(Doubts(room.database), policy, HOUR, room.clock(), witnesses=asked))  # type: ignore[arg-type]


def states(room: PressRoom, edition_id: int) -> list[BatchState]:
    found = record.report(edition_id, room.ledger)
    assert found.counts.adds_up
    return [row.state for row in found.batches]


def fences(room: PressRoom) -> list[tuple[str | None, str | None]]:
    rows = room.rows(sa.select(batch_attempt.c.fence, batch_attempt.c.fence_state).order_by(batch_attempt.c.id))
    return [(row.fence, row.fence_state) for row in rows]


def test_the_fence_is_on_disk_before_its_call(room: PressRoom) -> None:
    seen = []

    def look(submission: Submission) -> None:
        seen.append((submission.fence and submission.fence.name, fences(room)[-1][0]))

    room.provider.before = look
    assert send_due(room.planned(), room.mailroom).settled
    assert seen == [("fence-1", "fence-1"), ("fence-2", "fence-2")]


def test_a_lost_answer_is_cancelled_and_sent_again_and_nobody_gets_it_twice(room: PressRoom) -> None:
    room.provider.answers = [room.provider.accept_in_silence]
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    assert states(room, edition_id) == [UNCERTAIN, ACCEPTED]
    assert settle(room) == [edition_id]
    assert states(room, edition_id) == [PLANNED, ACCEPTED]
    assert record.report(edition_id, room.ledger).counts.unsent == 3
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.mailed == Counter(room.readers)
    (line,) = room.rows(sa.select(audit_log.c.detail).where(audit_log.c.action == "resolve"))
    assert line.detail == "planned: it is cancelled"


def test_whoever_leaves_after_a_cancelled_call_is_not_told_to_have_got_it(room: PressRoom) -> None:
    room.provider.answers = [room.provider.accept_in_silence]
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    settle(room)
    room.leave(room.readers[0])
    send_due(edition_id, room.mailroom)
    (left,) = record.report(edition_id, room.ledger).exceptions
    assert "may have reached" not in left.detail


@pytest.mark.parametrize("why", ["too late", "not confirmed", "another policy", "no fence"])
def test_what_is_not_proved_waits_for_a_person(room: PressRoom, why: str) -> None:
    room.provider.answers = [room.provider.accept_in_silence]
    if why == "no fence":
        room.provider.fenced = False
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    room.provider.deaf = why == "not confirmed"
    if why == "too late":
        room.clock.forward(minutes=21)
    assert settle(room, OnUncertain.HOLD if why == "another policy" else OnUncertain.FENCED) == []
    assert states(room, edition_id)[0] is UNCERTAIN
    assert not room.provider.cancelled


def test_an_attempt_that_broke_off_before_its_fence_has_offered_nothing(
    room: PressRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(now: datetime) -> Fence:
        raise Killed

    edition_id = room.planned()
    with monkeypatch.context() as dying:
        dying.setattr(room.provider, "fence", die)
        with pytest.raises(Killed):
            send_due(edition_id, room.mailroom)
    assert fences(room) == [("", None)]
    room.clock.forward(minutes=5)
    assert record.take_up(room.ledger, room.provider, room.clock()) == [(edition_id, 1)]
    assert states(room, edition_id)[0] is PLANNED
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.mailed == Counter(room.readers)


def test_without_a_fence_the_transport_rests_and_nobody_is_in_doubt(room: PressRoom) -> None:
    room.provider.no_fence = [Outcome(Verdict.DEFERRED, "500", phase="status", status=500)]
    edition_id = room.planned()
    assert send_due(edition_id, room.mailroom).batches == 1
    assert states(room, edition_id) == [PLANNED, PLANNED]
    assert room.rows(sa.select(transport_rest))
    room.clock.forward(seconds=10)
    assert send_due(edition_id, room.mailroom).settled


def test_no_more_is_cancelled_than_a_provider_remembers_and_what_is_over_is_released(
    database: Database, tmp_path: Path
) -> None:
    room = PressRoom(database, tmp_path, readers=12)
    room.provider = provider = Keeping(batch_size=1)
    provider.answers = [provider.accept_in_silence] * 12
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    settle(room)
    assert len(provider.cancelled) == CANCELLED_MAX
    assert states(room, edition_id).count(UNCERTAIN) == 2
    settle(room)
    assert len(provider.cancelled) == CANCELLED_MAX and not provider.released
    room.clock.forward(minutes=61)
    settle(room)
    assert sorted(provider.released) == sorted(provider.cancelled)
    assert [state for _, state in fences(room)].count("released") == CANCELLED_MAX


def test_an_answer_that_comes_while_its_call_is_cancelled_makes_nobody_lost(
    room: PressRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider, claims = room.provider, list[Claim]()
    assert isinstance(provider, Keeping)
    provider.answers = [provider.accept_in_silence]
    write = record.Recorder.record

    def overhear(recorder: record.Recorder, claim: Claim, *given: Any, **more: Any) -> bool:
        claims.append(claim)
        return write(recorder, claim, *given, **more)

    monkeypatch.setattr(record.Recorder, "record", overhear)
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    cancel = provider.ask

    def slowly(doubt: Doubt, *, cancel_: bool) -> Evidence | None:
        said, taken = cancel(doubt, cancel=cancel_), Outcome(Verdict.ACCEPTED, status=202)
        with room.ledger.writing() as page:
            assert not page.finish(claims[0], taken, ACCEPTED, next_try_at=None, now=room.clock())
        return said

    provider.ask = lambda doubt, *, cancel: slowly(doubt, cancel_=cancel)  # type: ignore[method-assign]
    assert settle(room) == [edition_id]
    assert send_due(edition_id, room.mailroom).settled
    assert provider.mailed == Counter(room.readers)


def test_those_that_can_still_be_cancelled_are_asked_about_first(database: Database, tmp_path: Path) -> None:
    room = PressRoom(database, tmp_path, readers=ASKED_MAX + 3)
    room.provider = provider = Keeping(batch_size=1)
    provider.answers = [provider.accept_in_silence] * ASKED_MAX
    edition_id = room.planned()
    calls = iter([False] * ASKED_MAX + [True] * 9)
    send_due(edition_id, room.mailroom, stopping=lambda: next(calls))
    room.clock.forward(minutes=25)  # too late for all of these
    provider.answers = [provider.accept_in_silence] * 3
    send_due(edition_id, room.mailroom)
    assert settle(room) == [edition_id]
    assert len(provider.cancelled) == 3
    assert states(room, edition_id).count(UNCERTAIN) == ASKED_MAX


def test_nothing_is_cancelled_while_sending_is_barred(room: PressRoom) -> None:
    room.provider.answers = [room.provider.accept_in_silence, lambda s: Outcome(Verdict.STOPPED, "401")]
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    assert settle(room) == [] and not room.provider.cancelled
    assert states(room, edition_id)[0] is UNCERTAIN


def test_del_12_a_cancelled_edition_s_doubt_becomes_unsent_when_its_call_is_cancelled(room: PressRoom) -> None:
    room.provider.answers = [room.provider.accept_in_silence]
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    compose.cancel(edition_id, room.press, room.clock(), actor="ada")
    settle(room)
    assert room.state(edition_id) is EditionState.CANCELLED
    assert record.report(edition_id, room.ledger).counts.unsent == 3
    assert send_due(edition_id, room.mailroom).batches == 0
