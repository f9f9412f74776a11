"""Sending: one claim, one call, one record, whatever happens between them."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.errors import SendError, StoreError
from syndication.jobs import compose, record
from syndication.jobs.letterhead import Letterhead
from syndication.jobs.send import send_due
from syndication.model.delivery import BatchState, ExceptionKind, Outcome, Submission, Verdict
from syndication.model.edition import EditionState
from syndication.model.journal import Claimed
from syndication.model.ledger import Bar, Report
from syndication.storage.database import Database
from syndication.storage.schema import alert, batch, batch_attempt, meta
from tests.pressroom import PressRoom, Provider, refuse

Make = Callable[..., PressRoom]


@pytest.fixture
def a_room(database: Database, tmp_path: Path) -> Make:
    return lambda **given: PressRoom(database, tmp_path, **given)


def told(room: PressRoom, edition_id: int) -> Report:
    found = record.report(edition_id, room.ledger)
    assert found.counts.adds_up, found.counts
    return found


def states(room: PressRoom, edition_id: int) -> list[BatchState]:
    return [row.state for row in told(room, edition_id).batches]


def test_everybody_gets_an_edition_once_and_it_settles(a_room: Make) -> None:
    room = a_room(readers=8)
    edition_id = room.planned()
    sent = send_due(edition_id, room.mailroom)
    assert sent.settled and sent.batches == 3
    assert room.provider.got == Counter(room.readers)
    found = told(room, edition_id)
    assert found.edition.state is EditionState.SETTLED
    assert found.counts.accepted == found.counts.audience == 8
    assert [row.provider_ref for row in found.batches] == ["ref-1", "ref-2", "ref-3"]
    assert send_due(edition_id, room.mailroom).batches == 0


def test_a_submission_carries_what_a_reader_needs(a_room: Make) -> None:
    room = a_room(readers=1, stories=1)
    send_due(room.planned(), room.mailroom)
    (submission,) = room.provider.accepted
    mail = submission.message(0)
    assert submission.content.nonce not in mail.html + mail.text, "every tag has its value"
    assert "https://news.example.org/unsubscribe/1" in mail.text
    headers = dict(mail.headers)
    assert headers["List-Unsubscribe"] == "<https://news.example.org/unsubscribe/1>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.subject.startswith("The Morning Sound: ")


def test_the_journal_has_each_claim_before_its_call(a_room: Make) -> None:
    room = a_room(readers=4)
    edition_id = room.planned()
    seen: list[str] = []

    def look(submission: Submission) -> None:
        lines = [line for line in room.journal.lines() if isinstance(line, Claimed)]
        assert lines[-1].attempt_id == submission.attempt_id
        assert lines[-1].recipients == len(submission.recipients)
        seen.append(submission.attempt_id)

    room.provider.before = look
    send_due(edition_id, room.mailroom)
    assert len(seen) == 2


def test_without_its_journal_line_a_batch_is_not_offered(a_room: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    room = a_room(readers=2)
    edition_id = room.planned()

    def fail(_line: object) -> None:
        raise StoreError("the journal cannot be used", why="no space left on device")

    monkeypatch.setattr(room.journal, "append", fail)
    with pytest.raises(StoreError):
        send_due(edition_id, room.mailroom)
    assert not room.provider.accepted
    assert states(room, edition_id) == [BatchState.PLANNED]
    assert told(room, edition_id).counts.unsent == 2


# -- DEL-01: a broken-off attempt


class Killed(BaseException):
    """Ends a worker where it stands, as a kill does: nothing after it is written."""


@pytest.mark.parametrize("repeatable", [True, False])
def test_del_01_an_attempt_that_broke_off_is_uncertain_and_shown_unless_it_can_be_repeated(
    a_room: Make, repeatable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = a_room(readers=2)
    room.provider.repeatable = repeatable
    edition_id = room.planned()
    monkeypatch.setattr("syndication.jobs.record.Recorder.record", _raise_killed)
    with pytest.raises(Killed):
        send_due(edition_id, room.mailroom)
    monkeypatch.undo()

    assert record.take_up(room.ledger, room.provider, room.clock()) == []  # the lease still holds
    assert told(room, edition_id).counts.uncertain == 2
    room.clock.forward(seconds=room.mailroom.lease.total_seconds())
    assert record.take_up(room.ledger, room.provider, room.clock()) == [(edition_id, 1)]

    assert states(room, edition_id) == [BatchState.PLANNED if repeatable else BatchState.UNCERTAIN]
    (attempt,) = told(room, edition_id).attempts
    assert attempt.verdict is None and attempt.finished_at is None
    again = send_due(edition_id, room.mailroom)
    assert again.batches == int(repeatable)
    alerts = room.rows(sa.select(alert.c.key))
    assert [row.key for row in alerts] == ([] if repeatable else [f"uncertain:{edition_id}"])


def test_del_01_what_one_transport_began_no_other_repeats(a_room: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    room = a_room(readers=2)
    edition_id = room.planned()
    monkeypatch.setattr("syndication.jobs.record.Recorder.record", _raise_killed)
    with pytest.raises(Killed):
        send_due(edition_id, room.mailroom)
    monkeypatch.undo()
    room.clock.forward(hours=1)
    spool = Provider(name="spool", repeatable=True)
    assert record.take_up(room.ledger, spool, room.clock()) == [(edition_id, 1)]
    assert states(room, edition_id) == [BatchState.UNCERTAIN]


@pytest.mark.parametrize("repeatable", [True, False])
def test_del_01_a_start_waits_for_no_lease_of_what_can_be_repeated(
    a_room: Make, repeatable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = a_room(readers=2)
    room.provider.repeatable = repeatable
    edition_id = room.planned()
    monkeypatch.setattr("syndication.jobs.record.Recorder.record", _raise_killed)
    with pytest.raises(Killed):
        send_due(edition_id, room.mailroom)
    monkeypatch.undo()
    found = record.take_up(room.ledger, room.provider, room.clock(), at_start=True)
    assert found == ([(edition_id, 1)] if repeatable else [])
    assert states(room, edition_id) == [BatchState.PLANNED if repeatable else BatchState.SENDING]


def _raise_killed(*_given: object, **_named: object) -> bool:
    raise Killed


def test_del_01_a_late_answer_under_the_same_token_is_evidence_and_settles_the_doubt(a_room: Make) -> None:
    room = a_room(readers=2)
    edition_id = room.planned()

    def stall(submission: Submission) -> None:
        room.clock.forward(seconds=1000)
        record.take_up(room.ledger, room.provider, room.clock())
        assert states(room, edition_id) == [BatchState.UNCERTAIN]

    room.provider.before = stall
    assert send_due(edition_id, room.mailroom).settled
    assert states(room, edition_id) == [BatchState.ACCEPTED]


@pytest.mark.parametrize("accepted", [True, False])
def test_del_01_a_person_settles_what_is_uncertain(a_room: Make, accepted: bool) -> None:
    room = a_room(readers=2)
    room.provider.answers = [room.provider.accept_in_silence]
    edition_id = room.planned()
    assert not send_due(edition_id, room.mailroom).settled
    assert told(room, edition_id).counts.uncertain == 2
    record.resolve(edition_id, 1, room.ledger, room.clock(), accepted=accepted, actor="ada")
    send_due(edition_id, room.mailroom)
    assert room.state(edition_id) is EditionState.SETTLED
    assert room.provider.got == Counter(room.readers * (1 if accepted else 2))
    with pytest.raises(record.PolicyError, match="accepted"):
        record.resolve(edition_id, 1, room.ledger, room.clock(), accepted=True, actor="ada")
    assert not room.rows(sa.select(alert.c.key).where(alert.c.resolved_at.is_(None)))


# -- DEL-02: two workers


def test_del_02_workers_side_by_side_offer_each_reader_once(database_url: str, tmp_path: Path) -> None:
    databases = [Database(database_url) for _ in range(4)]
    room = PressRoom(databases[0], tmp_path, readers=60)
    room.provider.batch_size = 2
    edition_id = room.planned()
    crew = [_colleague(room, database) for database in databases]
    threads = [threading.Thread(target=send_due, args=(edition_id, worker.mailroom)) for worker in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert room.provider.got == Counter(room.readers)
    assert told(room, edition_id).counts.accepted == 60
    assert room.state(edition_id) is EditionState.SETTLED
    for database in databases:
        database.close()


def _colleague(room: PressRoom, database: Database) -> PressRoom:
    """Another worker: a database of its own, everything else shared."""
    other = object.__new__(PressRoom)
    other.__dict__ |= room.__dict__
    other.ledger = type(room.ledger)(database)
    return other


def test_as_many_calls_are_under_way_at_once_as_the_provider_is_good_for(a_room: Make) -> None:
    room = a_room(readers=24)
    room.provider.calls_at_once = 4
    met = threading.Barrier(4, timeout=60)  # broken, and with it the round, unless four calls meet here

    def wait_for_the_others(submission: Submission) -> None:
        met.wait()

    room.provider.before = wait_for_the_others
    edition_id = room.planned()
    sent = send_due(edition_id, room.mailroom)
    assert sent.settled and sent.batches == 8
    assert room.provider.got == Counter(room.readers)
    assert set(states(room, edition_id)) == {BatchState.ACCEPTED}


def test_a_call_that_breaks_is_told_and_the_one_beside_it_is_recorded(a_room: Make) -> None:
    room = a_room(readers=6)
    room.provider.calls_at_once = 2
    met = threading.Barrier(2, timeout=60)

    def wait_for_the_other(submission: Submission) -> None:
        if met.wait() == 0:
            raise RuntimeError("a fault of ours")

    room.provider.before = wait_for_the_other
    edition_id = room.planned()
    with pytest.raises(RuntimeError, match="a fault of ours"):
        send_due(edition_id, room.mailroom)
    assert Counter(states(room, edition_id)) == {BatchState.ACCEPTED: 1, BatchState.UNCERTAIN: 1}


def test_del_02_a_stale_worker_writes_nothing_once_another_has_the_batch(a_room: Make) -> None:
    room = a_room(readers=2)
    room.provider.repeatable = True  # so that the broken attempt is made again
    edition_id = room.planned()
    nested: list[Outcome] = []

    def stall(submission: Submission) -> None:
        if nested:
            return
        nested.append(Outcome(Verdict.ACCEPTED))
        room.clock.forward(seconds=1000)
        record.take_up(room.ledger, room.provider, room.clock())
        room.provider.answers = [refuse(Verdict.DEFERRED, retry_after_seconds=60)]
        assert send_due(edition_id, room.mailroom).batches == 1  # another worker's attempt, deferred

    room.provider.before = stall
    send_due(edition_id, room.mailroom)
    (row,) = told(room, edition_id).batches
    assert row.state is BatchState.PLANNED and row.attempt == 2, "the stale acceptance changed nothing"


# -- DEL-03: unsubscribe wins


@pytest.mark.parametrize("how", ["leave", "suppress"])
@pytest.mark.parametrize("when", ["before plan", "before claim", "after claim", "while the call is built"])
def test_del_03_nobody_is_offered_after_they_left(
    a_room: Make, how: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = a_room(readers=6)
    out = room.readers[1]
    if when == "before plan":
        getattr(room, how)(out)
    edition_id = room.planned()
    if when == "before claim":
        getattr(room, how)(out)
    if when == "after claim":
        # The journal is written after the claim and before the last look.
        append, left = room.journal.append, []

        def leave_then_append(line: Claimed) -> None:
            if not left:
                left.append(getattr(room, how)(out))
            append(line)

        monkeypatch.setattr(room.journal, "append", leave_then_append)
    if when == "while the call is built":
        build, gone = Letterhead.submission, []

        def build_then_leave(*arguments: Any) -> Any:
            built = build(*arguments)
            if not gone:
                gone.append(getattr(room, how)(out))
            return built

        monkeypatch.setattr(Letterhead, "submission", build_then_leave)
    send_due(edition_id, room.mailroom)
    assert room.provider.got == Counter(id for id in room.readers if id != out)
    found = told(room, edition_id)
    assert found.edition.state is EditionState.SETTLED
    if (how, when) == ("leave", "before plan"):
        assert found.counts.audience == 5, "who has left is no audience"
        return
    assert (found.counts.suppressed, found.counts.audience) == (1, 6)
    kind = ExceptionKind.SUPPRESSED if how == "suppress" else ExceptionKind.UNSUBSCRIBED
    assert [(row.subscriber_id, row.kind) for row in found.exceptions] == [(out, kind)]


def test_del_03_a_batch_that_everybody_left_is_closed_without_a_call(a_room: Make) -> None:
    room = a_room(readers=5)
    edition_id = room.planned()
    room.leave(*room.readers[:3])
    send_due(edition_id, room.mailroom)
    found = told(room, edition_id)
    assert found.edition.state is EditionState.SETTLED
    assert (found.counts.suppressed, found.counts.accepted) == (3, 2)
    assert [attempt.n for attempt in found.attempts] == [2]


def test_del_03_whoever_leaves_after_a_broken_attempt_is_told_of_with_that_doubt(a_room: Make) -> None:
    room = a_room(readers=2)
    room.provider.answers = [room.provider.accept_in_silence]
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    room.leave(room.readers[0])
    record.resolve(edition_id, 1, room.ledger, room.clock(), accepted=False, actor="ada")
    send_due(edition_id, room.mailroom)
    (row,) = told(room, edition_id).exceptions
    assert "an earlier attempt may have reached them" in row.detail


# -- DEL-04, DEL-12: a person's hand


def test_del_04_pause_resume_and_restart_go_on_from_the_ledger(a_room: Make) -> None:
    room = a_room(readers=9)
    edition_id = room.planned()
    calls = iter([False, True])
    send_due(edition_id, room.mailroom, stopping=lambda: next(calls))  # stops after one batch
    compose.pause(edition_id, room.press, room.clock(), actor="ada")
    assert send_due(edition_id, room.mailroom).batches == 0
    assert told(room, edition_id).counts.unsent == 6
    room.provider = Provider(batch_size=1, accepted=room.provider.accepted)  # other settings after a restart
    assert compose.resume(edition_id, room.press, room.clock(), actor="ada") is EditionState.SENDING
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got == Counter(room.readers)


def test_del_04_an_edition_with_doubt_in_it_is_not_finished(a_room: Make) -> None:
    room = a_room(readers=6)
    room.provider.answers = [room.provider.accept_in_silence]
    edition_id = room.planned()
    assert not send_due(edition_id, room.mailroom).settled
    assert room.state(edition_id) is EditionState.SENDING


def test_del_12_a_cancel_stops_within_one_batch_and_the_report_says_who_got_it(a_room: Make) -> None:
    room = a_room(readers=9)
    edition_id = room.planned()

    def cancel(_submission: Submission) -> None:
        compose.cancel(edition_id, room.press, room.clock(), actor="ada")

    room.provider.before = cancel
    send_due(edition_id, room.mailroom)
    found = told(room, edition_id)
    assert found.edition.state is EditionState.CANCELLED
    assert (found.counts.accepted, found.counts.unsent) == (3, 6)
    got = [one.subscriber_id for one in record.recipients_of(1, 1, room.ledger)]
    assert got == sorted(room.provider.got)


@pytest.mark.parametrize("how", ["cancel", "pause", "bar"])
def test_del_12_what_was_claimed_but_not_offered_when_a_person_spoke_is_not_offered(
    a_room: Make, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    room = a_room(readers=9)
    edition_id = room.planned()
    build = Letterhead.submission

    def speak(*given: Any) -> Submission:  # the claim stands, the call is not made yet
        if how == "cancel":
            compose.cancel(edition_id, room.press, room.clock(), actor="ada")
        elif how == "pause":
            compose.pause(edition_id, room.press, room.clock(), actor="ada")
        else:
            with room.ledger.writing() as page:
                page.bar(Bar.STOPPED, "the account is suspended")
        return build(*given)

    monkeypatch.setattr(Letterhead, "submission", speak)
    send_due(edition_id, room.mailroom)
    assert not room.provider.got
    assert states(room, edition_id) == [BatchState.PLANNED] * 3
    assert told(room, edition_id).counts.unsent == 9


# -- DEL-05, DEL-06, DEL-07: what a provider answers


def test_del_05_what_is_provably_not_accepted_is_tried_again_later(a_room: Make) -> None:
    room = a_room(readers=2)
    room.provider.answers = [
        refuse(Verdict.DEFERRED, retry_after_seconds=30, status=429),
        refuse(Verdict.DEFERRED, status=503),
    ]
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    room.clock.forward(seconds=29)
    assert send_due(edition_id, room.mailroom).batches == 0
    room.clock.forward(seconds=1)
    assert send_due(edition_id, room.mailroom).batches == 1
    room.clock.forward(seconds=900)
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got == Counter(room.readers)
    assert [row.status for row in told(room, edition_id).attempts] == [429, 503, 202]


def test_del_05_what_may_be_accepted_is_never_offered_again_by_itself(a_room: Make) -> None:
    room = a_room(readers=2)
    room.provider.answers = [room.provider.accept_in_silence]
    edition_id = room.planned()
    for _ in range(5):
        send_due(edition_id, room.mailroom)
        record.take_up(room.ledger, room.provider, room.clock())
        room.clock.forward(days=1)
    assert room.provider.got == Counter(room.readers)
    found = told(room, edition_id)
    assert found.counts.uncertain == 2
    assert found.attempts[0].phase == "awaiting-status", "the evidence is kept"


def test_del_05_a_transport_that_raises_leaves_doubt_and_is_not_silent(a_room: Make) -> None:
    room = a_room(readers=2)

    def break_down(_submission: Submission) -> Outcome:
        raise RuntimeError("a bug in the transport")

    room.provider.answers = [break_down]
    edition_id = room.planned()
    with pytest.raises(RuntimeError):
        send_due(edition_id, room.mailroom)
    assert states(room, edition_id) == [BatchState.UNCERTAIN]


@pytest.mark.parametrize("raises", [True, False])
def test_del_06_a_refusal_of_the_account_stops_all_sending_with_one_alarm(a_room: Make, raises: bool) -> None:
    room = a_room(readers=6)

    def refuse_all(_submission: Submission) -> Outcome:
        if raises:
            raise SendError("the key is not known")
        return Outcome(Verdict.STOPPED, detail="the key is not known", status=401)

    room.provider.answers = [refuse_all]
    first = room.planned()
    assert "the key is not known" in send_due(first, room.mailroom).barred
    assert told(room, first).counts.unsent == 6, "nothing is marked as bounced"
    room.story()
    room.clock.forward(minutes=1)
    second = room.planned()
    assert send_due(second, room.mailroom).batches == 0, "for all editions"
    assert len(room.rows(sa.select(alert.c.id))) == 1
    assert record.resume_sending(room.ledger, room.clock(), actor="ada") == ("the key is not known",)
    assert send_due(first, room.mailroom).settled and send_due(second, room.mailroom).settled
    assert room.provider.got == Counter(room.readers * 2)
    assert not room.rows(sa.select(meta.c.key))


def test_del_07_one_bad_address_fails_with_its_reason_and_the_others_go_on(a_room: Make) -> None:
    room = a_room(readers=3)
    room.provider.answers = [refuse(Verdict.REFUSED, refused=((1, "no such mailbox"), (7, "beyond the batch")))]
    edition_id = room.planned()
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got == Counter([room.readers[0], room.readers[2]])
    found = told(room, edition_id)
    assert (found.counts.refused, found.counts.accepted) == (1, 2)
    assert [(row.subscriber_id, row.detail) for row in found.exceptions] == [(room.readers[1], "no such mailbox")]


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.TOO_LARGE])
def test_del_07_a_refusal_that_names_nobody_is_found_by_halving(a_room: Make, verdict: Verdict) -> None:
    room = a_room(readers=1000)
    room.provider.batch_size = 1000
    bad = room.readers[617]
    room.leave(room.readers[0])

    def judge(submission: Submission) -> Outcome:
        if any(one.subscriber_id == bad for one in submission.recipients):
            return Outcome(verdict, detail="something is wrong with one of them", status=400)
        return room.provider.accept(submission)

    room.provider.answers = [judge] * 40
    room.leave(room.readers[999])
    edition_id = room.planned()
    room.leave(room.readers[1], room.readers[900])
    assert send_due(edition_id, room.mailroom).settled
    gone = {bad, room.readers[0], room.readers[1], room.readers[900], room.readers[999]}
    assert room.provider.got == Counter(id for id in room.readers if id not in gone)
    found = told(room, edition_id)
    assert (found.counts.audience, found.counts.accepted) == (998, 995)
    assert (found.counts.refused, found.counts.suppressed) == (1, 2)
    failed = [row for row in found.batches if row.state is BatchState.FAILED]
    assert [row.count for row in failed] == [1]
    assert len(found.attempts) < 25, "by halving, not one by one"


def test_a_sandbox_answer_is_held_and_counts_as_unsent(a_room: Make) -> None:
    room = a_room(readers=2)
    room.provider.answers = [refuse(Verdict.VALIDATED, status=200)]
    edition_id = room.planned()
    assert not send_due(edition_id, room.mailroom).settled
    assert states(room, edition_id) == [BatchState.HELD]
    assert told(room, edition_id).counts.unsent == 2
    record.resolve(edition_id, 1, room.ledger, room.clock(), accepted=False, actor="ada")
    assert send_due(edition_id, room.mailroom).settled


def test_a_call_is_not_begun_with_too_little_lease(a_room: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    room = a_room(readers=2)
    edition_id = room.planned()
    append = room.journal.append
    slow = iter([True])

    def append_slowly(line: Claimed) -> None:
        append(line)
        if next(slow, False):
            room.clock.forward(seconds=room.mailroom.lease.total_seconds() - 59)

    monkeypatch.setattr(room.journal, "append", append_slowly)
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got == Counter(room.readers)
    assert [row.phase for row in told(room, edition_id).attempts] == ["not begun", ""]


def test_an_answer_is_written_again_and_again_while_the_database_is_away(
    a_room: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = a_room(readers=2)
    edition_id = room.planned()
    writing, away = room.ledger.writing, iter(range(5))

    def sometimes_away():  # type: ignore[no-untyped-def]
        if room.provider.accepted and next(away, None) is not None:
            raise StoreError("the database cannot be used")
        return writing()

    monkeypatch.setattr(room.ledger, "writing", sometimes_away)
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got == Counter(room.readers)


def test_attempts_are_only_ever_added_and_each_is_written_once(a_room: Make) -> None:
    room = a_room(readers=2)
    room.provider.answers = [refuse(Verdict.DEFERRED, retry_after_seconds=5)]
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    first = room.rows(sa.select(batch_attempt))
    room.clock.forward(seconds=10)
    send_due(edition_id, room.mailroom)
    assert room.rows(sa.select(batch_attempt).order_by(batch_attempt.c.attempt))[:1] == first
    assert room.rows(sa.select(batch.c.attempt)) == [(2,)]
    assert first[0].finished_at - first[0].claimed_at == timedelta(0)
