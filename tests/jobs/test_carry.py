"""An edition over SMTP: the ledger through refusals, deferrals, doubt, stops and kills (DEL-01, -03, -05, -08)."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.errors import StoreError
from syndication.jobs import compose, record
from syndication.jobs.carry import Porter
from syndication.jobs.letterhead import Letterhead
from syndication.jobs.part_ways import LIFETIME, take_up_broken
from syndication.jobs.ports.outbox import Gate
from syndication.jobs.send import send_due
from syndication.jobs.subscribe import unsubscribe
from syndication.model.carrying import Carried, Cursor, Fared, Fate
from syndication.model.delivery import BatchState, Outcome, Submission, Verdict
from syndication.model.edition import EditionState
from syndication.model.ledger import Bar, Report
from syndication.storage.database import Database
from syndication.storage.recovery import Recovery
from syndication.storage.schema import alert, batch, batch_cursor, delivery_exception, domain_rest
from syndication.storage.subscribers import Registry
from tests.pressroom import KEY, PressRoom, Provider, refuse

Make = Callable[..., PressRoom]
GONE = "gone"
ACCEPT = Fared(Fate.ACCEPTED, "250 ok")


class Died(BaseException):
    """Ends a worker where it stands."""


class Courier:
    """A Carrier in one thread: it offers in order, asks the gate before each message, and does as it is told.

    `faring` answers by address how a message fares; `before` is called with the address before each.
    """

    name, repeatable, batch_size, total_seconds, lease_seconds = "smtp", False, 6, 60.0, 90.0

    def __init__(self) -> None:
        self.faring: Mapping[str, Any] = {}
        self.before: Callable[[str], None] = lambda address: None
        self.got: Counter[str] = Counter()
        self.ends: dict[str, Any] = {}

    def carry(self, submission: Submission, gate: Gate) -> Carried:
        fared: dict[int, Fared] = {}
        told: dict[int, Fared] = {}
        for position, recipient in enumerate(submission.recipients):
            address = recipient.address.text
            self.before(address)
            if gate.shut:
                break
            if position not in gate.through([position], told):
                continue
            told = {}
            found = self.faring.get(address, ACCEPT)
            if found is Died:
                raise Died
            if isinstance(found, str):
                return Carried(fared, **{found: "the relay says so"})
            if found.fate in (Fate.ACCEPTED, Fate.UNCERTAIN):
                self.got[address] += 1
            fared[position] = told[position] = found
        return Carried(fared, **self.ends)

    def submit(self, submission: Submission) -> Outcome:
        raise AssertionError("an edition is carried")


@pytest.fixture
def a_room(database: Database, tmp_path: Path) -> Make:
    def make(**given: Any) -> PressRoom:
        room = PressRoom(database, tmp_path, **given)
        room.provider = Courier()  # type: ignore[assignment]
        return room

    return make


def courier(room: PressRoom) -> Courier:
    assert isinstance(room.provider, Courier)
    return room.provider


def told(room: PressRoom, edition_id: int) -> Report:
    found = record.report(edition_id, room.ledger)
    assert found.counts.adds_up, found.counts
    manifests = room.rows(sa.select(batch.c.count))
    assert sum(row.count for row in manifests) == found.counts.audience, "manifests keep everybody"
    return found


def reader(n: int) -> str:
    return f"reader{n}@readers.example"


def words(found: Report) -> tuple[int, int, int, int, int]:
    counts = found.counts
    return counts.accepted, counts.refused, counts.suppressed, counts.uncertain, counts.unsent


def test_everybody_gets_it_once_and_it_settles(a_room: Make) -> None:
    room = a_room(readers=14)
    edition_id = room.planned()
    assert send_due(edition_id, room.mailroom).settled
    found = told(room, edition_id)
    assert words(found) == (14, 0, 0, 0, 0) and found.edition.state is EditionState.SETTLED
    assert courier(room).got == Counter({reader(n): 1 for n in range(1, 15)})
    assert not room.rows(sa.select(batch_cursor)), "a cursor goes with its attempt"


def test_del_05_del_08_readers_of_one_batch_come_to_different_ends(a_room: Make) -> None:
    room = a_room(readers=6)
    courier(room).faring = {
        reader(2): Fared(Fate.REFUSED, "550 5.1.1 unknown"),
        reader(3): Fared(Fate.DEFERRED, "450 4.2.0 busy"),
        reader(4): Fared(Fate.UNCERTAIN, "after its last dot"),
    }
    edition_id = room.planned()
    assert not send_due(edition_id, room.mailroom).settled
    found = told(room, edition_id)
    assert words(found) == (3, 1, 0, 1, 1)
    states = Counter(row.state for row in found.batches)
    assert states[BatchState.ACCEPTED] == states[BatchState.UNCERTAIN] == 1
    (refused,) = found.exceptions
    assert refused.detail == "550 5.1.1 unknown" and refused.subscriber_id == 2
    assert [row.key for row in room.rows(sa.select(alert.c.key))] == [f"uncertain:{edition_id}"]

    courier(room).faring = {}
    room.clock.forward(minutes=6)
    send_due(edition_id, room.mailroom)
    assert words(told(room, edition_id)) == (4, 1, 0, 1, 0)
    assert courier(room).got == Counter({reader(n): 1 for n in (1, 3, 4, 5, 6)})
    (doubtful,) = [row.n for row in told(room, edition_id).batches if row.state is BatchState.UNCERTAIN]
    record.resolve(edition_id, doubtful, room.ledger, room.clock(), accepted=True, actor="ada")
    assert told(room, edition_id).edition.state is EditionState.SETTLED


def test_del_01_what_is_in_doubt_and_sent_again_by_a_persons_word_is_told_of(a_room: Make) -> None:
    room = a_room(readers=2)
    courier(room).faring = {reader(1): Fared(Fate.UNCERTAIN, "after its last dot")}
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    (doubtful,) = [row.n for row in told(room, edition_id).batches if row.state is BatchState.UNCERTAIN]
    record.resolve(edition_id, doubtful, room.ledger, room.clock(), accepted=False, actor="ada")
    room.leave(1)
    assert send_due(edition_id, room.mailroom).settled
    (gone,) = told(room, edition_id).exceptions
    assert "may have reached" in gone.detail


def test_del_08_who_is_put_off_for_a_day_is_refused_in_the_end(a_room: Make) -> None:
    room = a_room(readers=2)
    courier(room).faring = {reader(1): Fared(Fate.DEFERRED, "450 4.2.2 mailbox full")}
    edition_id = room.planned()
    begun, rounds = room.clock(), 0
    while not send_due(edition_id, room.mailroom).settled:
        waiting = room.rows(sa.select(batch.c.next_try_at).where(batch.c.state == "planned"))
        (next_try,) = [row.next_try_at for row in waiting]
        assert room.clock() < next_try <= room.clock() + timedelta(hours=4, minutes=1)
        room.clock.now = next_try
        rounds += 1
        assert rounds < 40
    assert LIFETIME <= room.clock() - begun <= LIFETIME + timedelta(hours=5)
    found = told(room, edition_id)
    assert words(found) == (1, 1, 0, 0, 0)
    assert "put off for 24 hours: 450 4.2.2 mailbox full" in found.exceptions[0].detail or rounds > 5


def test_del_08_a_domain_rests_across_batches_and_restarts_and_longer_each_time(a_room: Make) -> None:
    room = a_room(readers=12)
    courier(room).faring = {reader(n): Fared(Fate.HELD, "450 slow down") for n in range(1, 13)}
    courier(room).ends = {"resting": {"readers.example": "450 slow down"}}
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    asked: list[str] = []
    courier(room).before = asked.append
    (row,) = room.rows(sa.select(domain_rest))
    assert row.times == 1 and row.until == room.clock() + timedelta(minutes=1)
    send_due(edition_id, room.mailroom)
    assert asked == [], "nobody of that domain is offered anything while it rests"
    assert words(told(room, edition_id)) == (0, 0, 0, 0, 12)

    room.clock.forward(minutes=3)
    send_due(edition_id, room.mailroom)
    (row,) = room.rows(sa.select(domain_rest))
    assert row.times == 2 and row.until == room.clock() + timedelta(minutes=2)

    courier(room).faring, courier(room).ends = {}, {}
    room.clock.forward(minutes=5)
    assert send_due(edition_id, room.mailroom).settled
    assert not room.rows(sa.select(domain_rest)), "it takes mail again"


def test_a_relay_that_is_down_costs_nobody_anything(a_room: Make) -> None:
    room = a_room(readers=6)
    courier(room).faring = {reader(3): "put_off"}
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    assert words(told(room, edition_id)) == (2, 0, 0, 0, 4)
    courier(room).faring = {}
    room.clock.forward(minutes=1)
    assert send_due(edition_id, room.mailroom).settled
    assert set(courier(room).got.values()) == {1} and len(courier(room).got) == 6


def test_a_relay_that_refuses_us_stops_all_sending_and_marks_nobody(a_room: Make) -> None:
    room = a_room(readers=9)
    courier(room).faring = {reader(3): "stopped"}
    edition_id = room.planned()
    assert send_due(edition_id, room.mailroom).barred == "the relay says so"
    assert words(told(room, edition_id)) == (2, 0, 0, 0, 7)
    record.resume_sending(room.ledger, room.clock(), actor="ada")
    courier(room).faring = {}
    assert send_due(edition_id, room.mailroom).settled
    assert set(courier(room).got.values()) == {1}


# -- the last look


def test_del_03_who_leaves_while_the_batch_is_on_its_way_is_not_offered(a_room: Make) -> None:
    room = a_room(readers=6)

    def leave(address: str) -> None:
        if address == reader(2):
            room.suppress(3)
            unsubscribe(5, registry=Registry(room.database), journal=room.journal, key=KEY, now=room.clock())

    courier(room).before = leave
    edition_id = room.planned()
    assert send_due(edition_id, room.mailroom).settled
    assert words(told(room, edition_id)) == (4, 0, 2, 0, 0)
    assert reader(3) not in courier(room).got and reader(5) not in courier(room).got


def test_kil_01_a_stop_ends_between_two_messages_and_loses_nobody(a_room: Make) -> None:
    room = a_room(readers=6)
    stopping: list[bool] = []
    courier(room).before = lambda address: stopping.append(True) if address == reader(4) else None
    edition_id = room.planned()
    send_due(edition_id, room.mailroom, stopping=lambda: bool(stopping))
    found = told(room, edition_id)
    assert words(found) == (3, 0, 0, 0, 3)
    courier(room).before = lambda address: None
    assert send_due(edition_id, room.mailroom).settled
    assert set(courier(room).got.values()) == {1}


@pytest.mark.parametrize("stop", ["pause", "cancel", "bar"])
def test_del_04_del_12_a_person_s_stop_ends_between_two_messages(a_room: Make, stop: str) -> None:
    room = a_room(readers=6)
    edition_id = room.planned()

    def act(address: str) -> None:
        if address == reader(3) and stop == "bar":
            with room.ledger.writing() as page:
                page.bar(Bar.STOPPED, "the account is suspended")
        elif address == reader(3):
            getattr(compose, stop)(edition_id, room.press, room.clock(), actor="ada")

    courier(room).before = act
    send_due(edition_id, room.mailroom)
    assert words(told(room, edition_id)) == (2, 0, 0, 0, 4)
    courier(room).before = lambda address: None
    send_due(edition_id, room.mailroom)
    assert len(courier(room).got) == 2
    if stop == "cancel":
        return
    if stop == "pause":
        compose.resume(edition_id, room.press, room.clock(), actor="ada")
    else:
        record.resume_sending(room.ledger, room.clock(), actor="ada")
    assert send_due(edition_id, room.mailroom).settled
    assert set(courier(room).got.values()) == {1} and len(courier(room).got) == 6


@pytest.mark.parametrize("stop", ["pause", "bar"])
def test_del_08_nobody_s_day_runs_out_while_a_person_has_it_stopped(a_room: Make, stop: str) -> None:
    room = a_room(readers=2)
    courier(room).faring = {reader(1): Fared(Fate.DEFERRED, "450 4.7.1 greylisted")}
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    if stop == "pause":
        compose.pause(edition_id, room.press, room.clock(), actor="ada")
        room.clock.forward(days=2)
        compose.resume(edition_id, room.press, room.clock(), actor="ada")
    else:
        with room.ledger.writing() as page:
            page.bar(Bar.STOPPED, "the relay refuses us")
        room.clock.forward(days=2)
        record.resume_sending(room.ledger, room.clock(), actor="ada")
    assert not send_due(edition_id, room.mailroom).settled, "it is put off once more, and not given up"
    assert words(told(room, edition_id)) == (1, 0, 0, 0, 1)
    courier(room).faring = {}
    room.clock.forward(minutes=10)
    assert send_due(edition_id, room.mailroom).settled
    assert words(told(room, edition_id)) == (2, 0, 0, 0, 0)


# -- what is on disk when it breaks off


def test_del_01_after_a_break_only_the_message_under_way_is_in_doubt(a_room: Make, monkeypatch: Any) -> None:
    room = a_room(readers=6)
    courier(room).faring = {reader(2): Fared(Fate.REFUSED, "550 unknown"), reader(4): Died}
    monkeypatch.setattr("syndication.jobs.carry.Porter._close", lambda *given: None)  # a kill writes nothing
    edition_id = room.planned()
    with pytest.raises(Died):
        send_due(edition_id, room.mailroom)
    monkeypatch.undo()
    assert told(room, edition_id).counts.uncertain == 5, "while it may still be going on"
    assert record.take_up(room.ledger, room.provider, room.clock()) == []

    room.clock.forward(seconds=91)
    assert record.take_up(room.ledger, room.provider, room.clock()) == [(edition_id, 1)]
    found = told(room, edition_id)
    assert words(found) == (2, 1, 0, 1, 2)
    courier(room).faring = {}
    send_due(edition_id, room.mailroom)
    assert words(told(room, edition_id)) == (4, 1, 0, 1, 0)
    assert set(courier(room).got.values()) == {1} and reader(4) not in courier(room).got


def test_del_02_whoever_moved_on_before_the_lock_is_believed_by_its_newest_cursor(
    a_room: Make, monkeypatch: Any
) -> None:
    room = a_room(readers=6)
    courier(room).faring = {reader(3): Died}
    monkeypatch.setattr("syndication.jobs.carry.Porter._close", lambda *given: None)
    edition_id = room.planned()
    with pytest.raises(Died):
        send_due(edition_id, room.mailroom)
    monkeypatch.undo()
    room.clock.forward(seconds=91)
    with room.ledger.reading() as page:
        (stale,) = page.broken(room.clock())
    alive = room.clock() + timedelta(seconds=60)
    with room.ledger.writing() as page:
        page.advance(stale.claim, Cursor(0b1111, 0b0111), alive)
    with room.ledger.writing() as page:
        assert not take_up_broken(page, stale, room.clock()), "its lease was prolonged meanwhile"
    assert told(room, edition_id).counts.uncertain == 6

    room.clock.forward(seconds=61)
    with room.ledger.writing() as page:
        assert take_up_broken(page, stale, room.clock())
    assert words(told(room, edition_id)) == (3, 0, 0, 1, 2)
    with room.ledger.writing() as page:
        assert not take_up_broken(page, stale, room.clock()), "once"


def test_sto_05_a_cursor_of_an_older_database_leaves_the_rest_in_doubt(a_room: Make, monkeypatch: Any) -> None:
    room = a_room(readers=6)
    courier(room).faring = {reader(3): Died}
    monkeypatch.setattr("syndication.jobs.carry.Porter._close", lambda *given: None)
    edition_id = room.planned()
    with pytest.raises(Died):
        send_due(edition_id, room.mailroom)
    for moved in (1, 0):
        with Recovery(room.database).writing() as page:
            assert page.doubt_cursors() == moved
    room.clock.forward(seconds=91)
    assert record.take_up(room.ledger, room.provider, room.clock()) == [(edition_id, 1)]
    assert words(told(room, edition_id)) == (2, 0, 0, 4, 0)


def test_del_01_a_transport_that_fails_in_itself_says_as_much_as_is_known(a_room: Make) -> None:
    room = a_room(readers=6)
    courier(room).faring = {reader(4): Died}
    edition_id = room.planned()
    with pytest.raises(Died):
        send_due(edition_id, room.mailroom)
    assert words(told(room, edition_id)) == (3, 0, 0, 1, 2)


def test_del_02_whoever_lost_the_claim_offers_nothing_more(a_room: Make) -> None:
    room = a_room(readers=6)

    lost: list[bool] = []

    def lose(address: str) -> None:
        if address == reader(3) and not lost:
            lost.append(True)
            room.clock.forward(seconds=100)
            record.take_up(room.ledger, room.provider, room.clock())

    courier(room).before = lose
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    assert words(told(room, edition_id))[0] >= 1
    assert set(courier(room).got.values()) == {1}
    courier(room).before = lambda address: None
    send_due(edition_id, room.mailroom)
    found = told(room, edition_id)
    assert found.counts.uncertain <= 1 and found.counts.unsent == 0
    assert set(courier(room).got.values()) == {1}


def test_a_lease_is_prolonged_while_messages_go_through(a_room: Make) -> None:
    room = a_room(readers=6)
    courier(room).before = lambda address: room.clock.forward(seconds=50)
    edition_id = room.planned()
    assert send_due(edition_id, room.mailroom).settled
    assert words(told(room, edition_id)) == (6, 0, 0, 0, 0)


def test_an_answer_is_written_again_while_the_prolonged_lease_lasts(a_room: Make, monkeypatch: Any) -> None:
    room = a_room(readers=6)
    courier(room).before = lambda address: room.clock.forward(seconds=50)
    write, failed = Porter._record, []

    def record_it(porter: Porter, closing: Any) -> None:
        if not failed:
            failed.append(True)
            raise StoreError("the records cannot be written")
        write(porter, closing)

    monkeypatch.setattr(Porter, "_record", record_it)
    edition_id = room.planned()
    assert send_due(edition_id, room.mailroom).settled
    assert failed and words(told(room, edition_id)) == (6, 0, 0, 0, 0)


def test_without_records_nothing_more_is_offered_and_nothing_is_forgotten(a_room: Make, monkeypatch: Any) -> None:
    room = a_room(readers=6)
    news = room.journal.news
    broken: list[bool] = []

    def fail() -> Any:
        if broken:
            raise StoreError("the journal cannot be used", why="no space left on device")
        return news()

    monkeypatch.setattr(room.journal, "news", fail)
    courier(room).before = lambda address: broken.append(True) if address == reader(4) else None
    edition_id = room.planned()
    send_due(edition_id, room.mailroom, stopping=lambda: bool(broken))
    assert words(told(room, edition_id)) == (3, 0, 0, 0, 3)


def test_an_attempt_is_told_of_part_by_part(a_room: Make) -> None:
    room = a_room(readers=3)
    courier(room).faring = {reader(2): Fared(Fate.DEFERRED, "450 busy")}
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    found = told(room, edition_id)
    assert [row.verdict for row in found.attempts] == [Verdict.ACCEPTED, Verdict.DEFERRED]
    assert found.attempts[0].detail == "2 accepted, 1 put off"
    assert not room.rows(sa.select(delivery_exception))


def test_del_01_a_half_is_as_much_in_doubt_as_the_whole_was(a_room: Make) -> None:
    room = a_room(readers=4)
    room.provider = Provider(batch_size=4)
    room.provider.answers = [room.provider.accept_in_silence, refuse(Verdict.TOO_LARGE)]
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    record.resolve(edition_id, 1, room.ledger, room.clock(), accepted=False, actor="ada")
    room.provider.before = lambda _: room.leave(1, 4)  # after the second claim, so each half has one who left
    assert send_due(edition_id, room.mailroom).settled
    found = record.report(edition_id, room.ledger)
    assert [row.n for row in found.batches] == [1, 2] and found.counts.adds_up
    details = {row.subscriber_id: row.detail for row in found.exceptions}
    assert "may have reached" in details[1] and "may have reached" in details[4]


@pytest.mark.parametrize("by_message", [False, True])
def test_a_poisoned_batch_is_set_aside_and_the_others_go_out(a_room: Make, monkeypatch: Any, by_message: bool) -> None:
    room = a_room(readers=9)
    if not by_message:
        room.provider = Provider(batch_size=3)
    else:
        room.provider.batch_size = 3
    whole = Letterhead.submission

    def submission(self: Letterhead, claim: Any, *given: Any) -> Submission:
        if claim.n == 2:
            raise ZeroDivisionError("an address that no code foresaw")
        return whole(self, claim, *given)

    monkeypatch.setattr(Letterhead, "submission", submission)
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    found = record.report(edition_id, room.ledger)
    assert [row.state for row in found.batches] == [BatchState.ACCEPTED, BatchState.HELD, BatchState.ACCEPTED]
    assert "ZeroDivisionError" in found.batches[1].detail and found.counts.adds_up and found.counts.accepted == 6
    assert [row.key for row in room.rows(sa.select(alert.c.key))] == [f"held:{edition_id}"]
    room.clock.forward(minutes=10)
    assert (
        record.take_up(room.ledger, room.provider, room.clock()) == []
        and not send_due(edition_id, room.mailroom).batches
    )
    monkeypatch.undo()
    record.resolve(edition_id, 2, room.ledger, room.clock(), accepted=False, actor="ada")
    assert send_due(edition_id, room.mailroom).settled
    assert set(room.provider.got.values()) == {1} and len(room.provider.got) == 9
