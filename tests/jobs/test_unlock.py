"""Feeds behind a door, polled: who has the key gets in, who lost it hurts only itself."""

import logging
from base64 import b64encode

import pytest
import sqlalchemy as sa

from syndication.errors import SettingsError
from syndication.jobs.collect import collect
from syndication.model.credential import Credential
from syndication.model.rights import Rights, TextRight
from syndication.model.source import ArticleFrom
from syndication.outbound.address import AddressPolicy
from syndication.outbound.transport import Transport
from syndication.sources.unlock import read_secret
from syndication.storage import articles
from syndication.storage.database import Database
from syndication.storage.library import Library
from syndication.storage.schema import metadata
from tests.builders import NOW, a_source, put_publication
from tests.outbound.hosts import Host, Talk, answer
from tests.world import World, item, rss

SECRETS = {"harbour": "basic ada:s3cr3t", "hill": "key apikey: s3cr3t"}


def keys(name: str) -> Credential:
    if name not in SECRETS:
        raise SettingsError(f"the credentials {name!r} are not set", fix="set SYNDICATION_FEED_BAY")
    return read_secret(SECRETS[name], name)


def everything_stored(database: Database) -> str:
    with database.read() as connection:
        return repr([connection.execute(sa.select(table)).all() for table in metadata.sorted_tables])


def test_a_source_without_its_credentials_is_told_and_the_others_go_on(database: Database) -> None:
    world = World()
    world.puts("https://open.example/feed", rss(item(1)))
    with database.write() as connection:
        sources = [a_source(id=0, slug="open"), a_source(id=0, slug="bay", credentials="bay")]
        put_publication(connection, sources=sources)
    collected = collect(exchange=world, library=Library(database), clock=lambda: NOW, keys=keys)
    outcomes = {polled.source: (polled.outcome, polled.detail) for polled in collected.polled}
    assert outcomes["open"][0] == "fresh"
    assert outcomes["bay"] == ("refused", "the credentials 'bay' are not set. Set SYNDICATION_FEED_BAY")
    assert world.asked == ["https://open.example/feed"]


def test_a_key_opens_the_feed_and_is_stored_nowhere(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    world.puts("https://hill.example/feed?apikey=s3cr3t", rss(item(1, link="/news/1")))
    world.moved["https://hill.example/feed?apikey=s3cr3t"] = (301, "https://hill.example/feed?v=2&apikey=s3cr3t")
    world.puts("https://hill.example/feed?v=2&apikey=s3cr3t", rss(item(1, link="/news/1")))
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, slug="hill", credentials="hill")])
    with caplog.at_level(logging.DEBUG):
        collected = collect(exchange=world, library=Library(database), clock=lambda: NOW, keys=keys)
    assert collected.new == 1
    assert "s3cr3t" not in everything_stored(database)
    assert "s3cr3t" not in caplog.text


MANNERS = ("GET /robots.txt", "GET /.well-known/")


def test_col_07_a_page_on_another_host_and_a_redirect_to_one_get_no_password(database: Database) -> None:
    paragraphs = "".join(f"<p>Sentence {n} of the story about the ferry is long enough.</p>" for n in range(6))
    page = answer(f"<html><body><article><h1>Ferry</h1>{paragraphs}</article></body></html>".encode())
    elsewhere = Host(_says(lambda path: page))
    links = {"/feed": rss(item(1, link=elsewhere.url("/news/1")), item(2, link="/news/2"), item(3, link="/moved"))}

    def partner(path: str) -> bytes:
        if path == "/moved":
            return answer(status="302 Found", headers=[f"Location: {elsewhere.url('/news/3')}"])
        return answer(links[path].encode(), headers=["Content-Type: text/xml"]) if path in links else page

    home = Host(_says(partner))
    transport = Transport(AddressPolicy((home.place, elsewhere.place)), user_agent="Test/1")
    source = a_source(
        id=0,
        url=home.url("/feed"),
        credentials="harbour",
        article_from=ArticleFrom.PAGE,
        rights=Rights(text=TextRight.FULL),
    )
    with database.write() as connection:
        put_publication(connection, sources=[source])
    collected = collect(exchange=transport, library=Library(database), clock=lambda: NOW, keys=keys)
    assert collected.new == 3
    told = f"Basic {b64encode(b'ada:s3cr3t').decode()}"
    asked = [head for head in home.heads if not head.startswith(MANNERS)]
    assert all(told in head for head in asked) and len(asked) == 3
    # What a host asks of everybody needs no password.
    assert not any(told in head for head in home.heads if head.startswith(MANNERS))
    found = [head for head in elsewhere.heads if not head.startswith(MANNERS)]
    assert len(found) == 2 and not any("uthorization" in head for head in elsewhere.heads)
    with database.read() as connection:
        assert all("Sentence 5" in stored.article.text for stored in articles.newest(connection, limit=9))
    transport.close()
    home.close()
    elsewhere.close()


def _says(by_path):  # type: ignore[no-untyped-def]
    def script(talk: Talk) -> None:
        while head := talk.read_head():
            talk.send(by_path(head.split()[1].decode()))

    return script
