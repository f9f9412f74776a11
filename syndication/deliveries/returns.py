"""Addresses that say what comes back by them, and whose it is. In: a key, ids. Out: an address; and the ids. Pure.

A bounce tells of a mailbox only when it comes to the address that one mail had as its sender (VERP), and that address
is signed: whoever makes one up, or has one of their own, can speak of nobody else's mailbox. Letter case does not
count, because relays change it.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

MAC_BYTES = 10
_TOKEN = re.compile(r"(?P<kind>[bu])(?P<first>[0-9a-z]{1,13})-(?P<second>[0-9a-z]{1,13})-(?P<mac>[a-z2-7]{16})")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class ReturnKind(StrEnum):
    BOUNCE = "b"
    LEAVE = "u"


@dataclass(frozen=True, slots=True)
class Token:
    """Of a BOUNCE the edition and the subscriber; of a LEAVE the subscription, and 0."""

    kind: ReturnKind
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Returns:
    """`bounces` and `leaves` are mailboxes, "bounces@example.org"; an empty one mints nothing.

    Without `verp` all bounces go to one address, and nothing is learned from them.
    """

    key: bytes
    bounces: str = ""
    leaves: str = ""
    verp: bool = True

    def bounce_address(self, edition_id: int, subscriber_id: int) -> str:
        if not self.verp or not self.bounces:
            return self.bounces
        return _tagged(self.bounces, self._token(ReturnKind.BOUNCE, edition_id, subscriber_id))

    def leave_address(self, subscription_id: int) -> str:
        return _tagged(self.leaves, self._token(ReturnKind.LEAVE, subscription_id, 0)) if self.leaves else ""

    def read(self, address: str) -> Token | None:
        """What an address of ours was minted for; None for every other."""
        local, _, domain = address.strip().strip("<>").lower().rpartition("@")
        name, _, token = local.partition("+")
        found = _TOKEN.fullmatch(token)
        if not found:
            return None
        kind = ReturnKind(found["kind"])
        if f"{name}@{domain}" != (self.bounces if kind is ReturnKind.BOUNCE else self.leaves).lower():
            return None
        first, second = int(found["first"], 36), int(found["second"], 36)
        same = hmac.compare_digest(self._token(kind, first, second).encode(), token.encode())
        return Token(kind, first, second) if same else None

    def _token(self, kind: ReturnKind, first: int, second: int) -> str:
        text = f"{kind.value}{_in_36(first)}-{_in_36(second)}"
        mac = hmac.new(self.key, b"returns\0" + text.encode(), hashlib.sha256).digest()[:MAC_BYTES]
        return f"{text}-{base64.b32encode(mac).decode().lower()}"


def _tagged(address: str, token: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"


def _in_36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
