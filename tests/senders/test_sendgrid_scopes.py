"""What an API key may do, as SendGrid tells it."""

import json

import pytest

from syndication.model.exchange import Answer, Failure, FailureKind, Phase
from syndication.senders.sendgrid_scopes import FENCES, request, trouble

URL = "https://api.sendgrid.com/v3/scopes"


def an_answer(status: int, body: str = "{}") -> Answer:
    return Answer(URL, status, (("content-type", "application/json"),), body.encode(), "192.0.2.1")


def test_the_key_goes_to_its_origin_only():
    asked = request("SG.x", "https://api.sendgrid.com")
    assert (asked.url, asked.redirects_max) == (URL, 0)
    assert asked.credentials == (("Authorization", "Bearer SG.x"),)
    assert "SG.x" not in str(asked.headers) + asked.url


def test_a_key_that_may_send_is_no_trouble():
    assert trouble(an_answer(200, json.dumps({"scopes": ["mail.send", "user.email.read"]}))) == ""


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (an_answer(200, '{"scopes": ["user.email.read"]}'), "lacks the scope 'mail.send'"),
        (an_answer(200, '{"scopes": "mail.send"}'), "lacks the scope"),
        (an_answer(200, "[]"), "cannot be read"),
        (an_answer(200, "<html>"), "cannot be read"),
        (an_answer(401), "refuses the key"),
        (an_answer(403), "refuses the key"),
        (an_answer(429), "its status is 429"),
        (Failure(URL, FailureKind.TIMEOUT, Phase.CONNECT, "no answer in 10 s"), "does not answer: no answer in 10 s"),
    ],
)
def test_a_trouble_is_named(answer, words):
    assert words in trouble(answer)


def test_a_key_that_is_to_cancel_calls_needs_more_scopes():
    plain = an_answer(200, json.dumps({"scopes": ["mail.send", "mail.batch.create"]}))
    assert trouble(plain) == ""
    assert "user.scheduled_sends.create, user.scheduled_sends.read" in trouble(plain, fenced=True)
    assert trouble(an_answer(200, json.dumps({"scopes": ["mail.send", *FENCES]})), fenced=True) == ""
