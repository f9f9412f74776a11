"""How readers stand: whoever must not be mailed is named by both questions, the long one and the short one."""

from pathlib import Path

from syndication.deliveries import audience
from syndication.storage import readers
from syndication.storage.database import Database
from tests.pressroom import PressRoom


def test_who_must_not_be_mailed_is_the_same_by_both_questions(database: Database, tmp_path: Path) -> None:
    room = PressRoom(database, tmp_path, readers=12, stories=0)
    room.leave(*room.readers[1:3])
    room.suppress(room.readers[4], reason="complaint")
    room.suppress(room.readers[5], reason="bounce", scope=1)
    room.suppress(room.readers[6], reason="bounce", scope=99)  # of another newsletter
    waiting = room.subscribe(1, state="pending", confirmed_at=None)
    asked = [*room.readers, *waiting, 10_000]
    with database.read() as connection:
        found = readers.standings(connection, 1, asked)
        unfit = readers.unfit(connection, 1, asked)
        assert readers.standings(connection, 1, []) == {} and readers.unfit(connection, 1, []) == []
        assert readers.unfit(connection, 2, asked[:2]) == asked[:2]  # nobody has that newsletter
    _, gone = audience.reachable(asked, found)
    assert sorted(unfit) == sorted(one.subscriber_id for one in gone)
    assert sorted(unfit) == [*room.readers[1:3], *room.readers[4:6], *waiting, 10_000]
    assert found[room.readers[4]].suppressed == "complaint" and found[room.readers[5]].suppressed == "bounce"
    assert found[room.readers[0]].address.text == "reader1@readers.example" and found[room.readers[0]].confirmed
