"""Consent from form to farewell, on both databases: nothing without a yes, and no yes outlives a no."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from syndication.errors import NotFoundError, PolicyError, StoreError
from syndication.jobs.subscribe import add, confirm, leaving, sign_up, unsubscribe, waiting
from syndication.model.journal import Unsubscribed
from syndication.model.subscriber import Consent, EmailAddress, SubscriptionState
from syndication.storage import schema
from syndication.storage.journal import Journal
from syndication.storage.subscribers import Registry, counts, find, listing, subscriptions_of
from tests.builders import NOW, a_newsletter, put_publication

KEY = b"k" * 32
ADA = EmailAddress.parse("Ada@readers.example")


class Away:
    """A registry whose database cannot be reached."""

    def reading(self):
        raise StoreError("the database cannot be used")

    writing = reading


@pytest.fixture
def registry(database):
    with database.write() as connection:
        put_publication(
            connection,
            newsletters=[a_newsletter(id=0), a_newsletter(id=0, slug="weekly", title="The Weekly Sound")],
        )
    return Registry(database)


@pytest.fixture
def journal(tmp_path):
    opened = Journal(tmp_path / "journal")
    yield opened
    opened.close()


def ask(registry, *newsletters, address=ADA, now=NOW):
    woken = []
    consent = Consent(text="Send me news.", form="1", asked_at=now, network_hash="n1")
    sign_up(
        address,
        newsletters or ("morning",),
        consent,
        registry=registry,
        key=KEY,
        locale="en",
        wake=lambda: woken.append(1),
    )
    assert woken == [1]


def rows(database, table):
    with database.read() as connection:
        return connection.execute(sa.select(table).order_by(table.c.id)).mappings().all()


def suppress(database, scope):
    with database.write() as connection:
        connection.execute(
            schema.suppression.insert().values(address_hash=ADA.keyed_hash(KEY), scope=scope, reason="bounce", at=NOW)
        )


def test_signing_up_waits_for_a_yes_with_its_proof(database, registry):
    ask(registry)
    (subscription,) = rows(database, schema.subscription)
    assert subscription["state"] == "pending"
    assert subscription["consent"] == {
        "text": "Send me news.",
        "form": "1",
        "asked_at": NOW.isoformat(),
        "network_hash": "n1",
    }
    assert rows(database, schema.subscriber)[0]["address"] == "Ada@readers.example"
    assert [message["kind"] for message in rows(database, schema.message)] == ["confirm"]


def test_pub_05_a_mailbox_gets_one_mail_a_day_however_often_it_is_asked_for(database, registry):
    for _ in range(5):
        ask(registry)
        ask(registry, "weekly")
        ask(registry, address=EmailAddress.parse("ada+x@readers.example"))
    assert len(rows(database, schema.message)) == 1
    ask(registry, now=NOW + timedelta(days=1))
    assert len(rows(database, schema.message)) == 2


def test_pub_06_asking_for_a_confirmed_address_changes_nothing_and_tells_only_its_owner(database, registry):
    ask(registry)
    confirm(1, [1], registry=registry, network_hash="n2", now=NOW)
    (before,) = rows(database, schema.subscription)
    ask(registry, now=NOW + timedelta(days=1))
    assert rows(database, schema.subscription) == [before]
    assert [message["kind"] for message in rows(database, schema.message)] == ["confirm", "standing"]


@pytest.mark.parametrize("scope", [0, 1])
def test_pub_06_a_suppressed_address_gets_nothing_and_leaves_the_same_trace(database, registry, scope):
    suppress(database, scope)
    ask(registry)
    assert rows(database, schema.subscriber) == []
    assert rows(database, schema.message) == []
    assert [(line["action"], line["subject"]) for line in rows(database, schema.audit_log)] == [
        ("sign-up", "newsletters morning")
    ]


def test_a_suppression_for_one_newsletter_leaves_the_others_open(database, registry):
    suppress(database, 1)
    ask(registry, "morning", "weekly")
    assert [row["newsletter_id"] for row in rows(database, schema.subscription)] == [2]


def test_an_unknown_newsletter_is_passed_over(database, registry):
    ask(registry, "evening")
    assert rows(database, schema.subscription) == []


def test_confirming_moves_what_was_shown_and_twice_is_once(database, registry):
    ask(registry, "morning")
    shown = [item.subscription.id for item in waiting(1, registry=registry)]
    ask(registry, "weekly")
    confirm(1, shown, registry=registry, network_hash="n2", now=NOW)
    before = rows(database, schema.subscription)
    confirm(1, shown, registry=registry, network_hash="n3", now=NOW + timedelta(hours=1))
    assert rows(database, schema.subscription) == before
    assert [row["state"] for row in before] == ["confirmed", "pending"]  # what they did not see waits on
    assert before[0]["consent"]["confirmed_network_hash"] == "n2"


def test_confirming_touches_no_subscription_of_another(database, registry):
    ask(registry)
    ask(registry, address=EmailAddress.parse("bob@readers.example"))
    confirm(1, [1, 2], registry=registry, network_hash="", now=NOW)
    assert [row["state"] for row in rows(database, schema.subscription)] == ["confirmed", "pending"]


def test_pub_01_looking_changes_nothing(database, registry):
    ask(registry)
    before = rows(database, schema.subscription)
    waiting(1, registry=registry)
    leaving(1, registry=registry)
    assert rows(database, schema.subscription) == before


def test_leaving_is_in_the_journal_and_the_database_and_twice_is_once(database, registry, journal):
    ask(registry)
    confirm(1, [1], registry=registry, network_hash="", now=NOW)
    later = NOW + timedelta(hours=1)
    left = unsubscribe(1, registry=registry, journal=journal, key=KEY, now=later)
    assert (left.newsletter.title, left.stored) == ("The Morning Sound", True)
    (before,) = rows(database, schema.subscription)
    unsubscribe(1, registry=registry, journal=journal, key=KEY, now=later + timedelta(hours=1))
    assert rows(database, schema.subscription) == [before]
    assert (before["state"], before["unsubscribed_at"]) == ("unsubscribed", later)
    assert next(iter(journal.lines())) == Unsubscribed(at=later, subscription_id=1, address_hash=ADA.keyed_hash(KEY))


def test_an_old_confirmation_brings_nobody_back_but_asking_does(database, registry, journal):
    ask(registry)
    unsubscribe(1, registry=registry, journal=journal, key=KEY, now=NOW)
    assert confirm(1, [1], registry=registry, network_hash="", now=NOW) == ()
    ask(registry, now=NOW + timedelta(days=1))
    (item,) = confirm(1, [1], registry=registry, network_hash="", now=NOW + timedelta(days=1))
    assert item.subscription.state is SubscriptionState.CONFIRMED


def test_a_leave_told_late_does_not_undo_a_later_yes(database, registry):
    ask(registry)
    confirm(1, [1], registry=registry, network_hash="", now=NOW)
    with registry.writing() as desk:
        assert not desk.leave(1, NOW - timedelta(hours=1))
    assert rows(database, schema.subscription)[0]["state"] == "confirmed"


def test_leaving_holds_while_the_database_is_away(journal):
    left = unsubscribe(7, registry=Away(), journal=journal, key=KEY, now=NOW)
    assert (left.newsletter, left.stored) == (None, False)
    assert list(journal.lines()) == [Unsubscribed(at=NOW, subscription_id=7, address_hash="")]


class FullJournal:
    def append(self, line):
        raise StoreError("the journal cannot be used")

    def lines(self):
        return iter(())


def test_leaving_holds_while_only_the_journal_is_away(database, registry):
    ask(registry)
    assert unsubscribe(1, registry=registry, journal=FullJournal(), key=KEY, now=NOW).stored
    assert rows(database, schema.subscription)[0]["state"] == "unsubscribed"


def test_leaving_is_never_answered_with_yes_when_nothing_could_take_it():
    with pytest.raises(StoreError, match="journal"):
        unsubscribe(7, registry=Away(), journal=FullJournal(), key=KEY, now=NOW)


def test_pub_03_leaving_after_erasure_is_no_error(registry, journal):
    left = unsubscribe(4711, registry=registry, journal=journal, key=KEY, now=NOW)
    assert (left.newsletter, left.stored) == (None, True)


def add_ada(registry, now=NOW):
    consent = Consent(text="Signed on paper.", form="by hand", asked_at=now)
    return add(ADA, "morning", consent, registry=registry, key=KEY, locale="en")


def test_a_person_adds_a_reader_once_and_no_mail_is_sent(database, registry):
    added = add_ada(registry)
    assert added.state is SubscriptionState.CONFIRMED
    assert add_ada(registry, NOW + timedelta(days=1)) == added
    assert rows(database, schema.message) == []
    with database.read() as connection:
        assert listing(connection) == [added.subscriber]
        assert find(connection, ADA) == added.subscriber
        assert subscriptions_of(connection, [1]) == [added]
        assert counts(connection, 1)[SubscriptionState.CONFIRMED] == 1


def test_a_person_cannot_add_who_left_or_is_suppressed(database, registry, journal):
    add_ada(registry)
    unsubscribe(1, registry=registry, journal=journal, key=KEY, now=NOW)
    with pytest.raises(PolicyError, match="unsubscribed"):
        add_ada(registry)
    suppress(database, 0)
    with pytest.raises(PolicyError, match="suppressed"):
        add_ada(registry)
    with pytest.raises(NotFoundError):
        add(ADA, "evening", Consent("", "", NOW), registry=registry, key=KEY, locale="en")
