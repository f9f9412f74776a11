"""The walk through the demo: what a day of a publication is, in a minute. It does what an editor could do by hand."""

import threading
import time
from collections.abc import Callable

from syndication.cli import show
from syndication.demo.partners import Partners
from syndication.demo.readers import sample_readers
from syndication.errors import SyndicationError
from syndication.jobs import compose, record, subscribe
from syndication.model.article import Stored
from syndication.model.edition import TERMINAL_EDITIONS, Counts
from syndication.model.exchange import Answer, Request
from syndication.model.feed import FeedFormat
from syndication.model.subscriber import Consent
from syndication.storage import articles, editions, images, sources
from syndication.wiring import House, now

WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.1
ARRIVAL_SECONDS = 45.0
NEWSLETTER = "morning"


class Tour:
    """Uses its House as a guest beside the running service."""

    def __init__(self, house: House, partners: Partners, *, readers: int, once: bool) -> None:
        self._house, self._partners, self._readers = house, partners, readers
        self.once = once
        self.done = False
        self.fault = ""

    def sign_up_everybody(self) -> None:
        """Before the service starts: sample readers whose consent is as real as they are."""
        consent = Consent(text="a sample reader of the demo", form="demo", asked_at=now())
        house = self._house
        with show.progress("sample readers", self._readers) as tell:
            for number, address in enumerate(sample_readers(self._readers), start=1):
                subscribe.add(address, NEWSLETTER, consent, registry=house.registry, key=house.address_key, locale="en")
                tell(number)

    def walk(self) -> None:
        """One full round; then, unless once, new stories for as long as there are some."""
        try:
            self._round()
        except SyndicationError as error:
            self.fault = str(error)
            show.complain(error.what, error.why, error.fix)
            return
        self.done = True
        if not self.once:
            self._go_on()

    def _round(self) -> None:
        self._collect_first()
        self._collect_new()
        edition_id = self._mail()
        self._correct()
        self._tell_addresses(edition_id)

    def _collect_first(self) -> None:
        count = len(self._partners.houses)
        self._until("the first poll", lambda: self._polled() == count)
        self._step(f"collected {self._articles()} stories from {count} partners over HTTP: published, not mailed")

    def _collect_new(self) -> None:
        before = self._articles()
        coming = self._partners.publish(1)
        self._poll()
        self._until("this morning's stories", lambda: self._articles() >= before + coming)
        self._step(f"this morning brought {coming} more; one of them is told by two partners and counts once")
        self._until("the feeds", self._feeds_hold_the_newest)
        self._step("published as RSS, Atom and JSON Feed, and on the web")
        self._until("the pictures", lambda: not self._images_wait())
        self._step(f"{self._images()} pictures that their rights allow are kept here, made anew")

    def _mail(self) -> int:
        house = self._house
        edition_id = compose.build_now(NEWSLETTER, house.desk)
        for task in ("plan", "send"):
            house.waker.wake(task, edition_id)
        self._until("the digest", lambda: self._edition_state(edition_id) in TERMINAL_EDITIONS)
        counts = record.report(edition_id, house.ledger).counts
        if counts != Counts(self._readers, self._readers, 0, 0, 0, 0):
            raise SyndicationError("not every reader got the digest", why=str(counts))
        self._step(f"mailed a digest to {counts.accepted} of {counts.audience} readers, into the outbox")
        return edition_id

    def _correct(self) -> None:
        title = self._partners.correct()
        self._poll()
        self._until("the correction", lambda: any(stored.rev > 1 for stored in self._newest()))
        self._step(f"a partner corrected “{title}”: feeds and pages follow")

    def _tell_addresses(self, edition_id: int) -> None:
        house = self._house
        base, private = house.publication.base_url, f"http://{house.settings.service.private_listen}"
        newest = self._newest()[0].id
        for label, url in (
            ("the publication", f"{base}/"),
            ("a story", f"{base}/articles/{newest}"),
            ("the edition", f"{base}/editions/{edition_id}"),
            *((f"feed, {format.value}", f"{base}/feeds/all.{format.value}") for format in FeedFormat),
            ("sign up", f"{base}/subscribe"),
            ("the outbox", f"{private}/outbox/"),
        ):
            answer = house.exchange.fetch(Request(url=url))
            if not isinstance(answer, Answer) or answer.status != 200:
                raise SyndicationError(f"{url} does not answer", why=str(answer)[:200])
            show.point(label, url)
        if not self.once:
            options = f"--config {house.settings.config_file} --data {house.settings.data}"
            show.point("look inside", f"syndication {options} status")
            show.say("New stories arrive as you watch. Ctrl-C stops.")

    def _go_on(self) -> None:
        while (title := self._partners.next_arrival()) is not None:
            show.say(f"new at a partner: {title}")
            self._poll()
            threading.Event().wait(ARRIVAL_SECONDS)
        show.say("that was the last story of the demo; the service runs on until Ctrl-C")

    def _poll(self) -> None:
        with self._house.database.write() as connection:
            for row in sources.listing(connection):
                sources.make_due(connection, row.source.slug, now())
        self._house.waker.wake("collect")

    def _polled(self) -> int:
        with self._house.database.read() as connection:
            return sum(row.last_ok_at is not None for row in sources.listing(connection))

    def _articles(self) -> int:
        with self._house.database.read() as connection:
            return sum(row.articles for row in sources.listing(connection))

    def _newest(self) -> list[Stored]:
        with self._house.database.read() as connection:
            return articles.newest(connection, limit=100, leaders_only=False)

    def _images_wait(self) -> bool:
        with self._house.database.read() as connection:
            return images.waits(connection, now())

    def _images(self) -> int:
        with self._house.database.read() as connection:
            return len({name.partition("-")[0] for name in images.kept_names(connection)})

    def _feeds_hold_the_newest(self) -> bool:
        return not self._house.shelf.stale(now())

    def _edition_state(self, edition_id: int) -> object:
        with self._house.database.read() as connection:
            found = editions.get(connection, edition_id)
        return found and found.state

    def _until(self, what: str, true: Callable[[], bool]) -> None:
        """Look again and again; whoever waits for a service that works in other processes can do no better."""
        end = time.monotonic() + WAIT_SECONDS
        while not true():
            if time.monotonic() > end:
                raise SyndicationError(f"{what} did not come within {WAIT_SECONDS:.0f} seconds")
            time.sleep(LOOK_SECONDS)

    def _step(self, words: str) -> None:
        show.say(f"✓ {words}")
