"""WebSub from the hub's side: wishes verified with the callback itself, news signed, failures tried again and let go.

The listener at the other end is a real server that knows only the W3C's text.
"""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs, urlsplit

import pytest

from syndication.jobs import announce as job
from syndication.jobs import publish
from syndication.model.exchange import Answer
from syndication.model.feed import FeedFormat, Publication
from syndication.model.listener import Ask, Wish
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.storage import feed_entries, feeds, listeners, schema
from syndication.storage.database import Database
from syndication.storage.listeners import StoredListeners
from syndication.storage.shelf import StoredShelf
from tests.builders import NOW, a_feed, a_publication, put_article, put_publication


@dataclass
class Ear:
    """A program that listens. It says yes to what it asked for, and keeps what it is sent."""

    wants: set[tuple[str, str]] = field(default_factory=set)
    status: int = 204
    verify_status: int = 200
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ear?mine=1"


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            ear.asked.append(query)
            meant = (query.get("hub.mode", ""), query.get("hub.topic", "")) in ear.wants
            self.send_response(ear.verify_status if meant else 404)
            self.end_headers()
            if meant:
                self.wfile.write(query["hub.challenge"].encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            ear.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(ear.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ear.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield ear
    server.shutdown()
    server.server_close()


class Room:
    def __init__(self, database: Database, house: Publication) -> None:
        self.database, self.house, self.now = database, house, NOW
        self.listeners = StoredListeners(database)
        self.exchange = Transport(AddressPolicy(("127.0.0.0/8",)), user_agent="Test/1")
        self.numbers = count(1)

    def arrive(self) -> None:
        with self.database.write() as connection:
            feed_entries.mark_stale(connection, [put_article(connection, published_at=NOW)])
        publish.publish(shelf=StoredShelf(self.database), publication=self.house, clock=lambda: self.now)

    def ask(self, ear: Ear, wish: Wish = Wish.SUBSCRIBE, *, secret: str = "", meant: bool = True) -> bool:
        if meant:
            ear.wants.add((wish.value, f"{self.house.base_url}/feeds/all.atom"))
        ask = Ask(wish, "all.atom", ear.url, secret, 86400)
        return self.listeners.ask(ask, host="127.0.0.1", now=self.now)

    def announce(self) -> job.Announced:
        return job.announce(
            listeners=self.listeners,
            exchange=self.exchange,
            publication=self.house,
            draw=lambda: f"challenge-{next(self.numbers)}",
            clock=lambda: self.now,
        )

    def rows(self) -> list[object]:
        with self.database.read() as connection:
            return list(connection.execute(schema.hub_subscription.select()))

    def due(self) -> bool:
        return self.listeners.waits(self.house.hubs, self.now)

    def document(self) -> bytes:
        with self.database.read() as connection:
            found = feeds.snapshot(connection, "all", FeedFormat.ATOM)
        assert found is not None
        return found.data


@pytest.fixture
def room(database: Database) -> Iterator[Room]:
    with database.write() as connection:
        put_publication(connection, feeds=[a_feed()])
    room = Room(database, a_publication())
    room.arrive()
    yield room
    room.exchange.close()


def test_a_listener_is_verified_told_of_changes_and_leaves(room: Room, ear: Ear) -> None:
    assert not room.due()
    assert room.ask(ear, secret="s3cret")
    assert room.due()
    assert room.announce() == job.Announced(verified=1)
    question = ear.asked[-1]
    assert question["mine"] == "1"  # what the callback says of itself stays
    assert (question["hub.mode"], question["hub.lease_seconds"]) == ("subscribe", "86400")
    assert ear.told == []  # what it has seen by now it need not be told
    assert room.announce() == job.Announced()
    room.arrive()
    assert room.due()
    assert room.announce() == job.Announced(told=1)
    ((headers, body),) = ear.told
    assert body == room.document()
    assert headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert headers["x-hub-signature"] == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert '<https://news.example.org/websub/hub>; rel="hub"' in headers["link"]
    assert '<https://news.example.org/feeds/all.atom>; rel="self"' in headers["link"]
    assert room.announce() == job.Announced()
    assert room.ask(ear, Wish.UNSUBSCRIBE)
    assert room.announce() == job.Announced(verified=1)
    room.arrive()
    assert room.announce() == job.Announced()
    assert room.rows() == [] and len(ear.told) == 1


def test_nobody_is_told_who_did_not_ask(room: Room, ear: Ear) -> None:
    assert room.ask(ear, meant=False)
    assert room.announce() == job.Announced(refused=1)
    room.arrive()
    assert room.announce() == job.Announced()
    assert (ear.told, room.rows()) == ([], [])


def test_nobody_ends_the_subscription_of_another(room: Room, ear: Ear) -> None:
    room.ask(ear, secret="s3cret")
    room.announce()
    room.ask(ear, Wish.UNSUBSCRIBE, meant=False)
    assert room.announce() == job.Announced(refused=1)
    room.arrive()
    assert room.announce() == job.Announced(told=1)
    assert ear.told[0][0]["x-hub-signature"].startswith("sha256=")


def test_a_wish_with_another_secret_changes_nothing_until_it_is_verified(room: Room, ear: Ear) -> None:
    room.ask(ear, secret="first")
    room.announce()
    ear.wants.clear()
    room.ask(ear, secret="stolen", meant=False)
    room.arrive()
    room.announce()
    headers, body = ear.told[0]
    assert headers["x-hub-signature"] == "sha256=" + hmac.new(b"first", body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("status", "body", "yes"),
    [
        (200, "challenge-1", True),
        (204, "challenge-1\n", True),
        (200, "challenge", False),
        (200, "", False),
        (302, "challenge-1", False),
        (404, "challenge-1", False),
    ],
)
def test_only_the_challenge_itself_is_a_yes(status: int, body: str, yes: bool) -> None:
    assert job._says_yes(_answered(status, body), "challenge-1") is yes


def _answered(status: int, body: str) -> Answer:
    return Answer("https://ear.example/", status, (), body.encode(), "192.0.2.1")


def test_what_fails_is_tried_again_later_each_time_and_let_go(room: Room, ear: Ear) -> None:
    room.ask(ear)
    room.announce()
    room.arrive()
    ear.status = 503
    waits = []
    for _ in range(job.TELL_MAX):
        assert room.announce() == job.Announced(failed=1)
        assert not room.due() or room.rows() == []
        if rows := room.rows():
            waits.append((rows[0].next_try_at - room.now).total_seconds() / 60)
            room.now = rows[0].next_try_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert room.rows() == []
    assert len(ear.told) == job.TELL_MAX


def test_after_a_failure_the_newest_document_is_told_once(room: Room, ear: Ear) -> None:
    room.ask(ear)
    room.announce()
    room.arrive()
    ear.status = 500
    room.announce()
    room.arrive()
    ear.status = 200
    room.now += timedelta(minutes=2)
    assert room.announce() == job.Announced(told=1)
    assert ear.told[-1][1] == room.document()
    assert room.announce() == job.Announced()


def test_gone_is_gone(room: Room, ear: Ear) -> None:
    room.ask(ear)
    room.announce()
    room.arrive()
    ear.status = 410
    assert room.announce() == job.Announced(failed=1)
    assert room.rows() == []


def test_a_lease_ends_unless_it_is_renewed(room: Room, ear: Ear) -> None:
    room.ask(ear)
    room.announce()
    room.now += timedelta(hours=23)
    room.ask(ear)
    room.announce()
    room.now += timedelta(hours=23)
    room.arrive()
    assert room.announce() == job.Announced(told=1)
    room.now += timedelta(hours=2)
    room.arrive()
    assert room.due()
    assert room.announce() == job.Announced()
    assert room.rows() == []


def test_a_callback_that_cannot_be_reached_is_asked_three_times(room: Room, ear: Ear) -> None:
    ask = Ask(Wish.SUBSCRIBE, "all.atom", "http://127.0.0.1:1/ear", "", 86400)
    assert room.listeners.ask(ask, host="127.0.0.1", now=room.now)
    for _ in range(job.VERIFY_MAX):
        assert room.announce() == job.Announced(refused=1)
        room.now += timedelta(hours=1)
    assert room.announce() == job.Announced()
    assert room.rows() == []


def test_col_06_a_private_callback_is_not_called(room: Room, ear: Ear) -> None:
    room.exchange.close()
    room.exchange = Transport(AddressPolicy(), user_agent="Test/1")
    room.ask(ear)
    for _ in range(job.VERIFY_MAX):
        room.announce()
        room.now += timedelta(hours=1)
    assert (ear.asked, room.rows()) == ([], [])


def test_pub_15_wishes_that_nobody_verified_are_bounded(room: Room) -> None:
    def ask(host: str, n: int) -> bool:
        callback = f"https://{host}/{n}"
        return room.listeners.ask(Ask(Wish.SUBSCRIBE, "all.atom", callback, "", 3600), host=host, now=room.now)

    taken = [ask("one.example", n) for n in range(listeners.WAITING_OF_A_HOST_MAX + 3)]
    assert taken.count(True) == listeners.WAITING_OF_A_HOST_MAX
    assert ask("two.example", 1)


def test_hubs_of_others_are_told_which_documents_changed(database: Database, ear: Ear) -> None:
    with database.write() as connection:
        put_publication(connection, feeds=[a_feed()])
    room = Room(database, a_publication(hubs=(ear.url,)))
    room.arrive()
    assert room.due()
    assert room.announce().pinged == 3
    told = [parse_qs(body.decode()) for _, body in ear.told]
    base = f"{room.house.base_url}/feeds/all"
    assert [one["hub.url"] for one in told] == [[f"{base}.atom"], [f"{base}.json"], [f"{base}.rss"]]
    assert {one["hub.mode"][0] for one in told} == {"publish"}
    assert room.announce().pinged == 0 and not room.due()
    ear.status = 500
    room.arrive()
    assert room.announce().pinged == 0
    ear.status = 204
    assert room.announce().pinged == 0
    room.now += timedelta(minutes=1)
    assert room.announce().pinged == 3
    room.exchange.close()


def test_two_at_once_tell_nobody_twice(room: Room, ear: Ear) -> None:
    room.ask(ear)
    room.announce()
    room.arrive()
    first = room.listeners.to_tell(room.now, limit=9, lease_seconds=60)
    assert len(first) == 1
    assert room.listeners.to_tell(room.now, limit=9, lease_seconds=60) == []
    room.now += timedelta(seconds=61)  # the first was killed: another takes it up
    assert room.announce() == job.Announced(told=1)
