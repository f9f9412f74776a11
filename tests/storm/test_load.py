"""LOD-01: a crowd asks, two hundred clients dawdle, a provider tells, and an edition goes out. No promise is broken.

The real `run`, the stand-in for its provider. `STORM=full` is a minute of 1,000 requests and 2,000 events a second; in
`make test` it is a few seconds of less, and nothing is asserted of how long anything took. DSK-02: all the while the
log's disk is full.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from syndication.demo import world
from syndication.demo.partners import Partners
from tests.faults.full_disk import FULL_DEVICE
from tests.faults.oracle import Oracle
from tests.journeys.service import Service, quiet_zone, until
from tests.standin.handle import Handle
from tests.storm.crowd import BROKEN, Asker, Dawdlers, Load, Teller
from tests.storm.house import give_readers

FULL = os.environ.get("STORM") == "full"
SECONDS, REQUESTS, POSTS, DAWDLERS, READERS = (60, 1000, 20, 200, 20_000) if FULL else (3, 100, 4, 40, 200)
EVENTS_IN_ONE = 100
PATHS = ("/", "/feeds/all.rss", "/feeds/all.atom", "/archive", "/livez")
THREADS = 8
KIND = frozenset({200, 304, 429, 503})
"""What a crowd may be told: what it asked for, or to come again."""


@dataclass
class Crowded:
    service: Service
    provider: Handle
    teller: Teller
    oracle: Oracle


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Crowded]:
    with Partners() as partners, ExitStack() as ends:
        provider = Handle(tmp_path / "accepted")
        ends.callback(provider.stop)
        service = Service(
            tmp_path / "house",
            partners,
            publication=world.publication_toml(partners, zone=quiet_zone()),
            allow=(provider.url.removeprefix("http://"),),
        )
        teller = Teller(f"{service.base}/webhooks/sendgrid", EVENTS_IN_ONE)
        service.environment = {
            "SYNDICATION_SENDGRID_API_KEY": "SG.load.key",
            "SYNDICATION__MAIL__TRANSPORT": "sendgrid",
            "SYNDICATION__MAIL__BATCH_SIZE": "500" if FULL else "5",
            "SYNDICATION__SENDGRID__HOST": provider.url,
            "SYNDICATION__SENDGRID__WEBHOOK_KEYS": f'["{provider.event_key}", "{teller.public_key}"]',
            "SYNDICATION__LOG__FILE": str(FULL_DEVICE),
        }
        provider.tell_events(f"{service.base}/webhooks/sendgrid", seed=1, in_one=500)
        with service:
            service.wait_first_polls()
            url = f"sqlite:///{service.data / 'syndication.db'}"
            yield Crowded(service, provider, teller, Oracle(url, tmp_path / "accepted"))


@pytest.mark.storm
@pytest.mark.timeout(900)
def test_lod_01_dsk_02_a_crowd_breaks_no_promise_and_leaves_nothing_behind(crowded: Crowded) -> None:
    service, oracle = crowded.service, crowded.oracle
    guest = service.house()
    readers = give_readers(guest, "morning", READERS)
    titles = [title for title in (service.partners.next_arrival(), service.partners.next_arrival()) if title]
    service.collect(*titles)
    leaving = {address: guest.unsubscribe_url(id) for address, id in readers[: READERS // 50]}
    guest.close()
    with (
        Dawdlers(service.base, DAWDLERS),
        Load(Asker(service.base, PATHS, THREADS), REQUESTS, THREADS) as asked,
        Load(crowded.teller, POSTS, 2) as told,
    ):
        edition_id: int = service.asked("edition", "build", "morning")["id"]
        left = {address: time.time() for address, url in leaving.items() if pressed(service, url)}
        time.sleep(SECONDS)  # it is as long as it is: nothing is awaited here
        until("the edition", lambda: edition_over(oracle, edition_id), 600)
    assert set(asked.answers) - KIND <= {BROKEN} and asked.answers[200] > asked.answers[BROKEN]
    assert set(told.answers) - {204, 503} <= {BROKEN} and told.answers[204]
    assert left.keys() == leaving.keys(), "who leaves is heard, whatever the crowd"

    until("the service as before", lambda: service.get("/readyz").status == 200)
    until("the last event", lambda: not crowded.provider.events()["pending"] and not oracle.ask(SPOOLED), 600)
    when = {one["email"]: call["at"] for call in oracle.calls() for one in call["deliveries"]}
    assert not [address for address, at in left.items() if when.get(address, 0) > at + CALL_SECONDS]
    verdict = oracle.verdict(edition_id)
    assert not (verdict.doubled or verdict.untrue or verdict.unseen or verdict.twice_planned)
    assert {address for address, _ in readers} - set(left) <= verdict.reached, "nobody is lost"
    print(f"{sum(asked.answers.values()) / asked.seconds:,.0f} requests/s: {dict(asked.answers)}; {dict(told.answers)}")


SPOOLED = "SELECT 1 FROM event_spool LIMIT 1"
CALL_SECONDS = 60.0
"""No call lasts longer: what was taken later than this after a reader had left was begun after."""


def pressed(service: Service, url: str) -> bool:
    return 200 <= service.ask("POST", url, {"List-Unsubscribe": "One-Click"}).status < 300


def edition_over(oracle: Oracle, edition_id: int) -> bool:
    return oracle.ask(f"SELECT state FROM edition WHERE id = {edition_id}") == [("settled",)]
