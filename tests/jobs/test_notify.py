"""Service mail through its states, on both databases, with a transport that behaves as told."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.errors import RenderError
from syndication.jobs.notify import Notified, Notifier, after
from syndication.jobs.subscribe import confirm, sign_up
from syndication.model.delivery import BatchState, Outcome, Sender, Verdict
from syndication.model.subscriber import Consent, EmailAddress
from syndication.rendering import Renderer
from syndication.storage import messages, schema
from syndication.storage.messages import Letters
from syndication.storage.subscribers import Registry
from syndication.subscribers.sign import Purpose, Signer
from tests.builders import NOW, a_newsletter, a_publication, put_publication

KEY = b"k" * 32
SIGNER = Signer((b"s" * 32,))
RENDERER = Renderer([Path(__file__).parents[2] / "templates"])


class Postbox:
    """A provider in memory: takes mail, or answers as it is told to."""

    name, batch_size, total_seconds = "postbox", 1, 5.0

    def __init__(self, *answers, repeatable=False):
        self.repeatable = repeatable
        self.answers = list(answers)
        self.taken = []

    def submit(self, submission):
        answer = self.answers.pop(0) if self.answers else Outcome(Verdict.ACCEPTED, provider_ref="ref")
        if isinstance(answer, Exception):
            raise answer
        if answer.verdict is Verdict.ACCEPTED:
            self.taken.append(submission.message(0))
        return answer


@pytest.fixture
def registry(database):
    with database.write() as connection:
        put_publication(connection, newsletters=[a_newsletter(id=0, title="Tom & <Jerry>")])
    return Registry(database)


@pytest.fixture
def notifier(database, registry):
    def make(outbox, email=RENDERER.email):
        return Notifier(
            registry=registry,
            letters=Letters(database),
            outbox=outbox,
            email=email,
            signer=SIGNER,
            publication=a_publication(),
            sender=Sender("Sound & Shore", EmailAddress.parse("desk@example.org")),
            key=b"d" * 32,
            address_key=KEY,
            message_id_domain="news.example.org",
        )

    return make


def ask(registry, address="ada@readers.example", now=NOW):
    sign_up(
        EmailAddress.parse(address),
        ["morning"],
        Consent(text="Yes.", form="1", asked_at=now),
        registry=registry,
        key=KEY,
        locale="en",
        wake=lambda: None,
    )


def at(moment=NOW):
    return lambda: moment


def state_of(database, id=1):
    with database.read() as connection:
        return connection.execute(sa.select(schema.message).where(schema.message.c.id == id)).one()


def test_a_confirmation_says_what_was_asked_and_carries_its_link(database, registry, notifier):
    ask(registry)
    outbox = Postbox()
    assert notifier(outbox).run(clock=at()) == Notified(accepted=1)
    (mail,) = outbox.taken
    link = f"https://news.example.org/confirm/{SIGNER.token(Purpose.CONFIRM, 1)}"
    assert mail.to.text == "ada@readers.example"
    assert mail.subject == "Please confirm: Tom & <Jerry>"
    assert link in mail.text
    assert f'href="{link}"' in mail.html
    assert "Tom &amp; &lt;Jerry&gt;" in mail.html
    assert "1 Quay Street" in mail.text
    assert dict(mail.headers)["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in dict(mail.headers)
    assert state_of(database).state == "accepted"
    assert notifier(outbox).run(clock=at()) == Notified()


def test_a_reader_who_asks_again_is_told_that_they_get_it_already(registry, notifier):
    ask(registry)
    notifier(Postbox()).run(clock=at())
    confirm(1, [1], registry=registry, network_hash="", now=NOW)
    ask(registry, now=NOW + timedelta(days=1))
    outbox = Postbox()
    notifier(outbox).run(clock=at(NOW + timedelta(days=1)))
    assert outbox.taken[0].subject == "You already get Tom & <Jerry>"
    assert f"/unsubscribe/{SIGNER.token(Purpose.UNSUBSCRIBE, 1)}" in outbox.taken[0].text


def test_nothing_is_sent_when_nothing_waits_any_more(database, registry, notifier):
    ask(registry)
    confirm(1, [1], registry=registry, network_hash="", now=NOW)
    outbox = Postbox()
    assert notifier(outbox).run(clock=at()) == Notified(failed=1)
    assert outbox.taken == []
    assert "nothing is left to say" in state_of(database).detail


def test_a_mailbox_suppressed_after_asking_gets_nothing(database, registry, notifier):
    ask(registry)
    with database.write() as connection:
        hashed = EmailAddress.parse("ada@readers.example").keyed_hash(KEY)
        connection.execute(schema.suppression.insert().values(address_hash=hashed, scope=0, reason="complaint", at=NOW))
    outbox = Postbox()
    notifier(outbox).run(clock=at())
    assert outbox.taken == []
    assert state_of(database).state == "failed"


def test_a_deferred_mail_waits_as_long_as_the_provider_asks(database, registry, notifier):
    ask(registry)
    outbox = Postbox(Outcome(Verdict.DEFERRED, retry_after_seconds=120))
    assert notifier(outbox).run(clock=at()) == Notified(put_off=1)
    assert notifier(outbox).run(clock=at(NOW + timedelta(seconds=119))) == Notified()
    assert notifier(outbox).run(clock=at(NOW + timedelta(seconds=120))) == Notified(accepted=1)
    assert state_of(database).attempt == 2


def test_a_transport_that_refuses_us_ends_the_round(registry, notifier):
    ask(registry)
    ask(registry, "bob@readers.example")
    outbox = Postbox(Outcome(Verdict.STOPPED, detail="the key is not valid"))
    assert notifier(outbox).run(clock=at()) == Notified(put_off=1, stopped="the key is not valid")
    assert notifier(outbox).run(clock=at()) == Notified(accepted=1)


def test_one_bad_address_stops_no_other(database, registry, notifier):
    ask(registry, "bad@readers.example")
    ask(registry)
    outbox = Postbox(Outcome(Verdict.REFUSED, detail="no such host"))
    assert notifier(outbox).run(clock=at()) == Notified(accepted=1, failed=1)
    assert (state_of(database).state, state_of(database).detail) == ("failed", "no such host")


def test_a_template_that_fails_puts_the_mail_off(database, registry, notifier):
    ask(registry)

    def broken(name, **values):
        raise RenderError("a template failed")

    assert notifier(Postbox(), email=broken).run(clock=at()) == Notified(put_off=1)
    assert notifier(Postbox()).run(clock=at(NOW + timedelta(minutes=1))) == Notified(accepted=1)


@pytest.mark.parametrize(("repeatable", "then"), [(True, "planned"), (False, "uncertain")])
def test_an_attempt_that_broke_off_is_repeated_only_where_that_changes_nothing(
    database, registry, notifier, repeatable, then
):
    ask(registry)
    with pytest.raises(RuntimeError):  # the process dies while the provider thinks
        notifier(Postbox(RuntimeError("killed"))).run(clock=at())
    assert state_of(database).state == "sending"
    late = NOW + timedelta(minutes=10)
    Letters(database).expire(late, repeatable=repeatable)
    assert state_of(database).state == then
    done = notifier(Postbox(repeatable=repeatable)).run(clock=at(late))
    assert done == (Notified(accepted=1) if repeatable else Notified())


def test_a_claim_that_ran_out_writes_nothing_any_more(database, registry):
    ask(registry)
    letters = Letters(database)
    old = letters.claim(NOW, 60)
    letters.expire(NOW + timedelta(minutes=2), repeatable=True)
    new = letters.claim(NOW + timedelta(minutes=2), 60)
    assert not letters.record(old, BatchState.FAILED, now=NOW)
    assert letters.record(new, BatchState.ACCEPTED, now=NOW)
    assert not letters.record(new, BatchState.FAILED, now=NOW)
    assert state_of(database).state == "accepted"


def test_two_workers_never_claim_the_same_mail(database, registry):
    ask(registry)
    ask(registry, "bob@readers.example")
    letters = Letters(database)
    claimed = [letters.claim(NOW, 60) for _ in range(3)]
    assert [mail and mail.id for mail in claimed] == [1, 2, None]


def test_an_uncertain_mail_is_settled_by_a_person(database, registry):
    ask(registry)
    letters = Letters(database)
    letters.claim(NOW, 60)
    letters.expire(NOW + timedelta(minutes=2), repeatable=False)
    with database.write() as connection:
        assert messages.counts(connection)[BatchState.UNCERTAIN] == 1
        assert messages.resolve(connection, 1, accepted=False, now=NOW)
        assert not messages.resolve(connection, 1, accepted=True, now=NOW)
    assert letters.claim(NOW, 60).attempt == 2


@pytest.mark.parametrize(
    ("verdict", "repeatable", "state"),
    [
        (Verdict.ACCEPTED, False, BatchState.ACCEPTED),
        (Verdict.VALIDATED, False, BatchState.HELD),  # a sandbox mails nobody
        (Verdict.DEFERRED, False, BatchState.PLANNED),
        (Verdict.REFUSED, False, BatchState.FAILED),
        (Verdict.TOO_LARGE, False, BatchState.FAILED),
        (Verdict.STOPPED, False, BatchState.PLANNED),
        (Verdict.UNCERTAIN, False, BatchState.UNCERTAIN),
        (Verdict.UNCERTAIN, True, BatchState.PLANNED),
    ],
)
def test_an_outcome_moves_a_mail(verdict, repeatable, state):
    assert after(Outcome(verdict), attempt=1, repeatable=repeatable)[0] is state


def test_the_waits_grow_and_end():
    waits = [after(Outcome(Verdict.DEFERRED), attempt=n, repeatable=True) for n in range(1, 13)]
    seconds = [wait for _, wait in waits[:-1]]
    assert seconds == sorted(seconds)
    assert waits[-1] == (BatchState.FAILED, None)
