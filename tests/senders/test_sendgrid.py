"""SendGrid, against the stand-in over the real way out: every fault ends where the contract says."""

import json
import logging
import time
import traceback
from dataclasses import replace

import pytest

from syndication.errors import SettingsError
from syndication.model.delivery import Verdict
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.senders.sendgrid import SendGrid
from tests.senders.conftest import KEY
from tests.senders.submissions import CONTENT, TAGS, a_batch, a_reader


@pytest.fixture
def sendgrid(standin, transport):
    def make(**options):
        return SendGrid(KEY, **{"exchange": transport, "host": standin.url, "total_seconds": 10.0, **options})

    return make


def deliveries(standin):
    return [one["nl_dlv"] for call in standin.accepted() for one in call["deliveries"]]


def test_an_accepted_batch_is_in_the_log_and_has_the_service_s_reference(standin, sendgrid):
    outcome = sendgrid().submit(a_batch(3))
    (call,) = standin.accepted()
    assert (outcome.verdict, outcome.provider_ref) == (Verdict.ACCEPTED, call["message_id"])
    assert len(call["message_id"]) == 22
    assert [one["email"] for one in call["deliveries"]] == [f"reader{n}@reader.example" for n in range(3)]
    assert {one["nl_sub"] for one in call["deliveries"]} == {"att-0001"}
    assert [one["nl_dlv"] for one in call["deliveries"]] == [a_reader(n).delivery_id for n in range(3)]


def test_a_call_is_made_as_the_service_expects_it(standin, sendgrid):
    sendgrid().submit(a_batch(1))
    headers = {name.lower(): value for name, value in standin.request(1)["headers"].items()}
    assert headers["content-type"] == "application/json"
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["user-agent"].startswith("sendgrid/")
    assert "expect" not in headers


def test_a_sandbox_validates_and_queues_nothing(standin, sendgrid):
    outcome = sendgrid(sandbox=True).submit(a_batch(3))
    assert (outcome.verdict, outcome.status) == (Verdict.VALIDATED, 200)
    assert standin.accepted() == []


FAULTS = [
    ({"kind": "drop"}, Verdict.UNCERTAIN, True),
    ({"kind": "drop", "accepted": False}, Verdict.UNCERTAIN, False),
    ({"kind": "reset"}, Verdict.UNCERTAIN, True),
    ({"kind": "reset", "accepted": False}, Verdict.UNCERTAIN, False),
    ({"kind": "garbage"}, Verdict.UNCERTAIN, True),
    ({"kind": "hang", "seconds": 20}, Verdict.UNCERTAIN, False),
    ({"kind": "hang", "seconds": 20, "accepted": True}, Verdict.UNCERTAIN, True),
    ({"kind": "trickle", "gap": 0.5}, Verdict.UNCERTAIN, True),
    ({"kind": "truncate"}, Verdict.ACCEPTED, True),
    ({"kind": "redirect"}, Verdict.STOPPED, False),
    ({"kind": "refuse", "position": 1}, Verdict.REFUSED, False),
    ({"kind": "status", "status": 400, "body": "html"}, Verdict.REFUSED, False),
    ({"kind": "status", "status": 401}, Verdict.STOPPED, False),
    ({"kind": "status", "status": 403}, Verdict.STOPPED, False),
    ({"kind": "status", "status": 413}, Verdict.TOO_LARGE, False),
    ({"kind": "status", "status": 429, "reset_seconds": 60}, Verdict.DEFERRED, False),
    ({"kind": "status", "status": 429, "body": "none"}, Verdict.DEFERRED, False),
    ({"kind": "status", "status": 503}, Verdict.DEFERRED, False),
    ({"kind": "status", "status": 503, "body": "html"}, Verdict.UNCERTAIN, False),
    ({"kind": "status", "status": 503, "body": "none", "accepted": True}, Verdict.UNCERTAIN, True),
    *[({"kind": "status", "status": status}, Verdict.UNCERTAIN, False) for status in (500, 502, 504)],
    ({"kind": "status", "status": 500, "body": "html", "accepted": True}, Verdict.UNCERTAIN, True),
    ({"kind": "status", "status": 204, "body": "none"}, Verdict.UNCERTAIN, False),
]


@pytest.mark.parametrize(("rule", "verdict", "accepted"), FAULTS, ids=lambda value: str(value))
def test_del_05_del_06_each_fault_ends_in_its_verdict(standin, sendgrid, rule, verdict, accepted):
    standin.fault(**rule)
    outcome = sendgrid(total_seconds=1.5).submit(a_batch(3))
    assert outcome.verdict is verdict
    assert bool(standin.accepted()) is accepted
    if outcome.verdict in {Verdict.DEFERRED, Verdict.REFUSED, Verdict.TOO_LARGE, Verdict.STOPPED}:
        assert not standin.accepted()


def test_del_05_a_refused_connection_is_tried_again(standin, sendgrid):
    standin.ask("POST", "refuse", {"seconds": 0.3})
    outcome = sendgrid().submit(a_batch(3))
    assert (outcome.verdict, outcome.phase) == (Verdict.DEFERRED, "connect")
    assert standin.accepted() == []


@pytest.mark.parametrize("kind", ["close", "reset-mid-body"])
def test_del_05_a_connection_cut_before_the_body_was_read_is_never_taken_for_accepted(standin, sendgrid, kind):
    standin.fault(kind)
    outcome = sendgrid().submit(a_batch(3))
    # How much the kernel took before the cut decides between the two; both are true.
    assert outcome.verdict in {Verdict.DEFERRED, Verdict.UNCERTAIN}
    assert outcome.phase in {"sending", "awaiting-status"}
    assert standin.accepted() == []


def test_del_05_a_large_body_cut_half_way_is_known_not_to_be_accepted(standin, sendgrid):
    standin.fault("reset-mid-body")
    large = replace(CONTENT, html=CONTENT.html + "<p>The tide comes in.</p>\n" * 400_000)
    outcome = sendgrid().submit(a_batch(3, content=large))
    assert (outcome.verdict, outcome.phase) == (Verdict.DEFERRED, "sending")


def test_del_05_a_rate_limit_says_when_to_come_back(standin, sendgrid):
    standin.fault("status", status=429, reset_seconds=60, times=2)
    outbox = sendgrid()
    waits = [outbox.submit(a_batch(1)).retry_after_seconds for _ in range(2)]
    assert all(50 < wait <= 60 for wait in waits)
    assert outbox.submit(a_batch(1)).verdict is Verdict.ACCEPTED


def test_del_05_the_total_deadline_holds_while_an_answer_trickles(standin, sendgrid):
    standin.fault("trickle", gap=0.3)
    begun = time.monotonic()
    outcome = sendgrid(total_seconds=1.2).submit(a_batch(1))
    assert 1.0 <= time.monotonic() - begun < 3.0
    assert (outcome.verdict, outcome.phase) == (Verdict.UNCERTAIN, "awaiting-status")


def test_del_06_a_wrong_key_stops_sending_and_is_no_reader_s_fault(standin, transport):
    outcome = SendGrid("SG.another.key", exchange=transport, host=standin.url).submit(a_batch(3))
    assert (outcome.verdict, outcome.status, outcome.refused) == (Verdict.STOPPED, 401, ())
    assert outcome.detail == "401 authorization required"


def test_del_06_a_host_that_our_policy_forbids_stops_sending(standin):
    fenced = Transport(AddressPolicy(), user_agent="syndication-tests/1")
    outcome = SendGrid(KEY, exchange=fenced, host=standin.url).submit(a_batch(1))
    fenced.close()
    assert (outcome.verdict, outcome.phase) == (Verdict.STOPPED, "judged")
    assert standin.requests() == []


def test_a_redirect_is_not_followed_with_the_key_in_hand(standin, sendgrid):
    standin.fault("redirect")
    assert sendgrid().submit(a_batch(1)).status == 302
    assert len(standin.requests()) == 1


def test_a_proxy_of_the_environment_is_not_asked(standin, sendgrid, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert sendgrid().submit(a_batch(1)).verdict is Verdict.ACCEPTED


def test_del_07_one_bad_reader_of_a_thousand_is_named_and_the_rest_go_on(standin, sendgrid):
    readers = [a_reader(n) for n in range(1000)]
    readers[617] = a_reader(617, address="refused@reader.example")
    standin.fault("refuse", recipient="^refused@")
    outbox = sendgrid(batch_size=1000)
    outcome = outbox.submit(a_batch(recipients=tuple(readers)))
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.refused == ((617, "Does not contain a valid address."),)
    assert standin.accepted() == []
    del readers[617]
    assert outbox.submit(a_batch(recipients=tuple(readers))).verdict is Verdict.ACCEPTED
    assert len(set(deliveries(standin))) == 999


def test_del_07_a_reader_who_cannot_be_offered_costs_no_call(standin, sendgrid):
    readers = (a_reader(0), a_reader(1, values={TAGS.address_text: "x" * 9000}))
    outcome = sendgrid().submit(a_batch(recipients=readers))
    assert (outcome.verdict, [position for position, _ in outcome.refused]) == (Verdict.REFUSED, [1])
    assert standin.requests() == []


def test_a_common_header_that_cannot_go_stops_sending(standin, sendgrid):
    outcome = sendgrid().submit(a_batch(headers=(("Subject", "mine"),)))
    assert outcome.verdict is Verdict.STOPPED
    assert standin.requests() == []


@pytest.mark.parametrize("count", [1, 3])
def test_del_07_a_body_beyond_our_own_bound_is_not_offered(standin, sendgrid, count):
    vast = replace(CONTENT, html="<p>The tide comes in.</p>\n" * 900_000)
    outcome = sendgrid().submit(a_batch(count, content=vast))
    assert outcome.verdict is (Verdict.REFUSED if count == 1 else Verdict.TOO_LARGE)
    assert standin.requests() == []


def test_more_readers_than_the_service_takes_are_not_offered(standin, sendgrid):
    assert sendgrid().submit(a_batch(1001)).verdict is Verdict.TOO_LARGE
    assert standin.requests() == []


def test_a_thousand_readers_with_8_kb_of_their_own_come_through_byte_for_byte(standin, sendgrid):
    def own(n):
        start = f"{n} ščéß 漢字 🎣 \\ \" ' & </p> \t"
        return start + "漢" * ((7_990 - len(TAGS.address_text) - len(start.encode())) // 3)

    readers = tuple(a_reader(n, values={TAGS.address_text: own(n)}) for n in range(1000))
    outcome = sendgrid(batch_size=1000, total_seconds=60).submit(a_batch(recipients=readers))
    assert outcome.verdict is Verdict.ACCEPTED
    body = json.loads(standin.request(1)["body"])
    assert [one["substitutions"][TAGS.address_text] for one in body["personalizations"]] == [
        own(n) for n in range(1000)
    ]
    assert body["subject"] == CONTENT.subject
    assert [part["value"] for part in body["content"]] == [CONTENT.text, CONTENT.html]


def test_the_key_is_shown_nowhere(standin, sendgrid, caplog, capsys):
    logging.getLogger("python_http_client.client").setLevel(logging.DEBUG)
    outbox = sendgrid(total_seconds=1.0)
    outcomes = [outbox.submit(a_batch(1))]
    for rule in (
        {"kind": "status", "status": 401, "message": f"no such key: Bearer {KEY}"},
        {"kind": "status", "status": 400, "message": KEY, "field": "personalizations.0.to"},
        {"kind": "garbage"},
        {"kind": "hang", "seconds": 3},
    ):
        standin.no_faults()
        standin.fault(**rule)
        with caplog.at_level(logging.DEBUG):
            outcomes.append(outbox.submit(a_batch(1)))
    out, err = capsys.readouterr()
    shown = [repr(outbox), str(outbox), repr(outcomes), caplog.text, out, err]
    assert not [text for text in shown if KEY in text or KEY[:16] in text]


def test_the_key_is_in_no_trace_of_a_broken_exchange(standin):
    class Broken:
        def fetch(self, request):
            raise RuntimeError("the way out is broken")

    try:
        SendGrid(KEY, exchange=Broken(), host=standin.url).submit(a_batch(1))
    except RuntimeError:
        trace = traceback.format_exc()
    assert "the way out is broken" in trace
    assert KEY not in trace


@pytest.mark.parametrize("key", ["", "  ", "SG.x\r\nX-Other: y", "SG.schlüssel"])
def test_a_key_that_is_none_is_a_setting_to_correct(key, transport):
    with pytest.raises(SettingsError, match="no usable key") as caught:
        SendGrid(key, exchange=transport)
    assert key.strip() == "" or key not in str(caught.value)


@pytest.mark.parametrize("host", ["api.sendgrid.com", "ftp://api.sendgrid.com", "https://", "https://a.example/v3"])
def test_a_host_that_is_none_is_a_setting_to_correct(host, transport):
    with pytest.raises(SettingsError, match="cannot reach"):
        SendGrid(KEY, exchange=transport, host=host)


@pytest.mark.parametrize("size", [0, 1001])
def test_a_batch_size_that_the_service_does_not_take_is_a_setting_to_correct(size, transport):
    with pytest.raises(SettingsError, match="readers in a call"):
        SendGrid(KEY, exchange=transport, batch_size=size)
