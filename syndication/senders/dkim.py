"""DKIM signatures (RFC 6376; RFC 8463 for Ed25519). In: a mail's bytes. Out: its DKIM-Signature, as one header field.

Headers are signed relaxed, because relays fold them anew; the body as it stands, because ours has nothing in it that a
relay would tidy. From is named once more than it occurs, so that nobody can add another. Alone knows how keys are read.
"""

import base64
import hashlib
import re

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from syndication.errors import SettingsError

SIGNED = (
    *("from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id", "auto-submitted"),
)
"""RFC 8058 asks that one-click unsubscribe is signed; receivers ignore it otherwise."""
BITS_MIN = 1024
LINE = 68

_SPACES = re.compile(rb"[ \t]+")
_FOLDS = re.compile(rb"\r\n(?=[ \t])")


class Dkim:
    """Signs for one domain with one key. Raises SettingsError for a key that cannot be used."""

    def __init__(self, domain: str, selector: str, key: bytes) -> None:
        self._key = _read(key)
        algorithm = "rsa" if isinstance(self._key, rsa.RSAPrivateKey) else "ed25519"
        self._start = (f"v=1; a={algorithm}-sha256; c=relaxed/simple;", f" d={domain}; s={selector};")

    def __repr__(self) -> str:
        return f"Dkim({self._start[1].strip()})"

    def sign(self, mail: bytes) -> bytes:
        """The header field, to stand before the mail. Lines of `mail` end in CRLF."""
        head, _, body = mail.partition(b"\r\n\r\n")
        fields = _fields(head)
        names = [name for name in SIGNED for _ in range(len(fields.get(name, ())))]
        names.append("from")
        digest = base64.b64encode(hashlib.sha256(_simple(body)).digest())
        start = [line.encode("ascii") for line in self._start]
        lines = [*start, b" h=" + _folded(names) + b";", b" bh=" + digest + b";", b" b="]
        unsigned = b"DKIM-Signature: " + b"\r\n".join(lines)
        # Of fields of one name the last counts first (RFC 6376, section 5.4.2); one that is not there is nothing.
        rest = {name: list(found) for name, found in fields.items()}
        signed = [_relaxed(rest[name].pop()) + b"\r\n" for name in names if rest.get(name)]
        return unsigned + self._signature(b"".join(signed) + _relaxed(unsigned)) + b"\r\n"

    def _signature(self, data: bytes) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            raw = self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        else:
            raw = self._key.sign(hashlib.sha256(data).digest())
        coded = base64.b64encode(raw)
        return b"\r\n ".join(coded[at : at + LINE] for at in range(0, len(coded), LINE))


def public_key(key: bytes) -> str:
    """Of a private key, as it stands in the DNS (RFC 6376, section 3.6.1; RFC 8463, section 4)."""
    public = _read(key).public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        return base64.b64encode(public.public_bytes_raw()).decode()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(public.public_bytes(serialization.Encoding.DER, form)).decode()


def _fields(head: bytes) -> dict[str, list[bytes]]:
    """Header fields by lower-case name, each whole, in order."""
    found: dict[str, list[bytes]] = {}
    for field in re.split(rb"\r\n(?![ \t])", head):
        name = field.partition(b":")[0].strip().lower().decode("ascii", "replace")
        found.setdefault(name, []).append(field)
    return found


def _relaxed(field: bytes) -> bytes:
    """RFC 6376, section 3.4.2."""
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + _SPACES.sub(b" ", _FOLDS.sub(b"", value)).strip()


def _simple(body: bytes) -> bytes:
    """RFC 6376, section 3.4.3: empty lines at the end do not count."""
    while body.endswith(b"\r\n\r\n"):
        body = body[:-2]
    return body if body.endswith(b"\r\n") else body + b"\r\n"


def _folded(names: list[str]) -> bytes:
    lines, line = [], ""
    for name in names:
        if line and len(line) + len(name) > LINE:
            lines.append(line)
            line = ""
        line += f"{name}:"
    return "\r\n  ".join([*lines, line.rstrip(":")]).encode("ascii")


def _read(key: bytes) -> rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
    why = "it is an RSA or Ed25519 key in PEM, without a passphrase"
    try:
        found = serialization.load_pem_private_key(key, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError("the key that signs mail (DKIM) cannot be read", why=why) from error
    if isinstance(found, rsa.RSAPrivateKey) and found.key_size >= BITS_MIN:
        return found
    if isinstance(found, ed25519.Ed25519PrivateKey):
        return found
    raise SettingsError("the key that signs mail (DKIM) cannot be used", why=f"{why}, and of {BITS_MIN} bits at least")
