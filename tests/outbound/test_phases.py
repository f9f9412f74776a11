"""How far an exchange came. A mail is repeated when its body certainly never left whole: every row is a promise."""

import random
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest

from syndication.model.exchange import Answer, Failure, FailureKind, Phase, Request
from tests.conftest import free_port
from tests.outbound.hosts import OK, Talk, answer, make_papers, says

SMALL = b"x" * 1_000
LARGE = b"x" * 12_000_000  # more than the kernel buffers of both sides hold


def reads_all(then: Callable[[Talk], None], size: int) -> Callable[[Talk], None]:
    def script(talk: Talk) -> None:
        talk.read_head()
        talk.read_body(size)
        then(talk)

    return script


def nothing(_talk: Talk) -> None:
    """Close, in good order."""


def then_says(data: bytes, after: Callable[[Talk], None] = nothing) -> Callable[[Talk], None]:
    def script(talk: Talk) -> None:
        talk.send(data)
        after(talk)

    return script


def settled_reset(talk: Talk) -> None:
    talk.settle()
    talk.reset()


@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize(
    ("then", "kind", "status"),
    [
        (nothing, FailureKind.UNREACHABLE, None),
        (Talk.reset, FailureKind.UNREACHABLE, None),
        (Talk.hang, FailureKind.TIMEOUT, None),
        (then_says(b"220 mail.example ESMTP\r\n"), FailureKind.GARBLED, None),
        (then_says(b"HTTP/1.1 2"), FailureKind.UNREACHABLE, None),
        (then_says(b"HTTP/1.1 777 Odd\r\n\r\n"), FailureKind.GARBLED, None),
        (then_says(b"HTTP/1.1 100 Continue\r\n\r\n"), FailureKind.UNREACHABLE, None),
        (then_says(b"HTTP/1.1 100 Continue\r\n\r\n", Talk.hang), FailureKind.TIMEOUT, None),
        (then_says(b"HTTP/1.1 202 Accepted\r\n", settled_reset), FailureKind.UNREACHABLE, 202),
        (
            then_says(b"HTTP/1.1 202 Accepted\r\nX-Message-Id: abc\r\nContent-Length: 9\r\n\r\n"),
            FailureKind.GARBLED,
            202,
        ),
        (then_says(b"HTTP/1.1 202 Accepted\r\nContent-Length: 9\r\n\r\n", Talk.hang), FailureKind.TIMEOUT, 202),
        (then_says(b"HTTP/1.1 503 Away\r\nContent-Length: 99999999999\r\n\r\n"), FailureKind.TOO_LARGE, 503),
    ],
)
def test_a_body_that_was_taken_whole(host, transport, body, then, kind, status):
    post = host(reads_all(then, len(body)))
    seconds = 10.0 if kind is not FailureKind.TIMEOUT else 1.0 if body is SMALL else 3.0
    got = transport(post).fetch(Request(post.url(), method="POST", body=body, total_seconds=seconds))
    assert isinstance(got, Failure)
    assert got.kind is kind
    assert got.status == status
    assert got.phase is (Phase.STATUS if status else Phase.AWAITING_STATUS)


def reads_some(then: Callable[[Talk], None]) -> Callable[[Talk], None]:
    def script(talk: Talk) -> None:
        talk.read_head()
        talk.read_body(10_000)
        then(talk)

    return script


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (Talk.hang, FailureKind.TIMEOUT),
        (nothing, FailureKind.UNREACHABLE),
        (reads_some(Talk.hang), FailureKind.TIMEOUT),
        (reads_some(Talk.reset), FailureKind.UNREACHABLE),
        (reads_some(nothing), FailureKind.UNREACHABLE),
        (reads_some(then_says(b"HTTP/1.1 100 Continue\r\n\r\n", Talk.hang)), FailureKind.TIMEOUT),
    ],
)
def test_a_body_that_was_not_sent_whole(host, transport, script, kind):
    post = host(script)
    got = transport(post).fetch(Request(post.url(), method="POST", body=LARGE, total_seconds=0.6))
    assert isinstance(got, Failure)
    assert got.kind is kind
    assert got.phase is Phase.SENDING


def test_a_reset_before_anything_was_read(host, transport):
    """Whether it comes before the connection counts as made or after is up to the kernel. Nothing was sent whole."""
    post = host(Talk.reset)
    got = transport(post).fetch(Request(post.url(), method="POST", body=LARGE, total_seconds=0.6))
    assert isinstance(got, Failure)
    assert got.kind is FailureKind.UNREACHABLE
    assert got.phase in (Phase.CONNECT, Phase.SENDING)


def test_a_refusal_before_the_body_is_whole_is_an_answer(host, transport):
    def refuse(talk: Talk) -> None:
        talk.read_head()
        talk.send(answer(status="413 Too Large", headers=["Connection: close"]))
        talk.read_body(len(LARGE))

    post = host(refuse)
    got = transport(post).fetch(Request(post.url(), method="POST", body=LARGE))
    assert isinstance(got, Answer)
    assert got.status == 413


def test_nothing_was_sent_to_a_closed_port(transport):
    got = transport("127.0.0.1").fetch(Request(f"http://127.0.0.1:{free_port()}/", method="POST", body=SMALL))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.UNREACHABLE, Phase.CONNECT)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_without_a_body_is_sent_whole_with_its_head(host, transport, method):
    silent = host(reads_all(nothing, 0))
    got = transport(silent).fetch(Request(silent.url(), method=method))
    assert isinstance(got, Failure)
    assert got.phase is Phase.AWAITING_STATUS


def test_a_submission_is_sent_once_even_when_a_kept_connection_has_died(host, transport):
    def forgetful(talk: Talk) -> None:
        if talk.read_head().startswith(b"GET"):
            talk.send(OK)

    post = host(forgetful)
    one = transport(post)
    assert isinstance(one.fetch(Request(post.url())), Answer)
    got = one.fetch(Request(post.url(), method="POST", body=SMALL))
    assert isinstance(got, Failure)
    assert got.phase is Phase.AWAITING_STATUS
    assert [head.split()[0] for head in post.heads] == ["GET", "POST"]


class Counting:
    """Reads so many bytes, waits until the other side has given up, then counts all that had left it."""

    def __init__(self) -> None:
        self.pause_after = 0
        self.given_up = threading.Event()
        self.counted = threading.Event()
        self.got = 0

    def begin(self, pause_after: int) -> None:
        self.pause_after, self.got = pause_after, 0
        self.given_up.clear()
        self.counted.clear()

    def __call__(self, talk: Talk) -> None:
        talk.read_head()
        self.got = len(talk.read_body(self.pause_after))
        self.given_up.wait(20)
        with suppress(OSError):
            self.got += len(talk.read_body(len(LARGE) * 2))
        self.counted.set()


@pytest.mark.parametrize("safe", [False, True], ids=["http", "https"])
def test_awaiting_status_means_exactly_that_the_whole_body_left(host, transport, tmp_path, safe):
    papers = make_papers(tmp_path)
    counting = Counting()
    post = host(counting, context=papers.context if safe else None)
    one = transport(post, ca_file=papers.ca_file)
    dice = random.Random(7649)
    seen = set()
    for size in [dice.randrange(1, 9_000_000) for _ in range(16)] + [1, 65_536, 131_072, 9_000_000]:
        counting.begin(pause_after=dice.randrange(0, size + 1))
        got = one.fetch(Request(post.url(), method="POST", body=b"x" * size, total_seconds=0.35))
        counting.given_up.set()
        assert counting.counted.wait(20)
        assert isinstance(got, Failure)
        assert (got.phase is Phase.AWAITING_STATUS) == (counting.got == size), (size, counting.got, got)
        seen.add(got.phase)
    assert seen == {Phase.SENDING, Phase.AWAITING_STATUS}


def test_a_host_that_stops_listening_leaves_no_doubt(transport):
    with socket.socket() as listener:  # full backlog: the handshake of TCP ends, or does not, but nothing is read
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        place = f"127.0.0.1:{listener.getsockname()[1]}"
        got = transport(place).fetch(Request(f"http://{place}/", method="POST", body=LARGE, total_seconds=0.4))
    assert isinstance(got, Failure)
    assert got.phase in (Phase.CONNECT, Phase.SENDING)


def test_the_phase_of_an_exchange_is_not_that_of_the_one_before(host, transport):
    quick, stuck = host(says(answer(status="202 Accepted"))), host(Talk.hang)

    def take(talk: Talk) -> None:
        talk.read_head()
        talk.read_body(len(LARGE))
        talk.send(answer(status="202 Accepted"))

    quick._script = take
    one = transport(quick, stuck)
    assert isinstance(one.fetch(Request(quick.url(), method="POST", body=LARGE)), Answer)
    got = one.fetch(Request(stuck.url(), method="POST", body=LARGE, total_seconds=0.4))
    assert isinstance(got, Failure)
    assert got.phase is Phase.SENDING
    unreachable = f"http://127.0.0.1:{free_port()}/"
    lost = transport("127.0.0.1").fetch(Request(unreachable, method="POST", body=LARGE))
    assert isinstance(lost, Failure)
    assert lost.phase is Phase.CONNECT
