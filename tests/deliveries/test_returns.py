"""Signed addresses, and what a mail that came back says (DEL-10, DEL-14)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.deliveries.returned import Returned, ReturnedKind, read
from syndication.deliveries.returns import ReturnKind, Returns, Token

OURS = Returns(b"a key for tests", "bounces@example.org", "leave@example.org")
IDS = st.integers(0, 2**60)


@given(IDS, IDS)
def test_an_address_names_what_it_was_minted_for_and_fits(edition: int, subscriber: int) -> None:
    address = OURS.bounce_address(edition, subscriber)
    assert OURS.read(address) == OURS.read(address.upper()) == Token(ReturnKind.BOUNCE, edition, subscriber)
    assert len(address.partition("@")[0]) <= 64
    assert OURS.read(OURS.leave_address(subscriber)) == Token(ReturnKind.LEAVE, subscriber, 0)


@given(IDS, IDS, st.integers(0, 45), st.sampled_from("abcxyz234790-"))
def test_a_forged_address_speaks_of_nobody(edition: int, subscriber: int, at: int, letter: str) -> None:
    address = OURS.bounce_address(edition, subscriber)
    local, _, domain = address.partition("@")
    at = min(len("bounces+") + at, len(local) - 1)
    forged = f"{local[:at]}{letter}{local[at + 1 :]}@{domain}"
    assert forged == address or OURS.read(forged) is None


def test_a_token_is_good_at_its_own_address_and_under_its_own_key_only() -> None:
    address = OURS.bounce_address(3, 7)
    assert OURS.read(address.replace("bounces+", "leave+")) is None
    assert OURS.read(address.replace("example.org", "evil.example")) is None
    assert Returns(b"another key", "bounces@example.org").read(address) is None
    assert OURS.read("bounces@example.org") is None
    assert Returns(b"k", "bounces@example.org", verp=False).bounce_address(3, 7) == "bounces@example.org"
    assert Returns(b"k").bounce_address(3, 7) == ""


def report(address: str, *, action: str = "failed", status: str = "5.1.1", kind: str = "delivery-status") -> bytes:
    inner = (
        f"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; reader@readers.example\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 {status} no such user here\r\n"
    )
    if kind == "feedback-report":
        inner = "Feedback-Type: abuse\r\nUser-Agent: a receiver/1\r\nVersion: 1\r\n"
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {address}\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n{inner}\r\n--b--\r\n"
    ).encode()


def letter(address: str, *headers: str) -> bytes:
    lines = ["From: reader@readers.example", f"To: <{address}>", "Subject: Away until Monday", *headers]
    return ("\r\n".join(lines) + "\r\n\r\nI am away.\r\n").encode()


MINE = OURS.bounce_address(3, 7)
TOKEN = Token(ReturnKind.BOUNCE, 3, 7)
LEAVE = OURS.leave_address(9)


def test_del_10_a_report_says_whose_and_why() -> None:
    found = read(report(MINE), OURS)
    assert found == Returned(ReturnedKind.BOUNCE, TOKEN, "5.1.1", "550 5.1.1 no such user here")
    assert read(report(MINE, kind="feedback-report"), OURS).kind is ReturnedKind.COMPLAINT
    assert read(letter(LEAVE), OURS) == Returned(ReturnedKind.LEAVE, Token(ReturnKind.LEAVE, 9, 0))


@pytest.mark.parametrize(
    "mail",
    [
        report(MINE, action="delayed", status="4.4.1"),
        report(MINE, action="delivered", status="2.0.0"),
        report("bounces@example.org"),
        report(MINE.replace("b3-7", "b3-8")),
        report("somebody@example.org"),
        letter(MINE),
        letter(MINE, "Auto-Submitted: auto-replied"),
        letter(LEAVE, "Auto-Submitted: auto-replied (vacation)"),
        letter(LEAVE, "X-Autoreply: yes"),
        report(LEAVE),
        b"",
        b"\xff\xfe" * 50,
        b"To: " + MINE.encode() + b"\r\n\r\n" + b"x" * 2_000_000,
    ],
)
def test_del_14_everything_else_is_left_alone(mail: bytes) -> None:
    assert read(mail, OURS).kind is ReturnedKind.OTHER


def test_del_14_our_own_mail_in_a_loop_is_dropped() -> None:
    mail = letter(LEAVE, 'List-Id: "Morning" <morning.news.example.org>')
    assert read(mail, OURS, "news.example.org").kind is ReturnedKind.OTHER
    assert read(mail, OURS, "elsewhere.example").kind is ReturnedKind.LEAVE


@given(st.binary(max_size=400))
def test_no_mail_breaks_it(data: bytes) -> None:
    assert read(b"To: " + MINE.encode() + b"\r\n" + data, OURS)
