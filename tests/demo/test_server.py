"""The small server: when an asker knows the page already, and what bounds it."""

import http.client
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from syndication.demo.server import CONNECTIONS_MAX, Page, Server, is_known

WHEN = datetime(2026, 5, 7, 6, 30, tzinfo=UTC)
PAGE = Page(b"<p>Low water at noon.</p>", "text/html; charset=utf-8", WHEN)
THEN = format_datetime(WHEN, usegmt=True)
BEFORE = format_datetime(WHEN - timedelta(seconds=1), usegmt=True)


@pytest.fixture
def server():
    server = Server(lambda path: PAGE if path == "/" else None)
    server.start()
    yield server
    server.stop()


def ask(server, method="GET", path="/", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize(
    ("none_match", "modified_since", "known"),
    [
        (None, None, False),
        (PAGE.etag, None, True),
        (f'"other", W/{PAGE.etag}', None, True),  # compared weakly, RFC 9110, section 13.1.2
        ("*", None, True),
        ('"other"', None, False),
        (None, THEN, True),
        (None, BEFORE, False),
        (None, "yesterday or so", False),
        ('"other"', THEN, False),  # the entity tag decides
        (PAGE.etag, BEFORE, True),
    ],
)
def test_whether_a_page_is_known(none_match, modified_since, known):
    assert is_known(PAGE, none_match, modified_since) is known


def test_the_entity_tag_follows_the_bytes():
    assert PAGE.etag == Page(PAGE.data, "text/plain", WHEN + timedelta(days=1)).etag
    assert PAGE.etag != Page(PAGE.data + b" ", PAGE.content_type, WHEN).etag


def test_head_is_get_without_the_body(server):
    got, body = ask(server)
    told, nothing = ask(server, "HEAD")
    assert (body, nothing) == (PAGE.data, b"")
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length"):
        assert told.headers[name] == got.headers[name]


def test_a_304_has_no_body_and_the_connection_goes_on(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    for headers, status in (({"If-None-Match": PAGE.etag}, 304), ({}, 200), ({"If-None-Match": PAGE.etag}, 304)):
        connection.request("GET", "/", headers=headers)
        answer = connection.getresponse()
        assert (answer.status, bool(answer.read())) == (status, status == 200)
    connection.close()


def test_what_is_not_there_is_not_found(server):
    answer, body = ask(server, path="/nothing")
    assert answer.status == 404
    assert b"Not found" in body


def test_connections_beyond_the_bound_are_hung_up_on_and_room_is_made_again(server):
    held = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=5) for _ in range(CONNECTIONS_MAX)]
    for connection in held:
        connection.request("GET", "/")
        connection.getresponse().read()
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        ask(server)
    for connection in held:
        connection.close()
    deadline = time.monotonic() + 10
    while True:
        try:
            assert ask(server)[0].status == 200
            break
        except (http.client.HTTPException, ConnectionError):
            assert time.monotonic() < deadline, "a connection that was closed was not given back"
