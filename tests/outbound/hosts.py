"""Hosts on loopback that do what a script says, connection by connection. They behave, and tell what they saw."""

import datetime
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answer(body: bytes = b"", status: str = "200 OK", headers: Iterable[str] = ()) -> bytes:
    """A whole answer, Content-Length told truly."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Talk:
    """One connection, from the host's side."""

    def __init__(self, connection: socket.socket, host: "Host") -> None:
        self.connection = connection
        self._host = host
        self._held = b""

    def read_head(self) -> bytes:
        """The request up to its empty line, or b"" when the other side has gone."""
        while b"\r\n\r\n" not in self._held:
            more = self.connection.recv(65536)
            if not more:
                return b""
            self._held += more
        head, _, self._held = self._held.partition(b"\r\n\r\n")
        self._host.heads.append(head.decode("latin-1"))
        return head

    def read_body(self, length: int) -> bytes:
        held = bytearray(self._held)
        while len(held) < length:
            more = self.connection.recv(65536)
            if not more:
                break
            held += more
        self._held = bytes(held[length:])
        return bytes(held[:length])

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def trickle(self, data: bytes, every_seconds: float) -> None:
        """A byte at a time, until the other side has gone or the test is over."""
        for byte in data:
            self.send(bytes([byte]))
            if self._host.over.wait(every_seconds):
                return

    def hang(self) -> None:
        """Say nothing more while the test lasts."""
        self._host.over.wait(30)

    def wait(self, seconds: float) -> bool:
        """Whether the test is over before so many seconds are."""
        return self._host.over.wait(seconds)

    def settle(self) -> None:
        """Wait a moment, so that the other side has read what was sent; a reset would destroy it."""
        self._host.over.wait(0.15)

    def reset(self) -> None:
        """End with RST rather than FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


Script = Callable[[Talk], None]


class Host:
    """Listens until `close`. `heads` are the requests it read, `connections` counts those it took."""

    def __init__(
        self, script: Script, *, address: str = "127.0.0.1", port: int = 0, context: ssl.SSLContext | None = None
    ) -> None:
        self.heads: list[str] = []
        self.connections = 0
        self.most_at_once = 0
        self.over = threading.Event()
        self._at_once = 0
        self._script = script
        self._context = context
        self._guard = threading.Lock()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = socket.socket(family)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        self._listener.bind((address, port))
        self._listener.listen(64)
        self.address = address
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def place(self) -> str:
        """As an allow-list names it."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"

    def url(self, path: str = "/", *, host: str | None = None) -> str:
        scheme = "https" if self._context else "http"
        return f"{scheme}://{host or self.address}:{self.port}{path}"

    def close(self) -> None:
        self.over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._guard:
                self.connections += 1
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        with suppress(OSError):
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            self._script(Talk(connection, self))
        with self._guard:
            self._at_once -= 1
        with suppress(OSError):
            connection.close()


def says(data: bytes) -> Script:
    """Answer each request of a connection with the same bytes."""

    def script(talk: Talk) -> None:
        while talk.read_head():
            talk.send(data)

    return script


def says_once(data: bytes) -> Script:
    """Answer one request, then close."""

    def script(talk: Talk) -> None:
        talk.read_head()
        talk.send(data)

    return script


def by_path(pages: dict[str, bytes]) -> Script:
    """Answer by path; 404 for any other."""

    def script(talk: Talk) -> None:
        while head := talk.read_head():
            talk.send(pages.get(head.split()[1].decode(), answer(status="404 Not Found")))

    return script


@dataclass(frozen=True)
class Papers:
    """Certificates of one made-up authority: its own file, and a host's context."""

    ca_file: str
    context: ssl.SSLContext


def make_papers(directory: Path, *, names: tuple[str, ...] = ("127.0.0.1",), days_left: int = 30) -> Papers:
    """An authority, and a certificate for `names` that runs out in `days_left` days (negative: it has)."""
    now = datetime.datetime.now(datetime.UTC)
    authority_key, authority = _certificate("Test authority", None, None, (), now - datetime.timedelta(99), now, 99)
    begins, ends = now - datetime.timedelta(60), now + datetime.timedelta(days_left)
    key, own = _certificate("Test host", authority_key, authority, names, begins, ends, 0)
    ca_file, chain = directory / "ca.pem", directory / "host.pem"
    ca_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(private + own.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return Papers(str(ca_file), context)


def _certificate(
    title: str,
    issuer_key: ec.EllipticCurvePrivateKey | None,
    issuer: x509.Certificate | None,
    names: tuple[str, ...],
    begins: datetime.datetime,
    ends: datetime.datetime,
    days_more: int,
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends + datetime.timedelta(days_more))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
    return key, builder.sign(issuer_key or key, hashes.SHA256())


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
