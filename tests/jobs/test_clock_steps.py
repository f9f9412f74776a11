"""CLK-03, CLK-04: the clock steps while an edition is sent; nobody is mailed twice and nobody who left is forgotten."""

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from syndication.jobs import compose, record
from syndication.jobs.recover import recover
from syndication.jobs.send import send_due
from syndication.model.delivery import BatchState, Submission
from syndication.model.edition import EditionState
from syndication.model.event import Trust
from syndication.model.journal import Unsubscribed
from syndication.senders.sendgrid_events import SIGNATURE, TIMESTAMP, Keys
from syndication.storage.database import Database
from syndication.storage.recovery import Recovery
from syndication.storage.schema import edition, subscription
from syndication.subscribers.sign import Purpose, Signer
from tests.jobs.test_carry import Courier
from tests.pressroom import START, PressRoom

STEPS = [timedelta(hours=-2), timedelta(days=2), timedelta(days=-20_000)]


@pytest.fixture
def room(database: Database, tmp_path: Path) -> PressRoom:
    return PressRoom(database, tmp_path, readers=5)


def another_looks(room: PressRoom, by: timedelta) -> Callable[[], None]:
    """The clock steps within a call, and another process takes up what seems to have broken off."""

    def act() -> None:
        room.clock.now += by
        record.take_up(room.ledger, room.provider, room.clock())
        recover(Recovery(room.database), room.journal, room.clock())

    return act


@pytest.mark.parametrize("by", STEPS, ids=["two hours back", "two days ahead", "to 1971"])
def test_clk_03_a_step_within_a_call_mails_nobody_twice(room: PressRoom, by: timedelta) -> None:
    steps = iter([another_looks(room, by)])

    def step(_: Submission) -> None:
        next(steps, lambda: None)()

    room.provider.before = step
    edition_id = room.planned()
    for _ in range(3):
        send_due(edition_id, room.mailroom)
        room.clock.forward(minutes=10)
        record.take_up(room.ledger, room.provider, room.clock())
    counts = record.report(edition_id, room.ledger).counts
    assert counts.adds_up and max(room.provider.got.values()) == 1
    assert counts.uncertain == 0, "an answer that comes late counts while nobody has spoken"
    room.clock.now += timedelta(days=20_000)  # set right again
    send_due(edition_id, room.mailroom)
    assert set(room.provider.got.values()) == {1} and len(room.provider.got) == 5
    assert room.state(edition_id) is EditionState.SETTLED


@pytest.mark.parametrize("by", STEPS, ids=["two hours back", "two days ahead", "to 1971"])
def test_clk_03_a_step_between_two_messages_mails_nobody_twice(room: PressRoom, by: timedelta) -> None:
    room.provider = courier = Courier()  # type: ignore[assignment]
    steps = {"reader3@readers.example": another_looks(room, by)}
    courier.before = lambda address: steps.pop(address, lambda: None)()
    edition_id = room.planned()
    for _ in range(3):
        send_due(edition_id, room.mailroom)
        room.clock.forward(minutes=10)
        record.take_up(room.ledger, courier, room.clock())
    room.clock.now += timedelta(days=20_000)
    record.take_up(room.ledger, courier, room.clock())
    send_due(edition_id, room.mailroom)
    counts = record.report(edition_id, room.ledger).counts
    assert counts.adds_up and max(courier.got.values()) == 1
    assert counts.accepted + counts.uncertain == 5 and counts.uncertain <= 2


def test_clk_03_a_slot_is_opened_once_whatever_the_clock_does(room: PressRoom) -> None:
    room.clock.forward(days=1)
    first = compose.open_due(room.press, room.clock()).opened
    assert len(first) == 1
    for by in (timedelta(hours=-2), timedelta(hours=2), timedelta(days=-20_000), timedelta(days=20_000)):
        room.clock.now += by
        assert compose.open_due(room.press, room.clock()).opened == ()
    assert len(room.rows(sa.select(edition.c.id))) == 1


def test_clk_03_who_left_after_the_clock_was_set_right_is_heard(room: PressRoom) -> None:
    right = room.clock()
    room.clock.forward(days=9)
    room.journal.append(Unsubscribed(room.clock(), 1, ""))
    recover(Recovery(room.database), room.journal, room.clock())
    room.clock.now = right + timedelta(minutes=5)
    room.journal.append(Unsubscribed(room.clock(), 2, ""))  # with the database away
    recover(Recovery(room.database), room.journal, room.clock())
    left = room.rows(sa.select(subscription.c.id).where(subscription.c.state == "unsubscribed"))
    assert {row.id for row in left} == {1, 2}


def test_clk_03_a_clock_ahead_holds_no_edition_for_ever(room: PressRoom) -> None:
    right = room.clock()
    room.clock.forward(days=2)
    room.story()
    edition_id = room.planned()
    room.clock.now = right
    send_due(edition_id, room.mailroom)
    room.clock.now = right + timedelta(days=2, minutes=1)
    assert send_due(edition_id, room.mailroom).settled or room.state(edition_id) is EditionState.SETTLED
    assert set(room.provider.got.values()) == {1}
    assert {one.state for one in record.report(edition_id, room.ledger).batches} == {BatchState.ACCEPTED}


@pytest.mark.parametrize(
    ("off", "trust"),
    [
        (timedelta(0), "GOOD"),
        (timedelta(hours=2), "GOOD"),
        (timedelta(hours=-2), "STALE"),
        (timedelta(days=2), "STALE"),
    ],
    ids=["right", "two hours ahead", "two hours back", "two days ahead"],
)
def test_clk_04_an_event_stamped_around_a_step_is_early_or_late_and_never_forged(off: timedelta, trust: str) -> None:
    """What is refused as early or late the provider tells again, for a day; it raises an alarm of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, form)).decode()
    stamp, body = str(int(START.timestamp())), b"[]"
    signature = base64.b64encode(key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    keys, headers = Keys([public]), {TIMESTAMP: stamp, SIGNATURE: signature}
    assert keys.judge(headers, body, START + off) is Trust[trust]
    assert keys.judge(headers, body, START) is Trust.GOOD, "once the clock is right it is read"


def test_clk_04_a_link_out_of_a_mail_knows_no_clock() -> None:
    with time_machine.travel(START + timedelta(days=2), tick=False):
        token = Signer((b"k" * 32,)).token(Purpose.UNSUBSCRIBE, 7)
    for off in (timedelta(0), timedelta(days=-20_000), timedelta(days=20_000)):
        with time_machine.travel(START + off, tick=False):
            assert Signer((b"k" * 32,)).read(Purpose.UNSUBSCRIBE, token) == 7
