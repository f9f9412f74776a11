"""Several transports and one ledger: order, share, domains, quotas and rests, and nobody twice whatever they answer."""

import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.deliveries import manifest
from syndication.jobs import compose, record
from syndication.jobs.pacing import WayOut
from syndication.jobs.send import Mailroom, send_due
from syndication.model.delivery import Verdict
from syndication.model.edition import Counts
from syndication.model.route import ALL, Route
from syndication.storage import alerts, routes
from syndication.storage.database import Database
from syndication.storage.schema import batch, batch_attempt, quota_day, subscriber, transport_rest
from tests.pressroom import PressRoom, Provider, refuse


@pytest.fixture
def room(database: Database, tmp_path: Path) -> PressRoom:
    return PressRoom(database, tmp_path, readers=9)


def a_way(name: str, **rules: object) -> tuple[Provider, WayOut]:
    provider = Provider(name=name)
    return provider, WayOut(provider, Route(name, **rules))  # type: ignore[arg-type]


def by(room: PressRoom, *ways: WayOut) -> Mailroom:
    return replace(room.mailroom, several=ways)


def counts(room: PressRoom, edition_id: int) -> Counts:
    found = record.report(edition_id, room.ledger).counts
    assert found.adds_up
    return found


def used(room: PressRoom) -> dict[tuple[str, str], int]:
    return {(row.transport, row.domain): row.used for row in room.rows(sa.select(quota_day)) if row.used}


def move(room: PressRoom, domain: str, *ids: int) -> None:
    """These readers have mailboxes at that domain by now."""
    with room.database.write() as connection:
        for id in ids:
            address = f"reader{id}@{domain}"
            named = {"address": address, "address_norm": address}
            connection.execute(subscriber.update().where(subscriber.c.id == id).values(**named))


def everybody_once(room: PressRoom, *providers: Provider) -> None:
    assert sum((provider.got for provider in providers), Counter()) == Counter(room.readers)
    rows = room.rows(sa.select(batch.c.manifest).order_by(batch.c.n))
    assert sorted(id for row in rows for id in manifest.decode(row.manifest)) == room.readers


def test_del_15_the_next_takes_over_and_the_ledger_says_which_took_what(room: PressRoom) -> None:
    (first, one), (second, two) = a_way("one"), a_way("two")
    first.answers = [first.accept, refuse(Verdict.DEFERRED, detail="503 not now", status=503)]
    edition_id = room.planned()
    send_due(edition_id, by(room, one, two))
    room.clock.forward(seconds=10)
    assert send_due(edition_id, by(room, one, two)).settled
    everybody_once(room, first, second)
    assert second.got, "while the first rested"
    told = [(row.n, row.transport, row.verdict) for row in record.report(edition_id, room.ledger).attempts]
    assert told[:2] == [(1, "one", Verdict.ACCEPTED), (2, "one", Verdict.DEFERRED)]
    assert (3, "two", Verdict.ACCEPTED) in told


def test_del_15_a_transport_that_was_taken_out_of_the_settings_is_used_no_more(room: PressRoom) -> None:
    (first, one), (second, two) = a_way("one"), a_way("two")
    first.answers = [first.accept, refuse(Verdict.STOPPED, detail="401 authorization required", status=401)]
    edition_id = room.planned()
    assert "401" in send_due(edition_id, by(room, one, two)).barred
    assert not second.got, "DEL-06: it stops all"
    record.resume_sending(room.ledger, room.clock(), actor="ada")
    assert send_due(edition_id, by(room, two)).settled
    everybody_once(room, first, second)


def test_doubt_about_one_transport_is_no_work_for_another(room: PressRoom) -> None:
    (first, one), (second, two) = a_way("one"), a_way("two")
    first.answers = [first.accept_in_silence, refuse(Verdict.DEFERRED)]
    edition_id = room.planned()
    send_due(edition_id, by(room, one, two))
    room.clock.forward(seconds=10)
    send_due(edition_id, by(room, one, two))
    everybody_once(room, first, second)
    assert (counts(room, edition_id).uncertain, counts(room, edition_id).accepted) == (3, 6)


def test_a_transport_that_puts_us_off_is_offered_nothing_else_meanwhile(room: PressRoom) -> None:
    first, one = a_way("one")
    first.answers = [refuse(Verdict.DEFERRED, retry_after_seconds=60, detail="429 too many requests")]
    edition_id = room.planned()
    assert send_due(edition_id, by(room, one)).batches == 1
    room.clock.forward(seconds=59)
    assert send_due(edition_id, by(room, one)).batches == 0
    assert [(row.times, row.detail) for row in room.rows(sa.select(transport_rest))] == [(1, "429 too many requests")]
    room.clock.forward(seconds=2)
    assert send_due(edition_id, by(room, one)).settled
    everybody_once(room, first)
    assert not room.rows(sa.select(transport_rest))


def test_a_day_s_quota_holds_through_restarts_and_goes_on_tomorrow(room: PressRoom) -> None:
    edition_id = room.planned()
    providers = []
    for _ in range(3):
        provider, way = a_way("one", daily=4)
        providers.append(provider)
        send_due(edition_id, by(room, way))
        assert used(room) == {("one", ALL): 4}
        assert counts(room, edition_id).accepted == 4
    room.clock.forward(days=1)
    assert not send_due(edition_id, by(room, way)).settled
    assert counts(room, edition_id).accepted == 8
    room.clock.forward(days=1)
    assert send_due(edition_id, by(room, way)).settled
    everybody_once(room, *providers)


def test_a_warm_up_grows_by_the_days_on_which_something_was_sent(room: PressRoom) -> None:
    provider, way = a_way("one", warm_up=1, growth=2.0)
    edition_id = room.planned()
    sent = []
    for pause in (1, 1, 3, 1):
        send_due(edition_id, by(room, way))
        sent.append(counts(room, edition_id).accepted)
        room.clock.forward(days=pause)
    assert sent == [1, 3, 7, 9]
    everybody_once(room, provider)


def test_what_was_definitely_not_accepted_costs_nothing_of_the_day(room: PressRoom) -> None:
    provider, way = a_way("one", daily=9, domain_daily={"readers.example": 9})
    provider.answers = [
        refuse(Verdict.DEFERRED, retry_after_seconds=0),
        refuse(Verdict.TOO_LARGE),
        refuse(Verdict.REFUSED, refused=((0, "no"),)),
    ]
    edition_id = room.planned()
    for _ in range(4):
        send_due(edition_id, by(room, way))
        room.clock.forward(seconds=10)
    assert counts(room, edition_id).accepted == 8 and counts(room, edition_id).refused == 1
    assert used(room) == {("one", ALL): 8, ("one", "readers.example"): 8}


def test_what_nobody_knows_of_stays_counted(room: PressRoom) -> None:
    provider, way = a_way("one", daily=9)
    provider.answers = [provider.accept_in_silence]
    send_due(room.planned(), by(room, way))
    assert used(room) == {("one", ALL): 9}


def test_a_domain_s_quota_parts_a_batch_and_the_rest_of_it_goes_tomorrow(room: PressRoom) -> None:
    move(room, "bay.example", *room.readers[:4])
    provider, way = a_way("one", domain_daily={"bay.example": 2})
    edition_id = room.planned()
    send_due(edition_id, by(room, way))
    assert provider.got == Counter([*room.readers[:2], *room.readers[4:]])
    assert counts(room, edition_id).unsent == 2
    waiting = room.rows(sa.select(batch.c.detail).where(batch.c.state == "planned"))
    assert {row.detail for row in waiting} == {"waits: one has sent its 2 of today to bay.example"}
    assert send_due(edition_id, by(room, way)).batches == 0
    room.clock.forward(days=1)
    assert send_due(edition_id, by(room, way)).settled
    everybody_once(room, provider)


def test_readers_of_a_domain_go_their_own_way(room: PressRoom) -> None:
    move(room, "bay.example", room.readers[0], room.readers[4])
    (first, one), (bay, two) = a_way("one"), a_way("bay", domains=frozenset({"bay.example"}))
    edition_id = room.planned()
    assert send_due(edition_id, by(room, one, two)).settled
    assert bay.got == Counter([room.readers[0], room.readers[4]])
    everybody_once(room, first, bay)


def test_shares_are_kept(database: Database, tmp_path: Path) -> None:
    room = PressRoom(database, tmp_path, readers=24)
    (first, one), (second, two) = a_way("one", share=3), a_way("two", share=1)
    assert send_due(room.planned(), by(room, one, two)).settled
    assert (first.got.total(), second.got.total()) == (18, 6)
    everybody_once(room, first, second)


def test_who_left_or_was_refused_stays_where_they_are_when_a_batch_parts(room: PressRoom) -> None:
    move(room, "bay.example", room.readers[1])
    (first, one), (bay, two) = a_way("one"), a_way("bay", domains=frozenset({"bay.example"}))
    edition_id = room.planned()
    room.leave(room.readers[0])
    assert send_due(edition_id, by(room, one, two)).settled
    found = counts(room, edition_id)
    assert (found.audience, found.accepted, found.suppressed) == (9, 8, 1)
    assert first.got + bay.got == Counter(room.readers[1:])


def test_del_02_workers_side_by_side_pass_no_quota(database: Database, tmp_path: Path) -> None:
    room = PressRoom(database, tmp_path, readers=24)
    (first, one), (second, two) = a_way("one", daily=10), a_way("two", daily=7)
    edition_id = room.planned()
    ways = by(room, one, two)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            send_due(edition_id, ways)
        except BaseException as error:  # noqa: BLE001  told below
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert (first.got.total(), second.got.total()) == (10, 7)
    assert max((first.got + second.got).values()) == 1
    assert counts(room, edition_id).unsent == 7


def test_del_12_readers_who_wait_for_tomorrow_are_unsent_when_it_is_cancelled(room: PressRoom) -> None:
    _, way = a_way("one", daily=4)
    edition_id = room.planned()
    send_due(edition_id, by(room, way))
    compose.cancel(edition_id, room.press, room.clock(), actor="ada")
    room.clock.forward(days=1)
    assert send_due(edition_id, by(room, way)).batches == 0
    assert (counts(room, edition_id).accepted, counts(room, edition_id).unsent) == (4, 5)


def test_a_call_that_was_never_made_rests_nobody(room: PressRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    _, way = a_way("one", daily=9)
    edition_id = room.planned()
    append = room.journal.append

    def leaving(line):  # type: ignore[no-untyped-def]
        append(line)
        if line.n == 1:
            room.leave(*room.readers[:3])

    monkeypatch.setattr(room.journal, "append", leaving)
    assert send_due(edition_id, by(room, way)).settled
    assert used(room) == {("one", ALL): 6}
    assert not room.rows(sa.select(transport_rest))
    phases = room.rows(sa.select(batch_attempt.c.phase).where(batch_attempt.c.n == 1))
    assert [row.phase for row in phases] == ["not begun"]


def test_prv_01_a_provider_that_is_down_for_a_day_finds_the_queue_in_its_order(room: PressRoom) -> None:
    provider, way = a_way("one")
    edition_id = room.planned()
    for _ in range(24):
        provider.answers = [refuse(Verdict.DEFERRED, detail="no connection", phase="connect")] * 5
        send_due(edition_id, by(room, way))
        assert counts(room, edition_id).unsent == 9
        room.clock.forward(hours=1)
    attempts = record.report(edition_id, room.ledger).attempts
    assert len(attempts) == 24, "one call asks after it, not one for each batch"
    with room.database.read() as connection:
        (waiting,) = routes.waiting(connection, room.clock())
        assert "deferred:1" in {alert.key for alert in alerts.open_alerts(connection)}
    assert (waiting.readers, waiting.due_at) == (9, room.edition(edition_id).due_at)
    provider.answers = []
    assert send_due(edition_id, by(room, way)).settled
    everybody_once(room, provider)
    assert [one.recipients[0].subscriber_id for one in provider.accepted] == [1, 4, 7]
