"""A second chance for readers who were definitely refused: disjoint manifests, nobody twice, all written down."""

from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.deliveries import bits, manifest, refusals
from syndication.errors import NotFoundError, PolicyError
from syndication.jobs import compose, record
from syndication.jobs.retry import refused, retry
from syndication.jobs.send import send_due
from syndication.model.delivery import Verdict
from syndication.model.edition import EditionState
from syndication.model.event import BitKind
from syndication.model.refusal import RefusalClass
from syndication.storage.database import Database
from syndication.storage.events import Events
from syndication.storage.retries import Retries
from syndication.storage.schema import audit_log, batch
from tests.pressroom import PressRoom, refuse

FULL, GONE = "552 5.2.2 mailbox full", "550 5.1.1 no such user"


@pytest.fixture
def room(database: Database, tmp_path: Path) -> PressRoom:
    return PressRoom(database, tmp_path, readers=6)


def counts(room: PressRoom, edition_id: int) -> dict[str, int]:
    found = record.report(edition_id, room.ledger).counts
    assert found.adds_up
    return {word: getattr(found, word) for word in ("accepted", "refused", "suppressed", "uncertain", "unsent")}


def again(room: PressRoom, edition_id: int, *classes: RefusalClass, expected: int | None = None) -> list[int]:
    retries = Retries(room.database)
    done = retry(
        edition_id, classes, retries, room.clock(), actor="ada", batch_size=room.provider.batch_size, expected=expected
    )
    return list(done.batches)


def manifests(room: PressRoom) -> list[tuple[int, ...]]:
    return [manifest.decode(row.manifest) for row in room.rows(sa.select(batch.c.manifest).order_by(batch.c.n))]


def sent_with(room: PressRoom, *details: tuple[int, str]) -> int:
    """An edition whose first call named these positions, and whose others were accepted."""
    room.provider.answers = [refuse(Verdict.REFUSED, refused=details)]
    edition_id = room.planned()
    assert send_due(edition_id, room.mailroom).settled
    return edition_id


def test_del_07_those_of_a_class_are_offered_it_again_in_a_batch_of_their_own(room: PressRoom) -> None:
    edition_id = sent_with(room, (0, FULL), (2, GONE))
    before = counts(room, edition_id)
    assert (before["accepted"], before["refused"]) == (4, 2)
    assert refusals.by_class(refused(edition_id, Retries(room.database))) == {
        RefusalClass.MAILBOX: 1,
        RefusalClass.FULL: 1,
    }
    assert again(room, edition_id, RefusalClass.FULL, expected=1) == [3]
    assert room.state(edition_id) is EditionState.SENDING
    assert counts(room, edition_id) == {**before, "refused": 1, "unsent": 1}
    ids = room.readers
    assert manifests(room) == [(ids[1], ids[2]), tuple(ids[3:]), (ids[0],)]
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got == Counter(id for id in ids if id != ids[2])
    assert counts(room, edition_id) == {**before, "accepted": 5, "refused": 1}
    (line,) = room.rows(sa.select(audit_log).where(audit_log.c.action == "edition.retry"))
    assert (line.actor, line.detail) == ("ada", "1 readers refused for full, batches 3")


def test_what_was_told_goes_along_with_its_readers(room: PressRoom) -> None:
    edition_id = sent_with(room, (0, FULL))
    with Events(room.database).writing() as page:
        page.add_bits({(edition_id, 1): {BitKind.DELIVERED: 0b110, BitKind.REPORTED: 0b100}})
    again(room, edition_id, RefusalClass.FULL)
    with Retries(room.database).reading() as page:
        told = {kind: list(bits.places(data)) for kind, data in page.bits(edition_id, 1).items()}
    assert told == {BitKind.DELIVERED: [0, 1], BitKind.REPORTED: [1]}
    assert manifests(room)[0] == tuple(room.readers[1:3])


def test_a_batch_that_was_refused_whole_is_offered_again_as_it_is(room: PressRoom) -> None:
    edition_id = sent_with(room, *((at, "400 Bad Request") for at in range(3)))
    assert again(room, edition_id, RefusalClass.OTHER) == [1]
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got == Counter(room.readers)
    assert [row.attempt for row in record.report(edition_id, room.ledger).attempts if row.n == 1] == [1, 2]


def test_many_are_parted_into_calls_that_the_provider_takes(database: Database, tmp_path: Path) -> None:
    room = PressRoom(database, tmp_path, readers=9)
    room.provider.batch_size = 9
    edition_id = sent_with(room, *((at, FULL) for at in range(8)))
    room.provider.batch_size = 3
    assert again(room, edition_id, RefusalClass.FULL) == [2, 3, 4]
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got == Counter(room.readers)


def test_whoever_left_meanwhile_gets_nothing(room: PressRoom) -> None:
    edition_id = sent_with(room, (0, FULL), (1, FULL))
    room.leave(room.readers[0])
    again(room, edition_id, RefusalClass.FULL)
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got[room.readers[0]] == 0 and room.provider.got[room.readers[1]] == 1
    assert counts(room, edition_id)["suppressed"] == 1


def test_del_01_whom_an_earlier_attempt_may_have_reached_is_left_alone(room: PressRoom) -> None:
    room.provider.answers = [room.provider.accept_in_silence, refuse(Verdict.REFUSED, refused=((0, FULL),))]
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    record.resolve(edition_id, 1, room.ledger, room.clock(), accepted=False, actor="ada")
    room.provider.answers = [refuse(Verdict.REFUSED, refused=((0, FULL),))]
    send_due(edition_id, room.mailroom)
    found = refused(edition_id, Retries(room.database))
    assert {one.n: one.doubtful for one in found} == {1: True, 2: False}
    again(room, edition_id, RefusalClass.FULL, expected=1)
    assert [one.n for one in refused(edition_id, Retries(room.database))] == [1]


def test_nothing_is_done_without_anybody_or_with_another_number_than_was_agreed(room: PressRoom) -> None:
    edition_id = sent_with(room, (0, FULL))
    for classes, expected in (([RefusalClass.SIZE], None), ([RefusalClass.FULL], 23)):
        with pytest.raises(PolicyError):
            again(room, edition_id, *classes, expected=expected)
    with pytest.raises(NotFoundError):
        again(room, 99, RefusalClass.FULL)
    assert room.state(edition_id) is EditionState.SETTLED
    assert counts(room, edition_id)["refused"] == 1


def test_del_12_a_cancelled_edition_is_offered_to_nobody_again(room: PressRoom) -> None:
    room.provider.answers = [refuse(Verdict.REFUSED, refused=((0, FULL),)), refuse(Verdict.DEFERRED)]
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    compose.cancel(edition_id, room.press, room.clock(), actor="ada")
    with pytest.raises(PolicyError):
        again(room, edition_id, RefusalClass.FULL)
