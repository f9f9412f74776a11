"""HTTP/2 where TLS agrees on it: every limit of ours holds there too, and who garbles it is asked in HTTP/1.1."""

import gzip
import shutil
import subprocess
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syndication.model.exchange import Answer, Failure, FailureKind, Hop, Phase, Request
from tests.conftest import free_port, needs
from tests.outbound import speech as spoken
from tests.outbound.hosts import Host, Papers, answer, make_papers, says
from tests.outbound.speech import Reply, Speech, frame, says_in_http_2, speaks

MEBIBYTE = 1024 * 1024
GZIP = ("content-encoding", "gzip")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    made = make_papers(tmp_path_factory.mktemp("papers"), names=("127.0.0.1", "127.0.0.2"))
    made.context.set_alpn_protocols(["h2", "http/1.1"])
    return made


@pytest.fixture
def secure(host, papers) -> Callable[..., Host]:
    """`secure(reply)` speaks HTTP/2 with who agrees on it; `plainly` is what others get."""

    def make(reply: Reply, address: str = "127.0.0.1", **more) -> Host:
        return host(speaks(reply, **more), address=address, context=papers.context)

    return make


@pytest.fixture
def out(transport, papers):
    """A transport that may go to these hosts and believes their authority."""
    return lambda *hosts, **more: transport(*hosts, ca_file=papers.ca_file, **more)


# A real server


NGINX = """
daemon off; pid {folder}/nginx.pid; error_log stderr error; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    log_format plain '$server_protocol $connection $request_method $uri';
    access_log {folder}/spoken plain;
    client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
    uwsgi_temp_path {folder}; scgi_temp_path {folder};
    gzip on; gzip_types text/plain; gzip_min_length 1; default_type text/plain;
    server {{
        listen 127.0.0.1:{port} ssl http2; ssl_certificate {chain}; ssl_certificate_key {chain};
        root {folder}/pages;
        location /moved {{ return 301 /feed; }}
        location /post {{ return 200 taken; }}
    }}
}}
"""


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[tuple[str, Papers, Path]]:
    """(address, papers, the log of what was spoken) of a real nginx that serves `feed`."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    needs(Path(program).exists(), "nginx")
    papers, port = make_papers(tmp_path), free_port()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "feed").write_text("<rss/>" * 2_000)
    (tmp_path / "nginx.conf").write_text(NGINX.format(folder=tmp_path, port=port, chain=tmp_path / "host.pem"))
    tmp_path.chmod(0o755)
    process = subprocess.Popen([program, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-g", "user root;"])
    try:
        yield f"https://127.0.0.1:{port}", papers, tmp_path / "spoken"
    finally:
        process.terminate()
        process.wait(30)


def test_a_real_server_is_spoken_to_in_http_2_on_one_connection_and_submissions_are_not(nginx, transport) -> None:
    address, papers, spoken_of = nginx
    going = transport(address.removeprefix("https://"), ca_file=papers.ca_file)
    first = _until_it_answers(going, f"{address}/feed")
    assert first.body == b"<rss/>" * 2_000
    assert first.wire_bytes < 1_000  # it came compressed
    again = going.fetch(Request(f"{address}/feed", headers=(("If-None-Match", first.header("etag") or ""),)))
    moved = going.fetch(Request(f"{address}/moved"))
    posted = going.fetch(Request(f"{address}/post", method="POST", body=b"x"))
    many = [outcome for _, outcome in going.fetch_all([Request(f"{address}/feed?{n}") for n in range(8)])]
    assert isinstance(again, Answer)
    assert isinstance(moved, Answer)
    assert isinstance(posted, Answer)
    assert (again.status, posted.body, moved.hops) == (304, b"taken", (Hop(301, f"{address}/feed"),))
    assert [outcome.status for outcome in many if isinstance(outcome, Answer)] == [200] * 8
    going.close()
    lines = _lines(spoken_of, 13)
    assert {line[0] for line in lines if line[2] == "GET"} == {"HTTP/2.0"}
    assert {line[0] for line in lines if line[2] == "POST"} == {"HTTP/1.1"}
    assert len({line[1] for line in lines[-8:]}) == 1


def _lines(path: Path, at_least: int) -> list[list[str]]:
    """nginx writes of a request when its answer has gone out, which may be a moment later."""
    until = time.monotonic() + 30
    while len(lines := path.read_text().splitlines()) < at_least and time.monotonic() < until:
        time.sleep(0.02)
    return [line.split() for line in lines]


def _until_it_answers(going, url: str) -> Answer:
    until = time.monotonic() + 30
    while True:
        got = going.fetch(Request(url))
        if isinstance(got, Answer) and got.status == 200:
            return got
        assert time.monotonic() < until, got
        time.sleep(0.05)


# Limits


def test_col_10_more_than_the_wire_limit_stops_there(secure, out) -> None:
    lavish = secure(says_in_http_2(b"x" * 200_000))
    got = out(lavish).fetch(Request(lavish.url(), wire_bytes_max=50_000))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase, got.status) == (FailureKind.TOO_LARGE, Phase.STATUS, 200)


def test_col_10_a_length_beyond_the_limit_is_refused_unread(secure, out) -> None:
    boasts = secure(says_in_http_2(b"", headers=[("content-length", "99999999")]))
    got = out(boasts).fetch(Request(boasts.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.detail) == (FailureKind.TOO_LARGE, "99999999 bytes announced, 8388608 are allowed")


def test_col_11_a_gzip_bomb_stops_at_the_inflated_limit_in_flat_memory(secure, out) -> None:
    bomb = gzip.compress(bytes(60 * MEBIBYTE))
    hostile = secure(says_in_http_2(bomb, headers=[GZIP]))
    going = out(hostile)
    tracemalloc.start()
    got = going.fetch(Request(hostile.url(), body_bytes_max=MEBIBYTE))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(got, Failure)
    assert got.kind is FailureKind.TOO_LARGE
    assert most < 4 * MEBIBYTE


def test_a_coded_body_arrives_inflated_and_counted_as_it_came(secure, out) -> None:
    packed = gzip.compress(b"<rss/>" * 1000)
    news = secure(says_in_http_2(packed, headers=[GZIP]))
    got = out(news).fetch(Request(news.url()))
    assert isinstance(got, Answer)
    assert (got.body, got.wire_bytes, got.header("content-encoding")) == (b"<rss/>" * 1000, len(packed), "gzip")


def test_col_12_a_stream_that_drips_ends_at_the_total_deadline(secure, out) -> None:
    def drips(speech: Speech, stream: int) -> None:
        speech.head(stream)
        while not speech.talk.wait(0.05):
            speech.data(stream, b"x")

    slow = secure(drips)
    got = out(slow).fetch(Request(slow.url(), total_seconds=2))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase, got.status) == (FailureKind.TIMEOUT, Phase.STATUS, 200)


def test_col_12_pings_in_place_of_an_answer_end_at_the_total_deadline(secure, out) -> None:
    def pings(speech: Speech, _stream: int) -> None:
        while not speech.talk.wait(0.01):
            speech.talk.send(frame(spoken.PING, payload=bytes(8)) * 20)

    busy = secure(pings)
    got = out(busy).fetch(Request(busy.url(), total_seconds=2))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.TIMEOUT, Phase.AWAITING_STATUS)


def test_col_12_ten_thousand_header_fields_stop(secure, out) -> None:
    wordy = secure(says_in_http_2(headers=[(f"x{n}", "1") for n in range(1_500)]))
    got = out(wordy).fetch(Request(wordy.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.detail) == (FailureKind.TOO_LARGE, "more than 256 header lines")


def test_col_12_header_fields_without_end_stop(secure, out) -> None:
    def goes_on(speech: Speech, stream: int) -> None:
        speech.talk.send(frame(spoken.HEADERS, 0, stream, spoken.fields((":status", "200"))))
        for n in range(10_000):
            speech.talk.send(frame(spoken.CONTINUATION, 0, stream, spoken.fields((f"x{n}", "1" * 100))))

    endless = secure(goes_on)  # who asks again in HTTP/1.1 is hung up on
    got = out(endless).fetch(Request(endless.url(), total_seconds=20))
    assert isinstance(got, Failure)
    assert got.kind in (FailureKind.TOO_LARGE, FailureKind.GARBLED, FailureKind.UNREACHABLE)


# Where it may go


class Fickle:
    """Allows so many questions, then no more: as if a name were bound to another address meanwhile."""

    def __init__(self, allows: int) -> None:
        self.left = allows

    def judge(self, ip: str, _port: int) -> str | None:
        self.left -= 1
        return None if self.left >= 0 else f"{ip} is refused by now"


def test_col_05_a_kept_connection_is_judged_again(secure, out) -> None:
    asked: list[int] = []

    def counts(speech: Speech, stream: int) -> None:
        asked.append(stream)
        says_in_http_2()(speech, stream)

    news = secure(counts)
    going = out(policy=Fickle(4))  # found, opened, connected, and found once more
    assert isinstance(going.fetch(Request(news.url())), Answer)
    got = going.fetch(Request(news.url()))
    assert isinstance(got, Failure)
    assert (got.kind, news.connections, len(asked)) == (FailureKind.REFUSED, 1, 1)


def test_col_06_a_redirect_to_a_place_on_no_list_stops_at_that_hop(secure, out) -> None:
    inside = secure(says_in_http_2())
    lures = secure(says_in_http_2(status="302", headers=[("location", inside.url())]))
    got = out(lures).fetch(Request(lures.url()))
    assert isinstance(got, Failure)
    assert (got.kind, inside.connections) == (FailureKind.REFUSED, 0)


def test_col_13_a_bad_certificate_is_a_tls_failure_and_no_request_is_sent(secure, transport) -> None:
    news = secure(says_in_http_2())
    got = transport(news).fetch(Request(news.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.TLS, Phase.CONNECT)


# Who does not keep to it


def _resets(speech: Speech, stream: int) -> None:
    speech.talk.send(frame(spoken.RST_STREAM, 0, stream, (1).to_bytes(4)))


def _resets_in_the_body(speech: Speech, stream: int) -> None:
    speech.head(stream)
    speech.data(stream, b"half")
    _resets(speech, stream)


def _goes_away(speech: Speech, _stream: int) -> None:
    speech.talk.send(frame(spoken.GOAWAY, payload=bytes(4) + (1).to_bytes(4)))


def _pushes(speech: Speech, stream: int) -> None:
    speech.talk.send(frame(spoken.PUSH_PROMISE, spoken.END_HEADERS, stream, (2).to_bytes(4) + spoken.fields()))


def _babbles(speech: Speech, _stream: int) -> None:
    speech.talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def _claims_too_much(speech: Speech, stream: int) -> None:
    speech.head(stream, ("content-length", "100"))
    speech.data(stream, b"short", ends=True)


@pytest.mark.parametrize(
    "reply",
    [_resets, _resets_in_the_body, _goes_away, _pushes, _babbles, _claims_too_much],
    ids=lambda reply: reply.__name__,
)
def test_col_13_who_garbles_it_is_asked_once_more_in_http_1_1(secure, out, reply) -> None:
    seen: list[str] = []
    broken = secure(reply, plainly=says(answer(b"plain", headers=["Connection: close"])), seen=seen)
    got = out(broken).fetch(Request(broken.url()))
    assert isinstance(got, Answer), got
    assert (got.body, got.hops) == (b"plain", ())
    assert (seen[0], seen[-1]) == ("h2", "http/1.1")
    assert len(seen) <= 3  # a stream that was not taken in hand is libcurl's to offer once again


def test_col_13_who_garbles_both_is_garbled(secure, out) -> None:
    seen: list[str] = []
    broken = secure(_resets_in_the_body, plainly=says(b"200 fine\r\n\r\n"), seen=seen)
    got = out(broken).fetch(Request(broken.url()))
    assert isinstance(got, Failure)
    assert (got.kind, seen) == (FailureKind.GARBLED, ["h2", "http/1.1"])


def test_in_a_crowd_too(secure, out) -> None:
    good = secure(says_in_http_2(b"good"))
    broken = secure(_resets, plainly=says(answer(b"plain")))
    requests = [Request(one.url(f"/{n}")) for one in (good, broken) for n in range(3)]
    got = {request.url: outcome for request, outcome in out(good, broken).fetch_all(requests)}
    bodies = [outcome.body for url, outcome in sorted(got.items()) if isinstance(outcome, Answer)]
    assert sorted(bodies) == [b"good"] * 3 + [b"plain"] * 3
    assert (good.connections, good.most_at_once) == (1, 1)


def test_a_connection_that_hangs_is_not_asked_again(secure, out) -> None:
    """One stream that timed out says that its connection is dead; the next request has one of its own."""

    def hangs_at_first(speech: Speech, stream: int) -> None:
        if flaky.connections > 1:
            says_in_http_2(b"well again")(speech, stream)

    flaky = secure(hangs_at_first)
    going = out(flaky)
    first = going.fetch(Request(flaky.url(), total_seconds=1))
    second = going.fetch(Request(flaky.url(), total_seconds=60))
    assert isinstance(first, Failure)
    assert first.kind is FailureKind.TIMEOUT
    assert isinstance(second, Answer)
    assert second.body == b"well again"


def test_closing_the_transport_ends_streams_under_way(secure, out) -> None:
    began: list[int] = []
    silent = secure(lambda _speech, stream: began.append(stream))
    quick = secure(says_in_http_2(b"quick"), address="127.0.0.2")
    going = out(silent, quick)
    results = going.fetch_all([Request(silent.url(), total_seconds=300), Request(quick.url(), total_seconds=300)])
    _, first = next(results)
    assert isinstance(first, Answer)
    going.close()
    assert list(results) == []
