"""Sign-up to farewell over HTTP: GET shows, POST acts, and nobody learns anything about others."""

import http.client
import re

import pytest

from syndication.errors import StoreError
from syndication.model.subscriber import EmailAddress
from syndication.storage import schema
from syndication.subscribers.sign import Purpose
from syndication.web import form
from tests.builders import NOW
from tests.web.house import KEY, SIGNER, opened

ADA = EmailAddress.parse("ada@readers.example")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def press(house, subscriber_id=1):
    """Open the confirmation page and send its form as it stands."""
    path = house.confirm_path(subscriber_id)
    shown = re.findall(r'name="subscription" value="(\d+)"', house.get(path).text)
    return house.post(path, {"subscription": shown})


def states(house):
    return [row["state"] for row in house.rows(schema.subscription)]


def test_a_reader_signs_up_confirms_reads_and_leaves(house):
    asked = house.sign_up()
    assert (asked.status, states(house), house.woken) == (200, ["pending"], [1])
    assert "Look into your mailbox" in asked.text
    confirmed = press(house)
    assert (confirmed.status, states(house)) == (200, ["confirmed"])
    assert "You are in" in confirmed.text
    proof = house.rows(schema.subscription)[0]["consent"]
    assert proof["text"].startswith("Sound & Shore Cooperative may send me")
    assert len(proof["network_hash"]) == len(proof["confirmed_network_hash"]) == 32
    left = house.post(house.leave_path(), ONE_CLICK)
    assert (left.status, states(house)) == (200, ["unsubscribed"])
    assert "The Morning Sound no longer comes to you" in left.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_pub_01_reading_a_link_any_number_of_times_changes_nothing(house, method):
    house.sign_up()
    paths = [house.confirm_path(), house.leave_path(), "/subscribe"]
    before = house.everything()
    for path in paths * 3:
        assert house.ask(method, path).status == 200
    assert house.everything() == before
    press(house)
    before = house.everything()
    for path in paths * 3:
        assert house.ask(method, path).status == 200
    assert house.everything() == before


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        (
            "multipart/form-data; boundary=b",
            '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
        ),
    ],
)
def test_pub_02_one_click_leaves_in_one_request_without_a_cookie(house, kind, body):
    house.sign_up()
    press(house)
    for _ in range(3):
        answer = house.ask("POST", house.leave_path(), {"Content-Type": kind}, body)
        assert answer.status == 200
        assert "set-cookie" not in answer.headers
        assert states(house) == ["unsubscribed"]


def test_pub_03_leaving_twice_late_or_after_erasure_is_kind_and_says_nothing_of_others(house):
    house.sign_up()
    press(house)
    house.post(house.leave_path(), ONE_CLICK)
    again = house.post(house.leave_path(), ONE_CLICK)
    assert again.status == 200
    assert "You have left" in again.text
    assert "You have left" in house.get(house.leave_path()).text
    erased = house.leave_path(4711)
    for answer in (house.get(erased), house.post(erased, ONE_CLICK)):
        assert answer.status == 200
        assert "readers.example" not in answer.text
        assert "Morning" not in answer.text
    confirm_erased = house.get(house.confirm_path(4711))
    assert confirm_erased.status == 200
    assert "Nothing waits for you here" in confirm_erased.text


def test_pub_04_every_wrong_token_gets_the_page_that_any_wrong_address_gets(house):
    house.sign_up()
    nowhere = house.get("/no/such/page")
    good = SIGNER.token(Purpose.UNSUBSCRIBE, 1)
    wrong = [
        "x",
        good[:-1],
        ("A" if good[0] != "A" else "B") + good[1:],
        SIGNER.token(Purpose.CONFIRM, 1),
        SIGNER.token(Purpose.FORM, 1),
        "A" * 35,
    ]
    before = house.everything()
    for token in wrong:
        for method in ("GET", "POST"):
            answer = house.ask(method, f"/unsubscribe/{token}")
            assert (answer.status, answer.body) == (404, nowhere.body)
            assert answer.headers["x-robots-tag"] == "noindex"
    assert house.get(f"/confirm/{good}").body == nowhere.body
    assert house.everything() == before


def test_pub_05_one_mail_a_day_however_often_an_address_is_typed(house):
    for _ in range(6):
        house.sign_up()
    assert len(house.rows(schema.message)) == 1


def test_pub_06_known_pending_and_suppressed_addresses_get_the_answer_of_an_unknown_one(house):
    def answer(address):
        found = house.sign_up(address)
        return found.status, found.text.replace(address, "ADDRESS"), sorted(found.headers.items())

    def still(found):
        status, text, headers = found
        return status, text, [(name, value) for name, value in headers if name not in {"date", "content-length"}]

    unknown = still(answer("new@readers.example"))
    house.sign_up()
    assert still(answer("ada@readers.example")) == unknown  # pending
    press(house, subscriber_id=2)
    assert still(answer("ada@readers.example")) == unknown  # confirmed
    with house.database.write() as connection:
        hashed = EmailAddress.parse("bob@readers.example").keyed_hash(KEY)
        connection.execute(schema.suppression.insert().values(address_hash=hashed, scope=0, reason="bounce", at=NOW))
    assert still(answer("bob@readers.example")) == unknown
    assert all(row["address"] != "bob@readers.example" for row in house.rows(schema.subscriber))


@pytest.mark.parametrize(
    "fields",
    [
        {"website": "https://spam.example"},
        {"stamp": ""},
        {"stamp": "forged"},
        {"stamp": SIGNER.token(Purpose.CONFIRM, 1)},
    ],
)
def test_pub_08_a_robot_is_told_what_everybody_is_told_and_nothing_is_written(house, fields):
    person = house.sign_up("eve@readers.example").text.replace("eve@", "ada@")
    before = house.everything()
    answer = house.sign_up(**fields)
    assert (answer.status, answer.text) == (200, person)
    assert house.everything() == before


@pytest.mark.parametrize(
    ("age_seconds", "believed"), [(0.5, False), (1.9, False), (3, True), (86_000, True), (90_000, False)]
)
def test_pub_08_a_form_is_believed_between_two_seconds_and_a_day(house, age_seconds, believed):
    assert house.sign_up(stamp=house.stamp(age_seconds)).status == 200
    assert (states(house) == ["pending"]) is believed


def test_pub_08_a_stamp_serves_a_person_who_corrects_an_address_but_no_robot(house):
    stamp = house.stamp()
    for n in range(6):
        assert house.sign_up(f"reader{n}@readers.example", stamp=stamp).status == 200
    assert len(house.rows(schema.subscriber)) == 3


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Origin": "null"}, 200),  # a browser that tells nobody where it was
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://127.0.0.1:1"}, 200),
    ],
)
def test_pub_09_a_form_of_another_site_is_refused(house, headers, status):
    fields = {"address": "ada@readers.example", "newsletter": "morning", "stamp": house.stamp()}
    assert house.post("/subscribe", fields, headers).status == status
    assert states(house) == (["pending"] if status == 200 else [])


@pytest.mark.parametrize(
    "address", ["", "ada", "ada@", "a b@readers.example", "ada@readers.example\r\nBcc: x@y.example"]
)
def test_an_address_that_will_not_work_is_shown_again_with_why(still, address):
    answer = still.sign_up(address)
    assert answer.status == 422
    assert "That address will not work" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert states(still) == []


def test_a_form_without_a_newsletter_asks_for_one(still):
    answer = still.post("/subscribe", {"address": "ada@readers.example", "stamp": still.stamp()})
    assert answer.status == 422
    assert "Choose at least one newsletter" in answer.text
    assert 'value="ada@readers.example"' in answer.text


def test_pages_with_tokens_or_forms_are_kept_by_nobody_and_tell_nobody(house):
    house.sign_up()
    for path in (house.confirm_path(), house.leave_path(), "/subscribe", "/"):
        headers = house.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
    assert "noindex" in house.get(house.leave_path()).headers["x-robots-tag"]


class Away:
    def reading(self):
        raise StoreError("the database cannot be used", why="secret-host refused")

    writing = reading


def test_leaving_works_while_the_database_is_away_and_nothing_else_pretends_to(database, tmp_path):
    from tests.web.house import furnish

    furnish(database)
    with opened(database, tmp_path, registry=Away()) as house:
        assert house.get(house.leave_path()).status == 200
        answer = house.post(house.leave_path(), ONE_CLICK)
        assert answer.status == 200
        (line,) = house.journal.lines()
        assert line.subscription_id == 1
        for refused in (house.sign_up(), house.get(house.confirm_path())):
            assert refused.status == 503
            assert refused.headers["retry-after"] == "30"
            assert "secret-host" not in refused.text


@pytest.mark.parametrize("path", ["/subscribe", "/confirm/{token}", "/unsubscribe/{token}"])
def test_pub_15_too_much_too_many_or_the_wrong_kind_is_refused_early(still, path):
    path = path.replace("{token}", SIGNER.token(Purpose.UNSUBSCRIBE if "un" in path else Purpose.CONFIRM, 1))
    connection = http.client.HTTPConnection("127.0.0.1", still.port, timeout=20)
    connection.putrequest("POST", path)
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.putheader("Content-Length", str(1 << 30))
    connection.endheaders()
    connection.send(b"address=")  # the rest of the gigabyte is never waited for
    assert connection.getresponse().status == 413
    connection.close()


def test_pub_15_a_body_without_a_length_is_cut_off_at_the_limit(still):
    def chunks():
        for _ in range(100):
            yield b"a" * 4096

    connection = http.client.HTTPConnection("127.0.0.1", still.port, timeout=20)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST", "/subscribe", chunks(), headers, encode_chunked=True)
    except (BrokenPipeError, ConnectionResetError):
        return  # cut off before it was sent whole
    assert connection.getresponse().status == 413
    connection.close()


def test_pub_15_ten_thousand_fields_and_foreign_forms_are_refused(still):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert still.ask("POST", "/subscribe", form, "a=&" * 10_000).status == 413
    assert still.ask("POST", "/subscribe", form, "a=&" * 100).status == 400
    assert still.ask("POST", "/subscribe", form, b"address=\xff").status == 400
    assert still.ask("POST", "/subscribe", {"Content-Type": "application/json"}, "{}").status == 415
    assert states(still) == []


def test_pub_15_a_body_that_trickles_is_given_up(still, monkeypatch):
    monkeypatch.setattr(form, "READ_SECONDS", 0.3)
    connection = http.client.HTTPConnection("127.0.0.1", still.port, timeout=20)
    connection.putrequest("POST", "/subscribe")
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.putheader("Content-Length", "1000")
    connection.endheaders()
    connection.send(b"address=")
    assert connection.getresponse().status == 408
    connection.close()
