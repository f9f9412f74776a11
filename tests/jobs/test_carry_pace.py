"""Quotas, rests and several relays where mail is offered message by message."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.jobs.pacing import WayOut
from syndication.jobs.send import Mailroom, send_due
from syndication.model.carrying import Fared, Fate
from syndication.model.route import ALL, Route
from syndication.storage.database import Database
from syndication.storage.schema import quota_day, transport_rest
from tests.jobs.test_carry import Courier, reader, told, words
from tests.pressroom import PressRoom

Make = Callable[..., PressRoom]


@pytest.fixture
def a_room(database: Database, tmp_path: Path) -> Make:
    return lambda **given: PressRoom(database, tmp_path, **given)


def a_relay(name: str, **rules: int) -> tuple[Courier, WayOut]:
    courier = Courier()
    courier.name = name
    return courier, WayOut(courier, Route(name, **rules))  # type: ignore[arg-type]


def by(room: PressRoom, *ways: WayOut) -> Mailroom:
    return replace(room.mailroom, outbox=ways[0].outbox, several=ways)


def planned(room: PressRoom) -> int:
    room.provider.batch_size = 6
    return room.planned()


def test_only_what_was_taken_or_may_have_been_counts_for_the_day(a_room: Make) -> None:
    room = a_room(readers=6)
    relay, way = a_relay("smtp", daily=100)
    relay.faring = {
        reader(1): Fared(Fate.REFUSED, "550 5.1.1 no"),
        reader(2): Fared(Fate.DEFERRED, "450 later"),
        reader(3): Fared(Fate.UNCERTAIN, "cut off"),
    }
    edition_id = planned(room)
    send_due(edition_id, by(room, way))
    assert words(told(room, edition_id)) == (3, 1, 0, 1, 1)
    assert [(row.domain, row.used) for row in room.rows(sa.select(quota_day))] == [(ALL, 4)]


def test_del_15_a_second_relay_takes_those_whom_the_first_was_not_offered(a_room: Make) -> None:
    room = a_room(readers=12)
    (first, one), (second, two) = a_relay("smtp"), a_relay("smtp:spare")
    first.faring = {reader(3): "put_off"}
    edition_id = planned(room)
    send_due(edition_id, by(room, one, two))
    room.clock.forward(minutes=1)
    first.faring = {}
    assert send_due(edition_id, by(room, one, two)).settled
    assert first.got + second.got == Counter(reader(n) for n in range(1, 13))
    assert {row.transport for row in told(room, edition_id).attempts} == {"smtp", "smtp:spare"}


def test_a_relay_that_puts_us_off_rests_and_is_asked_again(a_room: Make) -> None:
    room = a_room(readers=12)
    relay, way = a_relay("smtp")
    relay.faring = {reader(1): "put_off"}
    edition_id = planned(room)
    send_due(edition_id, by(room, way))
    (rest,) = room.rows(sa.select(transport_rest))
    assert (rest.transport, rest.times, rest.detail) == ("smtp", 1, "the relay says so")
    assert not relay.got and send_due(edition_id, by(room, way)).batches == 0
    room.clock.forward(minutes=1)
    relay.faring = {}
    assert send_due(edition_id, by(room, way)).settled
    assert not room.rows(sa.select(transport_rest))
