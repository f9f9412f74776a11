"""A Message -> the bytes of a mail (RFC 5322, MIME), ready for a relay or a file. Refuses to send what it cannot prove.

The finished bytes are read back and compared with what was meant, in `proof.py`; a difference is a SendError, never a
mail. Equal messages become equal bytes: the boundary, and a Message-ID that nobody gave, are made from the content.
"""

import binascii
import hashlib
import re
from email.utils import format_datetime

from syndication.errors import SendError
from syndication.model.delivery import Message
from syndication.senders import headers, proof

LINE_OCTETS = 76
OURS = frozenset(
    {"from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "mime-version", "content-type"}
    | {"content-transfer-encoding", "received", "dkim-signature", "return-path"}
    | {"resent-from", "resent-to", "resent-cc", "resent-bcc", "resent-sender"}
)
"""What `Message.headers` may not bring: made here from the message itself, or nobody's to set."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NEWLINES = re.compile(r"\r\n?|\n")
_UNSAFE = re.compile(rb"[^\t\r\n\x20-\x3c\x3e-\x7e]")
_TRAILING = re.compile(rb"[ \t](?=\n|\Z)")
_LEADING = re.compile(rb"^(?:\.|From )", re.MULTILINE)
_LONG_LINE = re.compile(rb"^.{%d,}$" % (LINE_OCTETS + 1), re.MULTILINE)
_CUT_SIGN = re.compile(rb"=[0-9A-F]?$")


def to_bytes(message: Message) -> bytes:
    """The mail, lines ending in CRLF, each within 998 octets, ASCII only. Raises SendError when it cannot be proved."""
    text, markup = body_text(message.text), body_text(message.html)
    meant = fields(message, text, markup)
    boundary = "=_" + digest(*(value for _, value in meant), text, markup)  # "=_" occurs in neither encoding
    content_type = f'multipart/alternative;\r\n boundary="{boundary}"\r\n'.encode("ascii")
    head = b"".join(line(name, value, message) for name, value in meant) + b"Content-Type: " + content_type
    parts = b"".join(
        f"--{boundary}\r\n".encode("ascii") + _part(kind, body) for kind, body in (("plain", text), ("html", markup))
    )
    data = head + b"\r\n" + parts + f"--{boundary}--\r\n".encode("ascii")
    proof.require(data, [*meant, ("Content-Type", "multipart/alternative")], (text, markup))
    return data


def body_text(text: str) -> str:
    """A body as it is sent: line ends made LF (CRLF on the wire), control characters but tab taken out."""
    clean = _CONTROLS.sub("", _NEWLINES.sub("\n", text))
    return clean.encode("utf-8", "replace").decode("utf-8")


def fields(message: Message, text: str, markup: str) -> proof.Fields:
    """Every header but Content-Type, with the value a reader's program must find. Order is the order on the wire."""
    if message.date is None:
        raise SendError("a mail without a date cannot be sent", why="RFC 5322 asks for one in every message")
    sender = message.sender
    found: proof.Fields = [
        ("Date", format_datetime(message.date)),
        ("From", proof.mailbox(headers.one_line(sender.name), sender.address.text)),
        ("To", message.to.text),
    ]
    if sender.reply_to:
        found.append(("Reply-To", sender.reply_to.text))
    found.append(("Subject", headers.one_line(message.subject)))
    extra = [(name, headers.one_line(value)) for name, value in message.headers]
    if not any(name.lower() == "message-id" for name, _ in extra):
        found.append(("Message-ID", f"<{digest(*(v for _, v in found), text, markup)}@{sender.address.domain}>"))
    found += [*extra, ("MIME-Version", "1.0")]
    refuse_strangers(extra)
    return found


def refuse_strangers(extra: proof.Fields) -> None:
    names = [name.lower() for name, _ in extra]
    wrong = {name for name in names if name in OURS} | {name for name in names if names.count(name) > 1}
    if wrong:
        raise SendError(
            f"a mail cannot carry the header {min(wrong)}",
            why="it is made from the message itself, or would stand there twice",
        )


def line(name: str, value: str, message: Message) -> bytes:
    if name == "From":
        return headers.mailbox(name, message.sender.name, message.sender.address.text)
    if name == "Subject":
        return headers.unstructured(name, value)
    return headers.verbatim(name, value)


def _part(kind: str, body: str) -> bytes:
    data = body.replace("\n", "\r\n").encode("utf-8")
    name, coded = ("quoted-printable", quoted_printable(data)) if as_quoted(data) else ("base64", base64_lines(data))
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {name}\r\n\r\n"
    return head.encode("ascii") + coded + b"\r\n"


def as_quoted(data: bytes) -> bool:
    """Whether quoted-printable is the shorter: what is not plain costs three octets for one, base64 four for three."""
    return len(data) + 2 * len(_UNSAFE.findall(data)) <= len(data) * 4 // 3


def quoted_printable(data: bytes) -> bytes:
    """RFC 2045, section 6.7, for text with CRLF. No line begins with a dot or "From ", so no relay alters one."""
    coded = data.replace(b"\r\n", b"\n")
    for unsafe in (_UNSAFE, _TRAILING, _LEADING):
        coded = unsafe.sub(_escape, coded)
    return _LONG_LINE.sub(_wrap, coded).replace(b"\n", b"\r\n")


def _escape(found: re.Match[bytes]) -> bytes:
    return b"=%02X" % found.group()[0] + found.group()[1:]


def _wrap(found: re.Match[bytes]) -> bytes:
    """A long line as lines that end in "=". An octet's three signs stay together."""
    rest, lines = found.group(), []
    while len(rest) > LINE_OCTETS:
        cut = LINE_OCTETS - 1
        split = _CUT_SIGN.search(rest[:cut])
        cut = split.start() if split else cut
        lines.append(rest[:cut] + b"=")
        rest = _LEADING.sub(_escape, rest[cut:])
    return b"\n".join([*lines, rest])


def base64_lines(data: bytes) -> bytes:
    coded = binascii.b2a_base64(data, newline=False)
    return b"\r\n".join(coded[at : at + LINE_OCTETS] for at in range(0, len(coded), LINE_OCTETS))


def digest(*values: str) -> str:
    return hashlib.blake2b("\x00".join(values).encode("utf-8"), digest_size=16).hexdigest()
