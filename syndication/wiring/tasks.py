"""The tasks of the house, the same functions for every engine. In: a House, a TaskPort. Out: Tasks.

Each wakes what its work makes due, so that the reconciler only mends what was lost.
"""

import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from syndication.imaging.redraw import redraw
from syndication.jobs import announce, collect, compose, hear, images, index, publish, record, resort, send, tell, tidy
from syndication.jobs.doubt import settle_doubts
from syndication.jobs.ports.tasks import TASKS, Task, TaskPort
from syndication.model.edition import EditionState
from syndication.model.retention import Retention
from syndication.storage.heralded import Heralded
from syndication.storage.listeners import StoredListeners
from syndication.storage.search import Index
from syndication.storage.sorting import StoredSorting
from syndication.storage.tidy import Attic
from syndication.wiring.clock import now

if TYPE_CHECKING:
    from syndication.wiring.house import House


INDEX_ROUNDS = 5
"""A thousand articles; then feeds have their turn, however many came at once."""
RETURNS_SECONDS = 60.0
"""The mailbox that mail comes back to is asked so often at most."""


FILLING = ("collect", "publish", "index", "images", "open-slots", "assemble", "plan", "announce")


def tasks_of(house: "House", port: TaskPort, stopping: Callable[[], bool]) -> list[Task]:
    def news() -> None:
        port.wake("index")  # first: what saved searches find is then published in the same round
        port.wake("publish")

    library = Heralded(house.database, news)

    def collect_due(_: int) -> None:
        collected = collect.collect(
            exchange=house.exchange,
            library=library,
            clock=now,
            stopping=stopping,
            keys=house.credential,
            hosts=house.manners,
            base_url=house.publication.base_url,
            assistant=house.assistant,
        )
        if collected.new or collected.changed or collected.withdrawn:
            port.wake("images")

    def ask_hubs(_: int) -> None:
        base = house.publication.base_url
        if base.startswith("https:"):  # a hub could not call an address that is not out on the web
            hear.ask_hubs(
                exchange=house.exchange,
                hubs=house.hubs,
                clock=now,
                callback_url=lambda callback: f"{base}/websub/callback/{callback}",
                stopping=stopping,
            )

    def publish_stale(_: int) -> None:
        published = publish.publish(
            shelf=house.shelf, publication=house.publication, clock=now, at_most=publish.TOGETHER
        )
        if published.changed:
            port.wake("announce")
        if published.more:
            port.wake("publish")  # after whoever waits for the same thread, and with what came meanwhile

    def announce_news(_: int) -> None:
        announce.announce(
            listeners=StoredListeners(house.database),
            exchange=house.exchange,
            publication=house.publication,
            draw=lambda: secrets.token_urlsafe(24),
            clock=now,
            stopping=stopping,
        )

    def index_words(_: int) -> None:
        done = index.index(Index(house.database), stopping=stopping, rounds=INDEX_ROUNDS)
        if done:
            port.wake("publish")  # saved searches may find something else
        if done >= INDEX_ROUNDS * index.ROUND:
            port.wake("index")  # after whoever waits for the same thread

    def keep_images(_: int) -> None:
        done = images.images(
            gallery=house.gallery, exchange=house.exchange, redraw=redraw, clock=now, stopping=stopping
        )
        if done.changed or done.kept:
            port.wake("publish")
            port.wake("index")

    def open_slots(_: int) -> None:
        for edition_id in compose.recheck(house.press, now()):
            port.wake("assemble", edition_id)
        for edition_id in compose.open_due(house.press, now()).opened:
            port.wake("assemble", edition_id)

    def assemble(edition_id: int) -> None:
        if compose.assemble(edition_id, house.desk) is EditionState.FROZEN:
            port.wake("plan", edition_id)

    def plan(edition_id: int) -> None:
        size = house.outbox.batch_size
        if compose.plan(edition_id, house.press, now, batch_size=size, stopping=stopping):
            port.wake("send", edition_id)

    def send_due(edition_id: int) -> None:
        send.send_due(edition_id, house.mailroom, stopping=lambda: stopping() or house.reserve.sending_stops)

    def settle(edition_id: int) -> None:
        for broken, _ in record.take_up(house.ledger, house.outbox, now()):
            port.wake("send", broken)
        record.settle_edition(edition_id, house.ledger, now())

    looked = [-RETURNS_SECONDS]

    def read_returns(_: int) -> None:
        postman = house.postman
        if postman is not None and time.monotonic() - looked[0] >= RETURNS_SECONDS:
            looked[0] = time.monotonic()
            postman.run(stopping=stopping)

    def drain_events(_: int) -> None:
        house.drain.run(stopping=stopping)

    def look_at_doubt(_: int) -> None:
        mail = house.settings.mail
        grace = timedelta(minutes=mail.silence_minutes)
        found = settle_doubts(house.doubts, mail.on_uncertain, grace, now(), witnesses=house.witnesses)
        for edition_id in found:
            port.wake("send", edition_id)
        house.vigil.look(now())
        house.look_at_disk()

    def notify_due(_: int) -> None:
        house.notifier.run(clock=now, stopping=stopping)

    def tell_operator(_: int) -> None:
        tell.tell(notices=house.notices, ways=house.ways_to_tell, clock=now, stopping=stopping)

    def tidy_up(_: int) -> None:
        tidy.tidy(Attic(house.database), Retention(), now(), stopping=stopping)
        images.sweep(house.gallery, now())
        resort.resort(StoredSorting(house.database), stopping=stopping)  # when `apply` was cut short

    run = {
        "collect": collect_due,
        "ask-hubs": ask_hubs,
        "publish": publish_stale,
        "announce": announce_news,
        "index": index_words,
        "images": keep_images,
        "open-slots": open_slots,
        "assemble": assemble,
        "plan": plan,
        "send": send_due,
        "settle": settle,
        "drain": drain_events,
        "returns": read_returns,
        "doubt": look_at_doubt,
        "notify": notify_due,
        "tell": tell_operator,
        "tidy": tidy_up,
    }

    def sparing(do: Callable[[int], None]) -> Callable[[int], None]:
        """A task that fills the disk leaves what is left of it to those who leave."""
        return lambda about: None if house.reserve.work_stops else do(about)

    run |= {name: sparing(run[name]) for name in FILLING}
    return [Task(name, queue, run[name]) for name, queue in TASKS.items()]
