"""SendGrid's Event Webhook: a signed body -> DeliveryEvents. In: bytes, headers, public keys. Out: yes or no; events.

The signature is over the timestamp's bytes and the body's as they came, so nothing is read before it is verified. No
delimiter parts the two: a digit moved across would verify too, so the timestamp is all digits and the body strict JSON.
What every event is in our words stands in one table; what a bounce leads to is not known here.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from syndication.errors import SettingsError
from syndication.model.event import DeliveryEvent, EventKind, Parsed, SetAside, Trust
from syndication.model.setback import SetbackKind

NAME = "sendgrid"
SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
AGE_SECONDS_MAX = 26 * 3600
"""The service tries for a day, and it is not written whether it stamps a retry anew."""
AHEAD_SECONDS_MAX = 300
SIGNATURE_CHARACTERS_MAX = 200
EVENTS_MAX = 20_000
PIECES_MAX = 50
"""More bad events than this in one body are set aside together, as the body that they came in."""

KINDS = {
    "processed": EventKind.ACCEPTED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "bounce": EventKind.BOUNCED,
    "dropped": EventKind.DROPPED,
    "spamreport": EventKind.COMPLAINED,
    "unsubscribe": EventKind.LEFT,
    "group_unsubscribe": EventKind.LEFT,
    "group_resubscribe": EventKind.ENGAGED,  # never acted on: only the reader says yes, and says it to us
    "open": EventKind.ENGAGED,
    "click": EventKind.ENGAGED,
}
DROPS = (
    # The beginning of the reason, in small letters; the kind of the event; what it says against the address.
    ("bounced address", EventKind.DROPPED, SetbackKind.HARD),
    ("unsubscribed address", EventKind.DROPPED, SetbackKind.LEFT),
    ("spam reporting address", EventKind.DROPPED, SetbackKind.COMPLAINT),
    ("invalid smtpapi", EventKind.OUR_FAULT, None),
    ("invalid", EventKind.DROPPED, SetbackKind.INVALID),
    ("recipient list over package quota", EventKind.QUOTA, None),
    ("spam content", EventKind.OUR_FAULT, None),
)
SUSPENSIONS = ("compliance_suspend", "compliance_deactivate", "compliance_ban", "suspend", "deactivate", "ban")
NO_MAILBOX = ("invalid", "mailbox unavailable")
"""How the classification of a bounce begins that means that there is no such mailbox."""


class Keys:
    """The public keys in force: one, or several while they are exchanged."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Each in base64, as the service shows it. Raises SettingsError for what is no key of its kind."""
        self._keys = [_key(text) for text in texts]

    def __bool__(self) -> bool:
        return bool(self._keys)

    def judge(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Trust:
        """Whether the service has signed these bytes, and not too long ago. `headers` by names in small letters."""
        timestamp, signature = headers.get(TIMESTAMP, ""), _signature(headers.get(SIGNATURE, ""))
        if signature is None or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            return Trust.FORGED
        signed = timestamp.encode() + body
        # Each key is tried, whichever fits: how long it takes says nothing of which one is in use.
        if not sum([_fits(key, signature, signed) for key in self._keys]):
            return Trust.FORGED
        age = now.timestamp() - int(timestamp)
        return Trust.GOOD if -AHEAD_SECONDS_MAX <= age <= AGE_SECONDS_MAX else Trust.STALE


def parse(body: bytes, *, max_events: int = EVENTS_MAX) -> Parsed:
    """The events of a verified body, each id once. What cannot be read is set aside, and the rest is kept."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:  # also for what is nested too deep
        return Parsed((), (SetAside(NAME, f"no JSON: {error}", body),))
    if not isinstance(found, list):
        return Parsed((), (SetAside(NAME, "no list of events", body),))
    events: dict[str, DeliveryEvent] = {}
    bad: list[SetAside] = []
    for item in found[:max_events]:
        try:
            event = _event(item)
        except _Unreadable as reason:
            bad.append(SetAside(NAME, str(reason), _bytes(item)))
        else:
            events.setdefault(event.id or f"no id {len(events)}", event)
    if len(found) > max_events:
        bad.append(SetAside(NAME, f"{len(found)} events in one body, {max_events} are taken", body))
    if len(bad) > PIECES_MAX:
        bad = [SetAside(NAME, f"{len(bad)} events cannot be read, the first: {bad[0].reason}", body)]
    return Parsed(tuple(events.values()), tuple(bad))


class _Unreadable(ValueError):
    pass


def _event(item: Any) -> DeliveryEvent:
    if not isinstance(item, dict):
        raise _Unreadable("an event that is no object")
    name = item.get("event")
    if not isinstance(name, str) or not name:
        raise _Unreadable("an event without a kind")
    kind, setback = KINDS.get(name, EventKind.UNKNOWN), None
    status, text = _text(item, "status", 20), ""
    if name == "bounce":
        setback, text = _bounce(item), _text(item, "reason", 500)
    elif name == "dropped":
        text = _text(item, "reason", 500)
        kind, setback = _drop(text)
    elif name == "deferred":
        text = _text(item, "response", 500)
    elif name == "spamreport":
        setback = SetbackKind.COMPLAINT
    elif name in ("unsubscribe", "group_unsubscribe"):
        setback = SetbackKind.LEFT
    elif name == "account_status_change":
        text = _text(item, "type", 60)
        kind = _account(text)
    return DeliveryEvent(
        id=_text(item, "sg_event_id", 100),
        kind=kind,
        at=_instant(item.get("timestamp")),
        attempt_id=_text(item, "nl_sub", 64),
        delivery_id=_text(item, "nl_dlv", 64),
        setback=setback,
        status=status,
        text=text,
    )


def _bounce(item: dict[str, Any]) -> SetbackKind | None:
    """None: the status and the text decide."""
    if _text(item, "type", 20) == "blocked":
        return SetbackKind.SOFT
    named = _text(item, "bounce_classification", 60).lower().startswith(NO_MAILBOX)
    return SetbackKind.HARD if named else None


def _drop(reason: str) -> tuple[EventKind, SetbackKind | None]:
    lowered = reason.lower()
    return next(((kind, setback) for start, kind, setback in DROPS if lowered.startswith(start)), _DROPPED)


_DROPPED = (EventKind.DROPPED, None)


def _account(type: str) -> EventKind:
    if type in SUSPENSIONS:
        return EventKind.SUSPENDED
    return EventKind.REACTIVATED if type.endswith("reactivate") else EventKind.UNKNOWN


def _text(item: dict[str, Any], name: str, longest: int) -> str:
    """Empty for what is missing or no text."""
    value = item.get(name, "")
    return value[:longest] if isinstance(value, str) else ""


def _instant(value: Any) -> datetime:
    """Seconds, or milliseconds as some samples have it."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e14:
        raise _Unreadable("an event without a time")
    return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)


def _bytes(item: Any) -> bytes:
    try:
        return orjson.dumps(item)
    except (TypeError, ValueError):  # a number or a text that can be read and not be written
        return repr(item).encode("utf-8", "backslashreplace")


def _key(text: str) -> ec.EllipticCurvePublicKey:
    try:
        found = load_der_public_key(base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, ValueError, TypeError) as error:
        raise SettingsError(
            "[sendgrid] webhook_keys has what is no public key",
            why=str(error) or "it cannot be read",
            fix="copy the verification key of the Event Webhook as the service shows it",
        ) from error
    if not isinstance(found, ec.EllipticCurvePublicKey) or not isinstance(found.curve, ec.SECP256R1):
        raise SettingsError("[sendgrid] webhook_keys has a key of another kind", why="it is no ECDSA key on P-256")
    return found


def _signature(text: str) -> bytes | None:
    if not 0 < len(text) <= SIGNATURE_CHARACTERS_MAX:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _fits(key: ec.EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
