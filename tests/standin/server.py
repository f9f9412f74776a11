"""The stand-in's HTTP: reads a call whole, lets the rules decide, answers like the service or as a fault demands."""

import json
import secrets
import socket
import struct
import threading
import time
from base64 import urlsafe_b64encode
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.standin import activity, control, mails, rules
from tests.standin.events import EventSender
from tests.standin.faults import Faults, positions
from tests.standin.memory import Memory
from tests.standin.schedule import Schedule, beside

BODY_BYTES_MAX = 30 * 1024 * 1024
READ_BYTES_MAX = 64 * 1024 * 1024
HANG_SECONDS = 30.0
MAIL_SEND = "/v3/mail/send"
MAIL_BATCH = "/v3/mail/batch"
SCHEDULED = "/v3/user/scheduled_sends"
MESSAGES = "/v3/messages"
SCOPES = ["mail.send", "mail.batch.create", "user.scheduled_sends.create", "user.scheduled_sends.read"]

Answer = tuple[int, dict[str, str], bytes]


class StandIn(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, log: Path, *, key: str, verified: list[str], mails_in: Path | None) -> None:
        self.ahead = 0.0
        """How far its clock is ahead of the world's."""
        self.memory = Memory(log)
        self.schedule = Schedule(beside(log))
        self._kept_back: list[dict[str, Any]] = []
        self.faults = Faults()
        self.events = EventSender(self.now)
        self.key = key
        self.verified = [name.lower() for name in verified]
        self.mails_in = mails_in
        self.stopping = threading.Event()
        self._away = threading.Event()
        self._away_seconds = 0.0
        super().__init__(("127.0.0.1", port), Handler)

    def now(self) -> float:
        return time.time() + self.ahead

    def forward(self, seconds: float) -> None:
        """Its clock goes ahead; what was kept back until then goes out, or is discarded."""
        self.ahead += seconds
        due = [one for one in self._kept_back if one["send_at"] <= self.now()]
        self._kept_back = [one for one in self._kept_back if one["send_at"] > self.now()]
        for one in due:
            if self.schedule.status(one["batch_id"]) is None:
                self.events.tell(one["message_id"], one["deliveries"], one["send_at"])
        self.events.wake()

    def run(self) -> None:
        """Serve until told to stop; when told to be away, nobody listens for that long."""
        while not self.stopping.is_set():
            self.serve_forever(poll_interval=0.05)
            if self._away_seconds and not self.stopping.is_set():
                self._be_away()
        self.server_close()

    def refuse_connections(self, seconds: float) -> None:
        """Refused from the moment this returns, for so long. What is being answered is answered."""
        self._away.clear()
        self._away_seconds = seconds
        self.shutdown()
        self._away.wait(10)

    def stop(self) -> None:
        self.stopping.set()
        self.events.close()
        self.shutdown()

    def _be_away(self) -> None:
        self.socket.close()
        self._away.set()
        self.stopping.wait(self._away_seconds)
        self._away_seconds = 0.0
        self.socket = socket.socket(self.address_family, self.socket_type)
        self.server_bind()
        self.server_activate()

    def decide(self, authorization: str, body: bytes) -> tuple[Answer, dict[str, Any] | None]:
        """The service's answer, and the body when it is one to accept. In the order in which the service looks."""
        if not authorization.startswith("Bearer ") or (self.key and authorization != f"Bearer {self.key}"):
            return _errors(401, rules.error(None, "authorization required")), None
        document = _json(body)
        sender = _sender(document)
        if self.verified and sender and not self._is_verified(sender):
            told = "The from address does not match a verified Sender Identity."
            return _errors(403, rules.error("from", told)), None
        if len(body) > BODY_BYTES_MAX:
            return _errors(413, rules.error(None, "The message is too large.")), None
        if document is None:
            return _errors(400, rules.error(None, "Bad Request")), None
        found = rules.errors_in(document, self.now())
        if "batch_id" in document and not self.schedule.knows(document["batch_id"]):
            found = [*found, rules.error("batch_id", "invalid batch id")]
        if found:
            return _errors(400, *found), None
        over, limits = self.memory.over_limit(self.now())
        if over:
            return (429, limits, _json_bytes({"errors": [rules.error(None, "too many requests")]})), None
        if document.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
            return (200, limits, b""), None
        message_id = urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        return (202, {"X-Message-Id": message_id, **limits}, b""), document

    def accept(self, number: int, message_id: str, document: dict[str, Any]) -> None:
        deliveries = [
            {"email": box["email"], **one.get("custom_args", {})}
            for one in document["personalizations"]
            for box in one["to"]
        ]
        subject = document.get("subject", "")
        entry = {"number": number, "message_id": message_id, "at": self.now(), "subject": subject}
        entry |= {key: document[key] for key in ("batch_id", "send_at") if key in document}
        self.memory.accept({**entry, "deliveries": deliveries})
        if entry.get("send_at", 0) > self.now():
            self._kept_back.append({"batch_id": "", **entry, "deliveries": deliveries})
        else:
            self.events.tell(message_id, deliveries, entry["at"])
        if self.mails_in:
            mails.write_mails(self.mails_in, message_id, document)

    def _is_verified(self, sender: str) -> bool:
        return sender.lower() in self.verified or sender.lower().rpartition("@")[2] in self.verified


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: StandIn

    def handle(self) -> None:
        """One request a connection, as the service does with `Connection: close`."""
        self.number = 0
        try:
            # Looked at, not read: a call is numbered before any of it is taken, the control API never is.
            start = self.connection.recv(64, socket.MSG_PEEK)
            if f" {MAIL_SEND}".encode() in start:
                self.number = self.server.memory.number()
            self.early = self.server.faults.strike(self.number, None) if self.number else None
            self.close_connection = True
            if self.early and self.early["kind"] == "close":
                self._reset()
            else:
                self.handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def do_GET(self) -> None:
        self._other("GET")

    def do_DELETE(self) -> None:
        self._other("DELETE")

    def do_PATCH(self) -> None:
        self._other("PATCH")

    def do_POST(self) -> None:
        if self.path == MAIL_SEND:
            self._take()
        else:
            self._other("POST")

    def _other(self, method: str) -> None:
        if self.path.startswith("/__control/"):
            self._control(method)
            return
        given = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.faults.strike_path(self.path)
        if fault and fault["kind"] == "drop" and not fault["accepted"]:
            return
        answer = self._asked(method, given) if fault is None or fault["accepted"] else _by_order(fault)
        if fault and fault["kind"] == "drop":
            return
        self._answer(_by_order(fault) if fault else answer)

    def _asked(self, method: str, given: bytes) -> Answer:
        """Everything but mails and the control API."""
        path, _, query = self.path.partition("?")
        if self.headers.get("Authorization", "") != f"Bearer {self.server.key}" and self.server.key:
            return _errors(401, rules.error(None, "authorization required"))
        now = self.server.now()
        if (method, path) == ("POST", MAIL_BATCH):
            return _document(201, {"batch_id": self.server.schedule.draw(now)})
        if method == "GET" and path.startswith(f"{MAIL_BATCH}/"):
            id = path.rpartition("/")[2]
            return _document(*((200, {"batch_id": id}) if self.server.schedule.knows(id) else (400, {"errors": []})))
        if path == SCHEDULED or path.startswith(f"{SCHEDULED}/"):
            id = path.removeprefix(SCHEDULED).strip("/")
            return _document(*self.server.schedule.answer(method, id, _json(given or b"null"), now))
        if (method, path) == ("GET", MESSAGES):
            return _document(*activity.answer(query, self.server.memory.accepted()))
        if (method, path) == ("GET", "/v3/scopes"):
            return _document(200, {"scopes": SCOPES})
        return _errors(404, rules.error(None, "not found"))

    def _take(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length // 2 if self.early else min(length, READ_BYTES_MAX))
        if len(body) < length:
            self._reset()
        else:
            self._mail_send(body)

    def _mail_send(self, body: bytes) -> None:
        answer, document = self.server.decide(self.headers.get("Authorization", ""), body)
        addresses = _addresses(document) if document else []
        fault = self.server.faults.strike(self.number, addresses)
        accepted = document is not None and (fault is None or fault["accepted"])
        if accepted:
            self.server.accept(self.number, answer[1]["X-Message-Id"], document)
        self.server.memory.capture(
            {
                "number": self.number,
                "status": answer[0],
                "accepted": accepted,
                "fault": fault["kind"] if fault else None,
                "headers": dict(self.headers.items()),
                "bytes": len(body),
                "body": body.decode("utf-8", "replace"),
            }
        )
        if fault is None:
            self._answer(answer)
        else:
            self._misbehave(fault, answer, addresses)

    def _misbehave(self, fault: dict[str, Any], answer: Answer, addresses: list[str]) -> None:
        kind = fault["kind"]
        if kind == "hang":
            self.server.stopping.wait(fault.get("seconds", HANG_SECONDS))
        elif kind == "reset":
            self._reset()
        elif kind == "garbage":
            self.wfile.write(b"\x16\x03\x01 what follows is no status line\r\n\r\n")
        elif kind == "truncate":
            self.wfile.write(_bytes((answer[0], {**answer[1], "Content-Length": "64"}, b"{}")))
        elif kind == "trickle":
            self._trickle(_bytes(answer), fault.get("gap", 0.2))
        elif kind == "redirect":
            elsewhere = f"http://127.0.0.1:{self.server.server_port}/__control/health"
            self._answer((302, {"Location": elsewhere}, b""))
        elif kind == "refuse":
            told = "Does not contain a valid address."
            named = [rules.error(f"personalizations.{n}.to.0.email", told) for n in positions(fault, addresses)]
            self._answer((400, {}, _json_bytes({"errors": named})))
        elif kind == "status":
            self._answer(_by_order(fault))

    def _answer(self, answer: Answer) -> None:
        self.wfile.write(_bytes(answer))

    def _trickle(self, data: bytes, gap: float) -> None:
        for n in range(len(data)):
            self.wfile.write(data[n : n + 1])
            if self.server.stopping.wait(gap):
                return

    def _reset(self) -> None:
        """RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _control(self, method: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        status, document = control.answer(self.server, method, self.path, self.rfile.read(length))
        self._answer((status, {"Content-Type": "application/json"}, _json_bytes(document)))

    def log_message(self, format: str, *args: object) -> None:
        pass


def _by_order(fault: dict[str, Any]) -> Answer:
    status = fault["status"]
    headers = {}
    if "reset_seconds" in fault:
        headers = {"X-RateLimit-Limit": "600", "X-RateLimit-Remaining": "0"}
        headers["X-RateLimit-Reset"] = str(int(time.time() + fault["reset_seconds"]))
    kind = fault.get("body", "json")
    if kind == "html":
        return status, {**headers, "Content-Type": "text/html"}, b"<html><body><h1>Something broke</h1></body></html>"
    if kind == "none":
        return status, headers, b""
    told = fault.get("message", responses.get(status, "error").lower())
    return status, headers, _json_bytes({"errors": [rules.error(fault.get("field"), told)]})


def _bytes(answer: Answer) -> bytes:
    status, headers, body = answer
    given = {"Server": "nginx", "Content-Length": str(len(body)), "Connection": "close", **headers}
    if body:
        given.setdefault("Content-Type", "application/json")
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status} {responses.get(status, 'Unknown')}\r\n{head}\r\n".encode() + body


def _document(status: int, document: Any) -> Answer:
    return status, {}, b"" if document is None else _json_bytes(document)


def _errors(status: int, *found: rules.Error) -> Answer:
    return status, {}, _json_bytes({"errors": list(found)})


def _json_bytes(document: object) -> bytes:
    return json.dumps(document).encode()


def _json(body: bytes) -> Any:
    """None for what is not JSON in UTF-8. A lone surrogate is not UTF-8 either, however it was escaped."""
    try:
        document = json.loads(body.decode("utf-8"))
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except ValueError:
        return None
    return document


def _sender(document: Any) -> str:
    sender = document.get("from") if isinstance(document, dict) else None
    address = sender.get("email") if isinstance(sender, dict) else None
    return address if isinstance(address, str) else ""


def _addresses(document: dict[str, Any]) -> list[str]:
    return [one["to"][0]["email"] for one in document["personalizations"]]
