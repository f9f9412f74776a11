"""A purpose and an id -> a token for a link, and back. In: keys, newest first. Pure; knows no database and no clock.

A token is the id and an HMAC-SHA256 over purpose and id (RFC 2104), cut to 18 bytes: it works for one purpose only,
needs no row to be checked, and never expires, so that an old unsubscribe link works for ever.
"""

import base64
import binascii
import hmac
from enum import StrEnum

from syndication.errors import SettingsError

KEY_BYTES_MIN = 16
ID_BYTES = 8
MAC_BYTES = 18
"""With the id 26 bytes; the chance to guess one is 1 in 2^144."""
TOKEN_LENGTH = 35


class Purpose(StrEnum):
    """What a token is good for. One made for a purpose is noise for all others."""

    CONFIRM = "confirm"  # the subject is a subscriber: the link confirms what they are shown
    UNSUBSCRIBE = "unsubscribe"  # the subject is a subscription
    FORM = "form"  # the subject is when a form was shown, and a number drawn for it


_SAID = {purpose: b"syndication " + purpose.value.encode() + b"\0" for purpose in Purpose}


class Signer:
    """Signs with the first key and believes all of them, so that keys can be changed while old links live on."""

    def __init__(self, keys: tuple[bytes, ...]) -> None:
        if not keys or any(len(key) < KEY_BYTES_MIN for key in keys):
            raise SettingsError(
                "the key that signs links is missing or too short",
                why=f"a key has at least {KEY_BYTES_MIN} bytes",
                fix="let `syndication init` draw one",
            )
        self._keys = keys

    def token(self, purpose: Purpose, subject_id: int) -> str:
        """Url-safe, 35 characters, the same each time. Raises ValueError for an id that does not fit in 63 bits."""
        if not 0 <= subject_id < 1 << 63:
            raise ValueError(f"a subject's id is 0 to 2^63 - 1, got {subject_id}")
        subject = subject_id.to_bytes(ID_BYTES, "big")
        return base64.urlsafe_b64encode(subject + _mac(self._keys[0], purpose, subject)).decode().rstrip("=")

    def read(self, purpose: Purpose, token: str) -> int | None:
        """The id that the token was made for, or None for any other text. Takes the same time for every wrong one."""
        data = _decode(token)
        subject, mac = data[:ID_BYTES], data[ID_BYTES:]
        # Every key is tried, also after one that fits: how long it takes must not tell which.
        fits = [hmac.compare_digest(mac, _mac(key, purpose, subject)) for key in self._keys]
        return int.from_bytes(subject, "big") if any(fits) else None


def _mac(key: bytes, purpose: Purpose, subject: bytes) -> bytes:
    return hmac.digest(key, _SAID[purpose] + subject, "sha256")[:MAC_BYTES]


def _decode(token: str) -> bytes:
    """The bytes of a well-formed token; of any other, bytes that no key signs."""
    nothing = bytes(ID_BYTES + MAC_BYTES)
    if len(token) != TOKEN_LENGTH or not token.isascii():
        return nothing
    try:
        data = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return nothing
    # Base64 leaves bits over at its end; only the spelling that we write is ours.
    same = base64.urlsafe_b64encode(data).decode().rstrip("=") == token
    return data if same else nothing
