"""KIL-02, DEL-01, DEL-03: the whole service, killed while it collects, assembles, plans and sends, loses nobody.

The real `run`, the real transport, the stand-in for its provider; killed whole, by its supervisor, or front or back
alone, at moments drawn by a seed, while readers leave. The oracle reads the provider's log, the rows and the report
that an operator sees. `STORM=full` is longer and has PostgreSQL too.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from syndication.demo import world
from syndication.demo.partners import Partners
from syndication.demo.server import Page, Server
from syndication.jobs import subscribe
from syndication.model.subscriber import Consent, EmailAddress
from syndication.storage import schema
from syndication.wiring import House
from tests.journeys.service import Service, make_all_due, quiet_zone, until
from tests.standin.handle import Handle
from tests.storm.leavers import Leavers
from tests.storm.test_kill import ids_of
from tests.storm.victims import kill

FULL = os.environ.get("STORM") == "full"
SEED = int(os.environ.get("STORM_SEED", "20260507"))
READERS = 120
BATCH_SIZE = 2
CALL_SECONDS = 5.0
"""No call lasts longer, so what the provider took later than this after a reader had left was begun after."""

EDITIONS = {
    "first": ("assemble", "send", "send"),
    "second": ("assemble", "plan", "send"),
    "third": ("plan", "send", "send"),
    **({"fourth": ("plan", "send"), "fifth": ("assemble", "send", "send", "send", "send")} if FULL else {}),
}
"""Newsletters, and what each is doing when death comes."""
COLLECTING = 3
KILLS = COLLECTING + sum(map(len, EDITIONS.values()))
VICTIMS = ("group", "back", "supervisor", "back", "front", "group", "back")

UNRELIABLE = {"delay": 1.5, "lose": 0.02, "double": 0.2, "rename": 0.1, "shuffle": True, "samples": 1, "forge": 0.05}
"""How the provider tells what became of mail: late, twice, out of order, not always, and others try to as well."""
ZONE = quiet_zone()
SPAN = {"collect": 0.4, "assemble": 0.04, "plan": 0.005, "send": 0.5}
"""Seconds from the moment a phase is seen to have begun within which death comes."""
STATES = {"assemble": ("assembling",), "plan": ("frozen", "dispatching")}

NEWSLETTER = """
[newsletter.{slug}]
title = "The {slug} of the storm"
at = "10:30"
zone = "{zone}"
"""
SLOW = """
[partner.slow]
name = "Slow Gazette"
homepage = "http://slow.example/"
[source.slow]
partner = "slow"
url = "http://127.0.0.1:{port}/feed"
poll_minutes = 1
"""
SLOW_FEED = b'<rss version="2.0"><channel><title>Slow</title><link>http://slow.example/</link></channel></rss>'


@dataclass
class Storm:
    service: Service
    partners: Partners
    provider: Handle
    guest: House
    chance: random.Random
    struck: Counter[str] = field(default_factory=Counter)
    """What was going on when death came, as the rows have it; often several things at once."""

    def rows(self, table: str) -> list[dict[str, Any]]:
        with self.guest.database.read() as connection:
            return [dict(row._mapping) for row in connection.execute(getattr(schema, table).select())]

    # -- what is going on, and its end

    def collect(self, victim: str) -> None:
        """A story comes out, is being collected when death comes, and arrives all the same."""
        title = self.partners.next_arrival()
        assert title
        self.ask_for_all()
        self.die("collect", victim, lambda: any(row["state"] == "leased" for row in self.rows("source")))

        def arrived() -> bool:
            self.ask_for_all()  # a round that lived on may have asked that partner too early
            return any(row["title"] == title for row in self.rows("article_revision"))

        until(title, arrived, look_seconds=0.5)

    def ask_for_all(self) -> None:
        make_all_due(self.guest, datetime.now(UTC))
        self.guest.waker.wake("collect")

    def strike(self, newsletter: str) -> None:
        """It is half past ten: the slot that passed before this installation was made is due after all."""
        slot = datetime.now(ZoneInfo(ZONE)).replace(hour=10, minute=30, second=0, microsecond=0)
        ids = {row["slug"]: row["id"] for row in self.rows("newsletter")}
        with self.guest.database.write() as connection:
            mine = schema.stream.c.newsletter_id == ids[newsletter]
            before = (slot - timedelta(minutes=1)).astimezone(UTC)
            connection.execute(schema.stream.update().where(mine).values(watermark=before))
        self.guest.waker.wake("open-slots")

    def compose(self, newsletter: str, phase: str, victim: str) -> None:
        """Death at the phase's beginning, or a little later; if the phase is over before we look, whenever that is."""

        def begun() -> bool:
            edition = self.edition(newsletter)
            if edition is None:
                return False
            if phase == "send":
                states = {row["state"] for row in self.rows("batch") if row["edition_id"] == edition["id"]}
                return "sending" in states or edition["state"] == "settled"
            later = ("sending", "settled", "dispatching", "frozen")
            return edition["state"] in STATES[phase] or edition["state"] in later

        self.die(phase, victim, begun)

    def edition(self, newsletter: str) -> dict[str, Any] | None:
        ids = {row["slug"]: row["id"] for row in self.rows("newsletter")}
        return next((row for row in self.rows("edition") if row["newsletter_id"] == ids[newsletter]), None)

    def die(self, phase: str, victim: str, begun: Callable[[], bool]) -> None:
        until(f"the {phase}", begun, look_seconds=0.002)
        time.sleep(self.chance.uniform(0, SPAN[phase]))
        kill(self.service, victim, self.guest, as_it_was=self.note)

    def note(self) -> None:
        """Between death and whatever comes after: what the rows say was going on."""
        editions = {row["state"] for row in self.rows("edition")}
        going_on = {
            "collect": any(row["state"] == "leased" for row in self.rows("source")),
            "assemble": "assembling" in editions,
            "plan": bool(editions & {"frozen", "dispatching"}),
            "send": any(row["state"] == "sending" for row in self.rows("batch")),
        }
        self.struck.update(phase for phase, true in going_on.items() if true)


class SlowPartner(Server):
    """So slow that a round of collecting has a middle."""

    def __init__(self) -> None:
        super().__init__(self._after_a_while)

    def _after_a_while(self, path: str) -> Page:
        time.sleep(0.4)
        return Page(SLOW_FEED, "application/rss+xml", datetime.now(UTC))


RUNS = [(engine, n) for n in range(6) for engine in ("sqlite", "postgresql")] if FULL else [("sqlite", 0)]


@pytest.fixture(params=RUNS, ids=lambda run: f"{run[0]}-{run[1]}")
def storm(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Storm]:
    engine, run = request.param
    url = ""
    if engine == "postgresql":
        new: Callable[[], str] = request.getfixturevalue("new_empty_postgres_database")
        url = new()
    with Partners() as partners, ExitStack() as ends:
        slow = SlowPartner()
        slow.start()
        ends.callback(slow.stop)
        provider = Handle(tmp_path / "accepted")
        ends.callback(provider.stop)
        provider.fault("trickle", gap=0.0005)  # accepted at once, and told so slowly
        service = Service(
            tmp_path / "house",
            partners,
            publication=publication(partners, slow.port),
            database_url=url,
            allow=(provider.url.removeprefix("http://"), f"127.0.0.1:{slow.port}"),
            environment={
                "SYNDICATION_SENDGRID_API_KEY": "SG.storm.key",
                "SYNDICATION__MAIL__TRANSPORT": "sendgrid",
                "SYNDICATION__MAIL__BATCH_SIZE": str(BATCH_SIZE),
                "SYNDICATION__SENDGRID__HOST": provider.url,
                "SYNDICATION__SENDGRID__CALLS_AT_ONCE": "2",  # so few that an edition has a middle
                "SYNDICATION__SENDGRID__TOTAL_SECONDS": str(CALL_SECONDS),
                "SYNDICATION__SENDGRID__WEBHOOK_KEYS": f'["{provider.event_key}"]',
            },
        )
        if url:
            service.command("migrate")
            service.command("apply")
        guest = service.house()
        ends.callback(guest.close)
        provider.tell_events(f"{service.base}/webhooks/sendgrid", seed=SEED + run, **UNRELIABLE)
        with service:
            until("the first polls", lambda: all(row["last_ok_at"] for row in service.rows("source")))
            yield Storm(service, partners, provider, guest, random.Random(SEED + run))


def publication(partners: Partners, slow_port: int) -> str:
    newsletters = "".join(NEWSLETTER.format(slug=slug, zone=ZONE) for slug in EDITIONS)
    return world.publication_toml(partners, zone=ZONE) + SLOW.format(port=slow_port) + newsletters


@pytest.mark.storm
@pytest.mark.timeout(900)
def test_kil_02_del_01_del_03_whatever_is_killed_everybody_has_one_place(storm: Storm) -> None:
    sign_up_everybody(storm)
    victims = [VICTIMS[n % len(VICTIMS)] for n in range(KILLS)]
    storm.chance.shuffle(victims)
    for _ in range(COLLECTING):
        storm.collect(victims.pop())
    urls = leaving_addresses(storm)
    with Leavers(urls, storm.chance) as leavers:
        for newsletter, phases in EDITIONS.items():
            storm.strike(newsletter)
            for phase in phases:
                storm.compose(newsletter, phase, victims.pop())
        until("the end of sending", lambda: nothing_moves(storm))
    until("the last event", lambda: not storm.provider.events()["pending"] and not storm.rows("event_spool"))
    until("what events settle", lambda: not taken_and_in_doubt(storm))
    assert not victims and len(leavers.acknowledged) > 10
    doubtful = judge_doubt(storm)
    for newsletter in EDITIONS:
        judge(storm, newsletter, leavers)
    print(f"{KILLS} kills, {len(doubtful)} batches in doubt, {len(leavers.acknowledged)} left: {storm.struck}")
    assert storm.struck["collect"] and storm.struck["assemble"] + storm.struck["plan"] and storm.struck["send"] >= 4


def sign_up_everybody(storm: Storm) -> None:
    house = storm.guest
    consent = Consent(text="by word of mouth", form="test", asked_at=datetime.now(UTC))
    for n in range(READERS):
        for newsletter in EDITIONS:
            subscribe.add(
                EmailAddress.parse(f"reader-{n}@readers.example"),
                newsletter,
                consent,
                registry=house.registry,
                key=house.address_key,
                locale="en",
            )


def leaving_addresses(storm: Storm) -> dict[tuple[str, str], str]:
    """The address of everybody's button, by newsletter and mail address."""
    mail = {row["id"]: row["address"] for row in storm.rows("subscriber")}
    slug = {row["id"]: row["slug"] for row in storm.rows("newsletter")}
    return {
        (slug[row["newsletter_id"]], mail[row["subscriber_id"]]): storm.guest.unsubscribe_url(row["id"])
        for row in storm.rows("subscription")
    }


def nothing_moves(storm: Storm) -> bool:
    """Every batch is accepted, or in doubt and waits for a person."""
    states = {row["state"] for row in storm.rows("edition")}
    return states <= {"settled", "sending"} and {row["state"] for row in storm.rows("batch")} <= {
        "accepted",
        "uncertain",
    }


# -- the oracle


def taken_and_in_doubt(storm: Storm) -> list[tuple[int, int]]:
    """Batches in doubt that the provider has accepted: its events say so, and soon there is none."""
    taken = {one["nl_sub"] for call in storm.provider.accepted() for one in call["deliveries"]}
    tried = {(row["edition_id"], row["n"]) for row in storm.rows("batch_attempt") if row["attempt_id"] in taken}
    doubtful = {(row["edition_id"], row["n"]) for row in storm.rows("batch") if row["state"] == "uncertain"}
    return sorted(tried & doubtful)


def judge_doubt(storm: Storm) -> list[tuple[int, int]]:
    """What is in doubt is shown with its evidence; whoever looks at the provider's log can settle it by one command."""
    taken = {one["nl_sub"] for call in storm.provider.accepted() for one in call["deliveries"]}
    doubtful = [(row["edition_id"], row["n"]) for row in storm.rows("batch") if row["state"] == "uncertain"]
    reports = {id: storm.service.asked("edition", "report", str(id)) for id in {id for id, _ in doubtful}}
    for edition_id, n in doubtful:
        report = reports[edition_id]
        (shown,) = (batch for batch in report["batches"] if batch["n"] == n)
        last = [attempt for attempt in report["attempts"] if attempt["n"] == n][-1]
        left = [one for one in report["exceptions"] if one["batch_n"] == n]
        assert report["adds_up"] and report["counts"]["uncertain"] >= shown["count"] - len(left)
        assert shown["state"] == "uncertain" and shown["detail"] and last["claimed_at"]
        assert any(row["key"].startswith(f"uncertain:{edition_id}") for row in storm.rows("alert"))
        word = "--accepted" if last["attempt_id"] in taken else "--resend"
        storm.service.command("resolve", str(edition_id), str(n), word)
    until("the settling", lambda: {row["state"] for row in storm.rows("edition")} == {"settled"})
    return doubtful


def judge(storm: Storm, newsletter: str, leavers: Leavers) -> None:
    edition = storm.edition(newsletter)
    assert edition is not None
    calls = [call for call in storm.provider.accepted() if call["subject"].startswith(f"The {newsletter} of")]
    got: Counter[str] = Counter(one["email"] for call in calls for one in call["deliveries"])
    when = {one["email"]: call["at"] for call in calls for one in call["deliveries"]}
    assert not [address for address, times in got.items() if times > 1], "nobody twice"

    for (of, address), at in leavers.acknowledged.items():
        if of == newsletter:
            assert address not in when or when[address] <= at + CALL_SECONDS, f"{address} was mailed after leaving"
    gone = {address for of, address in (*leavers.acknowledged, *leavers.unanswered) if of == newsletter}
    everybody = {row["address"]: row["id"] for row in storm.rows("subscriber")}
    assert set(everybody) - gone <= set(got), "nobody is lost"

    batches = [row for row in storm.rows("batch") if row["edition_id"] == edition["id"]]
    places = Counter(id for row in batches for id in ids_of(row["manifest"]))
    out = {row["subscriber_id"] for row in storm.rows("delivery_exception") if row["edition_id"] == edition["id"]}
    assert set(places.values()) == {1}, "each in one manifest"
    for address in gone - set(got):
        id = everybody[address]
        assert id in out or id not in places, f"{address} has no place in the ledger"
    report = storm.service.asked("edition", "report", str(edition["id"]))
    assert len(got) * 0.9 <= report["events"]["delivered"] <= len(got), "told of once, however often"
    assert report["events"]["reported"] <= len(got)
    counts = report["counts"]
    assert report["adds_up"] and counts["accepted"] == len(got)
    assert (counts["refused"], counts["uncertain"], counts["unsent"]) == (0, 0, 0)
    assert counts["audience"] == counts["accepted"] + counts["suppressed"] == len(set(places) | out)

    subscriptions = {(row["subscriber_id"], row["newsletter_id"]): row["state"] for row in storm.rows("subscription")}
    for of, address in leavers.acknowledged:
        if of == newsletter:
            assert subscriptions[everybody[address], edition["newsletter_id"]] == "unsubscribed"
