"""What a mail that came back says (RFC 3464, RFC 5965). In: its bytes, our addresses. Out: Returned. Pure.

Only three kinds mean anything: a report that our mail could not be delivered, a complaint in the form that receivers
send, and a wish to leave that came to a leave address. Automatic replies, our own mail in a loop and letters from
people are somebody else's to read: nothing is done about them, and nothing is ever answered (DEL-14).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import Message as Parsed
from email.utils import parsedate_to_datetime
from enum import StrEnum
from itertools import islice

from syndication.deliveries.returns import ReturnKind, Returns, Token

BYTES_MAX = 1024 * 1024
"""A report carries our mail at most; what is longer is not parsed."""
PARTS_MAX = 16
"""A report has four parts that hold others. What has more is not parsed: it may be nested without end."""
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
_HOLDS_OTHERS = re.compile(rb"content-type:\s*(?:multipart|message)/", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")


class ReturnedKind(StrEnum):
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    LEAVE = "leave"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Returned:
    """`token` says whose; `status` and `text` are the receiving host's own. `why` tells of an OTHER what it seems."""

    kind: ReturnedKind
    token: Token | None = None
    status: str = ""
    text: str = ""
    why: str = ""
    at: datetime | None = None
    """When a wish to leave came to our mail host. None: it does not say."""


def read(mail: bytes, returns: Returns, own_lists: str = "") -> Returned:
    """`own_lists` is how the List-Id of our own mail ends."""
    if len(mail) > BYTES_MAX:
        return Returned(ReturnedKind.OTHER, why="too long")
    if len(list(islice(_HOLDS_OTHERS.finditer(mail), PARTS_MAX + 1))) > PARTS_MAX:
        return Returned(ReturnedKind.OTHER, why="nested too deeply")
    parsed = message_from_bytes(mail, policy=policy.compat32)
    if own_lists and str(parsed.get("List-Id", "")).strip().endswith(f".{own_lists}>"):
        return Returned(ReturnedKind.OTHER, why="our own mail in a loop")
    token = _token(parsed, returns)
    if token is None:
        return Returned(ReturnedKind.OTHER, why="addressed to nobody whom we wrote to")
    if token.kind is ReturnKind.LEAVE:
        return _leave(parsed, token)
    return _report(parsed, token)


def _token(parsed: Parsed, returns: Returns) -> Token | None:
    addresses = (
        one for name in ADDRESSED for value in parsed.get_all(name, []) for one in _ADDRESS.findall(str(value))
    )
    return next((token for address in addresses if (token := returns.read(address))), None)


def _leave(parsed: Parsed, token: Token) -> Returned:
    """Mail programs send it by themselves at their owner's click; only a report of delivery is no such wish."""
    if parsed.get_content_type() == "multipart/report" or _auto_replied(parsed):
        return Returned(ReturnedKind.OTHER, token, why="an automatic reply")
    return Returned(ReturnedKind.LEAVE, token, at=_came_at(parsed))


def _came_at(parsed: Parsed) -> datetime | None:
    """By the line that our own host wrote, the uppermost; a sender's clock may be wrong, and is asked only without."""
    traces = parsed.get_all("Received", [])
    said = str(traces[0]).rpartition(";")[2] if traces else str(parsed.get("Date", ""))
    try:
        found = parsedate_to_datetime(" ".join(said.split()))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _report(parsed: Parsed, token: Token) -> Returned:
    kind = str(parsed.get_param("report-type", "")).lower()
    if parsed.get_content_type() != "multipart/report":
        return Returned(ReturnedKind.OTHER, token, why="an automatic reply" if _auto_replied(parsed) else "a letter")
    if kind == "feedback-report":
        told = _fields(parsed, "message/feedback-report")
        spam = any(one.get("feedback-type", "").lower() in ("abuse", "fraud") for one in told)
        return Returned(ReturnedKind.COMPLAINT if spam else ReturnedKind.OTHER, token, why="" if spam else "feedback")
    failed = [one for one in _fields(parsed, "message/delivery-status") if one.get("action", "").lower() == "failed"]
    if not failed:
        return Returned(ReturnedKind.OTHER, token, why="a report of a delay, or of success")
    text = failed[0].get("diagnostic-code", "").partition(";")[2] or failed[0].get("diagnostic-code", "")
    return Returned(ReturnedKind.BOUNCE, token, status=failed[0].get("status", ""), text=" ".join(text.split()))


def _fields(parsed: Parsed, of: str) -> list[dict[str, str]]:
    """Blocks of fields in the parts of that type, names in lower case."""
    found = []
    for part in parsed.walk():
        if part.get_content_type() == of:
            inner = part.get_payload()
            blocks: Iterable[Parsed] = inner if isinstance(inner, list) else [_as_block(str(inner))]  # type: ignore[assignment]
            found += [{name.lower(): str(value) for name, value in block.items()} for block in blocks]
    return found


def _as_block(text: str) -> Parsed:
    return message_from_bytes(text.encode("utf-8", "replace"), policy=policy.compat32)


def _auto_replied(parsed: Parsed) -> bool:
    """RFC 3834, section 5; and the header that some programs use in its place."""
    said = re.split(r"[\s;(]", str(parsed.get("Auto-Submitted", "no")).strip().lower())[0]
    return said == "auto-replied" or "X-Autoreply" in parsed or "X-Autorespond" in parsed
