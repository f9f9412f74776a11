"""The states of consent, as tables."""

from datetime import date

import pytest

from syndication.model.subscriber import EmailAddress, SubscriptionState
from syndication.subscribers.consent import (
    DOTLESS,
    Letter,
    after_asking,
    after_confirming,
    letter_for,
    mailbox,
    purpose_key,
)

PENDING, CONFIRMED, UNSUBSCRIBED = SubscriptionState
KEY = b"k" * 32


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (None, PENDING),
        (PENDING, PENDING),
        (CONFIRMED, CONFIRMED),  # a stranger who types the address stops nothing
        (UNSUBSCRIBED, PENDING),
    ],
)
def test_asking_moves_a_subscription(state, then):
    assert after_asking(state) is then


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (PENDING, CONFIRMED),
        (CONFIRMED, CONFIRMED),
        (UNSUBSCRIBED, UNSUBSCRIBED),  # an old link brings nobody back
    ],
)
def test_confirming_moves_a_subscription(state, then):
    assert after_confirming(state) is then


@pytest.mark.parametrize(
    ("states", "letter"),
    [([PENDING], Letter.CONFIRM), ([CONFIRMED, PENDING], Letter.CONFIRM), ([CONFIRMED], Letter.STANDING)],
)
def test_the_letter_says_what_waits(states, letter):
    assert letter_for(states) is letter


@pytest.mark.parametrize(
    ("typed", "counted"),
    [
        ("Ada@Readers.example", "ada@readers.example"),
        ("ada+news@readers.example", "ada@readers.example"),
        ("a.d.a@readers.example", "a.d.a@readers.example"),  # dots mean something at most hosts
        *((f"a.d.a+x@{host}", f"ada@{min(DOTLESS)}") for host in sorted(DOTLESS)),  # where dots mean nothing
        ("+news@readers.example", "+news@readers.example"),
    ],
)
def test_pub_07_spellings_of_one_mailbox_share_a_budget(typed, counted):
    assert mailbox(EmailAddress.parse(typed)) == counted


def test_pub_05_one_key_for_a_mailbox_and_a_day():
    day = date(2026, 5, 7)
    first = purpose_key(EmailAddress.parse("ada+a@readers.example"), day, KEY)
    assert first == purpose_key(EmailAddress.parse("ADA+b@readers.example"), day, KEY)
    assert first != purpose_key(EmailAddress.parse("ada@readers.example"), date(2026, 5, 8), KEY)
    assert "ada" not in first
