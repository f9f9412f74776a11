"""Subscriber: an address. Subscription: its consent to one newsletter."""

import hmac
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email

from syndication.model.choice import Cadence, Choice

PLAIN = re.compile(
    r"(?=[^@]{1,64}@[^@]{1,189}\Z)[A-Za-z0-9_][A-Za-z0-9_+-]*(?:\.[A-Za-z0-9_+-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9]|-(?!-)){0,60}(?<!-)\.)+[A-Za-z]{2,24}\Z"
)
"""Addresses of which nothing has to be looked up: most of all there are, judged twenty times faster."""
RESERVED = frozenset({"arpa", "invalid", "local", "localhost", "onion"})
"""Ends of domains that no mail reaches (RFC 6761)."""


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """One mailbox that a message can be sent to: ASCII dot-atom local part, domain in ASCII (DEL-09).

    `text` is as typed (trimmed, domain in ASCII); `norm` is the lower-case form by which an address is recognised.
    """

    text: str
    norm: str

    @classmethod
    def parse(cls, text: str) -> "EmailAddress":
        """Raises ValueError, in words for the person who typed it."""
        typed = text.strip()
        if PLAIN.match(typed) and typed.rpartition(".")[2].lower() not in RESERVED:
            local, _, domain = typed.rpartition("@")
            return cls(text=f"{local}@{domain.lower()}", norm=typed.lower())
        if len(typed) > 254:
            raise ValueError("an address has at most 254 characters")
        if any(unicodedata.category(character)[0] == "C" for character in typed):
            raise ValueError("an address has no control characters")
        try:
            found = validate_email(
                typed,
                check_deliverability=False,
                allow_smtputf8=False,
                allow_quoted_local=False,
                allow_domain_literal=False,
                test_environment=True,
            )
        except EmailNotValidError as error:
            raise ValueError(str(error)) from error
        if found.local_part.startswith("-"):
            raise ValueError("an address does not start with a dash")  # some relays read it as an option
        address = f"{found.local_part}@{found.ascii_domain}"
        return cls(text=address, norm=address.lower())

    @property
    def domain(self) -> str:
        return self.norm.rpartition("@")[2]

    def keyed_hash(self, key: bytes) -> str:
        """What survives erasure: 32 hex digits from which nobody without the key can tell the address."""
        return keyed_hash(self.norm, key)

    def __str__(self) -> str:
        return self.text


def keyed_hash(norm: str, key: bytes) -> str:
    """Of an address in its normal form."""
    return hmac.digest(key, norm.encode(), "sha256").hex()[:32]


class SubscriptionState(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class Subscriber:
    id: int
    address: EmailAddress
    locale: str = "en"
    zone: str = "UTC"
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """Proof of consent: the text that was shown, the form's version, when, and a keyed hash of the asking address."""

    text: str
    form: str
    asked_at: datetime
    network_hash: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    id: int
    subscriber: Subscriber
    newsletter_id: int
    newsletter_slug: str
    state: SubscriptionState
    cadence: Cadence
    choice: Choice = field(default_factory=Choice)
    paused_until: datetime | None = None
    requested_at: datetime | None = None
    confirmed_at: datetime | None = None
    unsubscribed_at: datetime | None = None
