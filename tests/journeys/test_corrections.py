"""A partner corrects one story and takes another back: feed, page and the next edition of exactly the right readers.

The partner is a real server on loopback; the jobs run in this process, on each database, by a clock that can be set.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import time_machine

from syndication.demo import world
from syndication.engine.local import LocalEngine
from syndication.jobs import read, subscribe
from syndication.jobs.reconcile import reconcile
from syndication.model.feed import FeedFormat
from syndication.model.subscriber import Consent, EmailAddress
from syndication.storage import feeds, publication, schema
from syndication.storage.archive import Archive
from syndication.storage.due import Agenda
from syndication.wiring import House, now
from tests.conftest import free_port
from tests.journeys.service import make_all_due

pytestmark = pytest.mark.timeout(300)

EVENING = datetime(2026, 5, 6, 18, 0, tzinfo=UTC)
SLOT = datetime(2026, 5, 7, 6, 0, tzinfo=UTC)
"""Seven in the morning in London."""
PASSES_MAX = 20

BRIDGE = "The bridge at Carrow will be closed for nine days from Monday while its planks are laid anew."
MAYOR = "The mayor of Carrow has said that the bell of the old ferry will never leave the town."
BODY = "<p>{}</p><p>The council of Carrow told it last night, and the harbour master agreed with every word.</p>"
NOTE = "Correction: The bridge is closed for two days, not nine."
PUBLICATION = """
[publication]
title = "Both Shores"
description = "News of both shores."
language = "en"

[partner.quay]
name = "Quay Times"
homepage = "{home}/"

[source.quay]
partner = "quay"
url = "{home}/feed"
[source.quay.rights]
text = "full"

[feed.all]
title = "All"

[newsletter.morning]
title = "The Morning"
zone = "Europe/London"
at = "07:00"
"""


@dataclass
class Partner:
    """What Quay Times has: stories by their number. One that is gone answers 410 at its page."""

    stories: dict[int, tuple[str, str]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    home: str = ""

    def feed(self) -> bytes:
        items = "".join(
            f"<item><title>{title}</title><link>{self.home}/{n}</link><guid>{self.home}/{n}</guid>"
            f"<pubDate>{EVENING + timedelta(hours=n):%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
            f"<description><![CDATA[{text}]]></description></item>"
            for n, (title, text) in sorted(self.stories.items(), reverse=True)
        )
        channel = f"<title>Quay Times</title><link>{self.home}/</link><description>x</description>{items}"
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}</channel></rss>'.encode()


@pytest.fixture
def partner() -> Iterator[Partner]:
    found = Partner()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = self.path.strip("/")
            gone = number.isdecimal() and int(number) in found.gone
            body = found.feed() if number == "feed" else b"<html><title>x</title><p>x</p></html>"
            self.send_response(410 if gone else 404 if number == "robots.txt" else 200)
            self.send_header("Content-Type", "application/rss+xml" if number == "feed" else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.home = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield found
    server.shutdown()
    thread.join(10)
    server.server_close()


@dataclass
class Days:
    house: House
    engine: LocalEngine
    clock: time_machine.Traveller

    def go_to(self, moment: datetime) -> None:
        """Move the clock, do every job once, then whatever the rows say is due."""
        self.clock.move_to(moment)
        make_all_due(self.house, now())
        for task in ("collect", "publish", "open-slots"):
            self.engine.wake(task)
            assert self.engine.rest(120), task
        for _ in range(PASSES_MAX):
            due = reconcile(Agenda(self.house.database), self.engine, now())
            assert self.engine.rest(120)
            if not (due.assemble or due.plan or due.send or due.settle or due.publish):
                return
        raise AssertionError(f"something is always due: {due}")

    def subscribe(self, address: str) -> None:
        consent = Consent(text="by word of mouth", form="test", asked_at=now())
        one = EmailAddress.parse(address)
        subscribe.add(one, "morning", consent, registry=self.house.registry, key=self.house.address_key, locale="en")

    def texts(self, to: str) -> list[str]:
        """The text parts of what somebody got, the oldest first."""
        mails = [mail for mail in self.house.spool.listing(1000) if mail.to == to]
        found = [self.house.spool.read(mail.id) for mail in reversed(mails)]
        return [_text(mail) for mail in found if mail is not None]

    def feed(self) -> str:
        with self.house.database.read() as connection:
            found = feeds.snapshot(connection, "all", FeedFormat.ATOM)
        assert found is not None
        return found.data.decode()

    def page(self, id: int) -> read.ArticleShown | None:
        return read.article(Archive(self.house.database), id, now())

    def states(self) -> dict[int, Any]:
        with self.house.database.read() as connection:
            rows = connection.execute(schema.article.select().order_by(schema.article.c.id))
            return {row.id: (row.state, row.rev) for row in rows}


def _text(data: bytes) -> str:
    from email import message_from_bytes, policy

    part = message_from_bytes(data, policy=policy.default).get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


@pytest.fixture
def days(database_url: str, tmp_path: Path, partner: Partner) -> Iterator[Days]:
    config = tmp_path / "config"
    config.mkdir()
    listen = f"127.0.0.1:{free_port()}"
    settings = world.syndication_toml(
        listen=listen,
        private_listen=listen,
        base_url=f"http://{listen}",
        allow=(partner.home.removeprefix("http://"),),
    )
    (config / "syndication.toml").write_text(f'{settings}\n[database]\nurl = "{database_url}"\n', encoding="utf-8")
    given = PUBLICATION.format(home=partner.home)
    (config / "publication.toml").write_text(given, encoding="utf-8")
    with time_machine.travel(EVENING) as clock:
        house = House.open(config / "syndication.toml", tmp_path / "data")
        with house.database.write() as connection:
            publication.apply(connection, house.declared, now())
        engine = house.engine()
        engine.start()
        yield Days(house, engine, clock)
        assert engine.stop(60)
        house.close()


def test_a_correction_and_a_withdrawal_reach_exactly_who_got_the_old_text(days: Days, partner: Partner) -> None:
    partner.stories = {n: (f"An older story, the {n}th", BODY.format(f"It is the {n}th of them.")) for n in (1, 2)}
    days.subscribe("ada@readers.example")
    days.subscribe("bram@readers.example")
    days.go_to(EVENING)  # the first poll is backfill

    partner.stories |= {3: ("The mayor and the bell", BODY.format(MAYOR)), 4: ("Bridge closed", BODY.format(BRIDGE))}
    days.go_to(SLOT - timedelta(minutes=30))
    days.go_to(SLOT + timedelta(seconds=1))
    for address in ("ada@readers.example", "bram@readers.example"):
        (text,) = days.texts(address)
        assert BRIDGE in text and "The mayor and the bell" in text

    days.subscribe("celia@readers.example")
    right = BRIDGE.replace("nine days", "two days")
    partner.stories[4] = ("Bridge closed", BODY.format(right) + f"<p>{NOTE}</p>")
    del partner.stories[3]
    partner.gone = {3}
    partner.stories[5] = ("A seal on the quay", BODY.format("A seal has slept on the quay of Carrow for three nights."))
    for hours in (1, 2, 3, 4, 6, 8):  # missed, looked for, and looked for again
        days.go_to(SLOT + timedelta(hours=hours))
    assert sorted(days.states().values()) == [("live", 1), ("live", 1), ("live", 1), ("live", 2), ("withdrawn", 1)]
    mayor, bridge = (
        next(id for id, found in days.states().items() if found == one) for one in (("withdrawn", 1), ("live", 2))
    )

    atom = days.feed()
    assert right in atom and BRIDGE not in atom and NOTE in atom
    assert "deleted-entry" in atom and MAYOR not in atom
    assert days.page(mayor) is None
    shown = days.page(bridge)
    assert shown is not None and [one.note for one in shown.corrections] == [NOTE]
    assert any("nine" in passage.before and "two" in passage.after for passage in shown.corrections[0].passages)

    days.go_to(SLOT + timedelta(days=1, seconds=1))
    for address in ("ada@readers.example", "bram@readers.example"):
        _, text = days.texts(address)
        assert "A seal on the quay" in text
        assert NOTE in text.partition("Corrected since we mailed it")[2]
        block = text.partition("Withdrawn by its publisher")[2]
        assert "The mayor and the bell" in block and MAYOR not in text
    (text,) = days.texts("celia@readers.example")
    assert "A seal on the quay" in text
    assert "Corrected" not in text and "Withdrawn" not in text and "mayor and the bell" not in text

    days.go_to(SLOT + timedelta(days=2, seconds=1))
    assert len(days.texts("ada@readers.example")) == 2, "told once"
