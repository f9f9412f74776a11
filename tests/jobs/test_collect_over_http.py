"""Collecting over real HTTP on loopback: conditional requests, hosts that hang or are dead, and pages."""

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

import pytest

from syndication.jobs.collect import collect
from syndication.model.rights import Rights, TextRight
from syndication.model.source import ArticleFrom, SourceKind
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.storage import articles, sources
from syndication.storage.database import Database
from syndication.storage.library import Library
from tests.builders import NOW, a_partner, a_source, put_publication
from tests.world import item, rss


class Partners:
    """Documents served on loopback. `hang` holds paths that take the request and then say nothing."""

    def __init__(self) -> None:
        self.documents: dict[str, tuple[str, bytes]] = {}
        self.hang: set[str] = set()
        self.statuses: list[tuple[str, int]] = []
        self.ended = threading.Event()
        partners = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path in partners.hang:
                    partners.ended.wait(30)
                    return
                type, body = partners.documents.get(self.path, ("text/plain", b""))
                etag = f'"{hash(body)}"'
                status = 200 if body else 404
                if status == 200 and self.headers["If-None-Match"] == etag:
                    status, body = 304, b""
                partners.statuses.append((self.path, status))
                self.send_response(status)
                self.send_header("ETag", etag)
                self.send_header("Content-Type", type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def partners() -> Iterator[Partners]:
    running = Partners()
    yield running
    running.close()


@pytest.fixture
def transport() -> Iterator[Transport]:
    opened = Transport(AddressPolicy(("127.0.0.1/32",)), user_agent="house-test/1")
    yield opened
    opened.close()


@pytest.fixture
def dead_ports() -> Iterator[list[int]]:
    """Twenty ports that refuse whoever calls: they are taken, and nobody listens."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(20)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        yield [each.getsockname()[1] for each in sockets]


def test_two_rounds_over_http_and_the_second_changes_nothing(
    database: Database, partners: Partners, transport: Transport
) -> None:
    link = f"{partners.base}/news/1"
    page = (
        "<html><head><title>Ferry sails</title></head><body><article><h1>Ferry sails</h1>"
        + "".join(
            f"<p>Sentence {n} of the story about the ferry, which is long enough to be one.</p>" for n in range(6)
        )
        + "</article></body></html>"
    )
    partners.documents = {
        "/feed": ("application/rss+xml", rss(item(1, link=link, title="Ferry sails")).encode()),
        "/news/1": ("text/html; charset=utf-8", page.encode()),
    }
    source = a_source(
        id=0, url=f"{partners.base}/feed", article_from=ArticleFrom.PAGE, rights=Rights(text=TextRight.FULL)
    )
    with database.write() as connection:
        put_publication(connection, sources=[source])
    library = Library(database)
    assert collect(exchange=transport, library=library, clock=lambda: NOW).new == 1
    assert collect(exchange=transport, library=library, clock=lambda: NOW).polled == ()
    again = collect(exchange=transport, library=library, clock=lambda: NOW, only=source.slug)
    assert [(each.outcome, each.new, each.changed) for each in again.polled] == [("unchanged", 0, 0)]
    manners = [("/.well-known/tdmrep.json", 404), ("/robots.txt", 404)]
    assert sorted(partners.statuses[1:3]) == manners  # once, before the first page
    assert [one for one in partners.statuses if one not in manners] == [
        ("/feed", 200),
        ("/news/1", 200),
        ("/feed", 304),
    ]
    with database.read() as connection:
        (stored,) = articles.newest(connection, limit=9)
    assert "Sentence 5 of the story" in stored.article.text


def test_col_19_hosts_that_hang_or_are_dead_delay_no_healthy_source(
    database: Database,
    partners: Partners,
    transport: Transport,
    dead_ports: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    healthy = 20
    declared = [
        a_source(id=0, slug=f"dead{n}", partner=a_partner(slug="d"), url=f"http://127.0.0.1:{port}/feed")
        for n, port in enumerate(dead_ports)
    ]
    for n in range(healthy):
        path = f"/feed{n}"
        partners.documents[path] = ("application/rss+xml", rss(item(n)).encode())
        declared.append(a_source(id=0, slug=f"well{n}", partner=a_partner(slug="w"), url=f"{partners.base}{path}"))
    other = Partners()
    other.hang.add("/feed")
    declared.append(a_source(id=0, slug="hangs", partner=a_partner(slug="h"), url=f"{other.base}/feed"))
    shorten(monkeypatch, seconds=6.0)
    with database.write() as connection:
        put_publication(connection, sources=declared)
    started = monotonic()
    seen: list[float] = []

    class Watching(Library):
        def writing(self):  # type: ignore[no-untyped-def]
            seen.append(monotonic() - started)
            return super().writing()

    collected = collect(exchange=transport, library=Watching(database), clock=lambda: NOW)
    other.close()
    outcomes = {each.source: each.outcome for each in collected.polled}
    assert {outcomes[f"well{n}"] for n in range(healthy)} == {"fresh"}
    assert {outcomes[f"dead{n}"] for n in range(20)} == {"unreachable"}
    assert outcomes["hangs"] == "timeout"
    assert collected.new == healthy
    assert seen[-2] < 6.0 <= seen[-1]  # all that is well was stored while one still hung
    with database.read() as connection:
        assert {row.failures for row in sources.listing(connection)} == {0, 1}


def shorten(monkeypatch: pytest.MonkeyPatch, *, seconds: float) -> None:
    """Let no request of the collector's last longer."""
    from dataclasses import replace

    from syndication.jobs import collect as module

    whole = module.request_for
    monkeypatch.setattr(
        module, "request_for", lambda *given, **named: replace(whole(*given, **named), total_seconds=seconds)
    )


def test_lists_of_pages_over_http_of_several_kinds(
    database: Database, partners: Partners, transport: Transport
) -> None:
    """A listing page, an index with a gzip sitemap in it, and a place that robots.txt closes."""
    text = "".join(
        f"<p>Sentence {n} of the story about the ferry, which is long enough to be one.</p>" for n in range(6)
    )
    for name in ("the-ferry-sails", "a-crane-arrives", "the-quay-is-closed"):
        page = f"<html><head><title>{name}</title></head><body><article><h1>{name}</h1>{text}</article></body></html>"
        partners.documents[f"/news/{name}"] = ("text/html", page.encode())
    links = "".join(
        f"<h2><a href='/news/{name}'>{name.replace('-', ' ')}</a></h2>"
        for name in ("the-ferry-sails", "a-crane-arrives")
    )
    url = f"<url><loc>{partners.base}/news/the-quay-is-closed</loc><lastmod>2026-05-06</lastmod></url>"
    index = f"<sitemapindex><sitemap><loc>{partners.base}/posts.xml.gz</loc></sitemap></sitemapindex>"
    partners.documents |= {
        "/robots.txt": ("text/plain", b"User-agent: *\nDisallow: /closed"),
        "/list": ("text/html", f"<html><body>{links}</body></html>".encode()),
        "/closed/list": ("text/html", f"<html><body>{links}</body></html>".encode()),
        "/sitemap.xml": ("application/xml", index.encode()),
        "/posts.xml.gz": ("application/gzip", gzip.compress(f"<urlset>{url}</urlset>".encode())),
    }
    kinds = {"/list": SourceKind.LISTING, "/closed/list": SourceKind.LISTING, "/sitemap.xml": SourceKind.SITEMAP}
    made = [
        a_source(id=0, slug=f"s{n}", partner=a_partner(slug=f"p{n}"), url=f"{partners.base}{path}", kind=kind)
        for n, (path, kind) in enumerate(kinds.items())
    ]
    with database.write() as connection:
        put_publication(connection, sources=made)
    collected = collect(exchange=transport, library=Library(database), clock=lambda: NOW)
    assert {one.source: (one.outcome, one.new) for one in collected.polled} == {
        "s0": ("fresh", 2),
        "s1": ("asked not to", 0),
        "s2": ("fresh", 1),
    }
    assert "/closed/list" not in [path for path, _ in partners.statuses]
