"""The provider's bodies in our words: one table, and whatever is odd about a field."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.model.event import DeliveryEvent, EventKind, Parsed
from syndication.model.setback import SetbackKind
from syndication.senders.sendgrid_events import parse

AT = 1778135400
WHEN = datetime.fromtimestamp(AT, UTC)


def read(**fields: Any) -> DeliveryEvent:
    found = parse(json.dumps([{"timestamp": AT, "sg_event_id": "e1", **fields}]).encode())
    assert not found.aside
    (event,) = found.events
    return event


@pytest.mark.parametrize(
    ("fields", "kind", "setback"),
    [
        ({"event": "processed"}, EventKind.ACCEPTED, None),
        ({"event": "deferred", "response": "451 later", "attempt": "5"}, EventKind.DEFERRED, None),
        ({"event": "delivered", "tls": 1, "response": "250 OK"}, EventKind.DELIVERED, None),
        ({"event": "bounce", "type": "bounce", "status": "5.1.1"}, EventKind.BOUNCED, None),
        ({"event": "bounce", "type": "blocked", "status": "5.1.1"}, EventKind.BOUNCED, SetbackKind.SOFT),
        (
            {"event": "bounce", "type": "bounce", "bounce_classification": "INVALID ADDRESS"},
            EventKind.BOUNCED,
            SetbackKind.HARD,
        ),
        (
            {"event": "bounce", "type": "bounce", "bounce_classification": "Mailbox Unavailable"},
            EventKind.BOUNCED,
            SetbackKind.HARD,
        ),
        ({"event": "bounce", "bounce_classification": "Technical Failure"}, EventKind.BOUNCED, None),
        ({"event": "bounce"}, EventKind.BOUNCED, None),  # a delayed bounce has little to say
        ({"event": "dropped", "reason": "Bounced Address"}, EventKind.DROPPED, SetbackKind.HARD),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, EventKind.DROPPED, SetbackKind.LEFT),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, EventKind.DROPPED, SetbackKind.COMPLAINT),
        ({"event": "dropped", "reason": "Invalid"}, EventKind.DROPPED, SetbackKind.INVALID),
        ({"event": "dropped", "reason": "Invalid SMTPAPI header"}, EventKind.OUR_FAULT, None),
        ({"event": "dropped", "reason": "Spam Content (if spam checker app enabled)"}, EventKind.OUR_FAULT, None),
        ({"event": "dropped", "reason": "Recipient List over Package Quota"}, EventKind.QUOTA, None),
        ({"event": "dropped", "reason": "something new"}, EventKind.DROPPED, None),
        ({"event": "open", "sg_machine_open": True}, EventKind.ENGAGED, None),
        ({"event": "click", "url": "https://x.example/"}, EventKind.ENGAGED, None),
        ({"event": "spamreport"}, EventKind.COMPLAINED, SetbackKind.COMPLAINT),
        ({"event": "unsubscribe"}, EventKind.LEFT, SetbackKind.LEFT),
        ({"event": "group_unsubscribe", "asm_group_id": 10}, EventKind.LEFT, SetbackKind.LEFT),
        ({"event": "group_resubscribe"}, EventKind.ENGAGED, None),  # only the reader says yes, and says it to us
        ({"event": "account_status_change", "type": "compliance_suspend"}, EventKind.SUSPENDED, None),
        ({"event": "account_status_change", "type": "compliance_ban"}, EventKind.SUSPENDED, None),
        ({"event": "account_status_change", "type": "reactivate"}, EventKind.REACTIVATED, None),
        ({"event": "of next year"}, EventKind.UNKNOWN, None),
    ],
)
def test_each_event_in_our_words(fields: dict[str, Any], kind: EventKind, setback: SetbackKind | None) -> None:
    event = read(**fields)
    assert (event.kind, event.setback) == (kind, setback)


def test_the_ids_that_were_sent_along_come_back() -> None:
    event = read(event="delivered", nl_sub="attempt", nl_dlv="delivery", category=["morning", "x"], unheard_of={"a": 1})
    assert (event.id, event.attempt_id, event.delivery_id, event.at) == ("e1", "attempt", "delivery", WHEN)


@pytest.mark.parametrize("timestamp", [AT, float(AT), str(AT), AT * 1000])
def test_a_time_in_seconds_or_in_milliseconds(timestamp: Any) -> None:
    assert read(event="open", timestamp=timestamp).at == WHEN


@pytest.mark.parametrize(
    "item",
    [5, None, [], "x", {}, {"event": ""}, {"event": ["open"]}, {"event": "open"}]
    + [{"event": "open", "timestamp": at} for at in (None, True, -1, 0, "soon", 10**20, {}, "9" * 40)],
)
def test_web_04_what_is_no_event_is_set_aside_and_the_others_are_kept(item: Any) -> None:
    good = {"event": "open", "timestamp": AT}
    found = parse(json.dumps([good, item, good]).encode())
    assert len(found.events) == 2
    assert len(found.aside) == 1 and found.aside[0].reason


def test_web_03_an_id_counts_once_in_a_body_and_events_without_one_each() -> None:
    with_id, without = {"event": "open", "timestamp": AT, "sg_event_id": "a"}, {"event": "open", "timestamp": AT}
    assert len(parse(json.dumps([with_id, with_id, without, without]).encode()).events) == 3


def test_web_04_more_events_than_a_body_may_hold_are_set_aside() -> None:
    found = parse(json.dumps([{"event": "open", "timestamp": AT}] * 10).encode(), max_events=4)
    assert len(found.events) == 4
    assert found.aside[0].reason == "10 events in one body, 4 are taken"


def test_web_04_a_hundred_bad_ones_are_kept_in_one_piece() -> None:
    body = json.dumps(["bad"] * 100).encode()
    (aside,) = parse(body).aside
    assert aside.data == body and aside.reason.startswith("100 events cannot be read")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["event", "timestamp", "reason", "type", "status", "nl_sub"]), inner)
        ),
        max_leaves=20,
    )
)
def test_web_04_no_json_makes_it_raise(value: Any) -> None:
    assert isinstance(parse(json.dumps([value]).encode()), Parsed)


@given(st.binary(max_size=300))
def test_web_04_no_bytes_make_it_raise(data: bytes) -> None:
    assert isinstance(parse(data), Parsed)
