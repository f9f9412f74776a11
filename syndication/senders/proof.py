"""Proof that finished bytes say what was meant, before they leave (REN-03). In: bytes, what was meant. Out: nothing.

The bytes are read with the standard library's parser, a stranger to the code that wrote them: one header more, one
value that decodes to something else, a body that differs by an octet, and the mail is stopped.
"""

import email
import email.policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as Parsed
from email.utils import getaddresses

from syndication.errors import SendError
from syndication.senders.headers import OCTETS_MAX

Fields = list[tuple[str, str]]


def require(data: bytes, meant: Fields, bodies: tuple[str, str]) -> None:
    """Raise SendError at the first difference between `data`, read back, and the headers and bodies that were meant.

    `meant` is in order, values decoded, on one line. `bodies` are the text and the HTML, with LF.
    """
    ends = data.count(b"\r\n")
    whole = data.count(b"\r") == data.count(b"\n") == ends and data.isascii() and b"\0" not in data
    if not whole or max(map(len, data.split(b"\r\n"))) > OCTETS_MAX:
        raise _differs("a line", "too long, or holds what no line may hold")
    parsed = email.message_from_bytes(data, policy=email.policy.compat32)
    names = list(parsed.keys())
    if parsed.defects or names != [name for name, _ in meant]:
        raise _differs("the headers", f"{len(meant)} were meant and {len(names)} were found")
    for name, value in meant:
        if _read(parsed, name) != value:
            raise _differs(f"the header {name}", "reads back as something else")
    _require_bodies(parsed, bodies)


def _require_bodies(parsed: Parsed, bodies: tuple[str, str]) -> None:
    parts = parsed.get_payload()
    kinds = [part.get_content_type() for part in parts if isinstance(part, Parsed)] if isinstance(parts, list) else []
    if kinds != ["text/plain", "text/html"]:
        raise _differs("the parts", f"found {kinds}")
    for part, body in zip(parts, bodies, strict=True):
        raw = part.get_payload(decode=True) if isinstance(part, Parsed) else None
        if not isinstance(raw, bytes) or raw.replace(b"\r\n", b"\n") != body.encode("utf-8"):
            raise _differs("a body", "reads back as something else")


def _read(parsed: Parsed, name: str) -> str:
    raw = str(parsed[name])
    if name == "Content-Type":
        return parsed.get_content_type()
    if name == "From":
        return ", ".join(mailbox(decoded(display), address) for display, address in getaddresses([raw]))
    return decoded(raw)


def mailbox(display: str, address: str) -> str:
    """A mailbox as `meant` spells it."""
    return f"{display} <{address}>" if display else address


def decoded(raw: str) -> str:
    """A header's value, unfolded, its encoded words read. Raises SendError for one that nobody can read."""
    try:
        return "".join(
            piece.decode(charset or "ascii") if isinstance(piece, bytes) else piece
            for piece, charset in decode_header(raw.replace("\r\n", "").replace("\n", ""))
        )
    except (HeaderParseError, LookupError, ValueError) as error:
        raise _differs("a header", "holds an encoded word that nobody can read") from error


def _differs(what: str, why: str) -> SendError:
    return SendError(f"a mail was stopped: {what} of the finished bytes is not what was meant", why=why)
