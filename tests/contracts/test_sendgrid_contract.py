"""The stand-in, held against the contract: its schema and rules, and the product's bodies against both.

Where the service's own description lies beside the checkout, that is the third opinion.
"""

import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndication.model.delivery import Sender
from syndication.senders import sendgrid_body
from tests.senders.submissions import CONTENT, a_batch, a_reader
from tests.standin import rules

NOW = 1_770_000_000.0
OFFICIAL = Path(__file__).parents[3] / "shared" / "contracts" / "sendgrid-mail-v3.json"


def official_validator():
    """The service's own description of the body, None on a machine that has no copy."""
    if not OFFICIAL.exists():
        return None
    document = json.loads(OFFICIAL.read_text())
    body = document["components"]["requestBodies"]["PostMailSend"]["content"]["application/json"]["schema"]
    return jsonschema.Draft202012Validator({**body, "components": document["components"]})


VALIDATOR = official_validator()


def body_of(submission, **options):
    """As it leaves: through JSON, so that what is compared is what arrives."""
    return json.loads(json.dumps(sendgrid_body.build(submission, **{"sandbox": False, "ip_pool": "", **options})))


def require_conformance(body):
    assert rules.errors_in(body, NOW) == []
    if VALIDATOR is not None:
        assert [fault.message for fault in VALIDATOR.iter_errors(body)] == []


@pytest.mark.parametrize(
    ("submission", "options"),
    [
        (a_batch(1), {}),
        (a_batch(1000), {}),
        (a_batch(2, category=""), {"sandbox": True, "ip_pool": "digests"}),
        (a_batch(2, sender=Sender("", a_batch().sender.address)), {}),
        (a_batch(2, headers=()), {}),
        (a_batch(2, content=replace(CONTENT, html="[unsubscribe] <%x%> SG.a.b", subject="[weblink]")), {}),
        (a_batch(recipients=(a_reader(0, address="o'hara+{x}&co@xn--bcher-kva.example"),)), {}),
    ],
)
def test_every_body_conforms(submission, options):
    require_conformance(body_of(submission, **options))


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1), st.text())
@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_a_body_of_any_text_conforms(subject, text, markup, name):
    content = replace(CONTENT, subject="S" + subject, text="T" + text, html="H" + markup)
    submission = a_batch(2, content=content, sender=Sender(name, a_batch().sender.address))
    require_conformance(body_of(submission))


GOOD = body_of(a_batch(2))


def changed(change):
    body = deepcopy(GOOD)
    change(body)
    return body


def put(path, value):
    """A change: the value at a dotted path is another one."""

    def change(body):
        *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        holder = body
        for step in steps:
            holder = holder[step]
        if value is None:
            del holder[last]
        else:
            holder[last] = value

    return change


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("personalizations", put("personalizations", None)),
        ("personalizations", put("personalizations", [])),
        ("personalizations", lambda body: body.update(personalizations=body["personalizations"] * 501)),
        ("personalizations.1.to", put("personalizations.1.to", None)),
        ("personalizations.1.to", put("personalizations.1.to", [])),
        ("personalizations.0.to.0.email", put("personalizations.0.to.0.email", "not an address")),
        ("personalizations.0.to.0.email", put("personalizations.0.to.0.email", "jürgen@reader.example")),
        ("personalizations.0.to.0.email", put("personalizations.0.to.0.email", "a@b.example, c@d.example")),
        ("personalizations.0.to", put("personalizations.0.cc", [{"email": "READER0@reader.example"}])),
        ("from", put("from", None)),
        ("from.email", put("from.email", "nobody")),
        ("subject", put("subject", "")),
        ("subject", put("subject", "a\r\nb")),
        ("personalizations.0.subject", put("subject", None)),
        ("content", put("content", [])),
        ("content", put("content", None)),
        ("content", lambda body: body["content"].reverse()),
        ("content.0.value", put("content.0.value", "")),
        ("content.0.type", put("content.0.type", "text/plain\r\nX: y")),
        ("custom_args.n", put("custom_args", {"n": 1})),
        ("personalizations.0.custom_args.n", put("personalizations.0.custom_args.n", 7)),
        ("personalizations.0.custom_args", put("personalizations.0.custom_args.n", "x" * 10_000)),
        ("personalizations.0.substitutions.n", put("personalizations.0.substitutions.n", 7)),
        ("personalizations.0.substitutions", put("personalizations.0.substitutions.n", "å" * 5_000)),
        ("personalizations.0.substitutions", put("personalizations.0.substitutions", {str(n): "" for n in range(151)})),
        ("headers.Subject", put("headers.Subject", "mine")),
        ("headers.X-SG-EID", put("headers.X-SG-EID", "mine")),
        ("personalizations.0.headers.bcc", put("personalizations.0.headers.bcc", "all@evil.example")),
        ("headers.precedence", put("headers.precedence", "list")),
        ("headers.Bad Name", put("headers.Bad Name", "x")),
        ("headers.Ünder", put("headers.Ünder", "x")),
        ("headers.X-Count", put("headers.X-Count", 3)),
        ("headers.X-Long", put("headers.X-Long", "a\r\nBcc: b")),
        ("reply_to_list", put("reply_to_list", [{"email": "a@b.example"}])),
        ("send_at", put("send_at", int(NOW) + 72 * 3600 + 60)),
        ("personalizations.0.send_at", put("personalizations.0.send_at", int(NOW) + 80 * 3600)),
        ("send_at", put("send_at", "soon")),
        ("personalizations.0.substitutions", put("template_id", "d-1234")),
        ("personalizations.0.from.email", put("personalizations.0.from", {"email": "news@other.example"})),
        ("attachments.0.content", put("attachments", [{"content": "ä!", "filename": "a.txt"}])),
        ("attachments.0.filename", put("attachments", [{"content": "YQ==", "filename": "a\r\nb"}])),
        ("categories.0", put("categories", ["küste"])),
        ("categories", put("categories", ["a", "a"])),
        ("categories", put("categories", [str(n) for n in range(11)])),
        ("ip_pool_name", put("ip_pool_name", "x")),
        ("tracking_settings.open_tracking.enable", put("tracking_settings.open_tracking.enable", "no")),
        (
            "mail_settings.bypass_list_management",
            put("mail_settings", {f"bypass_{kind}_management": {"enable": True} for kind in ("list", "spam")}),
        ),
    ],
)
def test_the_stand_in_refuses_what_the_service_refuses(field, change):
    found = rules.errors_in(changed(change), NOW)
    assert field in {fault["field"] for fault in found}
    assert all(set(fault) == {"message", "field", "help"} for fault in found)


@pytest.mark.parametrize(
    "change",
    [
        put("custom_args", {"edition": "12"}),  # the published schema asks for a string here; the service takes objects
        put("send_at", int(NOW) + 71 * 3600),
        put("template_id", "11111111-2222-3333-4444-555555555555"),
        put("personalizations.0.to.0.name", "Mara"),
        put("personalizations.0.from", {"email": "desk@tideline.example"}),
        put("attachments", [{"content": "YQ==", "filename": "a.txt", "type": "text/plain"}]),
    ],
)
def test_the_stand_in_takes_what_the_service_takes(change):
    assert rules.errors_in(changed(change), NOW) == []


def test_several_errors_are_told_together():
    body = changed(lambda body: (put("headers.Subject", "x")(body), put("content", [])(body)))
    assert {fault["field"] for fault in rules.errors_in(body, NOW)} == {"headers.Subject", "content"}


def test_our_schema_refuses_whatever_the_official_one_refuses():
    changes = [put("from", None), put("subject", ""), put("content.0.value", ""), put("ip_pool_name", "x")]
    changes += [put("categories", ["a", "a"]), put("personalizations.0.to", None), put("send_at", "soon")]
    for change in changes:
        assert rules.errors_in(changed(change), NOW)
        assert VALIDATOR is None or not VALIDATOR.is_valid(changed(change))
