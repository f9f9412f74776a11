"""A hub that a feed names is asked, verified, renewed and heard; polls are slow while it keeps its word."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
import sqlalchemy as sa

from syndication.jobs.collect import collect
from syndication.jobs.hear import Heard, Question, answer, ask_hubs, hear
from syndication.model.exchange import Answer, Failure, FailureKind, Phase, Request
from syndication.sources.hub import FAILURES_MAX, SAFETY
from syndication.storage import sources
from syndication.storage.database import Database
from syndication.storage.due import Agenda
from syndication.storage.hub import Hubs
from syndication.storage.library import Library
from syndication.storage.schema import source, websub_lease
from tests.builders import NOW, a_source, put_publication
from tests.world import World, item, rss

FEED = "https://harbour-daily.example/feed"
LINKS = (("link", '<https://hub.example/>; rel="hub"'), ("link", f'<{FEED}>; rel="self"'))


@dataclass
class Hub:
    """A hub by the book: it verifies before it answers, and signs what it sends. Unless it is `down`."""

    hubs: Hubs
    clock: "House"
    down: bool = False
    verifies: bool = True
    granted: str = "864000"
    asked: list[dict[str, str]] = field(default_factory=list)

    def fetch_all(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Answer | Failure]]:
        for request in requests:
            yield request, self.fetch(request)

    def fetch(self, request: Request) -> Answer | Failure:
        if self.down:
            return Failure(request.url, FailureKind.UNREACHABLE, Phase.CONNECT, "down")
        asked = {key: value[0] for key, value in parse_qs((request.body or b"").decode()).items()}
        self.asked.append(asked)
        if self.verifies:
            question = Question("subscribe", asked["hub.topic"], "echo-me", self.granted)
            assert answer(self.hubs, self.callback, question, self.clock.now) == "echo-me"
        return Answer(request.url, 202, (), b"", "192.0.2.2")

    @property
    def callback(self) -> str:
        return self.asked[-1]["hub.callback"].rpartition("/")[2]

    def push(self, body: bytes = b"news", secret: str | None = None) -> Heard:
        digest = hmac.new((secret or self.asked[-1]["hub.secret"]).encode(), body, hashlib.sha256).hexdigest()
        return hear(self.hubs, self.callback, body, f"sha256={digest}", self.clock.now)


class House:
    def __init__(self, database: Database) -> None:
        self.database, self.now, self.world = database, NOW, World()
        self.library, self.hubs = Library(database), Hubs(database)
        self.hub = Hub(self.hubs, self)
        self.world.puts(FEED, rss(item(1)))
        self.world.headers[FEED] = LINKS
        with database.write() as connection:
            put_publication(connection, sources=[a_source(id=0)])

    def collect(self, **by: float) -> int:
        self.now += timedelta(**by)
        return collect(exchange=self.world, library=self.library, clock=lambda: self.now, jitter=lambda: 0.0).new

    def ask(self, **by: float) -> int:
        self.now += timedelta(**by)
        url = "https://us.example/websub/callback/{}".format
        return ask_hubs(exchange=self.hub, hubs=self.hubs, clock=lambda: self.now, callback_url=url)

    def lease(self):
        with self.database.read() as connection:
            return connection.execute(sa.select(websub_lease)).first()

    def next_poll(self) -> timedelta:
        with self.database.read() as connection:
            return connection.scalar(sa.select(source.c.next_poll_at)) - self.now

    def due(self) -> bool:
        return Agenda(self.database).due(self.now, limit=9).ask_hubs


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


@pytest.fixture
def listening(house: House) -> House:
    house.collect()
    house.ask()
    return house


def test_a_named_hub_is_asked_and_verified_and_then_left_alone(house: House) -> None:
    assert not house.due()
    house.collect()
    assert house.due()
    assert house.ask() == 1
    lease = house.lease()
    assert (lease.state, lease.lease_until, lease.failures) == ("active", NOW + timedelta(days=10), 0)
    assert len(lease.callback) == 32
    assert len(house.hub.asked[0]["hub.secret"]) == 64
    assert not house.due()
    assert house.ask() == 0


def test_a_lease_is_renewed_before_it_ends_and_stays_good_meanwhile(listening: House) -> None:
    listening.now += timedelta(days=8, minutes=1)
    assert listening.due()
    listening.hub.down = True
    assert listening.ask() == 0
    assert listening.lease().state == "active"
    assert listening.hub.push() is Heard.KNOWN  # heard, and the source is due anyway after so long
    listening.hub.down = False
    assert listening.ask(hours=3) == 1
    assert listening.lease().lease_until == listening.now + timedelta(days=10)


def test_a_call_makes_the_source_due_and_nothing_of_it_is_read(listening: House) -> None:
    listening.now += timedelta(minutes=4)
    assert listening.next_poll() > timedelta(minutes=5)
    listening.world.puts(FEED, rss(item(2), item(1)))
    assert listening.hub.push(rss(item(666)).encode()) is Heard.NEWS
    assert listening.next_poll() == timedelta()
    assert listening.hub.push() is Heard.KNOWN
    assert listening.collect() == 1
    with listening.database.read() as connection:
        (row,) = sources.listing(connection)
    assert row.articles == 2


def test_a_source_is_not_polled_at_every_call(listening: House) -> None:
    listening.now += timedelta(seconds=5)
    assert listening.hub.push() is Heard.NEWS
    assert listening.next_poll() == timedelta(minutes=1)


def test_what_is_not_signed_by_our_secret_is_passed_over(listening: House) -> None:
    listening.now += timedelta(minutes=4)
    before = listening.next_poll()
    assert listening.hub.push(secret="guessed") is Heard.UNSIGNED
    assert hear(listening.hubs, listening.hub.callback, b"news", "", listening.now) is Heard.UNSIGNED
    assert hear(listening.hubs, "0" * 32, b"news", "", listening.now) is Heard.UNKNOWN
    assert listening.next_poll() == before
    assert not listening.lease().trusted


def test_only_what_we_asked_for_is_confirmed(house: House) -> None:
    house.collect()
    callback = house.lease().callback
    house.hub.verifies = False
    assert answer(house.hubs, callback, Question("subscribe", FEED, "x", "60"), NOW) is None  # not asked yet
    house.ask()
    assert house.lease().state == "asked"
    for wrong in (Question("unsubscribe", FEED, "x"), Question("subscribe", FEED + "2", "x"), Question("", FEED)):
        assert answer(house.hubs, callback, wrong, NOW) is None
    assert answer(house.hubs, "0" * 32, Question("subscribe", FEED, "x"), NOW) is None
    assert house.hub.push() is Heard.UNKNOWN  # nobody calls before they are verified
    assert answer(house.hubs, callback, Question("subscribe", FEED, "x", "3600"), NOW) == "x"
    assert house.lease().state == "active"


def test_a_hub_that_is_down_is_asked_again_and_in_the_end_left_alone(house: House) -> None:
    house.collect()
    house.hub.down = True
    for _ in range(FAILURES_MAX):
        assert house.due()
        house.ask()
        assert not house.due()
        house.now += timedelta(days=1)
    assert house.lease().state == "refused"
    assert not house.due()
    house.hub.down = False
    assert house.ask(days=7) == 1
    assert house.lease().state == "active"


def test_a_hub_that_never_calls_back_is_asked_again(house: House) -> None:
    house.collect()
    house.hub.verifies = False
    house.ask()
    assert not house.due()
    house.hub.verifies = True
    assert house.ask(hours=2, minutes=1) == 1
    assert house.lease().state == "active"


def test_a_hub_that_says_no_is_believed(listening: House) -> None:
    assert answer(listening.hubs, listening.hub.callback, Question("denied", FEED), listening.now) == ""
    assert (listening.lease().state, listening.lease().lease_until) == ("refused", None)
    assert listening.hub.push() is Heard.UNKNOWN


def test_polls_are_slow_while_the_hub_keeps_its_word_and_usual_when_it_does_not(listening: House) -> None:
    listening.collect(hours=1)
    assert listening.next_poll() < SAFETY  # it has told of nothing yet
    listening.now += timedelta(hours=1)
    listening.world.puts(FEED, rss(item(2), item(1)))
    listening.hub.push()
    assert listening.collect() == 1
    assert listening.next_poll() == SAFETY
    assert listening.collect(hours=6) == 0
    assert listening.next_poll() == SAFETY
    listening.world.puts(FEED, rss(item(3), item(2), item(1)))  # and the hub says nothing
    assert listening.collect(hours=6) == 1
    assert listening.next_poll() < SAFETY
    assert not listening.lease().trusted
    listening.hub.push()
    listening.world.puts(FEED, rss(item(4), item(3), item(2), item(1)))
    assert listening.collect(minutes=2) == 1
    assert listening.next_poll() == SAFETY


def test_a_feed_that_changes_its_hub_begins_anew(listening: House) -> None:
    first = listening.lease().callback
    listening.world.headers[FEED] = (("link", '<http://other.example/>; rel="hub"'), LINKS[1])
    listening.world.puts(FEED, rss(item(2), item(1)))
    listening.collect(hours=1)
    lease = listening.lease()
    assert (lease.hub, lease.state, lease.secret) == ("http://other.example/", "wanted", "")
    assert lease.callback != first
    assert listening.hub.push() is Heard.UNKNOWN
    listening.world.headers[FEED] = ()
    listening.world.puts(FEED, rss(item(3), item(2)))
    listening.collect(hours=1)
    assert listening.lease() is None
