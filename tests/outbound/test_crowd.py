"""`fetch_all` against real hosts on loopback: side by side, one connection per host, and nobody waits for the dead."""

import threading
import time
from collections import Counter

import pytest

from syndication.model.exchange import Answer, Failure, FailureKind, Phase, Request
from tests.conftest import free_port
from tests.outbound.hosts import OK, Host, Talk, answer, by_path, make_papers, says, says_once


@pytest.fixture
def street(host):
    """`street(n, script)`: so many hosts side by side, each at an address of its own."""

    def build(count: int, script) -> list[Host]:
        return [host(script, address=f"127.0.{7 + n // 250}.{1 + n % 250}") for n in range(count)]

    return build


def test_each_request_gets_its_own_answer_once(host, transport):
    news = host(by_path({f"/{n}": answer(str(n).encode()) for n in range(30)}))
    requests = [Request(news.url(f"/{n}"), key=n) for n in range(30)]
    got = dict(transport(news).fetch_all(requests))
    assert {request.key: outcome.body for request, outcome in got.items()} == {n: str(n).encode() for n in range(30)}
    assert all(request is next(one for one in requests if one.key == request.key) for request in got)


def test_no_requests_are_soon_done(transport):
    assert list(transport().fetch_all([])) == []


def test_faults_of_all_kinds_stand_beside_answers(host, transport):
    news, private = host(says(OK)), host(says(OK), address="127.0.0.2")
    got = transport(news, "127.0.0.3").fetch_all(
        [
            Request("ftp://news.example/", key="scheme"),
            Request(private.url(), key="private"),
            Request(f"http://127.0.0.3:{free_port()}/", key="closed"),
            Request(news.url(), key="good"),
            Request(news.url(), headers=(("X", "a\nb"),), key="header"),
        ]
    )
    kinds = {request.key: outcome.kind if isinstance(outcome, Failure) else outcome.status for request, outcome in got}
    assert kinds == {
        "scheme": FailureKind.REFUSED,
        "private": FailureKind.REFUSED,
        "closed": FailureKind.UNREACHABLE,
        "good": 200,
        "header": FailureKind.REFUSED,
    }
    assert private.connections == 0


def test_one_host_has_one_connection_at_a_time_and_keeps_it(host, transport):
    news = host(says(OK))
    results = list(transport(news).fetch_all([Request(news.url(f"/{n}")) for n in range(20)]))
    assert all(isinstance(outcome, Answer) for _, outcome in results)
    assert len(results) == 20
    assert (news.connections, news.most_at_once) == (1, 1)


def test_many_hosts_are_asked_side_by_side_within_the_bound(street, transport):
    at_once, most, guard, full = 0, 0, threading.Lock(), threading.Event()

    def crowded(talk: Talk) -> None:
        nonlocal at_once, most
        talk.read_head()
        with guard:
            at_once += 1
            most = max(most, at_once)
            if at_once == 8:
                full.set()
        full.wait(10)
        with guard:
            at_once -= 1
        talk.send(answer(headers=["Connection: close"]))

    hosts = street(40, crowded)
    results = list(transport("127.0.0.0/8", concurrency=8).fetch_all([Request(one.url()) for one in hosts]))
    assert Counter(type(outcome) for _, outcome in results) == {Answer: 40}
    assert most == 8


def test_col_12_slow_hosts_delay_no_other(street, host, transport):
    def slow(talk: Talk) -> None:
        talk.read_head()
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        talk.trickle(b"x" * 1000, 0.1)

    slow_ones = street(5, slow)
    quick = host(says(OK))
    requests = [Request(one.url(), total_seconds=2.0, key="slow") for one in slow_ones]
    requests += [Request(quick.url(f"/{n}"), key="quick") for n in range(20)]
    order = [request.key for request, _ in transport("127.0.0.0/8").fetch_all(requests)]
    assert order == ["quick"] * 20 + ["slow"] * 5


def test_col_19_dead_names_delay_no_host_that_lives(host, transport):
    alive = threading.Event()

    def directory(name: str, _port: int) -> tuple[str, ...]:
        if name.startswith("dead"):
            alive.wait(20)
        return ("127.0.0.1",)

    news = host(says(OK))
    dead = [Request(f"http://dead{n}.example/", connect_seconds=2.0, key="dead") for n in range(60)]
    live = [Request(f"http://live{n}.example:{news.port}/", key="live") for n in range(20)]
    results = list(transport(news, look_up=directory).fetch_all(dead + live))
    alive.set()
    assert [request.key for request, _ in results] == ["live"] * 20 + ["dead"] * 60
    assert {(one.kind, one.phase) for request, one in results if request.key == "dead"} == {
        (FailureKind.TIMEOUT, Phase.CONNECT)
    }


def test_col_19_many_sources_of_one_dead_host_cost_one_waiting(transport):
    held = threading.Event()
    asked: list[str] = []

    def directory(name: str, _port: int) -> tuple[str, ...]:
        asked.append(name)
        held.wait(20)
        return ("127.0.0.1",)

    requests = [Request(f"http://dead.example/{n}", connect_seconds=0.3) for n in range(50)]
    begun = time.monotonic()
    results = list(transport("127.0.0.1", look_up=directory).fetch_all(requests))
    held.set()
    assert {outcome.kind for _, outcome in results} == {FailureKind.TIMEOUT}
    assert len(results) == 50
    assert asked == ["dead.example"]
    assert time.monotonic() - begun < 5


def test_a_host_that_fails_after_connecting_is_asked_for_its_other_sources(host, transport):
    def moody(talk: Talk) -> None:
        if b"/bad" in talk.read_head():
            talk.reset()
        else:
            talk.send(answer(headers=["Connection: close"]))

    news = host(moody)
    results = dict(transport(news).fetch_all([Request(news.url("/bad")), Request(news.url("/good"))]))
    assert [type(outcome) for outcome in results.values()] == [Failure, Answer]


def test_redirects_are_followed_from_host_to_host(host, transport):
    last = host(says(answer(b"there")), address="127.0.0.2")
    first = host(says(answer(status="301 Moved", headers=[f"Location: {last.url('/x')}"])))
    requests = [Request(first.url(f"/{n}"), key=n) for n in range(5)]
    requests += [Request(last.url(f"/{n}"), key=n + 5) for n in range(5)]
    results = dict(transport(first, last).fetch_all(requests))
    assert {outcome.body for outcome in results.values()} == {b"there"}
    assert {request.key: len(outcome.hops) for request, outcome in results.items()} == {
        n: int(n < 5) for n in range(10)
    }
    assert (first.most_at_once, last.most_at_once) == (1, 1)


def test_two_hosts_that_redirect_to_each_other_do_not_block(host, transport):
    left, right = host(says(b"")), host(says(b""), address="127.0.0.2")
    left._script = by_path({"/": answer(status="302 Found", headers=[f"Location: {right.url('/end')}"]), "/end": OK})
    right._script = by_path({"/": answer(status="302 Found", headers=[f"Location: {left.url('/end')}"]), "/end": OK})
    requests = [Request(one.url(), key=(one.port, n)) for one in (left, right) for n in range(5)]
    results = list(transport(left, right).fetch_all(requests))
    assert Counter(type(outcome) for _, outcome in results) == {Answer: 10}


def test_col_06_a_private_address_behind_a_redirect_is_refused_in_a_crowd_too(host, transport):
    private = host(says(OK), address="127.0.0.2")
    news = host(says(answer(status="302 Found", headers=[f"Location: {private.url()}"])))
    [(_, got)] = transport(news).fetch_all([Request(news.url())])
    assert isinstance(got, Failure)
    assert (got.kind, got.phase) == (FailureKind.REFUSED, Phase.JUDGED)
    assert private.connections == 0


def test_https_hosts_go_along(host, transport, tmp_path):
    papers, old = make_papers(tmp_path), tmp_path / "old"
    old.mkdir()
    good = host(says(OK), context=papers.context)
    bad = host(says(OK), address="127.0.0.2", context=make_papers(old).context)
    results = dict(transport(good, bad, ca_file=papers.ca_file).fetch_all([Request(good.url()), Request(bad.url())]))
    assert sorted(str(getattr(outcome, "kind", "good")) for outcome in results.values()) == ["good", "tls"]


def test_a_slow_consumer_holds_no_more_than_it_must_and_costs_nobody_an_answer(street, transport):
    hosts = street(30, says_once(answer(b"x", headers=["Connection: close"])))
    results = transport("127.0.0.0/8", concurrency=4).fetch_all(
        [Request(one.url(), total_seconds=1.0, key=one.address) for one in hosts]
    )
    next(results)
    pause = threading.Event()
    pause.wait(1.5)  # longer than any request may take
    assert sum(one.connections for one in hosts) <= 1 + 2 * 4
    assert Counter(type(outcome) for _, outcome in results) == {Answer: 29}


def test_who_stops_looking_leaves_nothing_running(street, transport):
    hosts = street(20, says_once(OK)) + street(1, Talk.hang)
    before = threading.active_count()
    results = transport("127.0.0.0/8", concurrency=2).fetch_all([Request(one.url()) for one in hosts])
    next(results)
    results.close()
    assert not [one for one in threading.enumerate() if one.name == "fetch-all"]
    assert threading.active_count() <= before + 21  # the hosts' own threads


def test_closing_the_transport_ends_the_iteration_early(host, transport):
    quick, stuck = host(says(OK)), host(Talk.hang, address="127.0.0.2")
    one = transport(quick, stuck)
    got = []
    for request, _ in one.fetch_all([Request(quick.url(), key="quick"), Request(stuck.url(), key="stuck")]):
        got.append(request.key)
        one.close()
    assert got == ["quick"]


def test_two_crowds_of_one_transport_do_not_mix(host, transport):
    news = host(by_path({f"/{n}": answer(str(n).encode()) for n in range(20)}))
    one = transport(news)
    gathered: dict[int, set[bytes]] = {}

    def gather(start: int) -> None:
        asked = [Request(news.url(f"/{n}")) for n in range(start, start + 10)]
        gathered[start] = {outcome.body for _, outcome in one.fetch_all(asked)}

    threads = [threading.Thread(target=gather, args=(start,)) for start in (0, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert gathered == {start: {str(n).encode() for n in range(start, start + 10)} for start in (0, 10)}


def test_a_fault_of_our_own_reaches_the_consumer(host, transport):
    class Broken:
        def judge(self, ip: str, port: int) -> str | None:
            raise ZeroDivisionError("a bug")

    news = host(says(OK))
    with pytest.raises(ZeroDivisionError):
        list(transport(policy=Broken()).fetch_all([Request(news.url())]))
