import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.model.exchange import FailureKind
from syndication.outbound.headers import HEADER_BYTES_MAX, HEADER_LINES_MAX, BadHead, Head


def read(text: str) -> Head:
    head = Head()
    for line in text.splitlines(keepends=True):
        head.feed(line.replace("\n", "\r\n").encode("latin-1"))
    return head


def test_a_head_is_read_in_order_with_lower_case_names():
    head = read('HTTP/1.1 200 OK\nETag: W/"a"\nX-A: 1\nx-a:  2 \n\n')
    assert (head.status, head.complete) == (200, True)
    assert head.headers == (("etag", 'W/"a"'), ("x-a", "1"), ("x-a", "2"))
    assert head.joined("x-a") == "1, 2"


def test_an_interim_answer_is_no_status():
    head = read("HTTP/1.1 100 Continue\nX-Not: this\n\n")
    assert head.status is None
    assert not head.complete
    for line in (b"HTTP/1.1 103 Early\r\n", b"Link: a\r\n", b"\r\n", b"HTTP/1.1 202 Accepted\r\n"):
        head.feed(line)
    assert (head.status, head.complete, head.headers) == (202, False, ())


def test_a_status_is_known_from_its_line_alone():
    assert read("HTTP/1.1 202 Acc\n").status == 202


def test_trailers_are_dropped_but_counted():
    head = read("HTTP/1.1 200 OK\n\nX-Trailer: 1\nContent-Encoding: gzip\n\n")
    assert head.headers == ()
    with pytest.raises(BadHead):
        for _ in range(HEADER_LINES_MAX):
            head.feed(b"X-Trailer: 1\r\n")


def test_a_folded_line_belongs_to_the_one_before():
    assert read("HTTP/1.1 200 OK\nX-A: 1\n  2\n\n").headers == (("x-a", "1 2"),)


@pytest.mark.parametrize(
    "line", ["banana", "HTTP/1.1 99 Low", "HTTP/1.1 600 High", "HTTP/1.1 2000 OK", "HTTP/1.1 OK", ""]
)
def test_what_is_no_status_line_is_garbled(line):
    with pytest.raises(BadHead) as raised:
        read(line + "\n")
    assert raised.value.kind is FailureKind.GARBLED


def test_col_12_ten_thousand_headers_stop_at_the_limit():
    with pytest.raises(BadHead, match="header lines") as raised:
        read("HTTP/1.1 200 OK\n" + "X-A: 1\n" * 10_000)
    assert raised.value.kind is FailureKind.TOO_LARGE


def test_col_12_interim_answers_without_end_stop_at_the_limit():
    with pytest.raises(BadHead, match="header lines"):
        read("HTTP/1.1 100 Continue\n\n" * 10_000)


def test_col_12_one_endless_header_stops_at_the_limit():
    with pytest.raises(BadHead, match="bytes of headers"):
        read("HTTP/1.1 200 OK\n" + ("X-A: " + "a" * 9_000 + "\n") * (HEADER_BYTES_MAX // 9_000 + 1))


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_no_line_does_worse_than_a_bad_head(lines):
    head = Head()
    for line in lines:
        try:
            head.feed(line)
        except BadHead:
            return
    assert head.status is None or 200 <= head.status <= 599
