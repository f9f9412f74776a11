"""A TCP proxy on loopback that breaks one connection of some, drawn by a seed, and counts what it did.

    refuse           reset as soon as it is open
    cut-before-body  closed when the head of the request was read; nothing goes on
    cut-in-body      half of the body goes on, then both sides are closed
    cut-after-body   all goes on and is answered; the answer is not passed on, the connection is closed
    reset            the same with a reset
    cut-answer       the first bytes of the answer are passed on, then it is closed
    stall            all goes on and is answered; nothing comes back until the client leaves
    slow             everything passes, in small pieces

What was cut never goes on later: a provider that has not got the whole of a call will not get it afterwards.
"""

import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Self

FAULTS = (
    *("refuse", "cut-before-body", "cut-in-body", "cut-after-body", "reset", "cut-answer"),
    *("stall", "slow"),
)
PIECE, SLOW_PIECE = 65536, 4096
SLOW_SECONDS = 0.002
PATIENCE_SECONDS = 60.0


class Proxy:
    """`with Proxy(port, seed=1, chances={"reset": 0.02}) as proxy`: to `proxy.port` instead of `port`."""

    def __init__(self, port: int, *, seed: int, chances: Mapping[str, float]) -> None:
        unknown = set(chances) - set(FAULTS)
        if unknown:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        self._to = port
        self._chance = random.Random(seed)
        self.chances = dict(chances)
        self.struck: Counter[str] = Counter()
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def calm(self) -> None:
        """From now on everything passes."""
        self.chances = {}

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._serve, name="proxy", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(PATIENCE_SECONDS)

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            fault = self._draw()
            threading.Thread(target=self._pass, args=(client, fault), daemon=True).start()

    def _draw(self) -> str:
        drawn = self._chance.random()
        for fault, chance in self.chances.items():
            if drawn < chance:
                self.struck[fault] += 1
                return fault
            drawn -= chance
        return ""

    def _pass(self, client: socket.socket, fault: str) -> None:
        with client:
            client.settimeout(PATIENCE_SECONDS)
            try:
                if fault == "refuse":
                    _reset(client)
                else:
                    self._carry(client, fault)
            except OSError:
                return  # one side has gone, and so does the other

    def _carry(self, client: socket.socket, fault: str) -> None:
        head, rest, length = _head_of(client)
        if fault == "cut-before-body":
            return
        with socket.create_connection(("127.0.0.1", self._to), timeout=PATIENCE_SECONDS) as provider:
            whole = length // 2 if fault == "cut-in-body" else length
            provider.sendall(head + rest[:whole])
            self._body(client, provider, whole - len(rest[:whole]), slow=fault == "slow")
            if fault != "cut-in-body":
                self._answer(client, provider, fault)

    def _body(self, client: socket.socket, provider: socket.socket, left: int, *, slow: bool) -> None:
        while left > 0:
            piece = client.recv(min(left, SLOW_PIECE if slow else PIECE))
            if not piece:
                raise ConnectionAbortedError
            provider.sendall(piece)
            left -= len(piece)
            if slow:
                self._stop.wait(SLOW_SECONDS)

    def _answer(self, client: socket.socket, provider: socket.socket, fault: str) -> None:
        answer = b""
        while piece := provider.recv(PIECE):  # whatever it answered, it has done what it does
            answer += piece
        if fault == "cut-after-body":
            return
        if fault == "reset":
            _reset(client)
        elif fault == "cut-answer":
            client.sendall(answer[:5])
        elif fault == "stall":
            client.recv(1)  # b"" when the client has had enough
        elif fault == "slow":
            for at in range(0, len(answer), 16):
                client.sendall(answer[at : at + 16])
                self._stop.wait(SLOW_SECONDS)
        else:
            client.sendall(answer)


def _head_of(client: socket.socket) -> tuple[bytes, bytes, int]:
    """The head with its empty line, what of the body came along, and how long the body is."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(PIECE)
        if not piece:
            raise ConnectionAbortedError
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return head + b"\r\n\r\n", rest, int(lengths[0][15:]) if lengths else 0


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
