"""Subscriber: an address. Subscription: its consent to one newsletter."""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email

from syndication.model.choice import Cadence, Choice


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
        return hmac.new(key, self.norm.encode(), hashlib.sha256).hexdigest()[:32]

    def __str__(self) -> str:
        return self.text


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
