"""What the gate lets in, over raw HTTP: one known host, one plain path, and no header that builds a link."""

import socket

import pytest

from syndication.web.public import Doors
from tests.web.house import furnish, opened


def raw(house, lines, *, private=False):
    """Send these request lines as they are and answer the whole response."""
    port = house.private_port if private else house.port
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
        found = b""
        while chunk := connection.recv(65536):
            found += chunk
    return found


def status_of(answer):
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["GET / HTTP/1.1", "Host: 127.0.0.1"], 200),
        (["GET / HTTP/1.1", "Host: 127.0.0.1:99"], 200),  # behind a proxy the port is another
        (["GET / HTTP/1.1", "Host: evil.example"], 421),
        (["GET / HTTP/1.1", "Host: 127.0.0.1.evil.example"], 421),
        (["GET / HTTP/1.1", "Host: evil.example#127.0.0.1"], 421),
        (["GET / HTTP/1.1", "Host: 127.0.0.1:80@evil.example"], 421),
        (["GET / HTTP/1.1", "Host:"], 421),
        (["GET / HTTP/1.1", "Host: 127.0.0.1", "Host: evil.example"], 400),
        (["GET /feeds/all.rss HTTP/1.1", "Host: evil.example"], 421),
    ],
)
def test_pub_10_only_our_own_names_are_answered(still, lines, status):
    assert status_of(raw(still, lines)) == status


@pytest.mark.parametrize(
    "lines",
    [
        ["GET / HTTP/1.1", "Host: 127.0.0.1", "X-Forwarded-Host: evil.example"],
        ["GET / HTTP/1.1", "Host: 127.0.0.1", "X-Forwarded-Proto: https", "X-Forwarded-Port: 666"],
        ["GET / HTTP/1.1", "Host: 127.0.0.1", "Forwarded: host=evil.example;proto=https"],
        ["GET / HTTP/1.1", "Host: 127.0.0.1", "X-Original-URL: /outbox/", "X-Rewrite-URL: /outbox/"],
        ["GET http://evil.example/ HTTP/1.1", "Host: 127.0.0.1"],
        [
            "GET /articles/1 HTTP/1.1",
            "Host: 127.0.0.1",
            "X-Forwarded-Host: evil.example",
            "Referer: https://evil.example",
        ],
    ],
)
def test_pub_10_links_are_built_from_the_configuration_alone(still, lines):
    answer = raw(still, lines)
    assert status_of(answer) in (200, 421)
    assert b"evil.example" not in answer
    assert b":666" not in answer


@pytest.mark.parametrize(
    ("proxies", "forwarded", "same_network"),
    [
        ((), "203.0.113.9", True),  # nobody's word counts
        (("127.0.0.0/8",), "203.0.113.9", False),
        (("127.0.0.0/8",), "203.0.113.9, 127.0.0.1", False),
        (("10.0.0.0/8",), "203.0.113.9", True),  # not from that proxy
    ],
)
def test_pub_10_a_visitors_address_is_taken_from_trusted_proxies_only(
    database, tmp_path, proxies, forwarded, same_network
):
    furnish(database)
    doors = Doors(allowed_hosts=("127.0.0.1",), trusted_proxies=proxies)
    with opened(database, tmp_path, doors=doors) as house:
        from syndication.storage import schema

        fields = {"newsletter": "morning", "stamp": house.stamp()}
        house.post("/subscribe", fields | {"address": "a@readers.example"})
        house.post("/subscribe", fields | {"address": "b@readers.example"}, {"X-Forwarded-For": forwarded})
        first, second = (row["consent"]["network_hash"] for row in house.rows(schema.subscription))
        assert (first == second) is same_network


@pytest.mark.parametrize(
    "path",
    [
        "/..",
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/%252e%252e/etc/passwd",
        "/articles/..%2f..%2fetc",
        "/articles/%00",
        "/articles\\1",
        "/articles/%5c1",
        "//evil.example/",
        "/feeds//all.rss",
        "/./feeds/all.rss",
        "/assets/../pyproject.toml",
        "/assets/site.css",
        "/feeds/all.rss%00.html",
        "/feeds/ALL.rss",
        "/a" * 4000,
        "/articles/0",
        "/articles/01",
        "/articles/-1",
        "/articles/1e3",
        "/articles/999999999999999999",
        "/articles/9999999999999999999999",
        "/editions/x",
        "/archive/2026-13",
        "/archive/0000-00",
        "/archive/2026-02-31",
        "/archive/9999-12-31",
        "/.env",
        "/.git/config",
        "/subscribe/",
        "/outbox/",
        "/metrics",
    ],
)
def test_pub_14_odd_paths_are_404_and_read_nothing(still, path):
    answer = raw(still, [f"GET {path} HTTP/1.1", "Host: 127.0.0.1"])
    assert status_of(answer) == 404
    assert b"root:" not in answer
    assert b"location:" not in answer.lower()


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "%2f%2fevil.example",
    "%252f%252fevil.example",
    "aHR0cHM6Ly9ldmlsLmV4YW1wbGU=",
]


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("page", ["/", "/articles/1", "/feeds/all", "/archive", "/subscribe", "/search"])
def test_pub_12_no_page_is_a_step_to_elsewhere(still, page, target):
    query = "&".join(f"{name}={target}" for name in ("next", "url", "to", "return_to", "redirect"))
    plain, asked = (
        raw(still, [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html"])
        for path in (page, f"{page}?{query}")
    )
    assert status_of(asked) == status_of(plain) == 200
    assert b"evil.example" not in asked and b"location:" not in asked.lower()


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("before", ["/", "/articles/", "/feeds/", "/confirm/", "/unsubscribe/", "/preferences/"])
def test_pub_12_no_path_leads_elsewhere(still, before, target):
    answer = raw(still, [f"GET {before}{target} HTTP/1.1", "Host: 127.0.0.1"])
    assert status_of(answer) == 404
    assert b"location:" not in answer.lower()


@pytest.mark.parametrize("target", ELSEWHERE)
def test_pub_12_no_form_sends_its_visitor_elsewhere(still, target):
    answer = still.post("/subscribe", {"address": "no address", "next": target, "return_to": target})
    assert 400 <= answer.status < 500
    assert b"evil.example" not in answer.body and "location" not in {name.lower() for name in answer.headers}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("DELETE", "/", 405),
        ("PUT", "/articles/1", 405),
        ("TRACE", "/", 405),
        ("POST", "/feeds/all.rss", 405),
        ("PATCH", "/subscribe", 405),
        ("BREW", "/", 405),
        ("OPTIONS", "/subscribe", 405),
    ],
)
def test_pub_15_odd_methods_are_refused(still, method, path, status):
    answer = still.ask(method, path)
    assert answer.status == status
    assert "GET" in answer.headers["allow"]


def test_pub_15_five_hundred_ranges_are_one_whole_answer(still):
    ranges = ",".join(f"{n}-{n + 1}" for n in range(500))
    answer = still.get("/feeds/all.rss", {"Range": f"bytes={ranges}"})
    assert answer.status == 200
    assert len(answer.body) == int(answer.headers["content-length"])


def test_health_is_asked_by_address_and_says_nothing(still):
    for path in ("/livez", "/readyz"):
        answer = raw(still, [f"GET {path} HTTP/1.1", "Host: 10.0.0.7:8080"])
        assert status_of(answer) == 200
        assert answer.endswith(b"\r\n\r\nok\n")


def test_readiness_waits_for_the_feeds(house):
    house.shelf.loaded = False
    try:
        assert house.get("/livez").status == 200
    finally:
        house.shelf.loaded = True
    assert house.get("/readyz").status == 200


def test_the_private_listener_answers_loopback_names_only(still):
    assert status_of(raw(still, ["GET /outbox/ HTTP/1.1", "Host: localhost"], private=True)) == 200
    # A page that points its own name at 127.0.0.1 must not read the outbox through the operator's browser.
    assert status_of(raw(still, ["GET /outbox/ HTTP/1.1", "Host: rebound.example"], private=True)) == 421
