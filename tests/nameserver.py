"""A name server for tests, over UDP on loopback: it tells what it is given, and says nothing where it is told to."""

import socket
import threading
from collections.abc import Mapping, Sequence

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class NameServer:
    """`records` by (name, kind). Names in `silent` are never answered, names in `broken` with an error."""

    def __init__(
        self,
        records: Mapping[tuple[str, str], Sequence[str]],
        *,
        silent: Sequence[str] = (),
        broken: Sequence[str] = (),
    ) -> None:
        self.records, self.silent, self.broken = dict(records), set(silent), set(broken)
        self.asked: list[tuple[str, str]] = []

    def __enter__(self) -> "NameServer":
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        closing = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        closing.sendto(b"", self._socket.getsockname())
        closing.close()
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            data, whence = self._socket.recvfrom(4096)
            if not data:
                return
            answer = self._answer(dns.message.from_wire(data))
            if answer is not None:
                self._socket.sendto(answer.to_wire(), whence)

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        (question,) = query.question
        name, kind = question.name.to_text().rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name in self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif found := self.records.get((name, kind)):
            texts = [_quoted(one) if kind == "TXT" else one for one in found]
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *texts))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer


def _quoted(text: str) -> str:
    pieces = [text[at : at + 200] for at in range(0, len(text), 200)]
    return " ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)
