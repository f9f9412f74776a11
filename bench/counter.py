"""A provider that counts: takes Mail Send calls on loopback, looks into one of a hundred, answers 202. Used by send.py.

    python bench/counter.py [--delay 0.2] [--of 100]

It prints its address, serves until its standard input ends, and then prints one JSON line: `calls`, `readers`, `bytes`,
`checked`, `faults` (of the bodies looked into), `first` and `last` (seconds of the monotonic clock).
"""

import argparse
import json
import socket
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.standin import rules

ANSWER = b"HTTP/1.1 202 Accepted\r\nServer: nginx\r\nContent-Length: 0\r\nConnection: close\r\nX-Message-Id: %s\r\n\r\n"


class Counter:
    def __init__(self, delay: float, of: int) -> None:
        self._delay, self._of = delay, of
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        self.told: dict[str, Any] = dict.fromkeys(("calls", "readers", "bytes", "checked", "first", "last"), 0)
        self._kept: deque[bytes] = deque()

    def serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            threading.Thread(target=self._take, args=(connection,), daemon=True).start()

    def _take(self, connection: socket.socket) -> None:
        with connection:
            head, body = _read(connection)
            if b"/v3/mail/send" not in head:
                return
            readers = body.count(b'"nl_dlv"')
            if self._delay:
                time.sleep(self._delay)
            with self._lock:
                number = self.told["calls"] = self.told["calls"] + 1
                self.told["readers"] += readers
                self.told["bytes"] += len(body)
                self.told["last"] = time.monotonic()
                self.told["first"] = self.told["first"] or self.told["last"]
                if number % self._of == 1 % self._of:
                    self._kept.append(bytes(body))
            connection.sendall(ANSWER % str(number).zfill(22).encode())

    def judge(self) -> list[str]:
        """What is wrong with the bodies that were kept. After the run, so that it costs the run nothing."""
        faults = []
        while self._kept:
            document = json.loads(self._kept.popleft())
            self.told["checked"] += 1
            faults += [str(fault) for fault in rules.errors_in(document, time.time())]
            tags = {tag for one in document["personalizations"] for tag in one["substitutions"]}
            if not all(any(tag in part["value"] for part in document["content"]) for tag in tags):
                faults.append("a tag that stands in no part")
        return faults


def _read(connection: socket.socket) -> tuple[bytes, bytearray]:
    data = bytearray()
    while (end := data.find(b"\r\n\r\n")) < 0:
        piece = connection.recv(65536)
        if not piece:
            return b"", data
        data += piece
    head = bytes(data[:end])
    length = int(next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))[15:])
    body = bytearray(length)
    have = len(data) - end - 4
    body[:have] = data[end + 4 :]
    view = memoryview(body)
    while have < length:
        count = connection.recv_into(view[have:])
        if not count:
            return b"", body
        have += count
    return head, body


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--of", type=int, default=100, help="one body of so many is looked into")
    given = parser.parse_args()
    counter = Counter(given.delay, given.of)
    threading.Thread(target=counter.serve, daemon=True).start()
    print(f"http://127.0.0.1:{counter.port}", flush=True)
    sys.stdin.read()
    faults = counter.judge()
    print(json.dumps({**counter.told, "faults": faults}), flush=True)


if __name__ == "__main__":
    main()
