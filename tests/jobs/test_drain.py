"""Events: one effect each, in any order, however often told; what cannot be read is kept, and the rest goes on."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.deliveries import bits, personalize
from syndication.errors import StoreError
from syndication.jobs import record
from syndication.jobs.drain import Drain
from syndication.jobs.send import send_due
from syndication.jobs.track import tracks
from syndication.model.delivery import BatchState, ExceptionKind, Verdict
from syndication.model.edition import EditionState
from syndication.model.event import BitKind
from syndication.model.ledger import Bar
from syndication.senders import sendgrid_events
from syndication.storage import schema
from syndication.storage.database import Database
from syndication.storage.events import Events, EventSpool
from syndication.storage.track import Tracks
from tests.pressroom import KEY, PressRoom, refuse


class Post:
    """A room with an edition of six readers that was sent, and what its provider tells of it."""

    def __init__(self, database: Database, directory: Path) -> None:
        self.room = PressRoom(database, directory, readers=6)
        self.edition_id = self.room.planned()
        send_due(self.edition_id, self.room.mailroom)
        self.spool = EventSpool(database)
        self.drain = Drain(
            Events(database), self.room.journal, {"sendgrid": sendgrid_events.parse}, KEY, self.room.clock
        )
        self._number = 0

    @property
    def readers(self) -> list[int]:
        return self.room.readers

    def event(self, kind: str, reader: int = 0, **given: Any) -> dict[str, Any]:
        """Of the reader at this place among all; ids are found as a provider finds them: in what it was sent."""
        self._number += 1
        offered = {one.delivery_id: sub for sub in self.room.provider.accepted for one in sub.recipients}
        delivery_id = personalize.delivery_id(KEY, self.edition_id, self.readers[reader])
        at = int(self.room.clock().timestamp()) + given.pop("seconds", 0)
        usual = {
            "event": kind,
            "email": f"reader{reader + 1}@readers.example",
            "timestamp": at,
            "sg_event_id": f"event-{self._number}",
            "nl_dlv": delivery_id,
            "nl_sub": offered[delivery_id].attempt_id if delivery_id in offered else "",
        }
        return usual | given

    def tell(self, *events: Any, body: bytes | None = None) -> None:
        """One body, spooled and not applied yet."""
        data = body if body is not None else json.dumps(events).encode()
        self.spool.put("sendgrid", data, self.room.clock())

    def hear(self, *events: Any) -> None:
        self.tell(*events)
        self.drain.run()

    def bits(self, kind: BitKind) -> list[int]:
        """The readers, by place among all, that have it."""
        found = []
        rows = self.room.rows(sa.select(schema.batch_bits).where(schema.batch_bits.c.kind == kind.value))
        for row in rows:
            found += [3 * (row.n - 1) + place for place in bits.places(row.bits)]
        return sorted(found)

    def states(self) -> list[BatchState]:
        return [row.state for row in record.report(self.edition_id, self.room.ledger).batches]

    def suppressed(self) -> list[str]:
        return [row.reason for row in self.room.rows(sa.select(schema.suppression.c.reason))]

    def aside(self) -> list[Any]:
        return list(self.room.rows(sa.select(schema.event_aside).order_by(schema.event_aside.c.id)))

    def alerts(self) -> set[str]:
        query = sa.select(schema.alert.c.key).where(schema.alert.c.resolved_at.is_(None))
        return {row.key for row in self.room.rows(query)}

    def tallied(self) -> dict[str, int]:
        return {row.kind: row.count for row in self.room.rows(sa.select(schema.event_tally))}

    def waiting(self) -> int:
        return len(self.room.rows(sa.select(schema.event_spool.c.id)))

    def told(self) -> dict[str, Any]:
        """All that events can have changed, to be compared."""
        return {
            "bits": {kind: self.bits(kind) for kind in BitKind},
            "batches": self.states(),
            "suppressed": sorted(self.suppressed()),
            "edition": self.room.state(self.edition_id),
            "left": sorted(
                row.subscriber_id
                for row in self.room.rows(
                    sa.select(schema.subscription).where(schema.subscription.c.state == "unsubscribed")
                )
            ),
            "news": sorted(
                (row.subscriber_id, row.kind) for row in self.room.rows(sa.select(schema.delivery_exception))
            ),
        }


Make = Callable[..., Post]


@pytest.fixture
def make(database: Database, tmp_path: Path) -> Iterator[Make]:
    made: list[Post] = []

    def post() -> Post:
        made.append(Post(database, tmp_path))
        return made[-1]

    yield post
    for one in made:
        one.room.journal.close()


@pytest.fixture
def post(make: Make) -> Post:
    return make()


def test_what_is_told_is_kept_as_bits(post: Post) -> None:
    post.hear(
        *(post.event("processed", n) for n in range(6)),
        *(post.event("delivered", n, response="250 ok") for n in (0, 2, 5)),
        post.event("deferred", 1, response="451 later"),
    )
    assert post.bits(BitKind.REPORTED) == [0, 1, 2, 3, 4, 5]
    assert post.bits(BitKind.DELIVERED) == [0, 2, 5]
    assert post.bits(BitKind.DEFERRED) == [1]
    assert post.waiting() == 0
    assert post.tallied() == {"accepted": 6, "delivered": 3, "deferred": 1}


def test_del_10_bounces_drops_and_complaints_have_their_effect(post: Post) -> None:
    post.hear(
        post.event("bounce", 0, type="bounce", status="5.1.1", reason="550 5.1.1 <reader1@readers.example> unknown"),
        post.event("bounce", 1, type="blocked", status="5.7.1", reason="not today"),
        post.event("dropped", 2, reason="Invalid"),
        post.event("spamreport", 3),
        post.event("dropped", 4, reason="Unsubscribed Address"),
        post.event("unsubscribe", 5),
    )
    assert len(post.suppressed()) == 3
    found = post.told()
    assert found["left"] == [post.readers[4], post.readers[5]]
    kinds = {(post.readers.index(id), kind) for id, kind in found["news"]}
    assert kinds == {(0, "bounced"), (1, "bounced"), (2, "dropped"), (3, "complained"), (4, "dropped")}
    (bounced,) = [
        row
        for row in record.report(post.edition_id, post.room.ledger).exceptions
        if row.subscriber_id == post.readers[0]
    ]
    assert (bounced.kind, bounced.detail) == (ExceptionKind.BOUNCED, "550 5.1.1 <…@readers.example> unknown")
    counts = record.report(post.edition_id, post.room.ledger).counts
    assert (counts.accepted, counts.adds_up) == (6, True), "news is no other place in the ledger"


def test_web_03_the_same_event_a_thousand_times_is_one(post: Post) -> None:
    bounce = post.event("bounce", 0, type="bounce", status="5.1.1", reason="unknown")
    post.tell(*[bounce] * 1000)
    for _ in range(5):
        post.tell(bounce)
        post.tell({**bounce, "sg_event_id": "told again under another id"})
    post.drain.run()
    assert len(post.suppressed()) == 1
    assert post.bits(BitKind.BOUNCED) == [0]
    assert len(post.room.rows(sa.select(schema.setback))) == 1
    assert len(post.room.rows(sa.select(schema.audit_log).where(schema.audit_log.c.action == "suppress"))) == 1


@pytest.mark.parametrize("seed", range(3))
def test_web_05_any_order_ends_the_same(make: Make, seed: int) -> None:
    post = make()
    events = [
        *(post.event("processed", n) for n in range(6)),
        post.event("delivered", 0, seconds=60),
        post.event("bounce", 0, type="bounce", status="5.1.1", reason="after all", seconds=120),
        post.event("open", 1, seconds=90),
        post.event("delivered", 1, seconds=30),
        post.event("spamreport", 2, seconds=300),
        post.event("delivered", 2, seconds=20),
        post.event("unsubscribe", 3, seconds=40),
        post.event("a kind of next year", 4),
    ]
    chance = random.Random(seed)
    chance.shuffle(events)
    for event in events:
        post.tell(*[event] * chance.choice((1, 2)))
    post.drain.run()
    found = post.told()
    assert found["bits"][BitKind.REPORTED] == [0, 1, 2, 3, 4, 5]
    assert found["bits"][BitKind.DELIVERED] == [0, 1, 2]
    assert found["bits"][BitKind.BOUNCED] == [0]
    assert (len(found["suppressed"]), found["left"]) == (2, [post.readers[3]])
    post.hear(*events)
    assert post.told() == found


def test_any_event_of_an_uncertain_batch_says_that_it_was_accepted(make: Make) -> None:
    post = make()
    room = post.room
    room.clock.forward(days=1)
    for _ in range(2):
        room.story()
    room.provider.answers = [room.provider.accept_in_silence, refuse(Verdict.UNCERTAIN)]
    post.edition_id = room.planned()
    send_due(post.edition_id, room.mailroom)
    assert post.states() == [BatchState.UNCERTAIN, BatchState.UNCERTAIN]
    assert f"uncertain:{post.edition_id}" in post.alerts()
    post.hear(post.event("open", 1))
    assert post.states() == [BatchState.ACCEPTED, BatchState.UNCERTAIN], "one call is accepted or refused as a whole"
    assert record.report(post.edition_id, room.ledger).counts.uncertain == 3
    record.resolve(post.edition_id, 2, room.ledger, room.clock(), accepted=False, actor="ada")
    send_due(post.edition_id, room.mailroom)
    assert post.room.state(post.edition_id) is EditionState.SETTLED
    assert f"uncertain:{post.edition_id}" not in post.alerts()


def test_that_a_cancelled_call_was_taken_is_no_proof_that_anybody_got_it(make: Make) -> None:
    post = make()
    with post.room.database.write() as connection:
        first = schema.batch.c.n == 1
        connection.execute(schema.batch.update().where(first).values(state="planned"))
        attempts = schema.batch_attempt
        connection.execute(attempts.update().where(attempts.c.n == 1).values(fence="f-1", fence_state="cancelled"))
    post.hear(post.event("processed"))
    assert post.states()[0] is BatchState.PLANNED
    assert post.bits(BitKind.REPORTED) == []
    assert post.tallied()["cancelled"] == 1
    post.hear(post.event("delivered"))  # whatever it said of the cancel: somebody got it
    assert post.states()[0] is BatchState.ACCEPTED


def test_events_of_a_call_reach_readers_whose_batch_was_split_since(make: Make) -> None:
    post = make()
    room = post.room
    room.clock.forward(days=1)
    room.story()
    room.provider.answers = [room.provider.accept_in_silence, refuse(Verdict.UNCERTAIN), refuse(Verdict.TOO_LARGE)]
    post.edition_id = room.planned()
    send_due(post.edition_id, room.mailroom)
    call = room.provider.accepted[-1].attempt_id
    record.resolve(post.edition_id, 1, room.ledger, room.clock(), accepted=False, actor="ada")
    room.provider.answers += [refuse(Verdict.UNCERTAIN), refuse(Verdict.UNCERTAIN)]
    send_due(post.edition_id, room.mailroom)
    assert post.states() == [BatchState.UNCERTAIN] * 3, "two halves, and the other batch"
    before = post.tallied()
    post.hear(*(post.event("delivered", reader, nl_sub=call) for reader in range(3)))
    assert post.states() == [BatchState.ACCEPTED, BatchState.UNCERTAIN, BatchState.ACCEPTED]
    assert post.tallied()["delivered"] - before.get("delivered", 0) == 3 and "unknown" not in post.tallied()
    assert record.report(post.edition_id, room.ledger).counts.uncertain == 3


def test_an_event_settles_an_edition_and_its_alert(make: Make) -> None:
    post = make()
    post.room.clock.forward(days=1)
    post.room.story()
    post.room.provider.answers = [post.room.provider.accept_in_silence]
    post.edition_id = post.room.planned()
    send_due(post.edition_id, post.room.mailroom)
    assert post.room.state(post.edition_id) is EditionState.SENDING
    post.hear(post.event("processed", 2))
    assert post.room.state(post.edition_id) is EditionState.SETTLED
    assert f"uncertain:{post.edition_id}" not in post.alerts()


def test_web_06_what_is_of_nothing_of_ours_is_counted_and_changes_nothing(post: Post) -> None:
    before = post.told()
    post.hear(
        post.event("bounce", 0, nl_sub="another's attempt", type="bounce", status="5.1.1"),
        post.event("spamreport", 0, nl_sub="", nl_dlv=""),
        post.event("spamreport", 0, nl_dlv="0" * 32),
        post.event("spamreport", 0, nl_sub="message-999-1"),
        post.event("spamreport", 0, nl_sub="message-" + "9" * 40),
        {"event": "processed", "timestamp": 1, "email": "example@test.example", "sg_event_id": "sample"},
    )
    assert post.told() == before
    assert post.tallied() == {"foreign": 2, "unknown": 4}


def test_web_04_what_cannot_be_read_is_kept_with_its_reason_and_the_rest_is_applied(post: Post) -> None:
    post.tell(post.event("delivered", 0), "no event", {"event": 5}, {"event": "open"}, post.event("delivered", 1))
    post.tell(body=b"[" * 10_000 + b"]" * 10_000)
    post.tell(body=b"\xff\xfe no JSON")
    post.tell(body=b'{"event": "delivered"}')
    post.hear(post.event("delivered", 2))
    assert post.bits(BitKind.DELIVERED) == [0, 1, 2]
    assert [row.data for row in post.aside()[:3]] == [b'"no event"', b'{"event":5}', b'{"event":"open"}']
    assert [row.reason.split(":")[0] for row in post.aside()[3:]] == ["no JSON", "no JSON", "no list of events"]
    assert post.tallied()["aside"] == 6


def test_a_body_that_cannot_be_applied_waits_behind_the_others_and_is_set_aside(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(body: bytes) -> Any:
        if b"poison" in body:
            raise ArithmeticError("a mistake of ours")
        return sendgrid_events.parse(body)

    post.drain.parsers = {"sendgrid": parse}
    post.tell(body=b'["poison"]')
    post.hear(post.event("delivered", 0))
    assert post.bits(BitKind.DELIVERED) == [0]
    assert post.waiting() == 0
    (row,) = post.aside()
    assert (row.data, row.reason) == (b'["poison"]', "could not be applied: ArithmeticError: a mistake of ours")


def test_a_failure_of_the_journal_applies_nothing_and_loses_nothing(post: Post) -> None:
    post.room.journal._broken = "the disk is gone"  # as after a failed fsync
    post.tell(post.event("spamreport", 0))
    with pytest.raises(StoreError):
        post.drain.run()
    assert (post.waiting(), post.suppressed(), post.bits(BitKind.COMPLAINED)) == (1, [], [])


def test_del_06_a_suspended_account_stops_all_sending_until_it_is_told_to_go_on(post: Post) -> None:
    def status(type: str, seconds: int) -> dict[str, Any]:
        at = int(post.room.clock().timestamp()) - 100 + seconds
        return {"event": "account_status_change", "type": type, "timestamp": at, "sg_event_id": f"{type}{seconds}"}

    post.hear(status("compliance_suspend", 10))
    with post.room.ledger.reading() as page:
        assert page.barred() == {Bar.STOPPED: "the provider has suspended the account (compliance_suspend)"}
    assert Bar.STOPPED.value in post.alerts()
    post.hear(status("reactivate", 5))  # it comes late, and is of before
    with post.room.ledger.reading() as page:
        assert page.barred()
    post.hear(status("reactivate", 20))
    with post.room.ledger.reading() as page:
        assert not page.barred()
    assert Bar.STOPPED.value not in post.alerts()


def test_an_account_that_may_send_no_more_stops_the_edition_and_harms_no_reader(make: Make) -> None:
    post = make()
    room = post.room
    room.clock.forward(days=1)
    room.story()
    room.provider.answers = [room.provider.accept, refuse(Verdict.DEFERRED)]
    post.edition_id = room.planned()
    send_due(post.edition_id, room.mailroom)
    assert room.state(post.edition_id) is EditionState.SENDING
    post.hear(post.event("dropped", 0, reason="Recipient List over Package Quota"))
    assert room.state(post.edition_id) is EditionState.PAUSED
    assert (post.suppressed(), f"quota:{post.edition_id}" in post.alerts()) == ([], True)


def test_what_the_provider_drops_for_our_words_is_an_alert(post: Post) -> None:
    post.hear(post.event("dropped", 0, reason="Spam Content"))
    assert (post.suppressed(), f"dropped:{post.edition_id}" in post.alerts()) == ([], True)


def test_each_reader_has_one_track_and_they_add_up_to_the_report(post: Post) -> None:
    post.hear(
        *(post.event("delivered", n) for n in (0, 1)),
        post.event("bounce", 2, type="bounce", status="5.1.1", reason="unknown"),
        post.event("spamreport", 1),
    )
    found = list(tracks(post.edition_id, Tracks(post.room.database)))
    assert [track.subscriber_id for track in found] == post.readers
    assert {track.word for track in found} == {"accepted"}
    assert found[1].told == (BitKind.REPORTED, BitKind.DELIVERED, BitKind.COMPLAINED)
    assert [one.detail for one in found[2].said] == ["5.1.1 unknown"]
    assert found[3].told == () and found[3].provider_ref == "ref-2"
    (only,) = tracks(post.edition_id, Tracks(post.room.database), only=post.readers[2])
    assert only == found[2]
    told = Tracks(post.room.database).told(post.edition_id)
    assert (told[BitKind.DELIVERED], told[BitKind.BOUNCED], told[BitKind.COMPLAINED]) == (2, 1, 1)


def test_tracks_of_those_left_out_and_refused(make: Make) -> None:
    post = make()
    room = post.room
    room.clock.forward(days=1)
    room.story()
    room.suppress(room.readers[0])
    room.provider.answers = [refuse(Verdict.REFUSED, refused=((0, "no such address"),))]
    post.edition_id = room.planned()
    room.leave(room.readers[5])
    send_due(post.edition_id, room.mailroom)
    found = {track.subscriber_id: track for track in tracks(post.edition_id, Tracks(room.database))}
    assert sorted(found) == room.readers
    counts = record.report(post.edition_id, room.ledger).counts
    words = Counter(track.word for track in found.values())
    assert (words["accepted"], words["refused"], words["suppressed"]) == (
        counts.accepted,
        counts.refused,
        counts.suppressed,
    )
    assert found[room.readers[0]].batch_n is None
    assert found[room.readers[1]].detail == "no such address"


def test_a_leave_that_is_told_late_does_not_undo_a_new_yes(post: Post) -> None:
    left = post.event("unsubscribe", 0)
    post.room.clock.forward(hours=1)
    with post.room.database.write() as connection:
        connection.execute(
            schema.subscription.update()
            .where(schema.subscription.c.subscriber_id == post.readers[0])
            .values(confirmed_at=post.room.clock())
        )
    post.hear(left)
    assert post.told()["left"] == []


def test_an_event_of_tomorrow_is_of_now(post: Post) -> None:
    post.hear(post.event("bounce", 0, type="bounce", status="5.1.1", seconds=86400))
    (row,) = post.room.rows(sa.select(schema.setback))
    assert row.at == post.room.clock()


def test_many_bodies_take_several_transactions_and_lose_none(post: Post) -> None:
    for _ in range(100):
        post.tell(*(post.event("processed", n) for n in range(6)))
    drained = post.drain.run()
    assert (drained.bodies, drained.events, post.waiting()) == (100, 600, 0)


def test_a_drain_that_is_to_stop_leaves_the_rest(post: Post) -> None:
    post.tell(post.event("delivered", 0))
    assert post.drain.run(stopping=lambda: True).bodies == 0
    assert post.waiting() == 1


def test_a_delivery_ends_what_was_counted_before_it(post: Post) -> None:
    post.hear(post.event("bounce", 0, type="blocked", reason="not today", seconds=-60))
    post.hear(post.event("delivered", 0, seconds=-30))
    (row,) = post.room.rows(sa.select(schema.setback))
    assert row.forgiven_at == post.room.clock() - timedelta(seconds=30)
