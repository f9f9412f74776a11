"""A publication on loopback for tests: a real database, the real server, real HTTP; only the clock is set by hand."""

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from syndication.jobs.publish import publish
from syndication.model.article import Figure, RelatedLink
from syndication.model.choice import Choice
from syndication.model.feed import Publication
from syndication.outbound.address import judge_url
from syndication.rendering import Renderer
from syndication.senders.spool import Spool
from syndication.storage import feeds as stored_feeds
from syndication.storage import schema
from syndication.storage.archive import Archive
from syndication.storage.database import Database
from syndication.storage.image_files import ImageFiles
from syndication.storage.journal import Journal
from syndication.storage.listeners import StoredListeners
from syndication.storage.own_feeds import StoredOwnFeeds
from syndication.storage.shelf import StoredShelf
from syndication.storage.subscribers import Registry
from syndication.subscribers.sign import Purpose, Signer
from syndication.web.hub import Hub
from syndication.web.private import private_app
from syndication.web.public import Doors, public_app
from syndication.web.serve import Listener, Refresh, serve
from syndication.web.shelf import Shelf
from tests.builders import (
    NOW,
    a_feed,
    a_newsletter,
    a_partner,
    a_publication,
    a_source,
    a_topic,
    put_article,
    put_publication,
)
from tests.conftest import free_port

KEY = b"k" * 32
SIGNER = Signer((b"s" * 32,))
TEMPLATES = Path(__file__).parents[2] / "templates"
RENDERER = Renderer([TEMPLATES])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class House:
    database: Database
    shelf: Shelf
    publication: Publication
    port: int
    private_port: int
    spool: Spool
    journal: Journal
    clock: list[datetime]
    images: ImageFiles
    woken: list[int] = field(default_factory=list)

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | str | None = None,
        *,
        private: bool = False,
    ) -> Answer:
        port = self.private_port if private else self.port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())
        finally:
            connection.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None, **given: Any) -> Answer:
        return self.ask("GET", path, headers, **given)

    def post(self, path: str, fields: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, kind | dict(headers or {}), urlencode(fields, doseq=True))

    def stamp(self, age_seconds: float = 10) -> str:
        from syndication.web.form import Stamps

        return Stamps(SIGNER).draw(self.clock[0] - timedelta(seconds=age_seconds))

    def sign_up(self, address: str = "ada@readers.example", **fields: Any) -> Answer:
        return self.post("/subscribe", {"address": address, "newsletter": "morning", "stamp": self.stamp()} | fields)

    def confirm_path(self, subscriber_id: int = 1) -> str:
        return f"/confirm/{SIGNER.token(Purpose.CONFIRM, subscriber_id)}"

    def leave_path(self, subscription_id: int = 1) -> str:
        return f"/unsubscribe/{SIGNER.token(Purpose.UNSUBSCRIBE, subscription_id)}"

    def rows(self, table: Any) -> list[Mapping[str, Any]]:
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(table.select().order_by(table.c.id)).mappings()]

    def everything(self) -> dict[str, list[Any]]:
        """Every row that a reader's request could change."""
        tables = (schema.subscriber, schema.subscription, schema.suppression, schema.message, schema.audit_log)
        return {table.name: self.rows(table) for table in tables} | {"journal": list(self.journal.lines())}

    def publish(self) -> None:
        publish(shelf=StoredShelf(self.database), publication=self.publication, clock=lambda: self.clock[0])
        self.shelf.refresh()


def furnish(database: Database) -> None:
    """Three partners' stories, two newsletters, one edition of each state that matters."""
    harbour = a_partner()
    upland = a_partner(slug="upland-post", name="Upland Post", homepage="https://upland.example/")
    from syndication.model.rights import Rights, TextRight

    full = Rights(text=TextRight.FULL, canonical=False)
    with database.write() as connection:
        put_publication(
            connection,
            sources=[
                a_source(id=0, partner=harbour, rights=full),
                a_source(id=0, partner=upland, slug="upland", rights=Rights(noindex=True)),
            ],
            topics=[a_topic(), a_topic(slug="hills", title="Hills", words=("hill",))],
            feeds=[
                a_feed(id=0),
                a_feed(id=0, slug="harbour", title="Harbour", choice=Choice(topics=("harbour",))),
                a_feed(id=0, slug="upland", title="From Upland Post", choice=Choice(partners=("upland-post",))),
            ],
            newsletters=[
                a_newsletter(id=0),
                a_newsletter(id=0, slug="weekly", title="The Weekly Sound", description="The week in ten stories."),
            ],
        )
        put_article(
            connection,
            source_id=1,
            title="The ferry sails again",
            topics=("harbour",),
            figures=(Figure("https://harbour.example/f.jpg", "The ferry at quay 3", "Harbour Daily", "A ferry"),),
            related=(RelatedLink("All about ferries", "https://harbour.example/ferries"),),
            published_at=NOW,
        )
        put_article(
            connection,
            source_id=2,
            title="Hill road closed until June",
            publisher="Upland Post",
            url="https://upland.example/hill",
            topics=("hills",),
            published_at=NOW - timedelta(hours=5),
        )
        put_article(
            connection,
            source_id=1,
            title='<script>alert(1)</script> & other "quotes"',
            byline="<b>Bold</b>",
            excerpt="<img src=x onerror=alert(1)> is text here.",
            published_at=NOW - timedelta(days=40),
        )
        for id, state in enumerate(("frozen", "open", "cancelled", "held", "review", "skipped", "settled"), start=1):
            put_edition(connection, id=id, state=state)


def put_edition(connection: Any, *, id: int, state: str, article_ids: tuple[int, ...] = (1, 2), held: str = "") -> None:
    slot = NOW - timedelta(days=id)
    connection.execute(
        schema.edition.insert().values(
            newsletter_id=1,
            cadence="daily",
            slot_local=slot.replace(tzinfo=None).isoformat(timespec="minutes"),
            due_at=slot,
            state=state,
            held_state=held or None,
            created_at=slot,
        )
    )
    for position, article_id in enumerate(article_ids):
        connection.execute(
            schema.edition_item.insert().values(
                edition_id=id,
                newsletter_id=1,
                cadence="daily",
                story_id=article_id,
                article_id=article_id,
                kind="new" if id == 1 else "correction",
                rev=1,
                rev_key=id - 1,
                position=position,
                reason="new",
            )
        )


@contextmanager
def opened(
    database: Database, directory: Path, *, base_url: str = "", doors: Doors | None = None, registry: Any = None
) -> Iterator[House]:
    """Serve the database until the block is left."""
    port, private_port = free_port(), free_port()
    publication = a_publication(base_url=base_url or f"http://127.0.0.1:{port}")

    def marks() -> Any:
        with database.read() as connection:
            return stored_feeds.snapshot_marks(connection)

    def snapshot(slug: str, format: Any) -> Any:
        with database.read() as connection:
            return stored_feeds.snapshot(connection, slug, format)

    shelf = Shelf(marks, snapshot, publication=publication)
    house = House(
        database=database,
        shelf=shelf,
        publication=publication,
        port=port,
        private_port=private_port,
        spool=Spool(directory / "spool"),
        journal=Journal(directory / "journal"),
        clock=[NOW + timedelta(hours=1)],
        images=ImageFiles(directory / "images"),
    )
    public = public_app(
        publication=publication,
        render=RENDERER.page,
        templates=[TEMPLATES],
        shelf=shelf,
        archive=Archive(database),
        registry=registry or Registry(database),
        journal=house.journal,
        signer=SIGNER,
        key=KEY,
        wake=lambda: house.woken.append(1),
        clock=lambda: house.clock[0],
        ready=lambda: True,
        stock=StoredShelf(database),
        own_feeds=StoredOwnFeeds(database),
        read_image=house.images.read,
        hub=Hub(publication, StoredListeners(database), judge_url, lambda: None, lambda: house.clock[0]),
        doors=doors or Doors(allowed_hosts=("127.0.0.1",)),
    )
    private = private_app(
        publication=publication,
        render=RENDERER.page,
        templates=[TEMPLATES],
        spool=house.spool,
        clock=lambda: house.clock[0],
    )
    stop, up = threading.Event(), threading.Event()
    listeners = [Listener("public", "127.0.0.1", port, public), Listener("private", "127.0.0.1", private_port, private)]
    thread = threading.Thread(
        target=serve,
        args=(listeners,),
        kwargs={
            "wait": stop.wait,
            "up": up.set,
            "refresh": Refresh(shelf.refresh, 0.05),
            "drain_seconds": lambda: 5.0,
        },
    )
    thread.start()
    try:
        assert up.wait(15), "the server did not come up"
        yield house
    finally:
        stop.set()
        thread.join(15)
        house.journal.close()
        assert not thread.is_alive()
