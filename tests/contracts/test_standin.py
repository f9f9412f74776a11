"""The stand-in as a program: its order of checks, its faults, its log, and that it knows nothing of the product."""

import ast
import email
import email.policy
import http.client
import json
import signal
import time
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.standin import faults
from tests.standin.handle import Handle

GOOD = {
    "from": {"email": "news@tideline.example", "name": "The Tideline"},
    "reply_to": {"email": "desk@tideline.example"},
    "subject": "Hej {at-7f3a91}",
    "content": [
        {"type": "text/plain", "value": "Hej {at-7f3a91}"},
        {"type": "text/html", "value": "<p>Hej {at-7f3a91} – ß</p>"},
    ],
    "personalizations": [
        {
            "to": [{"email": f"reader{n}@reader.example"}],
            "substitutions": {"{at-7f3a91}": f"Nº {n}"},
            "headers": {"List-Unsubscribe": f"<https://tideline.example/unsubscribe/{'t' * 90}{n}>"},
            "custom_args": {"nl_sub": "att-1", "nl_dlv": f"{n:032x}"},
        }
        for n in range(3)
    ],
    "headers": {"Precedence": "bulk"},
}


@pytest.fixture
def standin(tmp_path):
    options = ("--key", "SG.right.key", "--verified", "tideline.example", "--mails", str(tmp_path / "mails"))
    running = Handle(tmp_path / "accepted.jsonl", *options)
    yield running
    running.stop()


def call(standin, body=None, *, key="SG.right.key", path="/v3/mail/send", raw=None, method="POST"):
    """(status, headers, parsed body) of one call."""
    parts = urlsplit(standin.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    data = raw if raw is not None else json.dumps(GOOD if body is None else body).encode()
    try:
        connection.request(method, path, data, {"Authorization": f"Bearer {key}"} if key else {})
        answer = connection.getresponse()
        found = answer.read()
        return answer.status, dict(answer.getheaders()), json.loads(found) if found else None
    finally:
        connection.close()


def test_it_shares_no_code_with_the_product():
    for path in (Path(__file__).parents[1] / "standin").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "syndication"], path


def test_an_accepted_call_is_answered_like_the_service_does(standin):
    status, headers, body = call(standin)
    assert (status, body) == (202, None)
    assert {"Server": "nginx", "Content-Length": "0", "Connection": "close"}.items() <= headers.items()
    assert len(headers["X-Message-Id"]) == 22
    assert not [name for name in headers if name.lower().startswith("x-ratelimit")]


@pytest.mark.parametrize(
    ("given", "status", "field"),
    [
        ({"key": "SG.wrong.key"}, 401, None),
        ({"key": ""}, 401, None),
        ({"key": "SG.wrong.key", "raw": b"not json"}, 401, None),
        ({"body": {**GOOD, "from": {"email": "news@other.example"}}}, 403, "from"),
        ({"body": {**GOOD, "from": {"email": "news@other.example"}, "content": []}}, 403, "from"),
        ({"raw": b" " * (30 * 1024 * 1024 + 1)}, 413, None),
        ({"raw": b"not json"}, 400, None),
        ({"raw": b'{"subject": "\xff"}'}, 400, None),
        ({"raw": b'{"subject": "\\ud800"}'}, 400, None),
        ({"body": {**GOOD, "subject": ""}}, 400, "subject"),
        ({"body": {**GOOD, "headers": {"To": "x"}}}, 400, "headers.To"),
        ({"path": "/v3/mail/other"}, 404, None),
    ],
)
def test_a_call_is_checked_in_the_order_of_the_service(standin, given, status, field):
    found, _, body = call(standin, **given)
    assert found == status
    assert field in [error["field"] for error in body["errors"]]
    assert standin.accepted() == []


def test_the_log_survives_a_kill_and_a_second_stand_in_goes_on_with_it(tmp_path):
    log = tmp_path / "accepted.jsonl"
    for n in range(2):
        running = Handle(log)
        assert call(running)[0] == 202
        running._process.send_signal(signal.SIGKILL)
        running.stop()
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        assert len(lines) == n + 1
    assert lines[1]["deliveries"][2] == {"email": "reader2@reader.example", "nl_sub": "att-1", "nl_dlv": f"{2:032x}"}


def test_each_reader_s_mail_is_written_with_their_values_and_headers(standin, tmp_path):
    call(standin)
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted((tmp_path / "mails").glob("*.eml"))
    ]
    assert [mail["To"] for mail in mails] == [f"reader{n}@reader.example" for n in range(3)]
    mail = mails[1]
    assert mail["Subject"] == "Hej Nº 1"
    assert mail["List-Unsubscribe"] == f"<https://tideline.example/unsubscribe/{'t' * 90}1>"
    assert (mail["Precedence"], mail["Reply-To"]) == ("bulk", "desk@tideline.example")
    assert [part.get_content().strip() for part in mail.iter_parts()] == ["Hej Nº 1", "<p>Hej Nº 1 – ß</p>"]


def test_a_rate_limit_is_answered_with_its_headers(standin):
    standin.ask("POST", "limit", {"requests": 2, "seconds": 60})
    answers = [call(standin) for _ in range(3)]
    assert [status for status, _, _ in answers] == [202, 202, 429]
    assert [headers["X-RateLimit-Remaining"] for _, headers, _ in answers] == ["1", "0", "0"]
    assert answers[2][2]["errors"][0]["message"] == "too many requests"


def test_a_sandbox_answers_200_and_writes_nothing(standin):
    assert call(standin, {**GOOD, "mail_settings": {"sandbox_mode": {"enable": True}}})[0] == 200
    assert standin.accepted() == []


@pytest.mark.parametrize("kind", ["close", "drop", "reset", "reset-mid-body", "garbage"])
def test_a_fault_of_the_line_gives_no_status(standin, kind):
    standin.fault(kind, at=[1])
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        call(standin)
    assert call(standin)[0] == 202
    assert len(standin.accepted()) == (1 if kind in {"close", "reset-mid-body"} else 2)


def test_a_refused_connection_is_refused_at_once_and_taken_again_later(standin):
    standin.ask("POST", "refuse", {"seconds": 0.3})
    with pytest.raises(ConnectionRefusedError):
        call(standin)
    until = time.monotonic() + 20
    while not standin.accepted() and time.monotonic() < until:
        with suppress(ConnectionRefusedError):
            assert call(standin)[0] == 202
    assert len(standin.accepted()) == 1


def test_a_fault_that_the_rules_overtake_accepts_nothing(standin):
    standin.fault("drop")
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        call(standin, {**GOOD, "subject": ""})
    assert standin.accepted() == []


def test_requests_are_kept_whole(standin):
    call(standin)
    kept = standin.request(1)
    assert json.loads(kept["body"]) == GOOD
    assert (kept["status"], kept["accepted"], kept["fault"]) == (202, True, None)
    standin.reset()
    assert (standin.requests(), standin.accepted()) == ([], [])


def test_a_fault_that_there_is_not_is_an_error(standin):
    with pytest.raises(AssertionError, match="no fault of kind"):
        standin.fault("flood")


def struck(rule, numbers=range(1, 21), addresses=("a@reader.example",)):
    made = faults.Faults()
    made.add(rule)
    return [n for n in numbers if made.strike(n, list(addresses))]


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [
        ({"at": [3, 7]}, [3, 7]),
        ({"first": 18}, [18, 19, 20]),
        ({"last": 2}, [1, 2]),
        ({"times": 3}, [1, 2, 3]),
        ({"first": 5, "times": 2}, [5, 6]),
        ({"recipient": "^b@"}, []),
        ({"recipient": "^a@", "last": 1}, [1]),
        ({"probability": 0.0}, []),
        ({"probability": 1.0, "last": 1}, [1]),
    ],
)
def test_a_rule_strikes_when_all_it_says_holds(rule, numbers):
    assert struck({"kind": "drop", **deepcopy(rule)}) == numbers


def test_chance_is_the_same_for_the_same_seed():
    rule = {"kind": "drop", "probability": 0.5}
    assert struck({**rule, "seed": 7}) == struck({**rule, "seed": 7})
    assert struck({**rule, "seed": 7}) != struck({**rule, "seed": 8})
    assert 0 < len(struck({**rule, "seed": 7})) < 20
