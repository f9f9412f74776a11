"""`fetch` against real hosts on loopback. Where it may go, what it carries along, what it takes, when it ends."""

import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterable

import pytest

from syndication.model.exchange import Answer, Failure, FailureKind, Hop, Phase, Request
from syndication.outbound.address import AddressPolicy
from tests.conftest import free_port
from tests.outbound.hosts import OK, Talk, answer, by_path, make_papers, says, says_once

MEBIBYTE = 1024 * 1024


def names(**known: Iterable[str]):
    """A directory in place of the machine's: `a__b` stands for the name a.b."""
    table = {name.replace("__", "."): tuple(addresses) for name, addresses in known.items()}
    return lambda name, _port: table[name]


class Fickle:
    """A policy that allows so many questions, then no more: as if a name were bound to another address meanwhile."""

    def __init__(self, allows: int) -> None:
        self.left = allows

    def judge(self, ip: str, port: int) -> str | None:
        self.left -= 1
        return None if self.left >= 0 else f"{ip} is refused by now"


# What goes out and what comes back


def test_an_answer_is_whole(host, transport):
    news = host(says(answer(b"<rss/>", headers=['ETag: W/"a\xe9"', "X-A: 1", "x-a: 2"])))
    got = transport(news).fetch(Request(news.url("/rss?a=b#c"), key="k"))
    assert isinstance(got, Answer)
    assert (got.url, got.status, got.body, got.peer) == (news.url("/rss?a=b"), 200, b"<rss/>", "127.0.0.1")
    assert got.headers == (("etag", 'W/"a\xe9"'), ("x-a", "1"), ("x-a", "2"), ("content-length", "6"))
    assert got.header("etag") == 'W/"a\xe9"'
    assert got.wire_bytes == 6
    assert 0 < got.seconds < 5


def test_a_request_goes_out_as_written(host, transport):
    news = host(says(OK))
    sent = (("If-None-Match", 'W/"a\xe9"'), ("A-IM", "feed"), ("X-Empty", ""))
    transport(news).fetch(Request(news.url("/r"), headers=sent, credentials=(("X-Key", "s"),)))
    assert news.heads[0].split("\r\n") == [
        "GET /r HTTP/1.1",
        f"Host: 127.0.0.1:{news.port}",
        "User-Agent: Test/1",
        "Accept: */*",
        'If-None-Match: W/"a\xe9"',
        "A-IM: feed",
        "X-Empty:",
        "X-Key: s",
        "Accept-Encoding: gzip, deflate, br, zstd",
    ]


@pytest.mark.parametrize("size", [0, 1, 5_000, 3_000_000])
def test_a_body_goes_out_whole_and_without_asking_first(host, transport, size):
    got: list[bytes] = []

    def take(talk: Talk) -> None:
        talk.read_head()
        got.append(talk.read_body(size))
        talk.send(answer(status="202 Accepted"))

    post = host(take)
    headers = (("Content-Type", "application/json"),)
    answered = transport(post).fetch(Request(post.url(), method="POST", headers=headers, body=b"x" * size))
    assert isinstance(answered, Answer)
    assert (answered.status, got) == (202, [b"x" * size])
    assert f"Content-Length: {size}" in post.heads[0]
    assert "Expect" not in post.heads[0]


def test_a_head_request_takes_no_body(host, transport):
    news = host(says_once(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\nContent-Encoding: gzip\r\n\r\n"))
    got = transport(news).fetch(Request(news.url(), method="HEAD"))
    assert isinstance(got, Answer)
    assert (got.status, got.body) == (200, b"")


@pytest.mark.parametrize("status", ["304 Not Modified", "204 No Content"])
def test_an_answer_without_a_body_may_name_a_coding_and_a_length(host, transport, status):
    head = f"HTTP/1.1 {status}\r\nContent-Length: 99999999999\r\nContent-Encoding: gzip\r\n\r\n".encode()
    news = host(says(head))
    got = transport(news).fetch(Request(news.url()))
    assert isinstance(got, Answer)
    assert got.body == b""


@pytest.mark.parametrize(
    "headers", [(("X-A", "1\r\nX-B: 2"),), (("X-A", "1\n"),), (("X A", "1"),), (("X-A:", "1"),), (("", "1"),)]
)
def test_a_header_that_would_break_its_line_is_refused(host, transport, headers):
    news = host(says(OK))
    for request in (Request(news.url(), headers=headers), Request(news.url(), credentials=headers)):
        got = transport(news).fetch(request)
        assert isinstance(got, Failure)
        assert (got.kind, got.phase) == (FailureKind.REFUSED, Phase.JUDGED)
    assert news.connections == 0


def test_a_closed_transport_takes_no_more(transport):
    one = transport("127.0.0.1")
    one.close()
    with pytest.raises(RuntimeError, match="closed"):
        one.fetch(Request("http://127.0.0.1/"))
    with pytest.raises(RuntimeError, match="closed"):
        one.fetch_all([])


# Where it may go


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://127.0.0.1/"])
def test_col_01_another_scheme_is_refused_at_fetch(transport, url):
    got = transport("127.0.0.0/8").fetch(Request(url))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.REFUSED, Phase.JUDGED)


def test_col_02_an_address_on_no_list_gets_no_packet(host, transport):
    private, other = host(says(OK)), host(says(OK))
    got = transport(other).fetch(Request(private.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.REFUSED, Phase.JUDGED)
    assert "127.0.0.1 is loopback" in got.detail
    assert private.connections == 0


def test_col_03_an_ipv6_address_on_no_list_gets_no_packet(host, transport):
    private = host(says(OK), address="::1")
    got = transport("127.0.0.0/8").fetch(Request(f"http://[::1]:{private.port}/"))
    assert isinstance(got, Failure)
    assert "::1 is loopback" in got.detail
    assert private.connections == 0
    assert isinstance(transport(private).fetch(Request(f"http://[::1]:{private.port}/")), Answer)


@pytest.mark.parametrize(
    "spelling",
    [
        "2130706433",
        "0x7f.1",
        "127.1",
        "0177.0.0.1",
        "１２７.0.0.1",
        "127.0.0.1.",
        "localhost",
        "localhost.",
        "LocalHost",
    ],
)
def test_col_04_an_odd_spelling_is_judged_by_its_address(host, transport, spelling):
    private = host(says(OK))
    url = f"http://{spelling}:{private.port}/"
    refused = transport("10.0.0.0/8").fetch(Request(url))
    assert isinstance(refused, Failure)
    assert (refused.kind, refused.phase) == (FailureKind.REFUSED, Phase.JUDGED)
    assert "loopback" in refused.detail
    assert private.connections == 0
    assert isinstance(transport(private).fetch(Request(url)), Answer)


def test_col_05_of_mixed_addresses_only_the_judged_one_is_connected(host, transport):
    good = host(says(OK), address="127.0.0.2")
    private = host(says(OK), address="127.0.0.3", port=good.port)
    look_up = names(mixed__example=("127.0.0.3", "127.0.0.2", "127.0.0.3"))
    one = transport(good, look_up=look_up)
    got = one.fetch(Request(f"http://mixed.example:{good.port}/"))
    assert isinstance(got, Answer)
    assert got.peer == "127.0.0.2"
    assert private.connections == 0


def test_col_05_a_name_with_private_addresses_only_is_refused(host, transport):
    private = host(says(OK), address="127.0.0.3")
    one = transport("127.0.0.2", look_up=names(inside__example=("127.0.0.3", "10.0.0.1")))
    got = one.fetch(Request(f"http://inside.example:{private.port}/"))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.REFUSED, Phase.JUDGED)
    assert "127.0.0.3" in got.detail
    assert "10.0.0.1" in got.detail


def test_col_05_a_candidate_refused_since_the_look_up_gets_no_packet(host, transport):
    news = host(says(OK))
    got = transport(policy=Fickle(1)).fetch(Request(news.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.REFUSED, Phase.JUDGED)
    assert "refused by now" in got.detail
    assert news.connections == 0


def test_col_05_a_peer_refused_since_it_was_connected_gets_no_request(host, transport):
    news = host(says(OK))
    got = transport(policy=Fickle(2)).fetch(Request(news.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.REFUSED, Phase.CONNECT)
    assert news.heads == []


def test_col_05_a_kept_connection_is_judged_again(host, transport):
    news = host(says(OK))
    one = transport(policy=Fickle(4))  # three for the first request, one for the second's look-up
    assert isinstance(one.fetch(Request(news.url("/1"))), Answer)
    got = one.fetch(Request(news.url("/2")))
    assert isinstance(got, Failure)
    assert got.kind is FailureKind.REFUSED
    assert len(news.heads) == 1


def test_the_next_address_is_tried_when_the_first_does_not_answer(host, transport):
    news = host(says(OK), address="127.0.0.2")
    one = transport("127.0.0.0/8", look_up=names(news__example=("127.0.0.9", "127.0.0.2")))
    got = one.fetch(Request(f"http://news.example:{news.port}/"))
    assert isinstance(got, Answer)
    assert got.peer == "127.0.0.2"


@pytest.mark.parametrize(
    "url", ["http://a:b@127.0.0.1/", "http://127.0.0.1\\@x/", "http://127.0.0.1/a b", "http://x\t/"]
)
def test_col_09_an_ambiguous_url_is_refused_at_fetch(transport, url):
    got = transport("127.0.0.0/8").fetch(Request(url))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.REFUSED, Phase.JUDGED)
    assert "character" in got.detail


# Redirects


def moved(location: str, status: str = "302 Found") -> bytes:
    return answer(status=status, headers=[f"Location: {location}"])


def test_a_redirect_is_followed_and_told(host, transport):
    news = host(by_path({"/a": moved("/b"), "/b": moved("c", "301 Moved"), "/c": OK}))
    got = transport(news).fetch(Request(news.url("/a")))
    assert isinstance(got, Answer)
    assert got.url == news.url("/c")
    assert got.hops == (Hop(302, news.url("/b")), Hop(301, news.url("/c")))


def test_col_06_a_redirect_to_a_private_address_stops_at_that_hop(host, transport):
    private = host(says(OK), address="127.0.0.2")
    news = host(by_path({"/a": moved("/b"), "/b": moved(private.url("/secret"))}))
    got = transport(news).fetch(Request(news.url("/a")))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase, got.url) == (FailureKind.REFUSED, Phase.JUDGED, private.url("/secret"))
    assert got.detail.startswith(f"hop 2 (302 to {private.url('/secret')}): 127.0.0.2 is loopback")
    assert private.connections == 0


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "hop 1 (302 to file:///etc/passwd): the URL begins with 'file'"),
        ("ftp://127.0.0.1/", "only http and https"),
        ("http://x:y@127.0.0.1/", "an @ after user-info"),
        ("/a", "a loop"),
    ],
)
def test_col_06_a_redirect_that_leads_astray_is_refused(host, transport, location, reason):
    news = host(by_path({"/a": moved(location)}))
    got = transport(news).fetch(Request(news.url("/a")))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.REFUSED, Phase.JUDGED)
    assert reason in got.detail


def test_col_06_https_to_http_is_refused(host, transport, tmp_path):
    plain = host(says(OK))
    papers = make_papers(tmp_path)
    safe = host(says(moved(plain.url())), context=papers.context)
    got = transport(safe, plain, ca_file=papers.ca_file).fetch(Request(safe.url()))
    assert isinstance(got, Failure)
    assert "from https to http" in got.detail
    assert plain.connections == 0


def test_http_to_https_is_followed(host, transport, tmp_path):
    papers = make_papers(tmp_path)
    safe = host(says(OK), context=papers.context)
    plain = host(says(moved(safe.url())))
    got = transport(safe, plain, ca_file=papers.ca_file).fetch(Request(plain.url()))
    assert isinstance(got, Answer)
    assert got.url == safe.url()


@pytest.mark.parametrize(("redirects", "ends"), [(5, Answer), (6, Failure)])
def test_col_06_five_redirects_are_followed_and_no_more(host, transport, redirects, ends):
    pages = {f"/{n}": moved(f"/{n + 1}") for n in range(redirects)} | {f"/{redirects}": OK}
    news = host(by_path(pages))
    got = transport(news).fetch(Request(news.url("/0")))
    assert isinstance(got, ends)
    if isinstance(got, Failure):
        assert "hop 6" in got.detail
        assert "more than 5 redirects" in got.detail
    assert len(news.heads) == 6


def test_col_06_a_loop_ends_at_the_first_repetition(host, transport):
    news = host(by_path({"/a": moved("/b"), "/b": moved("/a")}))
    got = transport(news).fetch(Request(news.url("/a")))
    assert isinstance(got, Failure)
    assert "hop 2" in got.detail
    assert "a loop" in got.detail
    assert len(news.heads) == 2


def test_col_07_another_origin_sees_no_credentials(host, transport):
    other = host(says(OK), address="127.0.0.2")
    back = host(says(moved(other.url("/elsewhere"))))
    asked = Request(
        back.url(),
        headers=(("Authorization", "Basic c2VjcmV0"), ("Cookie", "a=secret"), ("If-None-Match", '"1"')),
        credentials=(("X-Key", "secret"),),
    )
    got = transport(other, back).fetch(asked)
    assert isinstance(got, Answer)
    assert "secret" in back.heads[0]
    assert "c2VjcmV0" in back.heads[0]
    assert "secret" not in other.heads[0]
    assert "c2VjcmV0" not in other.heads[0]
    assert 'If-None-Match: "1"' in other.heads[0]


def test_col_07_credentials_once_dropped_stay_dropped_on_the_way_back(host, transport):
    home = host(says(b""))
    away = host(says(moved(home.url("/chosen-by-another"))), address="127.0.0.2")
    home._script = by_path({"/": moved(away.url()), "/chosen-by-another": OK})
    got = transport(home, away).fetch(Request(home.url(), credentials=(("X-Key", "secret"),)))
    assert isinstance(got, Answer)
    assert "secret" in home.heads[0]
    assert "secret" not in home.heads[1]


def test_col_07_a_cookie_that_is_set_is_never_sent(host, transport):
    news = host(by_path({"/": moved("/2").replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n"), "/2": OK}))
    assert isinstance(transport(news).fetch(Request(news.url())), Answer)
    assert "ookie" not in news.heads[1]


def test_a_submission_is_never_sent_on(host, transport):
    other = host(says(OK), address="127.0.0.2")
    provider = host(says_once(moved(other.url(), "307 Temporary Redirect")))
    got = transport(other, provider).fetch(Request(provider.url(), method="POST", body=b"{}"))
    assert isinstance(got, Answer)
    assert got.status == 307
    assert other.connections == 0


# Proxies


@pytest.fixture
def environment_proxy(host, monkeypatch):
    proxy = host(says(OK), address="127.0.0.8")
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url())
    return proxy


def test_col_08_proxies_of_the_environment_are_ignored(host, transport, environment_proxy):
    news = host(says(answer(b"direct")))
    got = transport(news, environment_proxy).fetch(Request(news.url()))
    assert isinstance(got, Answer)
    assert got.body == b"direct"
    assert environment_proxy.connections == 0


def relay(talk: Talk) -> None:
    """What a proxy does for CONNECT."""
    head = talk.read_head()
    address, _, port = head.split()[1].decode().rpartition(":")
    with socket.create_connection((address, int(port)), timeout=10) as beyond:
        talk.send(b"HTTP/1.1 200 Connection established\r\nX-Proxy: 1\r\n\r\n")
        beyond.sendall(talk.read_head() + b"\r\n\r\n")
        while data := beyond.recv(65536):
            talk.send(data)


def test_a_configured_proxy_is_asked_for_the_judged_address(host, transport, environment_proxy):
    news = host(says_once(answer(b"through", headers=["Connection: close"])), address="127.0.0.2")
    proxy = host(relay)
    one = transport("127.0.0.2", proxy=proxy.url(), look_up=names(news__example=("10.0.0.1", "127.0.0.2")))
    got = one.fetch(Request(f"http://news.example:{news.port}/rss"))
    assert isinstance(got, Answer)
    assert (got.body, got.peer) == (b"through", "127.0.0.2")
    assert got.header("x-proxy") is None
    assert proxy.heads[0].startswith(f"CONNECT 127.0.0.2:{news.port} ")
    assert f"Host: news.example:{news.port}" in news.heads[0]
    assert environment_proxy.connections == 0


def test_col_08_through_a_configured_proxy_the_policy_still_holds(host, transport):
    private = host(says(OK), address="127.0.0.3")
    news = host(says_once(moved(private.url()).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")))
    proxy = host(relay, address="127.0.0.8")
    one = transport(news, proxy=proxy.url())
    for url in (private.url(), news.url()):
        got = one.fetch(Request(url))
        assert isinstance(got, Failure)
        assert (got.kind, got.phase) == (FailureKind.REFUSED, Phase.JUDGED)
    assert [head.split()[1] for head in proxy.heads if head.startswith("CONNECT")] == [news.place]
    assert private.connections == 0


def test_a_proxy_that_refuses_is_unreachable_before_anything_is_sent(host, transport):
    proxy = host(says_once(answer(status="403 Forbidden")))
    got = transport("127.0.0.2", proxy=proxy.url()).fetch(Request("http://127.0.0.2/", method="POST", body=b"{}"))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase, got.status) == (FailureKind.UNREACHABLE, Phase.CONNECT, None)


# What it takes


def test_col_10_more_than_the_wire_limit_stops_there_in_flat_memory(host, transport):
    def endless(talk: Talk) -> None:
        talk.read_head()
        talk.send(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(400):
            talk.send(b"\0" * 256 * 1024)

    news = host(endless)
    one = transport(news)
    tracemalloc.start()
    try:
        got = one.fetch(Request(news.url(), wire_bytes_max=2 * MEBIBYTE))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(got, Failure)
    assert (got.kind, got.phase, got.status) == (FailureKind.TOO_LARGE, Phase.STATUS, 200)
    assert peak < 4 * MEBIBYTE


def test_col_10_a_length_beyond_the_limit_is_refused_unread(host, transport):
    def announce(talk: Talk) -> None:
        talk.read_head()
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
        talk.hang()

    news = host(announce)
    got = transport(news).fetch(Request(news.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.status) == (FailureKind.TOO_LARGE, 200)
    assert "99999999 bytes announced" in got.detail
    assert got.seconds < 5


def test_col_10_a_length_that_claims_more_than_comes_is_cut_short(host, transport):
    news = host(says_once(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss>"))
    got = transport(news).fetch(Request(news.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase, got.status) == (FailureKind.GARBLED, Phase.STATUS, 200)


def test_col_10_a_length_that_claims_less_than_comes_ends_there(host, transport):
    news = host(says_once(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<rss/> and more"))
    one = transport(news)
    got = one.fetch(Request(news.url()))
    assert isinstance(got, Answer)
    assert got.body == b"<rss/"
    again = one.fetch(Request(news.url()))  # what was left over is not taken for the next answer
    assert isinstance(again, Answer)
    assert again.body == b"<rss/"


@pytest.mark.parametrize("claim", ["-5", "five", "5, 7", "99999999999999999999999999"])
def test_col_10_a_length_that_is_none_is_no_length(host, transport, claim):
    news = host(says_once(f"HTTP/1.1 200 OK\r\nContent-Length: {claim}\r\n\r\n<rss/>".encode()))
    got = transport(news).fetch(Request(news.url(), total_seconds=5))
    assert isinstance(got, Failure) or got.body == b"<rss/>"


def test_col_11_a_gzip_bomb_stops_at_the_inflated_limit_in_flat_memory(host, transport):
    bomb = gzip.compress(b"\0" * 60 * MEBIBYTE)
    news = host(says(answer(bomb, headers=["Content-Encoding: gzip"])))
    one = transport(news)
    tracemalloc.start()
    try:
        got = one.fetch(Request(news.url(), body_bytes_max=2 * MEBIBYTE))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(got, Failure)
    assert (got.kind, got.phase, got.status) == (FailureKind.TOO_LARGE, Phase.STATUS, 200)
    assert peak < 4 * MEBIBYTE


@pytest.mark.parametrize(
    "coding", ["Content-Encoding: gzip, gzip", "Content-Encoding: gzip\r\nContent-Encoding: br", "Content-Encoding: x"]
)
def test_col_11_stacked_and_unknown_codings_are_garbled(host, transport, coding):
    news = host(says(answer(gzip.compress(gzip.compress(b"<rss/>")), headers=[coding])))
    got = transport(news).fetch(Request(news.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.GARBLED, Phase.STATUS)


def test_a_coded_body_arrives_inflated_and_counted_as_it_came(host, transport):
    wire = gzip.compress(b"<rss/>" * 1000)
    news = host(says(answer(wire, headers=["Content-Encoding: gzip"])))
    got = transport(news).fetch(Request(news.url()))
    assert isinstance(got, Answer)
    assert (got.body, got.wire_bytes) == (b"<rss/>" * 1000, len(wire))


# When it ends


def test_col_12_a_byte_at_a_time_ends_at_the_total_deadline(host, transport):
    def slow(talk: Talk) -> None:
        talk.read_head()
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        talk.trickle(b"x" * 1000, 0.02)

    news = host(slow)
    got = transport(news).fetch(Request(news.url(), total_seconds=0.4))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase, got.status) == (FailureKind.TIMEOUT, Phase.STATUS, 200)
    assert 0.3 < got.seconds < 3


def test_col_12_headers_without_end_stop(host, transport):
    def endless(talk: Talk) -> None:
        talk.read_head()
        talk.send(b"HTTP/1.1 200 OK\r\n")
        for n in range(100_000):
            talk.send(f"X-{n}: {n}\r\n".encode())

    news = host(endless)
    got = transport(news).fetch(Request(news.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase, got.status) == (FailureKind.TOO_LARGE, Phase.STATUS, 200)


def test_col_12_slow_headers_end_at_the_total_deadline(host, transport):
    def slow(talk: Talk) -> None:
        talk.read_head()
        talk.trickle(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 500, 0.02)

    news = host(slow)
    got = transport(news).fetch(Request(news.url(), total_seconds=0.3))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.TIMEOUT, Phase.AWAITING_STATUS)


def test_col_12_the_deadline_is_over_all_hops(host, transport):
    over = threading.Event()

    def slow_redirects(talk: Talk) -> None:
        while head := talk.read_head():
            over.wait(0.15)
            talk.send(moved(f"/{int(head.split()[1][1:]) + 1}"))

    news = host(slow_redirects)
    begun = time.monotonic()
    got = transport(news).fetch(Request(news.url("/0"), total_seconds=0.4, redirects_max=50))
    assert isinstance(got, Failure)
    assert got.kind is FailureKind.TIMEOUT
    assert 1 <= len(got.hops) <= 3
    assert time.monotonic() - begun < 3


def test_col_12_a_look_up_without_end_ends_with_the_time_to_connect(transport):
    held = threading.Event()

    def dead_zone(_host: str, _port: int) -> tuple[str, ...]:
        held.wait(20)
        return ("127.0.0.1",)

    got = transport("127.0.0.1", look_up=dead_zone).fetch(Request("http://news.example/", connect_seconds=0.2))
    held.set()
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.TIMEOUT, Phase.CONNECT)
    assert got.seconds < 3


def test_a_name_that_is_not_known_is_unreachable(transport):
    def unknown(host: str, _port: int) -> tuple[str, ...]:
        raise OSError(f"{host}: name not known")

    got = transport(look_up=unknown).fetch(Request("http://news.example/"))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.UNREACHABLE, Phase.CONNECT)


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rs", FailureKind.GARBLED),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<rss/>\r\n0\r\n\r\n", FailureKind.GARBLED),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<rss/>\r\n", FailureKind.GARBLED),  # no last chunk
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<rss/>", FailureKind.GARBLED),
    ],
)
def test_col_13_an_answer_cut_short_is_garbled(host, transport, sent, kind):
    news = host(says_once(sent))
    got = transport(news).fetch(Request(news.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase, got.status) == (kind, Phase.STATUS, 200)


def test_col_13_a_half_closed_connection_ends_a_body_without_a_length(host, transport):
    def half(talk: Talk) -> None:
        talk.read_head()
        talk.send(b"HTTP/1.1 200 OK\r\n\r\n<rss/>")
        talk.connection.shutdown(socket.SHUT_WR)
        talk.hang()

    news = host(half)
    got = transport(news).fetch(Request(news.url()))
    assert isinstance(got, Answer)
    assert got.body == b"<rss/>"


def test_col_13_a_reset_in_the_body_is_unreachable_with_its_status(host, transport):
    def reset(talk: Talk) -> None:
        talk.read_head()
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<rss/>")
        talk.settle()
        talk.reset()

    news = host(reset)
    got = transport(news).fetch(Request(news.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase, got.status) == (FailureKind.UNREACHABLE, Phase.STATUS, 200)


def test_col_13_a_closed_port_is_unreachable(transport):
    got = transport("127.0.0.1").fetch(Request(f"http://127.0.0.1:{free_port()}/"))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.UNREACHABLE, Phase.CONNECT)


def test_https_with_an_authority_of_our_own(host, transport, tmp_path):
    papers = make_papers(tmp_path, names=("news.example", "127.0.0.1"))
    news = host(says(OK), context=papers.context)
    one = transport(news, ca_file=papers.ca_file, look_up=names(news__example=("127.0.0.1",)))
    assert isinstance(one.fetch(Request(news.url())), Answer)
    assert isinstance(one.fetch(Request(news.url(host="news.example"))), Answer)


@pytest.mark.parametrize(
    ("made", "trusted", "says_why"),
    [
        ({"names": ("other.example",)}, True, "127.0.0.1"),
        ({"days_left": -1}, True, "expired"),
        ({}, False, "certificate"),
    ],
    ids=["wrong name", "expired", "unknown authority"],
)
def test_col_13_a_bad_certificate_is_a_tls_failure_and_no_request_is_sent(
    host, transport, tmp_path, made, trusted, says_why
):
    papers = make_papers(tmp_path, **made)
    news = host(says(OK), context=papers.context)
    got = transport(news, ca_file=papers.ca_file if trusted else None).fetch(Request(news.url()))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.TLS, Phase.CONNECT)
    assert says_why in got.detail
    assert news.heads == []


def test_col_13_a_handshake_that_is_none_is_a_tls_failure(host, transport):
    plain = host(lambda talk: talk.send(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    got = transport(plain).fetch(Request(plain.url().replace("http:", "https:")))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.TLS, Phase.CONNECT)


def test_col_12_a_handshake_without_end_times_out_before_anything_is_sent(host, transport):
    silent = host(lambda talk: talk.hang())
    got = transport(silent).fetch(Request(silent.url().replace("http:", "https:"), connect_seconds=0.3))
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.TIMEOUT, Phase.CONNECT)


def test_the_policy_can_be_the_real_one_with_one_port_opened(host, transport):
    open_, shut = host(says(OK)), host(says(OK))
    one = transport(policy=AddressPolicy((open_.place,)))
    assert isinstance(one.fetch(Request(open_.url())), Answer)
    assert isinstance(one.fetch(Request(shut.url())), Failure)
