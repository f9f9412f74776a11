"""Doubt is settled by evidence and policy, with a line in the audit log; alarms tell how mail fares."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.jobs import compose, record
from syndication.jobs.doubt import LOOK_EVERY, Vigil, settle_doubts
from syndication.jobs.send import send_due
from syndication.model.delivery import BatchState
from syndication.model.doubt import OnUncertain
from syndication.model.edition import EditionState
from syndication.model.event import BitKind
from syndication.model.ledger import Bar
from syndication.storage import schema
from syndication.storage.database import Database
from syndication.storage.doubts import Doubts
from syndication.storage.events import Events, EventSpool
from tests.pressroom import PressRoom

HOUR = timedelta(hours=1)


class Office:
    """A room whose provider is SendGrid by name, with fifteen readers in five batches; what it tells is put as bits."""

    def __init__(self, database: Database, directory: Path) -> None:
        self.room = PressRoom(database, directory, readers=15)
        self.room.provider.name = "sendgrid"
        self.doubts = Doubts(database)

    def send(self, *answers: Any) -> int:
        self.room.provider.answers = list(answers)
        edition_id = self.room.planned()
        send_due(edition_id, self.room.mailroom)
        return edition_id

    def tell(self, edition_id: int, n: int, kind: BitKind = BitKind.REPORTED, bits: int = 1) -> None:
        with Events(self.room.database).writing() as page:
            page.add_bits({(edition_id, n): {kind: bits}})

    def settle(self, policy: OnUncertain) -> list[int]:
        return list(settle_doubts(self.doubts, policy, HOUR, self.room.clock()))

    def states(self, edition_id: int) -> list[BatchState]:
        return [row.state for row in record.report(edition_id, self.room.ledger).batches]

    def alerts(self) -> set[str]:
        query = sa.select(schema.alert.c.key).where(schema.alert.c.resolved_at.is_(None))
        return {row.key for row in self.room.rows(query)}

    def look(self, *, hears: bool = True) -> set[str]:
        """The alarms about mail after a look."""
        Vigil(self.doubts, hears).look(self.room.clock())
        return {key for key in self.alerts() if key.startswith("mail-")}


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    made = Office(database, tmp_path)
    yield made
    made.room.journal.close()


UNCERTAIN, ACCEPTED, PLANNED = BatchState.UNCERTAIN, BatchState.ACCEPTED, BatchState.PLANNED


def test_held_is_held_and_shown_with_its_evidence(office: Office) -> None:
    edition_id = office.send(office.room.provider.accept_in_silence)
    for n in (2, 3, 4, 5):
        office.tell(edition_id, n)
    office.room.clock.forward(minutes=62)
    assert office.settle(OnUncertain.HOLD) == []
    with office.doubts.reading() as page:
        (doubt,) = page.doubts(edition_id)
    assert (doubt.n, doubt.readers, doubt.reported, doubt.later, doubt.going) == (1, 3, 0, 4, True)
    assert doubt.detail == "the connection was cut"
    assert office.states(edition_id)[0] is UNCERTAIN


def test_silence_is_sent_again_once_others_are_heard_of_and_time_has_passed(office: Office) -> None:
    room = office.room
    edition_id = office.send(room.provider.accept_in_silence)
    for n in (2, 3):
        office.tell(edition_id, n)
    room.clock.forward(minutes=62)
    assert office.settle(OnUncertain.SILENCE) == []
    office.tell(edition_id, 4)
    assert office.settle(OnUncertain.SILENCE) == [edition_id]
    assert office.states(edition_id) == [PLANNED, ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED]
    (line,) = room.rows(sa.select(schema.audit_log).where(schema.audit_log.c.action == "resolve"))
    assert (line.actor, line.detail) == ("service", "planned: 0 of 3 reported in 62 min; 3 later batches did")
    ids = [one.delivery_id for one in room.provider.accepted[0].recipients]
    assert send_due(edition_id, room.mailroom).settled
    assert [one.delivery_id for one in room.provider.accepted[-1].recipients] == ids, "the same ids and Message-IDs"


def test_resend_sends_again_at_once_and_not_for_ever(office: Office) -> None:
    room = office.room
    edition_id = office.send(room.provider.accept_in_silence)
    for expected in ([edition_id], [edition_id], []):
        assert office.settle(OnUncertain.RESEND) == expected
        room.provider.answers = [room.provider.accept_in_silence]
        send_due(edition_id, room.mailroom)
    assert office.states(edition_id)[0] is UNCERTAIN
    assert Counter(room.provider.got.values()) == {3: 3, 1: 12}


@pytest.mark.parametrize("policy", [OnUncertain.RESEND, OnUncertain.SILENCE])
def test_nothing_is_planned_again_while_sending_is_barred(office: Office, policy: OnUncertain) -> None:
    room = office.room
    edition_id = office.send(room.provider.accept_in_silence)
    for n in (2, 3, 4):
        office.tell(edition_id, n)
    room.clock.forward(minutes=62)
    with room.ledger.writing() as page:
        page.bar(Bar.HELD, "the database seems to be an older one")
    assert office.settle(policy) == []
    assert office.states(edition_id)[0] is UNCERTAIN
    record.resume_sending(room.ledger, room.clock(), actor="ada")
    assert office.settle(policy) == [edition_id]


def test_many_batches_in_doubt_keep_no_other_edition_waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syndication.storage.doubts.DOUBTS_MAX", 2)
    held = office.send(*[office.room.provider.accept_in_silence] * 5)
    office.room.clock.forward(minutes=1)
    office.room.story()
    other = office.send(office.room.provider.accept_in_silence)
    assert other != held
    office.tell(other, 1)
    office.settle(OnUncertain.HOLD)
    assert office.states(held) == [UNCERTAIN] * 5
    assert office.states(other)[0] is ACCEPTED


def test_whatever_is_heard_of_is_accepted_under_every_policy(office: Office) -> None:
    """As after a kill: the claim expired when its events had come already."""
    edition_id = office.send(office.room.provider.accept_in_silence)
    office.tell(edition_id, 1)
    office.room.clock.forward(minutes=62)
    assert office.settle(OnUncertain.HOLD) == []
    assert office.states(edition_id)[0] is ACCEPTED
    assert office.room.state(edition_id) is EditionState.SETTLED
    assert f"uncertain:{edition_id}" not in office.alerts()


def test_nothing_of_a_cancelled_edition_is_sent_again(office: Office) -> None:
    edition_id = office.send(office.room.provider.accept_in_silence)
    compose.cancel(edition_id, office.room.press, office.room.clock(), actor="ada")
    assert office.settle(OnUncertain.RESEND) == []
    assert office.states(edition_id)[0] is UNCERTAIN


def test_prv_02_mail_that_is_accepted_and_never_heard_of_is_an_alarm(office: Office) -> None:
    edition_id = office.send()
    office.room.clock.forward(minutes=119)
    assert office.look() == set()
    office.room.clock.forward(minutes=2)
    assert office.look(hears=False) == set(), "without a key nothing can be heard"
    assert office.look() == {"mail-silent"}
    office.tell(edition_id, 3)
    assert office.look() == {"mail-silent"}, "two batches later than that one are not heard of"
    office.tell(edition_id, 5)
    assert office.look() == set()


def test_prv_02_an_account_that_tells_is_no_excuse_for_one_that_does_not(office: Office) -> None:
    told = office.send()
    for n in range(1, 6):
        office.tell(told, n)
    office.room.provider.name = "sendgrid:second"
    office.room.clock.forward(minutes=1)
    office.room.story()
    office.send()
    office.room.clock.forward(hours=3)
    assert "mail-silent" in office.look()


@pytest.mark.parametrize(
    ("complaints", "alarms"),
    [
        (0b11, set()),  # two are chance
        (0b111, {"mail-complaints-high"}),
    ],
)
def test_del_10_a_rate_of_complaints_is_an_alarm(office: Office, complaints: int, alarms: set[str]) -> None:
    edition_id = office.send()
    for n in range(1, 6):
        office.tell(edition_id, n, BitKind.DELIVERED, 0b111)
    office.tell(edition_id, 2, BitKind.COMPLAINED, complaints)
    assert office.look() == alarms
    office.room.clock.forward(days=8)
    office.tell(edition_id, 2)
    assert office.look() - {"mail-silent"} == set()


def test_a_low_rate_warns_before_it_alarms(office: Office) -> None:
    edition_id = office.send()
    office.tell(edition_id, 5)
    office.tell(edition_id, 1, BitKind.DELIVERED, (1 << 2000) - 1)
    office.tell(edition_id, 1, BitKind.COMPLAINED, 0b111)
    assert office.look() == {"mail-complaints"}
    office.tell(edition_id, 1, BitKind.COMPLAINED, 0b1111111)
    assert office.look() == {"mail-complaints-high"}


def test_an_old_doubt_is_an_alarm_of_its_own(office: Office) -> None:
    edition_id = office.send(office.room.provider.accept_in_silence)
    office.tell(edition_id, 5)
    office.room.clock.forward(hours=7)
    assert office.look() == {"mail-doubt"}
    record.resolve(edition_id, 1, office.room.ledger, office.room.clock(), accepted=True, actor="ada")
    assert office.look() == set()


def test_events_that_wait_too_long_and_a_wrong_clock_are_alarms(office: Office) -> None:
    spool = EventSpool(office.room.database)
    spool.put("sendgrid", b"[]", office.room.clock())
    office.room.clock.forward(minutes=11)
    spool.count({"refused stale": 1}, office.room.clock())
    assert office.look() == {"mail-spool", "mail-clock"}


def test_a_vigil_looks_every_few_minutes_and_after_a_clock_that_stepped(office: Office) -> None:
    vigil = Vigil(office.doubts, hears=True)
    now = office.room.clock()
    assert vigil.look(now) is not None
    assert vigil.look(now + LOOK_EVERY / 2) is None
    assert vigil.look(now + LOOK_EVERY) is not None
    assert vigil.look(now - timedelta(days=1)) is not None
