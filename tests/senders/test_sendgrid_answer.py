"""What an answer means: the table of outcomes, row by row."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.model.delivery import Verdict
from syndication.model.exchange import Answer, Failure, FailureKind, Phase
from syndication.senders.sendgrid_answer import judge

NOW = 1_770_000_000.0


def an_answer(status, body=b"", **headers):
    named = tuple((name.lower().replace("_", "-"), value) for name, value in headers.items())
    return Answer("https://api.example/v3/mail/send", status, named, body, "192.0.2.1")


def a_failure(phase, status=None, kind=FailureKind.TIMEOUT, headers=()):
    return Failure("https://api.example/v3/mail/send", kind, phase, "as it happened", status, headers)


def errors(*pairs):
    return json.dumps({"errors": [{"message": m, "field": f, "help": None} for f, m in pairs]}).encode()


JSON_ERRORS = errors((None, "try later"))


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (an_answer(202, x_message_id="abc"), Verdict.ACCEPTED),
        (an_answer(202, b"\xff not empty"), Verdict.ACCEPTED),
        (a_failure(Phase.STATUS, 202), Verdict.ACCEPTED),  # the status line decides, even if the body is cut
        (an_answer(200), Verdict.VALIDATED),
        (an_answer(201), Verdict.UNCERTAIN),
        (an_answer(204), Verdict.UNCERTAIN),
        (an_answer(400, errors(("personalizations.1.to.0.email", "bad"))), Verdict.REFUSED),
        (an_answer(400, b"Bad Request"), Verdict.REFUSED),
        (an_answer(413, JSON_ERRORS), Verdict.TOO_LARGE),
        (an_answer(429, JSON_ERRORS), Verdict.DEFERRED),
        (a_failure(Phase.STATUS, 429), Verdict.DEFERRED),
        (an_answer(503, JSON_ERRORS), Verdict.DEFERRED),
        (an_answer(503, b"<html>busy</html>"), Verdict.UNCERTAIN),
        (an_answer(503), Verdict.UNCERTAIN),
        (an_answer(503, b'{"error": "not their shape"}'), Verdict.UNCERTAIN),
        (an_answer(503, b'["errors"]'), Verdict.UNCERTAIN),
        (a_failure(Phase.STATUS, 503), Verdict.UNCERTAIN),
        *[(an_answer(status, JSON_ERRORS), Verdict.UNCERTAIN) for status in (500, 502, 504, 599)],
        *[(an_answer(status, JSON_ERRORS), Verdict.STOPPED) for status in (401, 403, 404, 405, 415)],
        *[(an_answer(status, b"", location="https://x.example"), Verdict.STOPPED) for status in (301, 302, 307, 308)],
        (a_failure(Phase.STATUS, 302), Verdict.STOPPED),
        (an_answer(418), Verdict.STOPPED),
        (a_failure(Phase.JUDGED, kind=FailureKind.REFUSED), Verdict.STOPPED),
        (a_failure(Phase.CONNECT, kind=FailureKind.UNREACHABLE), Verdict.DEFERRED),
        (a_failure(Phase.CONNECT, kind=FailureKind.TLS), Verdict.DEFERRED),
        (a_failure(Phase.SENDING), Verdict.DEFERRED),
        (a_failure(Phase.AWAITING_STATUS), Verdict.UNCERTAIN),
        (a_failure(Phase.AWAITING_STATUS, kind=FailureKind.GARBLED), Verdict.UNCERTAIN),
        (a_failure(Phase.STATUS), Verdict.UNCERTAIN),
    ],
)
def test_del_05_del_06_each_answer_has_one_meaning(found, verdict):
    outcome = judge(found, recipients=500, now=NOW)
    assert outcome.verdict is verdict
    assert outcome.status == found.status
    assert outcome.phase == (found.phase.value if isinstance(found, Failure) and not found.status else "status")


def test_an_accepted_call_keeps_the_service_s_reference():
    assert judge(an_answer(202, x_message_id="Ab_-9"), recipients=2, now=NOW).provider_ref == "Ab_-9"
    cut = a_failure(Phase.STATUS, 202, headers=(("x-message-id", "Ab_-9"),))
    assert judge(cut, recipients=2, now=NOW).provider_ref == "Ab_-9"


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (errors(("personalizations.3.to.0.email", "bad")), ((3, "bad"),)),
        (
            errors(("personalizations[4].to", "b"), ("personalizations.0.headers", "a")),
            ((0, "a"), (4, "b")),
        ),
        (errors(("personalizations.3.to", "first"), ("personalizations.3.to.0.email", "second")), ((3, "first"),)),
        (errors(("personalizations.3.to", "bad"), ("subject", "also bad")), ((3, "bad"),)),
        (errors(("personalizations.500.to", "beyond")), ()),
        (errors(("from.email", "bad")), ()),
        (errors(("personalizations", "bad")), ()),
        (errors((None, "bad")), ()),
        (b'{"errors": ["odd", {"field": 7}, {}]}', ()),
        (b"Bad Request", ()),
        (b"", ()),
    ],
)
def test_del_07_the_readers_named_are_the_ones_refused(body, refused):
    outcome = judge(an_answer(400, body), recipients=500, now=NOW)
    assert (outcome.verdict, outcome.refused) == (Verdict.REFUSED, refused)


@pytest.mark.parametrize("status", [400, 413])
def test_del_07_a_single_reader_needs_no_naming(status):
    outcome = judge(an_answer(status, errors((None, "no good"))), recipients=1, now=NOW)
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.refused == ((0, f"{status} no good"),)


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        ("1770000030", 30.0),
        ("1770000900", 900.0),
        ("1770000901", None),
        ("1770000000", None),
        ("1769999999", None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("١٧٧٠٠٠٠٠٣٠", None),
        ("9" * 400, None),
    ],
)
def test_del_05_a_rate_limit_s_end_is_believed_when_it_is_sane(reset, seconds):
    outcome = judge(an_answer(429, b"", x_ratelimit_reset=reset), recipients=5, now=NOW)
    assert outcome.retry_after_seconds == seconds


def test_what_the_service_says_is_kept_short_and_printable():
    outcome = judge(an_answer(403, errors((None, "no\r\n\x1b[2Jentry " * 90))), recipients=5, now=NOW)
    assert outcome.detail.startswith("403 no")
    assert outcome.detail.isprintable()
    assert len(outcome.detail) <= 300


@given(st.integers(200, 599), st.binary(max_size=60), st.integers(1, 1000))
def test_no_answer_at_all_raises_and_only_202_is_accepted(status, body, recipients):
    outcome = judge(an_answer(status, body), recipients=recipients, now=NOW)
    assert (outcome.verdict is Verdict.ACCEPTED) == (status == 202)
    assert all(0 <= position < recipients for position, _ in outcome.refused)
