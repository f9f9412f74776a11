"""The webhook, over real HTTP: verified before anything, on disk before 2xx, and one answer for whoever is refused."""

import base64
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sendgrid import EventWebhook

from syndication.errors import BusyError, SettingsError
from syndication.senders.sendgrid_events import SIGNATURE, TIMESTAMP, Keys
from syndication.storage import schema
from syndication.storage.database import Database
from syndication.storage.events import EventSpool
from syndication.web.errors import make_errors
from syndication.web.events import BODY_BYTES_MAX, EventDoor
from syndication.web.public import starlette
from syndication.web.serve import Listener, serve
from tests.builders import NOW
from tests.conftest import free_port

BODY = b'[{"event":"delivered","timestamp":1778135400,"sg_event_id":"a"},\r\n{"event":"open","timestamp":1778135}]\r\n'


class Signer:
    """A provider's key pair."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def public(self) -> str:
        data = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(data).decode()

    def headers(self, body: bytes, seconds: int = 0) -> dict[str, str]:
        timestamp = str(int(NOW.timestamp()) + seconds)
        signature = self._key.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: timestamp}


class Away(EventSpool):
    """A spool whose database is sometimes away."""

    away = False

    def put(self, *given: Any) -> None:
        if self.away:
            raise BusyError("the database cannot be used", why="it is away")
        super().put(*given)


class Door:
    """The door behind the real server."""

    def __init__(self, database: Database, *keys: str) -> None:
        self.database, self.port, self.woken = database, free_port(), 0
        self.spool = Away(database)
        self.clock = [NOW]
        self.door = EventDoor(
            "sendgrid", Keys(keys).judge, (SIGNATURE, TIMESTAMP), self.spool, self._wake, lambda: self.clock[0]
        )
        app = starlette(self.door.routes(), make_errors(lambda name, **_: name))
        self.ended, up = threading.Event(), threading.Event()
        listener = Listener("public", "127.0.0.1", self.port, app=app)
        self.thread = threading.Thread(target=lambda: serve((listener,), wait=self.ended.wait, up=up.set))
        self.thread.start()
        assert up.wait(20)

    def _wake(self) -> None:
        self.woken += 1

    def post(self, body: bytes, headers: dict[str, str], method: str = "POST") -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, "/webhooks/sendgrid", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def spooled(self) -> list[bytes]:
        with self.database.read() as connection:
            return list(connection.scalars(sa.select(schema.event_spool.c.body).order_by(schema.event_spool.c.id)))

    def counted(self) -> dict[str, int]:
        with self.database.read() as connection:
            return {row.kind: row.count for row in connection.execute(sa.select(schema.event_tally))}

    def close(self) -> None:
        self.ended.set()
        self.thread.join(20)
        assert not self.thread.is_alive()


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer()


@pytest.fixture
def door(database: Database, signer: Signer) -> Iterator[Door]:
    opened = Door(database, signer.public)
    yield opened
    opened.close()


def test_a_signed_body_is_kept_as_it_came_before_it_is_answered(door: Door, signer: Signer) -> None:
    assert door.post(BODY, signer.headers(BODY)) == (204, b"")
    assert (door.spooled(), door.woken) == ([BODY], 1)


def test_our_judgement_is_that_of_the_providers_own_library(signer: Signer) -> None:
    """An independent verifier agrees, for the body as it came and for one that was changed."""
    headers, library = signer.headers(BODY), EventWebhook(signer.public)
    for body in (BODY, BODY.replace(b"a", b"b"), BODY.strip()):
        ours = Keys([signer.public]).judge(headers, body, NOW) == "good"
        assert ours is bool(library.verify_signature(body.decode(), headers[SIGNATURE], headers[TIMESTAMP]))


def test_web_01_whatever_is_wrong_with_a_signature_is_answered_alike(door: Door, signer: Signer) -> None:
    good = signer.headers(BODY)
    again = json.dumps(json.loads(BODY)).encode()  # the same events, written anew
    wrong: list[tuple[bytes, dict[str, str]]] = [
        (BODY, {}),
        (BODY, {SIGNATURE: good[SIGNATURE]}),
        (BODY, {TIMESTAMP: good[TIMESTAMP]}),
        (BODY, {**good, SIGNATURE: ""}),
        (BODY, {**good, SIGNATURE: "not base64!"}),
        (BODY, {**good, SIGNATURE: base64.b64encode(b"no signature").decode()}),
        (BODY, {**good, SIGNATURE: "A" * 5000}),
        (BODY, {**good, TIMESTAMP: "yesterday"}),
        (BODY, {**good, TIMESTAMP: "-1"}),
        (BODY, {**good, TIMESTAMP: "9" * 30}),
        (BODY, Signer().headers(BODY)),
        (BODY.replace(b"delivered", b"bounce"), good),
        (again, good),
        (b"", good),
    ]
    answers = {door.post(body, headers) for body, headers in wrong}
    assert answers == {(403, b"")}
    assert (door.spooled(), door.woken) == ([], 0)
    door.door._written = float("-inf")
    door.post(BODY, {})
    assert sum(door.counted().values()) == len(wrong) + 1
    assert set(door.counted()) == {"refused unsigned", "refused forged"}


def test_a_digit_moved_across_verifies_and_is_still_no_list_of_events(signer: Signer) -> None:
    """The bytes that are signed are the same, so what protects is that a body is strict JSON (contract, section 5)."""
    from syndication.senders.sendgrid_events import parse

    good = signer.headers(BODY)
    moved = good[TIMESTAMP][-1:].encode() + BODY
    assert parse(moved).events == ()
    assert Keys([signer.public]).judge({**good, TIMESTAMP: good[TIMESTAMP][:-1]}, moved, NOW) == "stale"


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(0, 204), (-25 * 3600, 204), (-27 * 3600, 403), (240, 204), (400, 403)],
)
def test_web_02_a_body_counts_for_a_day_and_two_hours(door: Door, signer: Signer, seconds: int, status: int) -> None:
    assert door.post(BODY, signer.headers(BODY, seconds)) == (status, b"")
    assert len(door.spooled()) == (status == 204)
    assert door.counted() == ({} if status == 204 else {"refused stale": 1})


def test_web_04_what_is_too_large_is_not_read(door: Door, signer: Signer) -> None:
    headers = signer.headers(BODY)
    with socket.create_connection(("127.0.0.1", door.port), timeout=20) as raw:
        named = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        raw.sendall(f"POST /webhooks/sendgrid HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n{named}\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 413")
    with socket.create_connection(("127.0.0.1", door.port), timeout=20) as raw:  # one that does not say how much comes
        raw.sendall(
            f"POST /webhooks/sendgrid HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n{named}\r\n".encode()
            + f"{BODY_BYTES_MAX + 1:x}\r\n".encode()
            + b"x" * (BODY_BYTES_MAX + 1)
        )
        assert raw.recv(100).startswith(b"HTTP/1.1 413")
    assert door.spooled() == []


def test_web_07_several_keys_are_in_force_while_one_is_exchanged(database: Database, signer: Signer) -> None:
    new, gone = Signer(), Signer()
    door = Door(database, signer.public, new.public)
    try:
        assert [door.post(BODY, one.headers(BODY))[0] for one in (signer, new, gone)] == [204, 204, 403]
    finally:
        door.close()


@pytest.mark.parametrize("text", ["", "no key", base64.b64encode(b"x" * 91).decode()])
def test_web_07_what_is_no_key_is_said_at_the_start(text: str) -> None:
    with pytest.raises(SettingsError, match="webhook_keys"):
        Keys([text])


def test_web_07_a_key_of_another_kind_is_said_at_the_start() -> None:
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    text = base64.b64encode(other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    with pytest.raises(SettingsError, match="P-256"):
        Keys([text])


def test_web_08_with_the_store_away_the_provider_is_asked_to_come_again(door: Door, signer: Signer) -> None:
    door.spool.away = True
    assert door.post(BODY, signer.headers(BODY)) == (503, b"")
    assert door.woken == 0
    door.spool.away = False
    assert door.post(BODY, signer.headers(BODY))[0] == 204
    assert door.spooled() == [BODY]


def test_web_03_many_at_once_are_all_kept(door: Door, signer: Signer) -> None:
    bodies = [BODY + b" " * n for n in range(60)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda body: door.post(body, signer.headers(body))[0], bodies))
    assert answers == [204] * 60
    assert sorted(door.spooled()) == sorted(bodies)


def test_a_get_is_no_event(door: Door) -> None:
    assert door.post(b"", {}, "GET")[0] == 405


def test_one_whose_transaction_failed_is_told_so_and_the_next_is_kept(database: Database) -> None:
    spool = EventSpool(database)
    with pytest.raises(sa.exc.StatementError):
        spool.put("sendgrid", BODY, NOW.replace(tzinfo=None))  # an instant without a zone is refused
    spool.put("sendgrid", BODY, NOW + timedelta(seconds=1))
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(schema.event_spool)) == 1
