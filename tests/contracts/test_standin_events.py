"""The stand-in tells of what it accepted as the service does: signed, told twice, out of order, again when refused."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from sendgrid import EventWebhook

from syndication.senders import sendgrid_body
from tests.senders.submissions import a_batch, a_reader
from tests.standin.handle import Handle


class Ear:
    """Hears posts, and refuses as many as it is told to."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.refuse = 0
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if ear.refuse:
                    ear.refuse -= 1
                    status = 503
                else:
                    ear.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                    status = 204
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/webhooks/sendgrid"

    def events(self) -> list[dict[str, Any]]:
        return [event for _, body in self.heard for event in json.loads(body)]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear()
    yield made
    made.close()


@pytest.fixture(scope="module")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handle]:
    made = Handle(tmp_path_factory.mktemp("standin") / "accepted")
    yield made
    made.stop()


def send(standin: Handle, *locals: str) -> None:
    readers = tuple(a_reader(n, address=f"{name}@readers.example") for n, name in enumerate(locals))
    body = json.dumps(sendgrid_body.build(a_batch(recipients=readers), sandbox=False, ip_pool=""))
    parts = urlsplit(standin.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.request("POST", "/v3/mail/send", body, {"Authorization": "Bearer SG.x"})
    assert connection.getresponse().status == 202
    connection.close()


def wait_told(standin: Handle) -> None:
    end = time.monotonic() + 60
    while standin.events()["pending"]:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_each_address_has_the_events_that_its_name_says(standin: Handle, ear: Ear) -> None:
    standin.tell_events(ear.url, samples=1)
    send(standin, "ada", "bounce-1", "spam-2", "drop-3", "defer-4")
    wait_told(standin)
    told = Counter((event["email"].partition("@")[0], event["event"]) for event in ear.events())
    assert told == Counter(
        [
            *(("ada", "processed"), ("ada", "delivered")),
            *(("bounce-1", "processed"), ("bounce-1", "bounce")),
            *(("spam-2", "processed"), ("spam-2", "delivered"), ("spam-2", "spamreport")),
            ("drop-3", "dropped"),
            *(("defer-4", "processed"), ("defer-4", "deferred"), ("defer-4", "delivered")),
            ("example", "processed"),
        ]
    )
    assert all(event["nl_sub"] and event["nl_dlv"] for event in ear.events() if event["sg_event_id"] != "sample")


def test_a_post_is_signed_as_the_services_own_library_verifies_it(standin: Handle, ear: Ear) -> None:
    standin.tell_events(ear.url)
    send(standin, "ada")
    wait_told(standin)
    ((headers, body),) = ear.heard
    library = EventWebhook(standin.event_key)
    signature = headers["x-twilio-email-event-webhook-signature"]
    timestamp = headers["x-twilio-email-event-webhook-timestamp"]
    assert library.verify_signature(body.decode(), signature, timestamp)
    assert not library.verify_signature(body.decode() + " ", signature, timestamp)
    assert body.startswith(b"[{") and body.endswith(b"}]\r\n") and b"},\r\n{" in body


def test_what_is_refused_comes_again_and_what_is_forged_comes_right_later(standin: Handle, ear: Ear) -> None:
    ear.refuse = 2
    standin.tell_events(ear.url, in_one=1)
    send(standin, "ada", "ben")
    wait_told(standin)
    assert len(ear.heard) == 4
    assert sorted(standin.events()["answers"][-6:]) == [204, 204, 204, 204, 503, 503]


def test_events_are_doubled_renamed_and_lost_to_order(standin: Handle, ear: Ear) -> None:
    standin.tell_events(ear.url, seed=3, double=1.0, rename=0.5, shuffle=True)
    send(standin, *(f"reader-{n}" for n in range(20)))
    standin.tell_events(ear.url, seed=3, lose=1.0)
    send(standin, "lost")
    wait_told(standin)
    ids = Counter(event["sg_event_id"].removesuffix("-again") for event in ear.events())
    assert len(ids) == 40 and min(ids.values()) == 2 and max(ids.values()) > 2
    assert not [event for event in ear.events() if event["email"].startswith("lost")]
