"""What a bounce, a full mailbox, a complaint and a drop lead to, and what they do not."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.deliveries.bounces import DETAIL_MAX, kind_of, ruling, said_by, told
from syndication.model.event import DeliveryEvent, EventKind
from syndication.model.setback import Ruling, Setback, SetbackKind
from tests.builders import NOW


def a_setback(kind: SetbackKind, days: float = 0, about: str = "") -> Setback:
    return Setback(kind, NOW + timedelta(days=days), about or f"edition:{days}")


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        ("5.1.1", "", SetbackKind.HARD),
        ("5.1.2", "", SetbackKind.HARD),
        ("5.1.10", "the domain takes no mail", SetbackKind.HARD),
        ("5.2.1", "mailbox disabled", SetbackKind.HARD),
        ("", "550 5.1.1 no such user here", SetbackKind.HARD),
        ("5.1.1", "mailbox over quota, and gone", SetbackKind.HARD),
        ("5.1.8", "bad sender", SetbackKind.SOFT),  # it is ours that is not liked
        ("5.1.7", "", SetbackKind.SOFT),
        ("5.7.1", "policy", SetbackKind.SOFT),
        ("4.1.1", "", SetbackKind.SOFT),  # given up, yet not for good
        ("5.2.2", "", SetbackKind.FULL),
        ("4.2.2", "", SetbackKind.FULL),
        ("", "552 mailbox is full", SetbackKind.FULL),
        ("5.7.0", "user has exceeded the storage quota exceeded", SetbackKind.FULL),
        ("", "550 no", SetbackKind.SOFT),
        ("", "", SetbackKind.SOFT),
        ("", "from 10.5.1.1.20 to you", SetbackKind.SOFT),  # an address is no status
    ],
)
def test_a_status_says_what_a_bounce_is(status: str, text: str, kind: SetbackKind) -> None:
    assert kind_of(status, text) is kind


@pytest.mark.parametrize("kind", [SetbackKind.HARD, SetbackKind.INVALID, SetbackKind.COMPLAINT])
def test_del_10_a_hard_bounce_and_a_complaint_are_enough_alone(kind: SetbackKind) -> None:
    assert ruling(a_setback(kind), []).suppress


def test_del_10_who_left_is_not_suppressed() -> None:
    assert ruling(a_setback(SetbackKind.LEFT), []) == Ruling(leave=True)


@pytest.mark.parametrize(
    ("kind", "days", "suppressed"),
    [
        (SetbackKind.SOFT, [0], False),
        (SetbackKind.SOFT, [0, 1, 2, 3, 4], False),  # five in five days: one bad week at the other end
        (SetbackKind.SOFT, [0, 4, 8, 12], False),
        (SetbackKind.SOFT, [0, 4, 8, 12, 14], True),
        (SetbackKind.SOFT, [-100, 0, 1, 2, 3], False),  # the first is forgotten
        (SetbackKind.FULL, [0, 1, 2, 3, 4, 20, 29], False),
        (SetbackKind.FULL, [0, 30], False),  # twice in a month: nobody looked between
        (SetbackKind.FULL, [0, 15, 30], True),
    ],
)
def test_del_10_what_is_not_taken_counts(kind: SetbackKind, days: list[int], suppressed: bool) -> None:
    told_of = [a_setback(kind, day) for day in days]
    assert bool(ruling(told_of[-1], told_of[:-1]).suppress) is suppressed


def test_del_10_a_full_mailbox_and_a_soft_bounce_are_counted_apart() -> None:
    earlier = [a_setback(SetbackKind.FULL, day) for day in (0, 4, 8, 12)]
    assert ruling(a_setback(SetbackKind.SOFT, 20), earlier) == Ruling()


def test_one_mailing_counts_once() -> None:
    earlier = [a_setback(SetbackKind.SOFT, day, about="edition:1") for day in (0, 4, 8, 12)]
    assert ruling(a_setback(SetbackKind.SOFT, 15, about="edition:1"), earlier) == Ruling()


@given(st.permutations(range(7)), st.sampled_from([SetbackKind.SOFT, SetbackKind.FULL]))
def test_what_was_said_counts_in_any_order(order: list[int], kind: SetbackKind) -> None:
    told_of = [a_setback(kind, day * 6) for day in order]
    last = ruling(told_of[-1], told_of[:-1])
    assert last == ruling(a_setback(kind, 36), [a_setback(kind, day * 6) for day in range(6)])


def test_an_answer_is_kept_in_one_line_without_an_address() -> None:
    assert told("550 5.1.1 <ada@quay.example>:\r\n no such\x07 user") == "550 5.1.1 <…@quay.example>: no such user"


@given(st.text(max_size=2000))
def test_what_is_kept_of_an_answer_is_bounded_and_printable(text: str) -> None:
    kept = told(text)
    assert len(kept) <= DETAIL_MAX
    assert kept.isprintable()
    assert told(kept) == kept or "@" in kept


@pytest.mark.parametrize(
    ("kind", "setback", "status", "text", "said"),
    [
        (EventKind.BOUNCED, None, "5.1.1", "", SetbackKind.HARD),
        (EventKind.BOUNCED, SetbackKind.SOFT, "5.1.1", "", SetbackKind.SOFT),  # blocked, whatever the status
        (EventKind.BOUNCED, SetbackKind.HARD, "", "mailbox unavailable", SetbackKind.HARD),
        (EventKind.BOUNCED, SetbackKind.HARD, "5.2.2", "", SetbackKind.FULL),  # full mailboxes are "unavailable" too
        (EventKind.DROPPED, SetbackKind.INVALID, "", "", SetbackKind.INVALID),
        (EventKind.DROPPED, None, "5.1.1", "for a reason that is new", None),
        (EventKind.DELIVERED, None, "", "250 ok", None),
    ],
)
def test_what_an_event_says_against_its_address(
    kind: EventKind, setback: SetbackKind | None, status: str, text: str, said: SetbackKind | None
) -> None:
    assert said_by(DeliveryEvent("1", kind, NOW, setback=setback, status=status, text=text)) is said
