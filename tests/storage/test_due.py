"""What is due, state by state, on both engines."""

from datetime import timedelta

import pytest

from syndication.model.delivery import BatchState
from syndication.model.due import Due
from syndication.model.edition import TERMINAL_EDITIONS, EditionState
from syndication.model.source import SourceState
from syndication.storage import schema
from syndication.storage.due import Agenda
from tests.builders import NOW, put_publication

SECOND = timedelta(seconds=1)
PAST, FUTURE = NOW - SECOND, NOW + SECOND


@pytest.fixture
def house(database):
    """One source, feed and newsletter, none of which has anything to do."""
    with database.write() as connection:
        put_publication(connection)
        connection.execute(schema.source.update().values(next_poll_at=FUTURE))
        connection.execute(schema.feed.update().values(stale=0))
    assert Agenda(database).due(NOW, limit=10) == Due()
    return database


def put(database, table, **values):
    with database.write() as connection:
        connection.execute(table.update().values(**values))


def an_edition(database, state, *, lease_until=None, slot="2026-05-07T06:30"):
    with database.write() as connection:
        newsletter = connection.scalar(schema.newsletter.select().with_only_columns(schema.newsletter.c.id).limit(1))
        added = connection.execute(
            schema.edition.insert().values(
                newsletter_id=newsletter,
                cadence="daily",
                slot_local=slot,
                due_at=NOW,
                state=state.value,
                lease_until=lease_until,
                created_at=NOW,
            )
        )
        return added.inserted_primary_key[0]


def a_batch(database, edition_id, state, *, n=1, wave=NOW, next_try_at=None, lease_until=None):
    with database.write() as connection:
        content = connection.scalar(
            schema.edition_content.select()
            .with_only_columns(schema.edition_content.c.id)
            .where(schema.edition_content.c.edition_id == edition_id)
        )
        if content is None:
            blank = dict.fromkeys(["subject", "preheader", "html", "text", "nonce", "hash"], "")
            added = connection.execute(
                schema.edition_content.insert().values(edition_id=edition_id, variant="all", item_ids=[], **blank)
            )
            content = added.inserted_primary_key[0]
        connection.execute(
            schema.batch.insert().values(
                edition_id=edition_id,
                n=n,
                content_id=content,
                wave=wave,
                state=state.value,
                manifest=b"",
                count=1,
                next_try_at=next_try_at,
                lease_until=lease_until,
                changed_at=NOW,
            )
        )


@pytest.mark.parametrize(
    ("row", "due"),
    [
        ({"state": SourceState.IDLE, "next_poll_at": PAST}, True),
        ({"state": SourceState.IDLE, "next_poll_at": NOW}, True),
        ({"state": SourceState.BACKOFF, "next_poll_at": PAST}, True),
        ({"state": SourceState.BACKOFF, "next_poll_at": FUTURE}, False),
        ({"state": SourceState.LEASED, "next_poll_at": PAST, "lease_until": FUTURE}, False),
        ({"state": SourceState.LEASED, "next_poll_at": PAST, "lease_until": PAST}, True),  # its holder is dead
        ({"state": SourceState.PAUSED, "next_poll_at": PAST}, False),
        ({"state": SourceState.GONE, "next_poll_at": PAST}, False),
    ],
)
def test_a_source_is_due(house, row, due):
    put(house, schema.source, **{**row, "state": row["state"].value})
    assert Agenda(house).due(NOW, limit=10) == Due(collect=due)
    assert Agenda(house).sources_due(NOW) is due


@pytest.mark.parametrize("stale", [1, 7])
def test_a_stale_feed_is_due(house, stale):
    put(house, schema.feed, stale=stale)
    assert Agenda(house).due(NOW, limit=10) == Due(publish=True)


@pytest.mark.parametrize(
    ("state", "row", "due"),
    [
        (BatchState.PLANNED, {}, True),
        (BatchState.PLANNED, {"next_try_at": PAST}, True),
        (BatchState.PLANNED, {"next_try_at": FUTURE}, False),
        (BatchState.SENDING, {"lease_until": FUTURE}, False),
        (BatchState.SENDING, {"lease_until": PAST}, True),
        (BatchState.ACCEPTED, {}, False),
        (BatchState.UNCERTAIN, {}, False),  # a person's, or an event's
        (BatchState.FAILED, {}, False),
        (BatchState.HELD, {}, False),
    ],
)
def test_a_service_mail_is_due(house, state, row, due):
    with house.write() as connection:
        added = connection.execute(
            schema.subscriber.insert().values(
                address="ann@mail.example",
                address_norm="ann@mail.example",
                address_hash="a",
                locale="en",
                zone="UTC",
                created_at=NOW,
            )
        )
        connection.execute(
            schema.message.insert().values(
                purpose="confirm:1",
                kind="confirm",
                subscriber_id=added.inserted_primary_key[0],
                state=state.value,
                created_at=NOW,
                changed_at=NOW,
                **row,
            )
        )
    assert Agenda(house).due(NOW, limit=10) == Due(notify=due)


@pytest.mark.parametrize("state", EditionState)
def test_an_edition_without_batches_is_due_by_its_state(house, state):
    id = an_edition(house, state, lease_until=FUTURE if state is EditionState.ASSEMBLING else None)
    expected = {
        EditionState.OPEN: Due(assemble=(id,)),
        EditionState.FROZEN: Due(plan=(id,)),
        EditionState.DISPATCHING: Due(plan=(id,)),
        EditionState.SENDING: Due(settle=(id,)),  # nobody was in its audience
    }
    assert Agenda(house).due(NOW, limit=10) == expected.get(state, Due())


def test_an_edition_whose_assembler_died_is_due_again(house):
    id = an_edition(house, EditionState.ASSEMBLING, lease_until=PAST)
    assert Agenda(house).due(NOW, limit=10) == Due(assemble=(id,))


@pytest.mark.parametrize(
    ("state", "row", "due"),
    [
        (BatchState.PLANNED, {}, "send"),
        (BatchState.PLANNED, {"wave": FUTURE}, None),
        (BatchState.PLANNED, {"next_try_at": PAST}, "send"),
        (BatchState.PLANNED, {"next_try_at": FUTURE}, None),
        (BatchState.SENDING, {"lease_until": FUTURE}, None),
        (BatchState.SENDING, {"lease_until": PAST}, "settle"),
        (BatchState.UNCERTAIN, {}, None),
        (BatchState.HELD, {}, None),
        (BatchState.ACCEPTED, {}, "settle"),
        (BatchState.FAILED, {}, "settle"),
    ],
)
def test_a_batch_makes_its_edition_due(house, state, row, due):
    id = an_edition(house, EditionState.SENDING)
    a_batch(house, id, state, **row)
    assert Agenda(house).due(NOW, limit=10) == (Due(**{due: (id,)}) if due else Due())


@pytest.mark.parametrize("state", [state for state in EditionState if state is not EditionState.SENDING])
def test_only_an_edition_that_is_being_sent_is_sent(house, state):
    id = an_edition(house, state)
    a_batch(house, id, BatchState.PLANNED)
    assert Agenda(house).due(NOW, limit=10).send == ()


@pytest.mark.parametrize("state", [EditionState.PAUSED, EditionState.HELD, *sorted(TERMINAL_EDITIONS)])
def test_a_broken_attempt_is_taken_up_whatever_the_edition_has_become(house, state):
    id = an_edition(house, state)
    a_batch(house, id, BatchState.SENDING, lease_until=PAST)
    assert Agenda(house).due(NOW, limit=10) == Due(settle=(id,))


def test_one_open_batch_keeps_an_edition_from_settling(house):
    id = an_edition(house, EditionState.SENDING)
    a_batch(house, id, BatchState.ACCEPTED, n=1)
    a_batch(house, id, BatchState.UNCERTAIN, n=2)
    assert Agenda(house).due(NOW, limit=10) == Due()


def test_editions_come_in_order_and_in_number(house):
    ids = [an_edition(house, EditionState.OPEN, slot=f"2026-05-{day:02}T06:30") for day in range(1, 8)]
    assert Agenda(house).due(NOW, limit=3).assemble == tuple(sorted(ids)[:3])
