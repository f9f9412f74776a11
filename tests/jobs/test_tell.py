"""Alerts told to the operator: once while they last, once when they are over, on every way that is set."""

import hmac
from collections.abc import Iterable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import orjson
import pytest

from syndication.jobs.ports.bell import Way
from syndication.jobs.tell import ATTEMPTS_MAX, SIGNATURE, ByHook, ByMail, tell
from syndication.model.delivery import Sender
from syndication.model.exchange import Answer, Failure, FailureKind, Phase, Request
from syndication.model.subscriber import EmailAddress
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.rendering import Renderer
from syndication.senders.spool import Spool
from syndication.storage import alerts, notices
from syndication.storage.database import Database
from syndication.storage.notices import StoredNotices
from tests.builders import NOW, a_publication

HOOK = "https://ops.example/hook?token=1"
DESK = EmailAddress.parse("desk@example.org")


class Hook:
    """Somebody's webhook: takes what is posted, or answers as it is told to."""

    def __init__(self) -> None:
        self.got: list[Request] = []
        self.status = 204
        self.down = False

    def fetch(self, request: Request) -> Answer | Failure:
        if self.down:
            return Failure(request.url, FailureKind.UNREACHABLE, Phase.CONNECT, "nobody is there")
        self.got.append(request)
        return Answer(request.url, self.status, (), b"", "192.0.2.7")

    def fetch_all(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Answer | Failure]]:
        return ((request, self.fetch(request)) for request in list(requests))

    def told(self) -> list[tuple[str, str]]:
        posts = [orjson.loads(request.body or b"") for request in self.got]
        return [(alert["key"], alert["state"]) for post in posts for alert in post["alerts"]]


class Room:
    def __init__(self, database: Database, directory: Path) -> None:
        self.database, self.now = database, NOW
        self.hook = Hook()
        self.spool = Spool(directory)
        self.notices = StoredNotices(database)
        renderer = Renderer([Path(__file__).parents[2] / "templates"])
        sender = Sender("Sound & Shore", DESK)
        self.by_mail = ByMail(DESK, self.spool, renderer.email, sender, a_publication(), b"k" * 32)
        self.by_hook = ByHook(HOOK, self.hook, a_publication(), b"secret")

    def tell(self, *ways: Way) -> int:
        return tell(notices=self.notices, ways=ways or (self.by_mail, self.by_hook), clock=lambda: self.now)

    def begins(self, key: str, text: str = "") -> None:
        with self.database.write() as connection:
            alerts.raise_alert(connection, key, text or f"{key} is in trouble", self.now)

    def ends(self, key: str) -> None:
        with self.database.write() as connection:
            alerts.resolve(connection, key, self.now)

    def mails(self) -> list[str]:
        found = sorted(self.spool.listing(100), key=lambda one: one.id)
        return [one.subject for one in found]

    def bodies(self) -> str:
        parts = []
        for one in self.spool.listing(100):
            body = message_from_bytes(self.spool.read(one.id) or b"", policy=default).get_body(("plain",))
            parts.append(body.get_content() if body else "")
        return "\n".join(parts)


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    return Room(database, tmp_path / "outbox")


def test_an_alert_is_told_once_while_it_lasts_and_once_when_it_is_over(room: Room) -> None:
    room.begins("held:harbour", "harbour: held: 40 new at once")
    assert room.tell() == 2
    room.begins("held:harbour", "said again")
    assert room.tell() == 0
    room.now += timedelta(days=3)
    assert room.tell() == 0
    room.ends("held:harbour")
    assert room.tell() == 2
    assert room.tell() == 0
    assert room.hook.told() == [("held:harbour", "open"), ("held:harbour", "resolved")]
    assert sorted(room.mails()) == [
        "Sound & Shore: harbour: held: 40 new at once",
        "Sound & Shore: over: harbour: held: 40 new at once",
    ]
    room.begins("held:harbour", "another time")
    assert room.tell() == 2


def test_a_bad_night_is_one_mail(room: Room) -> None:
    for n in range(60):
        room.begins(f"source:s{n}:failing", f"s{n}: unreachable")
    assert room.tell() == 120
    assert room.mails() == ["Sound & Shore: 60 things wait for a person"]
    assert len(room.hook.got) == 1
    assert "s59: unreachable" in room.bodies()


def test_what_was_over_before_it_was_told_is_not_told(room: Room) -> None:
    room.begins("late:1")
    room.ends("late:1")
    assert room.tell() == 0
    assert room.mails() == []


def test_web_09_a_hook_that_fails_is_tried_again_ever_more_rarely_and_keeps_no_other_way_waiting(room: Room) -> None:
    room.begins("late:1")
    room.hook.down = True
    assert room.tell() == 1  # the mail
    assert room.tell() == 0
    with room.database.read() as connection:
        assert notices.troubles(connection) == {"webhook": "unreachable: nobody is there"}
    room.hook.down = False
    assert room.tell() == 0  # not yet
    room.now += timedelta(minutes=1)
    assert room.tell() == 1
    with room.database.read() as connection:
        assert notices.troubles(connection) == {}


def test_web_09_a_hook_that_never_answers_is_given_up_and_that_is_seen(room: Room) -> None:
    room.begins("late:1")
    room.hook.status = 500
    for _ in range(ATTEMPTS_MAX * 3):
        room.tell(room.by_hook)
        room.now += timedelta(hours=5)
    assert len(room.hook.got) == ATTEMPTS_MAX
    with room.database.read() as connection:
        assert notices.troubles(connection) == {"webhook": "the webhook answers with status 500"}


def test_web_09_a_post_is_signed_and_follows_no_redirect(room: Room) -> None:
    room.begins("late:1", 'hostile "text" \u202e with <b>markup</b>')
    room.tell(room.by_hook)
    (request,) = room.hook.got
    assert (request.method, request.url, request.redirects_max) == ("POST", HOOK, 0)
    signed = dict(request.headers)[SIGNATURE]
    assert signed == f"sha256={hmac.digest(b'secret', request.body or b'', 'sha256').hex()}"


def test_web_09_a_private_address_is_refused_by_the_one_way_out(room: Room) -> None:
    transport = Transport(AddressPolicy(), user_agent="test")
    room.begins("late:1")
    assert room.tell(ByHook("http://127.0.0.1:9/hook", transport, a_publication())) == 0
    with room.database.read() as connection:
        assert "refused" in notices.troubles(connection)["webhook"]
    transport.close()


def test_a_notice_that_nobody_finished_is_told_when_its_lease_is_over(room: Room) -> None:
    room.begins("late:1")
    assert len(room.notices.claim("mail", room.now, limit=10, lease_seconds=180)) == 1
    assert room.tell(room.by_mail) == 0
    room.now += timedelta(seconds=181)
    assert room.tell(room.by_mail) == 1


def test_hostile_text_is_text_in_a_mail(room: Room) -> None:
    room.begins("late:1", "a title\r\nBcc: everyone@example.org <script>x</script>")
    assert room.tell(room.by_mail) == 1
    (spooled,) = room.spool.listing(10)
    mail = message_from_bytes(room.spool.read(spooled.id) or b"", policy=default)
    assert mail["bcc"] is None
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
