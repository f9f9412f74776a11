"""Corrections and withdrawals reach exactly those who got the old text, once, in the next edition of their stream."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.jobs import compose, record
from syndication.jobs.compose.amends import AMENDS_MAX
from syndication.jobs.send import send_due
from syndication.model.article import ArticleState
from syndication.model.choice import Cadence
from syndication.model.edition import EditionState
from syndication.storage import articles, revisions, watch
from syndication.storage.database import Database
from syndication.storage.schema import (
    addressee,
    article,
    batch,
    edition,
    edition_content,
    edition_item,
    newsletter,
    subscription,
)
from tests.builders import a_schedule
from tests.pressroom import START, PressRoom

Make = Callable[..., PressRoom]
CORRECTED = "Corrected since we mailed it"
WITHDRAWN = "Withdrawn by its publisher"
NOTE = "Correction: The ferry sails every second hour, not hourly."


@pytest.fixture
def a_room(database: Database, tmp_path: Path) -> Make:
    return lambda **given: PressRoom(database, tmp_path, **given)


def correct(room: PressRoom, id: int, *, text: str = NOTE, **given: Any) -> None:
    """The article has another text from now on."""
    with room.database.write() as connection:
        stored = articles.get(connection, id)
        assert stored is not None
        now = replace(stored.article, text=f"{stored.article.text}\n\n{text}", fingerprint=f"f{text}{given}", **given)
        revisions.revise(connection, id, now, entry_hash="", now=room.clock())


def withdraw(room: PressRoom, id: int, *, by_hand: bool = False) -> None:
    with room.database.write() as connection:
        if not by_hand:
            guid = connection.scalar(sa.select(article.c.guid).where(article.c.id == id))
            watch.miss(connection, 1, [guid or ""], room.clock(), lost=False)
        assert watch.withdraw(connection, id, room.clock())


def mail(room: PressRoom, *, stories: int = 0) -> int:
    """The next edition, sent."""
    room.clock.forward(hours=1)
    for _ in range(stories):
        room.story()
    edition_id = room.planned()
    send_due(edition_id, room.mailroom)
    return edition_id


def mails(room: PressRoom, words: str, since: int = 0) -> set[int]:
    """Who got these words, in both parts of the mail."""
    found = set()
    for submission in room.provider.accepted[since:]:
        if words in submission.content.html:
            assert words in submission.content.text
            found |= {one.subscriber_id for one in submission.recipients}
    return found


def test_a_correction_is_told_to_those_who_got_the_old_text_and_to_nobody_else(a_room: Make) -> None:
    room = a_room(readers=4, stories=2)
    old, wrong = list(room.readers), room.stories[0]
    mail(room)
    new = room.subscribe(3)
    correct(room, wrong)
    edition_id = mail(room, stories=1)
    assert mails(room, CORRECTED) == set(old) == mails(room, NOTE)
    assert room.provider.got == dict.fromkeys(old, 2) | dict.fromkeys(new, 1)
    counts = record.report(edition_id, room.ledger).counts
    assert counts.adds_up and counts.accepted == 7
    kinds = room.rows(sa.select(edition_item.c.kind, edition_item.c.rev, edition_item.c.rev_key).order_by("id"))
    assert [tuple(row) for row in kinds] == [("new", 1, 0)] * 3 + [("correction", 2, 2)]
    # The text that was put right is recorded as received by those who were told, and by no other.
    assert {one.subscriber_id for one in record.recipients_of(1, 1, room.ledger)} == set(old)
    assert {one.subscriber_id for one in record.recipients_of(1, 2, room.ledger)} == set(old)
    mail(room, stories=1)
    assert len([one for one in room.provider.accepted if CORRECTED in one.content.html]) == 2, "once"


def test_readers_who_are_owed_the_same_share_one_content(a_room: Make) -> None:
    room = a_room(readers=5, stories=1)
    mail(room)
    first_readers, first = list(room.readers), room.stories[0]
    second_readers = room.subscribe(4)
    room.stories = []
    second_edition = mail(room, stories=1)
    second = room.rows(sa.select(edition_item.c.article_id).where(edition_item.c.edition_id == second_edition))[0][0]
    room.subscribe(2)
    correct(room, first)
    correct(room, second, text="Correction: not so.")
    third = mail(room, stories=1)
    contents = room.rows(sa.select(edition_content).where(edition_content.c.edition_id == third).order_by("id"))
    assert [(row.variant, len(row.item_ids)) for row in contents] == [("all", 1), ("all+1", 3), ("all+2", 2)]
    assert mails(room, NOTE) == set(first_readers)
    assert mails(room, "Correction: not so.") == {*first_readers, *second_readers}
    assert len(room.rows(sa.select(addressee))) == 2


def test_a_withdrawn_story_is_named_and_nothing_of_its_text_is_shown(a_room: Make) -> None:
    room = a_room(readers=3, stories=0)
    gone = room.story(title="The mayor took the bell", excerpt="It was seen at night.", text="A secret of the mayor.")
    mail(room)
    room.subscribe(2)
    withdraw(room, gone)
    count = len(room.provider.accepted)
    mail(room, stories=1)
    assert mails(room, WITHDRAWN) == set(room.readers)
    for submission in room.provider.accepted[count:]:
        told = WITHDRAWN in submission.content.html
        assert ("The mayor took the bell" in submission.content.text) is told
        assert "seen at night" not in submission.content.html + submission.content.text
    assert not [one for one in room.rows(sa.select(edition_item.c.kind)) if one.kind == "correction"]
    mail(room, stories=1)
    assert room.provider.got[room.readers[0]] == 3


def test_what_we_took_back_ourselves_is_not_said_of_its_publisher(a_room: Make) -> None:
    room = a_room(readers=2, stories=1)
    mail(room)
    withdraw(room, room.stories[0], by_hand=True)
    mail(room)
    assert mails(room, "Withdrawn by us") == mails(room, "We have taken this story back.") == set(room.readers)
    assert mails(room, WITHDRAWN) == set()


def test_an_edition_of_corrections_alone_goes_to_those_readers_alone(a_room: Make) -> None:
    room = a_room(readers=3, stories=1)
    mail(room)
    late = room.subscribe(2)
    correct(room, room.stories[0])
    edition_id = mail(room)
    assert room.state(edition_id) is EditionState.SETTLED
    assert room.provider.got == dict.fromkeys(room.readers, 2), "who got no old text gets no mail"
    assert not set(late) & set(room.provider.got)
    subject = room.provider.accepted[-1].content.subject
    assert subject.startswith("The Morning Sound: corrected: ")
    counts = record.report(edition_id, room.ledger).counts
    assert (counts.audience, counts.accepted) == (3, 3)
    assert room.state(mail(room)) is EditionState.SKIPPED


@pytest.mark.parametrize(
    "lost",
    [
        {"state": "unsubscribed"},
        {"paused_until": START + timedelta(days=30)},
        {"cadence": Cadence.WEEKLY.value},
    ],
    ids=["left", "paused", "another cadence"],
)
def test_what_is_owed_to_those_who_are_not_there_keeps_nobody_waiting(a_room: Make, lost: dict[str, Any]) -> None:
    room = a_room(readers=1, stories=AMENDS_MAX)
    mail(room)
    room.stories, (there,) = [], room.subscribe(1)
    mine = room.story()
    mail(room)
    correct(room, mine, text="Correction: the bell is bronze.")
    room.clock.forward(hours=1)
    for id in range(1, AMENDS_MAX + 1):  # newer, so that their turn is before
        correct(room, id)
    with room.database.write() as connection:
        connection.execute(subscription.update().where(subscription.c.subscriber_id == room.readers[0]).values(lost))
    count = len(room.provider.accepted)
    mail(room)
    assert mails(room, "Correction: the bell is bronze.", since=count) == {there}
    assert mails(room, NOTE) == set()
    kinds = room.rows(sa.select(edition_item.c.article_id).where(edition_item.c.kind == "correction"))
    assert [row.article_id for row in kinds] == [mine]


def test_withdrawals_are_told_first_and_then_the_newest_corrections(a_room: Make) -> None:
    room = a_room(readers=1, stories=AMENDS_MAX)
    mail(room)
    withdrawn = room.story()
    mail(room)
    for id in range(1, AMENDS_MAX + 1):
        room.clock.forward(minutes=1)
        correct(room, id)
    withdraw(room, withdrawn)
    query = sa.select(edition_item.c.article_id).where(edition_item.c.kind != "new").order_by(edition_item.c.id)
    mail(room)
    assert [row.article_id for row in room.rows(query)] == [withdrawn, *range(AMENDS_MAX, 1, -1)]
    mail(room)
    assert [row.article_id for row in room.rows(query)][AMENDS_MAX:] == [1], "the rest in the next"


def test_too_few_stories_still_wait_when_a_correction_goes_out(a_room: Make) -> None:
    room = a_room(readers=2, stories=3, items_min=3)
    mail(room)
    correct(room, room.stories[0])
    mail(room, stories=2)  # two are too few
    mail(room, stories=1)
    items = room.rows(sa.select(edition_item.c.edition_id, edition_item.c.kind).order_by("id"))
    assert [row.kind for row in items] == ["new"] * 3 + ["correction"] + ["new"] * 3


def test_a_small_edit_is_told_to_nobody(a_room: Make) -> None:
    room = a_room(readers=2, stories=1)
    mail(room)
    correct(room, room.stories[0], text="It sails on Sundays too.")
    assert room.state(mail(room)) is EditionState.SKIPPED
    assert len(room.provider.accepted) == 1


def test_another_fact_in_the_headline_is_told_without_a_note(a_room: Make) -> None:
    room = a_room(readers=2, stories=0)
    id = room.story(title="Twelve boats are lost in the storm at Carrow")
    mail(room)
    correct(room, id, text="", title="Two boats are lost in the storm at Carrow")
    mail(room)
    assert mails(room, "It said “Twelve”, and now says “Two”.") == set(room.readers)


def test_a_second_correction_is_told_again_and_a_typo_after_it_is_not(a_room: Make) -> None:
    room = a_room(readers=2, stories=1)
    mail(room)
    correct(room, room.stories[0])
    mail(room)
    late = room.subscribe(1)
    correct(room, room.stories[0], text="And so it goes.")
    assert room.state(mail(room)) is EditionState.SKIPPED
    correct(room, room.stories[0], text="Correction: It does not sail at all.")
    mail(room)
    assert mails(room, "It does not sail at all.") == set(room.readers) and late[0] not in room.provider.got


def test_who_paused_is_told_when_they_are_back(a_room: Make) -> None:
    room = a_room(readers=3, stories=1)
    mail(room)
    with room.database.write() as connection:
        pause = subscription.update().where(subscription.c.subscriber_id == room.readers[0])
        connection.execute(pause.values(paused_until=room.clock() + timedelta(days=2)))
    correct(room, room.stories[0])
    mail(room)
    assert mails(room, CORRECTED) == set(room.readers[1:])
    room.clock.forward(days=3)
    mail(room, stories=1)
    assert mails(room, CORRECTED) == set(room.readers)
    told = [one for one in room.provider.accepted if CORRECTED in one.content.html]
    assert [len(one.recipients) for one in told] == [2, 1]
    assert len(room.rows(sa.select(edition_item).where(edition_item.c.kind == "correction"))) == 1
    assert {one.subscriber_id for one in record.recipients_of(1, 2, room.ledger)} == set(room.readers)


def test_who_changed_streams_is_told_in_the_new_one_and_gets_no_old_story_again(a_room: Make) -> None:
    room = a_room(readers=3, stories=1, schedules=(a_schedule(), a_schedule(cadence=Cadence.WEEKLY)))
    mail(room)
    mover = room.readers[0]
    with room.database.write() as connection:
        move = subscription.update().where(subscription.c.subscriber_id == mover)
        connection.execute(move.values(cadence="weekly", seen_until=room.clock()))
    correct(room, room.stories[0])
    room.clock.forward(hours=1)
    weekly = compose.build_now("morning", room.desk, cadence=Cadence.WEEKLY)
    room.plan(weekly)
    send_due(weekly, room.mailroom)
    last = room.provider.accepted[-1]
    assert {one.subscriber_id for one in last.recipients} == {mover}
    assert CORRECTED in last.content.text and "Read this edition" not in last.content.text.partition("==")[0]
    assert last.content.text.count("\n* ") == 1, "the correction, and no story that they have"
    mail(room)
    assert mails(room, CORRECTED) == set(room.readers)


def test_who_left_is_told_nothing_more(a_room: Make) -> None:
    room = a_room(readers=3, stories=1)
    mail(room)
    room.leave(room.readers[0])
    room.suppress(room.readers[1])
    correct(room, room.stories[0])
    edition_id = mail(room)
    assert mails(room, CORRECTED) == {room.readers[2]}
    counts = record.report(edition_id, room.ledger).counts
    assert counts.adds_up and (counts.accepted, counts.suppressed) == (1, 1)


def test_an_edition_cancelled_before_its_first_claim_leaves_the_correction_to_the_next(a_room: Make) -> None:
    room = a_room(readers=2, stories=1)
    mail(room)
    correct(room, room.stories[0])
    room.clock.forward(hours=1)
    first = room.planned()
    compose.cancel(first, room.press, room.clock(), actor="ada")
    mail(room)
    assert mails(room, CORRECTED) == set(room.readers)


def test_a_walk_in_many_steps_gives_each_reader_one_place(a_room: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose.planning, "BATCHES_A_STEP", 1)
    room = a_room(readers=8, stories=1)
    mail(room)
    old = list(room.readers)
    new = room.subscribe(7)
    correct(room, room.stories[0])
    edition_id = mail(room, stories=1)
    assert mails(room, CORRECTED) == set(old)
    assert room.provider.got == dict.fromkeys(old, 2) | dict.fromkeys(new, 1)
    assert record.report(edition_id, room.ledger).counts.accepted == 15
    correct(room, room.stories[0], text="Correction: Nor on Sundays.")
    assert record.report(mail(room), room.ledger).counts.accepted == 8
    assert mails(room, "Nor on Sundays") == set(old)


# -- editions that are not out yet


@pytest.mark.parametrize("change", [correct, withdraw])
def test_a_frozen_edition_loses_what_changed_before_it_is_planned(
    a_room: Make, change: Callable[[PressRoom, int], None]
) -> None:
    room = a_room(readers=2, stories=2)
    edition_id = compose.build_now("morning", room.desk)
    assert room.state(edition_id) is EditionState.FROZEN
    change(room, room.stories[0])
    assert not room.plan(edition_id)
    assert room.state(edition_id) is EditionState.OPEN
    assert room.rows(sa.select(batch)) == room.rows(sa.select(edition_content)) == []
    assert compose.assemble(edition_id, room.desk) is EditionState.FROZEN
    assert room.plan(edition_id) and send_due(edition_id, room.mailroom).settled
    (submission,) = room.provider.accepted
    told = room.rows(sa.select(edition_item.c.article_id, edition_item.c.rev).order_by("article_id"))
    expected = [(1, 2), (2, 1)] if change is correct else [(2, 1)]
    assert [tuple(row) for row in told] == expected
    assert CORRECTED not in submission.content.text and WITHDRAWN not in submission.content.text


def test_a_frozen_edition_goes_out_after_a_small_edit(a_room: Make) -> None:
    room = a_room(readers=2, stories=1)
    edition_id = compose.build_now("morning", room.desk)
    correct(room, room.stories[0], text="One more line.")
    assert room.plan(edition_id)


def test_an_edition_in_review_is_made_anew_and_approved_anew(a_room: Make) -> None:
    room = a_room(readers=2, stories=2, approval=True)
    edition_id = compose.build_now("morning", room.desk)
    assert compose.recheck(room.press, room.clock()) == []
    withdraw(room, room.stories[0])
    assert compose.recheck(room.press, room.clock()) == [edition_id]
    assert room.state(edition_id) is EditionState.OPEN
    assert compose.assemble(edition_id, room.desk) is EditionState.REVIEW
    assert compose.recheck(room.press, room.clock()) == []
    assert [row.article_id for row in room.rows(sa.select(edition_item))] == [room.stories[1]]


def test_an_approved_edition_whose_story_went_is_reviewed_again(a_room: Make) -> None:
    room = a_room(readers=2, stories=2, approval=True)
    edition_id = compose.build_now("morning", room.desk)
    compose.approve(edition_id, room.press, room.clock(), actor="ada")
    withdraw(room, room.stories[0])
    assert not room.plan(edition_id)
    assert compose.assemble(edition_id, room.desk) is EditionState.REVIEW


def test_after_the_plan_nothing_changes_and_the_next_edition_tells(a_room: Make) -> None:
    room = a_room(readers=2, stories=1)
    edition_id = room.planned()
    correct(room, room.stories[0])
    assert room.plan(edition_id) and send_due(edition_id, room.mailroom).settled
    mail(room)
    assert mails(room, CORRECTED) == set(room.readers)


def test_an_article_held_by_a_person_is_neither_corrected_nor_withdrawn(a_room: Make) -> None:
    room = a_room(readers=2, stories=1)
    mail(room)
    with room.database.write() as connection:
        connection.execute(article.update().values(state=ArticleState.HELD.value))
    assert room.state(mail(room)) is EditionState.SKIPPED


def test_a_preview_shows_what_is_owed_and_writes_nothing(a_room: Make) -> None:
    room = a_room(readers=2, stories=1)
    mail(room)
    correct(room, room.stories[0])
    draft = compose.preview("morning", room.desk)
    assert not isinstance(draft, str)
    assert CORRECTED in draft.rendered.text and NOTE in draft.rendered.html
    assert [fault for fault in draft.faults if fault.blocking] == []
    assert room.rows(sa.select(sa.func.count()).select_from(edition)) == [(1,)]
    assert room.rows(sa.select(sa.func.count()).select_from(newsletter)) == [(1,)]
