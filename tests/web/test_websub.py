"""The address that hubs call, over real HTTP: questions echoed as plain text, nothing told to who guesses."""

import http.client
import threading
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from syndication.model.hub import Offer
from syndication.storage import hub
from syndication.storage.hub import Hubs
from syndication.web.errors import make_errors
from syndication.web.public import starlette
from syndication.web.serve import Listener, serve
from syndication.web.websub import BODY_BYTES_MAX, HubCalls
from tests.builders import NOW, a_source, put_publication
from tests.conftest import free_port

TOPIC = "https://harbour-daily.example/feed"


@pytest.fixture
def calls(database) -> Iterator["Calls"]:
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0)])
        hub.offer(connection, {1: Offer("http://hub.example/", TOPIC)}, NOW)
    opened = Calls(database)
    yield opened
    opened.close()


class Calls:
    def __init__(self, database) -> None:
        self.hubs, self.woken, self.port = Hubs(database), 0, free_port()
        (lease,) = self.hubs.due(NOW, limit=1)
        self.callback = lease.callback
        with self.hubs.writing() as desk:
            desk.asking(lease, next_try_at=NOW + timedelta(hours=1))
        app = starlette(HubCalls(self.hubs, self._wake, lambda: NOW).routes(), make_errors(lambda name, **_: name))
        self.ended, up = threading.Event(), threading.Event()
        listener = Listener("public", "127.0.0.1", self.port, app=app)
        self.thread = threading.Thread(target=lambda: serve((listener,), wait=self.ended.wait, up=up.set))
        self.thread.start()
        assert up.wait(20)

    def _wake(self) -> None:
        self.woken += 1

    def ask(self, callback: str, **fields: str) -> tuple[int, str, str]:
        query = urlencode({f"hub.{name}": value for name, value in fields.items()})
        return self._send("GET", f"/websub/callback/{callback}?{query}")

    def post(self, callback: str, body: bytes) -> int:
        return self._send("POST", f"/websub/callback/{callback}", body)[0]

    def _send(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body)
        answer = connection.getresponse()
        found = answer.status, answer.getheader("content-type") or "", answer.read().decode()
        connection.close()
        return found

    def close(self) -> None:
        self.ended.set()
        self.thread.join(20)


def test_a_question_is_echoed_as_plain_text_and_only_when_we_asked(calls: Calls) -> None:
    script = "<script>alert(1)</script>"
    status, kind, body = calls.ask(calls.callback, mode="subscribe", topic=TOPIC, challenge=script, lease_seconds="60")
    assert (status, body) == (200, script)
    assert kind.startswith("text/plain")
    assert calls.ask(calls.callback, mode="unsubscribe", topic=TOPIC, challenge="x")[0] == 404
    assert calls.ask(calls.callback, mode="subscribe", topic="https://evil.example/", challenge="x")[0] == 404
    assert calls.ask("0" * 32, mode="subscribe", topic=TOPIC, challenge="x")[0] == 404
    assert calls.ask(calls.callback)[0] == 404


def test_news_wakes_the_collector_and_unknown_addresses_are_gone(calls: Calls) -> None:
    assert calls.post(calls.callback, b"news") == 410  # not verified yet
    calls.ask(calls.callback, mode="subscribe", topic=TOPIC, challenge="x")
    with calls.hubs.writing() as desk:
        desk._connection.exec_driver_sql("UPDATE source SET next_poll_at = '2027-01-01 00:00:00+00:00'")
    assert calls.post(calls.callback, b"news") == 202
    assert calls.woken == 1
    assert calls.post(calls.callback, b"news") == 202
    assert calls.woken == 1
    assert calls.post("0" * 32, b"news") == 410
    assert calls.post(calls.callback, b"x" * (BODY_BYTES_MAX + 1)) == 413
