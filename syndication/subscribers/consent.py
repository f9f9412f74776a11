"""Consent to one newsletter. In: a subscription's state and what its owner does. Out: the next state, and which mail.

Pure: two tables and the spelling by which mailboxes are counted. A reader is mailed only after their own mailbox said
yes, and a link from an earlier life never undoes a later no.
"""

import hashlib
import hmac
from datetime import date
from enum import StrEnum

from syndication.model.subscriber import EmailAddress, SubscriptionState


class Letter(StrEnum):
    """The service mails that consent needs."""

    CONFIRM = "confirm"  # "press to confirm": something waits
    STANDING = "standing"  # "you get it already": asked again by, or about, a reader


ASKED: dict[SubscriptionState | None, SubscriptionState] = {
    None: SubscriptionState.PENDING,
    SubscriptionState.PENDING: SubscriptionState.PENDING,
    # Anybody can type an address: asking again must not stop what its owner confirmed.
    SubscriptionState.CONFIRMED: SubscriptionState.CONFIRMED,
    SubscriptionState.UNSUBSCRIBED: SubscriptionState.PENDING,
}

CONFIRMED: dict[SubscriptionState, SubscriptionState] = {
    SubscriptionState.PENDING: SubscriptionState.CONFIRMED,
    SubscriptionState.CONFIRMED: SubscriptionState.CONFIRMED,
    # Who left comes back by asking again, not by an old link.
    SubscriptionState.UNSUBSCRIBED: SubscriptionState.UNSUBSCRIBED,
}


def after_asking(state: SubscriptionState | None) -> SubscriptionState:
    """`state` None: there is no subscription yet."""
    return ASKED[state]


def after_confirming(state: SubscriptionState) -> SubscriptionState:
    return CONFIRMED[state]


def letter_for(states: list[SubscriptionState]) -> Letter:
    """Which mail answers a sign-up that left the asked subscriptions in these states."""
    return Letter.CONFIRM if SubscriptionState.PENDING in states else Letter.STANDING


DOTLESS = frozenset({"gmail.com", "googlemail.com"})
"""Hosts that deliver to one mailbox with or without dots in its name."""


def mailbox(address: EmailAddress) -> str:
    """The spelling by which budgets are counted: no plus tag, no case, no dots where they mean nothing (PUB-07)."""
    local, _, domain = address.norm.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def purpose_key(address: EmailAddress, day: date, key: bytes) -> str:
    """Names the one service mail that a mailbox may get on a day (UTC), whoever asks and however often (PUB-05)."""
    who = hmac.new(key, mailbox(address).encode(), hashlib.sha256).hexdigest()[:32]
    return f"consent:{who}:{day.isoformat()}"
