"""The event sender: tells of accepted mails by signed posts, as the service does, with a key pair of its own.

What a reader's events are, the local part of the address says: `bounce-*`, `late-*` (a bounce after the delivery,
without the message's id), `block-*`, `drop-*`, `spam-*`, `unsub-*`, `open-*`, `click-*`, `defer-N-*`; any other is
processed and delivered. Posts can be lost, doubled under the same ids and under new ones, shuffled, late, or signed by
somebody else; one that is not answered 2xx is sent again, at growing gaps by the stand-in's clock, which can go ahead.
"""

import base64
import http.client
import json
import random
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

BATCH_BYTES_MAX = 768 * 1024
GAPS = (0.2, 0.5, 1.0, 2.0)
TRIES_MAX = 60

STORIES: dict[str, tuple[dict[str, Any], ...]] = {
    "bounce": (
        {"event": "processed"},
        {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"},
    ),
    "block": ({"event": "processed"}, {"event": "bounce", "type": "blocked", "reason": "554 not today"}),
    "drop": ({"event": "dropped", "reason": "Bounced Address"},),
    "spam": ({"event": "processed"}, {"event": "delivered", "response": "250 ok"}, {"event": "spamreport"}),
    "unsub": ({"event": "processed"}, {"event": "delivered", "response": "250 ok"}, {"event": "unsubscribe"}),
    "open": ({"event": "processed"}, {"event": "delivered", "response": "250 ok"}, {"event": "open"}),
    "late": (
        {"event": "processed"},
        {"event": "delivered", "response": "250 ok"},
        {
            "event": "bounce",
            "type": "bounce",
            "status": "5.1.1",
            "reason": "550 5.1.1 no such user",
            "sg_message_id": None,
        },
    ),
    "click": (
        {"event": "processed"},
        {"event": "delivered", "response": "250 ok"},
        {"event": "open", "useragent": "a mail program", "ip": "192.0.2.7", "sg_machine_open": True},
        {"event": "click", "url": "https://news.example.org/", "url_offset": {"index": 0, "type": "html"}},
    ),
}
DEFERS_MAX = 9
USUAL: tuple[dict[str, Any], ...] = ({"event": "processed"}, {"event": "delivered", "response": "250 ok", "tls": 1})
SAMPLE = {"email": "example@test.example", "event": "processed", "sg_event_id": "sample", "category": ["cat facts"]}


class EventSender:
    """Posts in a thread of its own until closed. Options may be set at any time."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._forged = ec.generate_private_key(ec.SECP256R1())
        self._chance = random.Random(0)
        self._waiting: list[tuple[float, bytes, int]] = []
        self._changed = threading.Condition()
        self._closed = False
        self._options: dict[str, Any] = {}
        self.answers: list[int] = []
        threading.Thread(target=self._run, name="events", daemon=True).start()

    @property
    def public_key(self) -> str:
        data = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(data).decode()

    def order(self, options: dict[str, Any]) -> None:
        """`url`, `seed`, `delay` (seconds), `lose`, `double`, `rename`, `forge` (shares of 1), `shuffle`, `samples`."""
        with self._changed:
            self._options = dict(options)
            self._chance = random.Random(options.get("seed", 0))

    def tell(self, message_id: str, deliveries: list[dict[str, Any]], at: float) -> None:
        """Of a call that was accepted."""
        with self._changed:
            options, chance = self._options, self._chance
            if not options.get("url"):
                return
            events = [event for one in deliveries for event in _events(message_id, one, at)]
            told = [event for event in events if chance.random() >= options.get("lose", 0)]
            told += [dict(event) for event in told if chance.random() < options.get("double", 0)]
            for event in [event for event in told if chance.random() < options.get("rename", 0)]:
                told.append({**event, "sg_event_id": f"{event['sg_event_id']}-again"})
            told += [{**SAMPLE, "timestamp": int(at)}] * int(options.get("samples", 0))
            if options.get("shuffle"):
                chance.shuffle(told)
            for body in _bodies(told, size=options.get("in_one", 0)):
                due = self._clock() + chance.uniform(0, options.get("delay", 0.0))
                self._waiting.append((due, body, 0))
            self._changed.notify_all()

    def tell_these(self, events: list[dict[str, Any]]) -> None:
        """As they are, save for a time and an id where they have none."""
        with self._changed:
            at = int(self._clock())
            told = [
                {"timestamp": at, "sg_event_id": f"told-{n}-{self._chance.random()}", **one}
                for n, one in enumerate(events)
            ]
            self._waiting += [(self._clock(), body, 0) for body in _bodies(told, size=0)]
            self._changed.notify_all()

    def wake(self) -> None:
        """Its clock was put forward."""
        with self._changed:
            self._changed.notify_all()

    def pending(self) -> int:
        with self._changed:
            return len(self._waiting)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                due = min((one for one in self._waiting), default=None)
                if due is None or due[0] > self._clock():
                    self._changed.wait(0.05 if due is None else max(due[0] - self._clock(), 0.001))
                    continue
                url = self._options.get("url", "")
                forged = self._chance.random() < self._options.get("forge", 0)
            status = self._post(url, due[1], forged=forged)
            with self._changed:
                self.answers.append(status)
                self._waiting.remove(due)
                if not 200 <= status < 300 and due[2] + 1 < TRIES_MAX:
                    gap = 0.0 if forged else GAPS[min(due[2], len(GAPS) - 1)]
                    self._waiting.append((self._clock() + gap, due[1], due[2] + 1))

    def _post(self, url: str, body: bytes, *, forged: bool) -> int:
        """The status, 0 when nobody answered."""
        timestamp = str(int(time.time()))  # what verifies it goes by the world's clock
        key = self._forged if forged else self._key
        signature = base64.b64encode(key.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))).decode()
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        try:
            headers = {
                "Content-Type": "application/json",
                "X-Twilio-Email-Event-Webhook-Signature": signature,
                "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
            }
            connection.request("POST", parts.path, body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
        return answer.status


def _events(message_id: str, delivery: dict[str, Any], at: float) -> list[dict[str, Any]]:
    email = delivery["email"]
    story = _story(email)
    told = [
        {
            **delivery,
            "timestamp": int(at) + n,
            "sg_event_id": urlsafe_b64encode(f"{event['event']}-{email}-{message_id}-{n}".encode()).decode()[:100],
            "sg_message_id": f"{message_id}.filter0001.1.0",
            "smtp-id": f"<{message_id}@standin.example>",
            **event,
        }
        for n, event in enumerate(story)
    ]
    return [{key: value for key, value in event.items() if value is not None} for event in told]


def _story(email: str) -> tuple[dict[str, Any], ...]:
    kind, _, rest = email.partition("-")
    if kind != "defer":
        return STORIES.get(kind, USUAL)
    times = rest.partition("-")[0]
    later = [
        {"event": "deferred", "response": "451 later", "attempt": str(n + 1)}
        for n in range(min(int(times), DEFERS_MAX) if times.isdigit() else 1)
    ]
    return ({"event": "processed"}, *later, {"event": "delivered", "response": "250 ok"})


def _bodies(events: list[dict[str, Any]], *, size: int) -> list[bytes]:
    """As the service writes them, in bodies of bounded length; `size`: of so many events at most."""
    bodies: list[bytes] = []
    lines: list[bytes] = []
    for event in events:
        line = json.dumps(event).encode()
        if lines and (sum(map(len, lines)) + len(line) > BATCH_BYTES_MAX or (size and len(lines) >= size)):
            bodies.append(b"[" + b",\r\n".join(lines) + b"]\r\n")
            lines = []
        lines.append(line)
    if lines:
        bodies.append(b"[" + b",\r\n".join(lines) + b"]\r\n")
    return bodies
