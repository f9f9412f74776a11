"""The class of a refusal, by the words that were kept of it."""

import pytest

from syndication.deliveries.refusals import by_class, chosen, class_of
from syndication.model.refusal import Refusal, RefusalClass


@pytest.mark.parametrize(
    ("detail", "found"),
    [
        ("550 5.1.1 no such user", RefusalClass.MAILBOX),
        ("550 5.2.1 the mailbox is closed", RefusalClass.MAILBOX),
        ("552 5.2.2 mailbox full", RefusalClass.FULL),
        ("put off for 24 hours: 452 4.2.2 mailbox full", RefusalClass.PUT_OFF),
        ("550 5.7.1 not wanted here", RefusalClass.POLICY),
        ("554 looks like spam", RefusalClass.POLICY),
        ("552 5.3.4 message too big", RefusalClass.SIZE),
        ("a body of 21000000 bytes, 20971520 are allowed", RefusalClass.SIZE),
        ("413 the message is too large.", RefusalClass.SIZE),
        ("Does not contain a valid address.", RefusalClass.ADDRESS),
        ("the address is in this submission twice", RefusalClass.ADDRESS),
        ("550 5.1.7 bad sender", RefusalClass.ADDRESS),
        ("400 Bad Request", RefusalClass.OTHER),
        ("", RefusalClass.OTHER),
    ],
)
def test_del_07_a_refusal_has_a_class(detail: str, found: RefusalClass) -> None:
    assert class_of(detail) is found


def test_whoever_may_have_got_it_is_counted_and_chosen_never() -> None:
    refusals = [
        Refusal(1, 1, "552 5.2.2 mailbox full", doubtful=False),
        Refusal(2, 1, "552 5.2.2 mailbox full", doubtful=True),
        Refusal(3, 2, "550 5.1.1 no such user", doubtful=False),
    ]
    assert by_class(refusals) == {RefusalClass.MAILBOX: 1, RefusalClass.FULL: 1}
    assert chosen(refusals, [RefusalClass.FULL]) == refusals[:1]
