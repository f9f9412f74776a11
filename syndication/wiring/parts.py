"""The two processes of `run`. Front: public and private HTTP. Back: the alarm clock, the pools, the wake-ups.

They share nothing but the database, the data directory and datagrams that may be lost.
"""

import logging
import sys
from collections.abc import Callable
from pathlib import Path

from syndication.engine import supervise
from syndication.engine.part import Life
from syndication.engine.wake import Listener as WakeListener
from syndication.jobs import record
from syndication.model.feed import FeedDocument, FeedFormat
from syndication.outbound.address import judge_url
from syndication.senders import sendgrid_events
from syndication.settings.service import Transport
from syndication.storage import feeds
from syndication.storage.events import EventSpool
from syndication.storage.listeners import StoredListeners
from syndication.storage.own_feeds import StoredOwnFeeds
from syndication.web import policy
from syndication.web.events import EventDoor
from syndication.web.hub import Hub
from syndication.web.private import private_app
from syndication.web.public import Doors, public_app
from syndication.web.serve import Listener, Refresh, require_free, serve
from syndication.web.shelf import Shelf
from syndication.web.websub import HubCalls
from syndication.wiring.clock import now
from syndication.wiring.collector import let_the_collector_rest
from syndication.wiring.glance import Glance
from syndication.wiring.house import House

log = logging.getLogger(__name__)

SWITCH_SECONDS = 0.0005
GLANCE_SECONDS = 0.1
FEEDS_SECONDS = 0.25
"""The front looks so often for new feed documents: a look at 1,500 of them costs some 5 ms. A glance costs nothing."""


def run(house: House, *, before: Callable[[], None] = lambda: None, on_ready: Callable[[], None] = lambda: None) -> int:
    """Run the service until a signal and answer the exit status.

    `before` is called when the data directory is ours and nothing is started yet; `on_ready` when everything answers.
    Raises StoreError or SettingsError for whatever can be known before the start.
    """
    settings = house.settings
    arguments = (str(settings.config_file), str(settings.data))
    # What a file gets wrong is said before anything is made.
    _ = house.publication, house.sender, house.outbox, house.event_keys

    def look_first() -> None:
        before()
        _check(house)

    house.make_data()
    return supervise.run(
        settings.data,
        (supervise.Part("front", front, arguments), supervise.Part("back", back, arguments)),
        grace_seconds=settings.service.drain_seconds + 5,
        before=look_first,
        on_ready=on_ready,
    )


def _check(house: House) -> None:
    """Ask for everything that the parts will need; what cannot be had says so now, once, in the operator's terminal."""
    _ = house.database, house.key
    for place in places(house):
        require_free(place)
    house.close()


def places(house: House) -> tuple[Listener, ...]:
    """The addresses of both listeners, to be tried."""
    return tuple(Listener(name, *address, app=_nobody) for name, address in _addresses(house))


async def _nobody(*_: object) -> None:
    """Answers nothing: an address is only tried."""


def front(life: Life, config: str, data: str) -> None:
    house = House.open(Path(config), Path(data))
    house.log_to(life.name)
    file = house.bare_database.path
    shelf = Shelf(
        lambda: _marks(house),
        lambda slug, format: _document(house, slug, format),
        publication=house.publication,
        extra=policy.HTTPS_ONLY if house.publication.base_url.startswith("https:") else (),
    )
    serve(
        _listeners(house, shelf, life.ready),
        wait=life.wait,
        up=life.up,
        refresh=Refresh(Glance(shelf.refresh, file), GLANCE_SECONDS if file else FEEDS_SECONDS),
        drain_seconds=lambda: life.drain_seconds,
    )
    house.close()


def back(life: Life, config: str, data: str) -> None:
    # Who writes feeds lets go of the interpreter hundreds of times a document, at each look into the database and each
    # call of a compressor, and would wait five thousandths each time for a collector that never lets go by itself.
    sys.setswitchinterval(SWITCH_SECONDS)
    house = House.open(Path(config), Path(data))
    house.log_to(life.name)
    house.reserve.keep()
    house.recover()
    record.take_up(house.ledger, house.outbox, now(), at_start=True)
    engine = house.engine()
    clock = house.alarm_clock(engine)
    wakes = WakeListener(house.settings.data, engine.wake)
    let_the_collector_rest()
    engine.start()
    wakes.start()
    clock.start()
    life.up()
    life.wait()
    clock.stop()
    wakes.close()
    if not engine.stop(life.drain_seconds):
        log.warning("work in hand was cut off", extra={"seconds": life.drain_seconds})
    house.close()


def _addresses(house: House) -> tuple[tuple[str, tuple[str, int]], ...]:
    service = house.settings.service
    return ("public", _split(service.listen)), ("private", _split(service.private_listen))


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _listeners(house: House, shelf: Shelf, ready: Callable[[], bool]) -> tuple[Listener, Listener]:
    (_, public), (_, private) = _addresses(house)
    service = house.settings.service
    zone = next((letter.value.schedules[0].zone for letter in house.declared.newsletters), "UTC")
    outside = public_app(
        publication=house.publication,
        render=house.renderer.page,
        templates=house.templates,
        shelf=shelf,
        archive=house.archive,
        registry=house.registry,
        journal=house.journal,
        signer=house.signer,
        key=house.address_key,
        wake=lambda: house.waker.wake("notify"),
        hub=Hub(
            house.publication,
            StoredListeners(house.database),
            judge_url,
            lambda: house.waker.wake("announce"),
            now,
        ),
        calls=HubCalls(house.hubs, lambda: house.waker.wake("collect"), now),
        events=_event_door(house),
        clock=now,
        ready=ready,
        stock=house.shelf,
        own_feeds=StoredOwnFeeds(house.database),
        read_image=house.image_files.read,
        zone=zone,
        doors=Doors(service.allowed_hosts, service.trusted_proxies),
    )
    inside = private_app(
        publication=house.publication,
        render=house.renderer.page,
        templates=house.templates,
        spool=house.spool if house.settings.mail.transport is Transport.SPOOL else None,
        clock=now,
        zone=zone,
        hosts=(private[0],),
    )
    return Listener("public", *public, app=outside), Listener("private", *private, app=inside)


def _event_door(house: House) -> EventDoor | None:
    """None: no key is known by which an event could be verified, so there is no door."""
    if not house.event_keys:
        return None
    return EventDoor(
        sendgrid_events.NAME,
        house.event_keys.judge,
        (sendgrid_events.SIGNATURE, sendgrid_events.TIMESTAMP),
        EventSpool(house.database),
        lambda: house.waker.wake("drain"),
        now,
    )


def _marks(house: House) -> tuple[feeds.Mark, ...]:
    with house.database.read() as connection:
        return feeds.snapshot_marks(connection)


def _document(house: House, slug: str, format: FeedFormat) -> FeedDocument | None:
    with house.database.read() as connection:
        return feeds.snapshot(connection, slug, format)
