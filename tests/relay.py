"""A relay for tests, over real sockets: it keeps what it accepted, and answers otherwise where a test says so.

It shares no code with the product. `answer(step, line, session)` is asked at each step ("connect", "ehlo", "starttls",
"auth", "mail", "rcpt", "data", "end", "quit") and answers None for the usual, bytes to send in place of it, or an act.
"""

import base64
import json
import socketserver
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DROP = "drop"  # hang up without a word
HANG = "hang"  # say nothing any more
TAKE_AND_DROP = "take and drop"  # accept, and hang up before saying so

Answer = bytes | str | None
Answers = Callable[[str, str, "Session"], Answer]


@dataclass
class Taken:
    sender: str
    recipient: str
    data: bytes
    at: float


@dataclass
class Relay:
    offers: tuple[str, ...] = ("PIPELINING", "SIZE 10240000", "8BITMIME", "ENHANCEDSTATUSCODES")
    answer: Answers = lambda step, line, session: None
    context: ssl.SSLContext | None = None
    implicit: bool = False
    user: tuple[str, str] | None = None
    log: Path | None = None
    taken: list[Taken] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    most_open: int = 0

    def __enter__(self) -> "Relay":
        relay = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                Session(relay, self.request).serve()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            request_queue_size = 100

            def handle_error(self, *_: Any) -> None:
                pass  # whoever hung up is no news

        self._lock = threading.Lock()
        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def got(self) -> Counter[str]:
        return Counter(one.recipient for one in self.taken)

    def take(self, one: Taken) -> None:
        with self._lock:
            self.taken.append(one)
            if self.log is not None:
                with self.log.open("a") as file:
                    file.write(json.dumps({"to": one.recipient, "from": one.sender, "at": one.at}) + "\n")

    def count(self, change: int) -> None:
        with self._lock:
            self.connections += change > 0
            self.open_now += change
            self.most_open = max(self.most_open, self.open_now)


class Gone(Exception):
    pass


class Session:
    def __init__(self, relay: Relay, sock: Any) -> None:
        self.relay, self.socket = relay, sock
        self.number = 0
        self.secure = relay.implicit
        self.sender, self.recipient = "", ""
        self.messages = 0
        self._rest = b""

    def serve(self) -> None:
        self.relay.count(1)
        self.number = self.relay.connections
        try:
            if self.relay.implicit and self.relay.context:
                self.socket = self.relay.context.wrap_socket(self.socket, server_side=True)
            self.say("connect", "", b"220 relay.example ESMTP\r\n")
            while self.command(self.line()):
                pass
        except (Gone, OSError):
            pass
        finally:
            self.relay.count(-1)
            self.socket.close()

    def line(self) -> str:
        while b"\r\n" not in self._rest:
            self._more()
        found, _, self._rest = self._rest.partition(b"\r\n")
        return found.decode("latin-1")

    def content(self) -> bytes:
        while not (b"\r\n" + self._rest).startswith(b"\r\n.\r\n") and b"\r\n.\r\n" not in self._rest:
            self._more()
        whole, _, self._rest = (b"\r\n" + self._rest).partition(b"\r\n.\r\n")
        return whole[2:].replace(b"\r\n..", b"\r\n.") + b"\r\n"

    def _more(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise Gone
        self._rest += data

    def say(self, step: str, line: str, usual: bytes) -> bytes:
        found = self.relay.answer(step, line, self)
        if found in (DROP, TAKE_AND_DROP):
            raise Gone
        if found == HANG:
            while self.socket.recv(65536):
                pass
            raise Gone
        said = usual if found is None else found
        assert isinstance(said, bytes)
        self.socket.sendall(said)
        if said[:3] == b"421":
            raise Gone
        return said

    def command(self, line: str) -> bool:
        self.relay.commands.append(line)
        verb = line.split(" ", 1)[0].upper()
        act = getattr(self, f"do_{verb.lower()}", None)
        if act is None:
            self.socket.sendall(b"500 5.5.2 what?\r\n")
            return True
        return bool(act(line))

    def do_ehlo(self, line: str) -> bool:
        offers = [one for one in self.relay.offers if one != "STARTTLS" or not self.secure]
        lines = ["relay.example", *offers]
        text = "".join(f"250{'-' if n < len(lines) - 1 else ' '}{one}\r\n" for n, one in enumerate(lines))
        self.say("ehlo", line, text.encode())
        return True

    def do_starttls(self, line: str) -> bool:
        self.say("starttls", line, b"220 2.0.0 go ahead\r\n")
        assert self.relay.context is not None
        self.socket = self.relay.context.wrap_socket(self.socket, server_side=True)
        self.secure, self._rest = True, b""
        return True

    def do_auth(self, line: str) -> bool:
        words = line.split(" ")
        if words[1].upper() == "PLAIN":
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
        else:
            self.socket.sendall(b"334 VXNlcm5hbWU6\r\n")
            user = base64.b64decode(self.line()).decode()
            self.socket.sendall(b"334 UGFzc3dvcmQ6\r\n")
            password = base64.b64decode(self.line()).decode()
        good = (user, password) == self.relay.user
        self.say("auth", line, b"235 2.7.0 welcome\r\n" if good else b"535 5.7.8 who are you?\r\n")
        return True

    def do_mail(self, line: str) -> bool:
        said = self.say("mail", line, b"250 2.1.0 ok\r\n")
        self.sender = line.partition("<")[2].partition(">")[0] if said.startswith(b"2") else ""
        self.recipient = ""
        self.begun = said.startswith(b"2")
        return True

    def do_rcpt(self, line: str) -> bool:
        self.recipient = line.partition("<")[2].partition(">")[0]
        said = self.say("rcpt", self.recipient, b"250 2.1.5 ok\r\n" if self.begun else b"503 5.5.1 MAIL first\r\n")
        if not said.startswith(b"2"):
            self.recipient = ""
        return True

    def do_data(self, line: str) -> bool:
        usual = b"354 go on\r\n" if self.recipient else b"503 5.5.1 RCPT first\r\n"
        if not self.say("data", self.recipient, usual).startswith(b"354"):
            return True
        data = self.content()
        found = self.relay.answer("end", self.recipient, self)
        if (found is None or found == TAKE_AND_DROP or str(found)[2:3] == "2") and self.recipient:
            self.messages += 1
            self.relay.take(Taken(self.sender, self.recipient, data, time.time()))
        if found in (DROP, TAKE_AND_DROP):
            raise Gone
        if found == HANG:
            while self.socket.recv(65536):
                pass
            raise Gone
        usual = b"250 2.0.0 queued as X1\r\n" if self.recipient else b"554 5.5.1 nobody to send it to\r\n"
        said = usual if found is None else found
        assert isinstance(said, bytes)
        self.socket.sendall(said)
        self.begun = False
        if said[:3] == b"421":
            raise Gone
        return True

    def do_rset(self, line: str) -> bool:
        self.begun, self.recipient = False, ""
        self.socket.sendall(b"250 2.0.0 ok\r\n")
        return True

    def do_quit(self, line: str) -> bool:
        self.socket.sendall(b"221 2.0.0 bye\r\n")
        return False
