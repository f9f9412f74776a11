"""DBD-01, DBD-02: a database that goes away while an edition is sent and comes back; a COMMIT without an answer."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.deliveries import manifest
from syndication.errors import BusyError, StoreError
from syndication.jobs import record
from syndication.jobs.recover import recover, replay
from syndication.jobs.send import send_due
from syndication.jobs.subscribe import unsubscribe
from syndication.model.delivery import BatchState
from syndication.model.edition import EditionState
from syndication.storage.database import Database
from syndication.storage.recovery import Recovery
from syndication.storage.schema import subscription
from syndication.storage.subscribers import Registry
from tests.jobs.test_carry import Courier
from tests.pressroom import KEY, PressRoom

COMMIT = b"COMMIT\0"


class Line:
    """The way to the database, byte by byte. `shut` ends it and lets nobody in; `cut_at` counts down to a COMMIT that
    reaches the server and whose answer does not come back.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.shut = False
        self.cut_at = 0
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def go_away(self) -> None:
        with self._lock:
            self.shut = True
            for one in self._open:
                one.shutdown(socket.SHUT_RDWR)

    def come_back(self) -> None:
        self.shut = False

    def close(self) -> None:
        self.go_away()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(30)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if self.shut:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._to))
                self._open |= {client, server}
            for whence, to in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(whence, to, whence is client), daemon=True).start()

    def _carry(self, whence: socket.socket, to: socket.socket, ours: bool) -> None:
        try:
            while data := whence.recv(65536):
                cut = ours and self._is_the_one(data)
                if cut:  # before the server is asked, so that its answer finds nobody
                    whence.shutdown(socket.SHUT_WR)
                to.sendall(data)
                if cut:
                    to.shutdown(socket.SHUT_WR)
                    return
        except OSError:
            pass
        finally:
            with self._lock:
                for one in (whence, to):
                    self._open.discard(one)
            for one in (whence, to):
                if not ours or one is whence:
                    one.close()

    def _is_the_one(self, data: bytes) -> bool:
        with self._lock:
            if not self.cut_at or COMMIT not in data:
                return False
            self.cut_at -= 1
            self.cuts += self.cut_at == 0
            return self.cut_at == 0


@pytest.fixture
def line(new_postgres_database: Callable[[], str]) -> Iterator[tuple[Line, Database]]:
    url = sa.make_url(new_postgres_database())
    made = Line(url.port or 5432)
    database = Database(url.set(port=made.port).render_as_string(hide_password=False))
    yield made, database
    database.close()
    made.close()


def test_dbd_01_an_edition_goes_on_when_the_database_is_back_and_who_left_meanwhile_is_heard(
    line: tuple[Line, Database], tmp_path: Path
) -> None:
    way, database = line
    room = PressRoom(database, tmp_path, readers=9)
    edition_id = room.planned()
    calls: list[int] = []

    def go_away(submission: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            way.go_away()

    room.provider.before = go_away
    with pytest.raises(StoreError):
        send_due(edition_id, room.mailroom)
    assert len(calls) == 2, "nothing is offered that cannot be recorded"
    with pytest.raises(StoreError) as told:
        send_due(edition_id, room.mailroom)
    assert isinstance(told.value, BusyError), "it may come back by itself, and is told as that"
    left = unsubscribe(9, registry=Registry(database), journal=room.journal, key=KEY, now=room.clock())
    assert not left.stored, "only the journal has it"

    way.come_back()
    room.clock.forward(minutes=10)
    assert record.take_up(room.ledger, room.provider, room.clock()) == [(edition_id, 2)]
    send_due(edition_id, room.mailroom)
    assert set(room.provider.got.values()) == {1} and room.readers[8] not in room.provider.got
    assert record.report(edition_id, room.ledger).counts.uncertain == 3, "the call whose answer found no database"
    replay(Recovery(database), room.journal)
    (state,) = room.rows(sa.select(subscription.c.state).where(subscription.c.id == 9))[0]
    assert state == "unsubscribed"
    record.resolve(edition_id, 2, room.ledger, room.clock(), accepted=True, actor="ada")
    assert room.state(edition_id) is EditionState.SETTLED


@pytest.mark.parametrize("by_message", [False, True])
def test_dbd_02_a_commit_whose_answer_is_lost_doubles_nobody_and_loses_nobody(
    line: tuple[Line, Database], tmp_path: Path, by_message: bool
) -> None:
    """The first of sending, then the second, and so on, until one round of sending has no so many."""
    way, database = line
    room = PressRoom(database, tmp_path, readers=4)
    for nth in range(1, 40):
        room.provider = Courier() if by_message else type(room.provider)(batch_size=2)  # type: ignore[assignment]
        room.story()
        edition_id, before, left = room.planned(), way.cuts, nth
        for _ in range(20):
            way.cut_at = left
            with suppress(StoreError):
                send_due(edition_id, room.mailroom)
            left, way.cut_at = way.cut_at, 0
            if room.state(edition_id) is EditionState.SETTLED:
                break
            room.clock.forward(minutes=10)
            record.take_up(room.ledger, room.provider, room.clock())
            assert recover(Recovery(database), room.journal, room.clock()) == "", "a lost answer is no restore"
            as_the_provider_says(room, edition_id)
        assert room.state(edition_id) is EditionState.SETTLED, nth
        counts = record.report(edition_id, room.ledger).counts
        assert counts.adds_up and counts.accepted == 4, (nth, counts)
        assert len(room.provider.got) == 4 and set(room.provider.got.values()) == {1}, nth
        room.clock.forward(days=1)
        if way.cuts == before:
            break
    assert way.cuts >= 4 and nth < 39


def as_the_provider_says(room: PressRoom, edition_id: int) -> None:
    """A person settles what is in doubt by what was taken."""
    got = {str(one) for one in room.provider.got}
    for found in record.report(edition_id, room.ledger).batches:
        if found.state is BatchState.UNCERTAIN:
            with room.ledger.reading() as page:
                written, out = page.manifest(edition_id, found.n)
            ids = [id for id in manifest.decode(written) if id not in out]
            taken = any(str(id) in got or f"reader{id}@readers.example" in got for id in ids)
            record.resolve(edition_id, found.n, room.ledger, room.clock(), accepted=taken, actor="ada")
