"""REN-05: whatever a body holds, its end is where it ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.senders.dots import stuffed

PIECES = [b".", b"\r\n", b"\r", b"\n", b"\r\n.\r\n", b"MAIL FROM:<x@evil.example>", b"..", b" ", b"text"]


def unstuffed(wire: bytes) -> bytes:
    """As a relay reads it (RFC 5321, section 4.5.2), line by line."""
    lines = wire.split(b"\r\n")
    end = lines.index(b".")
    assert lines[end:] == [b".", b""], "nothing follows the lone dot"
    return b"".join(line.removeprefix(b".") + b"\r\n" for line in lines[:end])


@pytest.mark.parametrize(
    ("mail", "wire"),
    [
        (b"a\r\n", b"a\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b"a\n.\nMAIL FROM:<x>\n", b"a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"),
        (b"a\r.\rb", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
    ],
)
def test_ren_05_dots_are_doubled_and_lines_end_in_crlf(mail: bytes, wire: bytes) -> None:
    assert stuffed(mail) == wire


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
def test_ren_05_no_second_message_can_be_smuggled_in(mail: bytes) -> None:
    wire = stuffed(mail)
    assert wire.count(b"\r") == wire.count(b"\n") == wire.count(b"\r\n"), "no bare CR or LF reaches the relay"
    whole = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    expected = whole if whole.endswith(b"\n") else whole + b"\n"
    assert unstuffed(wire) == expected.replace(b"\n", b"\r\n")


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
def test_a_mail_comes_back_as_it_was_sent(mail: bytes) -> None:
    once = unstuffed(stuffed(mail))
    assert unstuffed(stuffed(once)) == once
