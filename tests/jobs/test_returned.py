"""Mail that came back, read from a Maildir: who is suppressed, who has left, and who is not (DEL-10, DEL-14)."""

import errno
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.deliveries import returned
from syndication.deliveries.returns import Returns
from syndication.errors import StoreError
from syndication.jobs.recover import replay
from syndication.jobs.returned import Postman
from syndication.model.journal import Unsubscribed
from syndication.senders.maildir import Maildir
from syndication.storage.database import Database
from syndication.storage.recovery import Recovery
from syndication.storage.schema import audit_log, setback, subscription, suppression
from syndication.storage.setbacks import Setbacks
from syndication.storage.subscribers import Registry
from tests.deliveries.test_returns import letter, report
from tests.pressroom import KEY, PressRoom

OURS = Returns(b"a key for tests", "bounces@example.org", "leave@example.org")
Put = Callable[[bytes], None]


@pytest.fixture
def room(database: Database, tmp_path: Path) -> PressRoom:
    return PressRoom(database, tmp_path, readers=3)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    for folder in ("new", "cur", "tmp"):
        (tmp_path / "box" / folder).mkdir(parents=True)
    return tmp_path / "box"


def postman(room: PressRoom, box: Path) -> Postman:
    return Postman(
        mailbox=Maildir(box),
        returns=OURS,
        setbacks=Setbacks(room.database),
        registry=Registry(room.database),
        journal=room.journal,
        address_key=KEY,
        clock=room.clock,
    )


def put(box: Path, *mails: bytes) -> None:
    for mail in mails:
        name = f"{len(list(box.rglob('*.*')))}.{id(mail)}.host"
        (box / "new" / name).write_bytes(mail)


def suppressed(room: PressRoom) -> list[str]:
    return [row.reason for row in room.rows(sa.select(suppression.c.reason))]


def test_del_10_a_mailbox_that_is_not_there_is_mailed_no_more_and_it_is_told_why(room: PressRoom, box: Path) -> None:
    put(box, report(OURS.bounce_address(1, 2)))
    assert postman(room, box).run() == {"bounce": 1}
    assert suppressed(room) == ["bounced: there is no such mailbox"]
    (line,) = room.rows(sa.select(audit_log).where(audit_log.c.action == "suppress"))
    assert line.actor == "mail" and "subscriber 2" in line.subject
    assert not list((box / "new").iterdir()) and len(list((box / ".Done" / "cur").iterdir())) == 1
    assert postman(room, box).run() == {}


def test_del_10_a_soft_bounce_counts_and_no_more(room: PressRoom, box: Path) -> None:
    put(box, report(OURS.bounce_address(1, 2), status="5.7.1"), report(OURS.bounce_address(1, 2), status="5.7.1"))
    postman(room, box).run()
    assert suppressed(room) == []
    (row,) = room.rows(sa.select(setback))
    assert (row.subscriber_id, row.about, row.kind) == (2, "edition:1", "soft"), "a mailing counts once"


def test_a_forged_bounce_suppresses_nobody(room: PressRoom, box: Path) -> None:
    mine = OURS.bounce_address(1, 2)
    put(box, report(mine.replace("b1-2-", "b1-3-")), report("bounces+b1-3-aaaaaaaaaaaaaaaa@example.org"))
    assert postman(room, box).run() == {"other": 2}
    assert suppressed(room) == []
    assert len(list((box / "cur").iterdir())) == 2, "left for a person, and read once"


@pytest.mark.parametrize(
    "deep",
    [
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000)),
    ],
    ids=["messages", "parts"],
)
def test_a_mail_nested_without_end_holds_up_no_other(room: PressRoom, box: Path, deep: bytes) -> None:
    head = f"From: x@y.example\r\nTo: {OURS.bounce_address(1, 1)}\r\n".encode()
    put(box, head + deep + b"\r\nhi\r\n", report(OURS.bounce_address(1, 2)))
    assert postman(room, box).run() == {"other": 1, "bounce": 1}
    assert len(list((box / "cur").iterdir())) == 1 and len(suppressed(room)) == 1


def test_a_mail_that_cannot_be_read_is_left_for_a_person(room: PressRoom, box: Path, monkeypatch) -> None:
    put(box, b"broken", report(OURS.bounce_address(1, 2)))
    sound = returned.read

    def read(mail: bytes, *given: object) -> returned.Returned:
        if mail == b"broken":
            raise RecursionError("too deep")
        return sound(mail, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(returned, "read", read)
    assert postman(room, box).run() == {"other": 1, "bounce": 1}
    assert len(list((box / "cur").iterdir())) == 1 and not list((box / "new").iterdir())


def test_a_wish_to_leave_by_mail_is_kept(room: PressRoom, box: Path) -> None:
    put(box, letter(OURS.leave_address(3)))
    assert postman(room, box).run() == {"leave": 1}
    states = {row.id: row.state for row in room.rows(sa.select(subscription.c.id, subscription.c.state))}
    assert states == {1: "confirmed", 2: "confirmed", 3: "unsubscribed"}


@pytest.mark.parametrize(("back", "state"), [(-1, "unsubscribed"), (1, "confirmed")])
def test_a_wish_to_leave_is_of_the_day_that_it_came(room: PressRoom, box: Path, back: int, state: str) -> None:
    came = room.clock()
    room.clock.forward(days=3)
    with room.database.write() as connection:
        again = came + timedelta(days=back)
        connection.execute(subscription.update().where(subscription.c.id == 3).values(confirmed_at=again))
    trace = f"Received: from mail.readers.example by mx.example; {format_datetime(came)}"
    put(box, letter(OURS.leave_address(3), trace, "Date: Thu, 1 Jan 1970 00:00:00 +0000"))
    assert postman(room, box).run() == {"leave": 1}
    ((found, left_at),) = room.rows(
        sa.select(subscription.c.state, subscription.c.unsubscribed_at).where(subscription.c.id == 3)
    )
    assert found == state and (left_at == came.replace(microsecond=0) or state == "confirmed")
    (line,) = room.journal.lines()
    assert isinstance(line, Unsubscribed) and line.at == room.clock(), "a replay reads on from when it was written"
    assert line.wished_at == came.replace(microsecond=0)
    assert replay(Recovery(room.database), room.journal) == 0


@pytest.mark.parametrize("said", ["", "yesterday", "Thu, 99 Foo 2026", "Thu, 1 Jan 99999 00:00:00 +0000"])
def test_a_wish_to_leave_without_a_usable_date_is_of_today(room: PressRoom, box: Path, said: str) -> None:
    put(box, letter(OURS.leave_address(3), f"Date: {said}"))
    assert postman(room, box).run() == {"leave": 1}
    (left_at,) = room.rows(sa.select(subscription.c.unsubscribed_at).where(subscription.c.id == 3))[0]
    assert left_at == room.clock()


def test_a_mail_longer_than_any_report_is_not_read_whole_and_left_for_a_person(room: PressRoom, box: Path) -> None:
    put(box, letter(OURS.leave_address(3)) + b"x" * (2 * returned.BYTES_MAX))
    ((_, data),) = Maildir(box).waiting(9)
    assert len(data) == returned.BYTES_MAX + 1
    assert postman(room, box).run() == {"other": 1}


def test_a_file_that_cannot_be_read_holds_up_no_other(
    room: PressRoom, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(box, b"a bad sector", letter(OURS.leave_address(3)))
    (bad,) = [path for path in (box / "new").iterdir() if path.read_bytes() == b"a bad sector"]
    whole = Path.open

    def opened(path: Path, *given: Any, **named: Any) -> Any:
        if path == bad:
            raise OSError(errno.EIO, "Input/output error")
        return whole(path, *given, **named)

    monkeypatch.setattr(Path, "open", opened)
    assert postman(room, box).run() == {"other": 1, "leave": 1}
    assert not list((box / "new").iterdir())


def test_del_14_an_automatic_reply_changes_nothing(room: PressRoom, box: Path) -> None:
    away = "Auto-Submitted: auto-replied"
    put(box, letter(OURS.bounce_address(1, 2), away), letter(OURS.leave_address(3), away), letter("desk@example.org"))
    assert postman(room, box).run() == {"other": 3}
    assert suppressed(room) == [] and not room.rows(sa.select(setback))
    assert {row.state for row in room.rows(sa.select(subscription.c.state))} == {"confirmed"}


def test_a_mailbox_that_is_not_there_says_so(room: PressRoom, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        postman(room, tmp_path / "nowhere").run()
