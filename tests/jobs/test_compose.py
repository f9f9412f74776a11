"""From a due slot to a planned edition: once, whoever else does the same at the same time."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from syndication.deliveries import manifest
from syndication.errors import NotFoundError, PolicyError, RenderError
from syndication.jobs import compose, record
from syndication.jobs.compose import Draft
from syndication.jobs.send import send_due
from syndication.model.article import ArticleState
from syndication.model.choice import Cadence, Choice
from syndication.model.edition import EditionState
from syndication.model.newsletter import LatePolicy
from syndication.model.rights import Rights, TextRight
from syndication.model.subscriber import EmailAddress
from syndication.storage.database import Database
from syndication.storage.press import Press
from syndication.storage.schema import (
    alert,
    audit_log,
    batch,
    edition,
    edition_content,
    edition_item,
    metadata,
    stream,
    subscription,
)
from tests.builders import a_schedule, a_source
from tests.pressroom import KEY, START, PressRoom

Make = Callable[..., PressRoom]
SLOT = datetime(2026, 5, 8, 4, 30, tzinfo=UTC)  # 06:30 in Amsterdam


@pytest.fixture
def a_room(database: Database, tmp_path: Path) -> Make:
    return lambda **given: PressRoom(database, tmp_path, **given)


@pytest.fixture
def crew(database_url: str, tmp_path: Path) -> Iterator[tuple[PressRoom, list[Press]]]:
    """A room, and four others who work on the same database."""
    databases = [Database(database_url) for _ in range(5)]
    yield PressRoom(databases[0], tmp_path, readers=90, stories=6), [Press(database) for database in databases[1:]]
    for database in databases:
        database.close()


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """Do all at the same time; an error of one is raised."""
    ready, results = threading.Barrier(len(work)), [None] * len(work)

    def do(number: int) -> None:
        ready.wait(10)
        try:
            results[number] = work[number]()
        except BaseException as error:  # noqa: BLE001 (raised again in the test's own thread)
            results[number] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def everything(room: PressRoom) -> dict[str, list[Any]]:
    return {table.name: list(room.rows(sa.select(table))) for table in metadata.sorted_tables}


# -- slots


def test_a_due_slot_is_opened_once_and_its_watermark_moves_with_it(a_room: Make) -> None:
    room = a_room()
    room.clock.now = SLOT - timedelta(seconds=1)
    assert compose.open_due(room.press, room.clock()) == compose.Opened()
    room.clock.now = SLOT
    opened = compose.open_due(room.press, room.clock())
    assert len(opened.opened) == 1
    assert compose.open_due(room.press, room.clock()) == compose.Opened()
    room.clock.now = SLOT - timedelta(hours=3)  # the clock steps back
    assert compose.open_due(room.press, room.clock()) == compose.Opened()
    (row,) = room.rows(sa.select(edition))
    assert (row.slot_local, row.state) == ("2026-05-08T06:30", "open")
    assert room.rows(sa.select(stream.c.watermark)) == [(SLOT,)]


def test_two_schedulers_open_a_slot_once(crew: tuple[PressRoom, list[Press]]) -> None:
    room, presses = crew
    found = at_once(*(lambda press=press: compose.open_due(press, SLOT) for press in presses))
    assert sum(len(one.opened) for one in found) == 1
    assert len(room.rows(sa.select(edition))) == 1


@pytest.mark.parametrize(
    ("policy", "late", "state", "reason"),
    [
        (LatePolicy.SEND, timedelta(hours=3), "open", ""),
        (LatePolicy.SEND, timedelta(hours=5, minutes=2), "open", "late by 5 h 02 min, sent by policy"),
        (LatePolicy.SKIP, timedelta(hours=5), "skipped", "late by 5 h 00 min, skipped by policy"),
        (LatePolicy.ASK, timedelta(hours=5), "held", "late by 5 h 00 min, held until a person decides"),
    ],
)
def test_del_11_a_slot_found_late_meets_the_policy_and_is_never_silent(
    a_room: Make, policy: LatePolicy, late: timedelta, state: str, reason: str
) -> None:
    room = a_room(late_policy=policy)
    room.clock.now = SLOT + late
    compose.open_due(room.press, room.clock())
    (row,) = room.rows(sa.select(edition))
    assert (row.state, row.reason) == (state, reason)
    assert len(room.rows(sa.select(alert))) == int(policy is LatePolicy.ASK)


def test_del_11_a_held_one_goes_on_by_a_person_s_word(a_room: Make) -> None:
    room = a_room(readers=2, late_policy=LatePolicy.ASK)
    room.clock.now = SLOT + timedelta(hours=5)
    room.story()
    (edition_id,) = compose.open_due(room.press, room.clock()).held
    assert compose.assemble(edition_id, room.desk) is None
    assert compose.approve(edition_id, room.press, room.clock(), actor="ada") is EditionState.OPEN
    assert compose.assemble(edition_id, room.desk) is EditionState.FROZEN
    assert not room.rows(sa.select(alert).where(alert.c.resolved_at.is_(None)))


def test_del_11_slots_missed_in_an_outage_are_coalesced_into_the_last(a_room: Make) -> None:
    room = a_room()
    room.clock.now = SLOT + timedelta(days=4)
    opened = compose.open_due(room.press, room.clock())
    assert (len(opened.opened), len(opened.skipped)) == (1, 4)
    rows = room.rows(sa.select(edition).order_by(edition.c.slot_local))
    assert [row.state for row in rows] == ["skipped"] * 4 + ["open"]
    assert {row.reason for row in rows[:4]} == {"coalesced into the slot of 2026-05-12 06:30"}


def test_del_11_after_a_long_outage_the_rows_are_bounded_and_say_so(a_room: Make) -> None:
    room = a_room()
    room.clock.now = SLOT + timedelta(days=400)
    compose.open_due(room.press, room.clock())
    rows = room.rows(sa.select(edition).order_by(edition.c.slot_local))
    assert len(rows) == 101
    assert rows[0].reason.endswith("so were 300 slots before it")


# -- assembling


def test_an_edition_is_frozen_with_its_items_its_content_and_their_hash(a_room: Make) -> None:
    room = a_room(stories=3)
    edition_id = compose.build_now("morning", room.desk)
    found = room.edition(edition_id)
    assert found.state is EditionState.FROZEN and len(found.content_hash) == 32
    items = room.rows(sa.select(edition_item).order_by(edition_item.c.position))
    assert {row.article_id for row in items} == set(room.stories)
    assert [row.position for row in items] == [1, 2, 3]
    assert items[0].reason == "new since 6 May"
    (content,) = room.rows(sa.select(edition_content))
    assert content.item_ids == [row.id for row in items]
    assert f"https://news.example.org/editions/{edition_id}" in content.text


def test_ren_14_no_news_is_skipped_with_its_reason_and_mails_nobody(a_room: Make) -> None:
    room = a_room(readers=3, stories=2)
    send_due(room.planned(), room.mailroom)
    room.clock.forward(hours=1)
    again = compose.build_now("morning", room.desk)
    assert room.state(again) is EditionState.SKIPPED
    assert "nothing new since" in room.edition(again).reason
    assert room.provider.got == Counter(room.readers)


def test_too_few_stories_wait_for_the_next_edition(a_room: Make) -> None:
    room = a_room(stories=2, items_min=3)
    first = compose.build_now("morning", room.desk)
    assert room.edition(first).reason == "built by hand; 2 new stories, and an edition has 3 at least"
    room.clock.forward(hours=1)
    room.story()
    second = compose.build_now("morning", room.desk)
    assert room.state(second) is EditionState.FROZEN
    assert len(room.rows(sa.select(edition_item))) == 3


@pytest.mark.parametrize(
    "given",
    [
        {"backfill": True},  # for web and feeds, never for an edition
        {"state": ArticleState.HELD},
        {"state": ArticleState.WITHDRAWN},
        {"first_seen_at": START},  # the cutoff itself belongs to the next one
        {name: START - timedelta(days=1, seconds=1) for name in ("first_seen_at", "published_at")},
    ],
)
def test_what_is_no_news_for_the_stream_is_not_in_it(a_room: Make, given: dict[str, Any]) -> None:
    room = a_room(stories=0)
    room.story(**given)
    assert room.state(compose.build_now("morning", room.desk)) is EditionState.SKIPPED


def test_a_story_under_embargo_comes_when_that_ends(database: Database, tmp_path: Path) -> None:
    from tests.builders import a_newsletter, put_publication

    room = PressRoom(database, tmp_path, stories=0)
    with database.write() as connection:
        rights = Rights(text=TextRight.EXCERPT, embargo_minutes=120)
        put_publication(connection, sources=[a_source(id=0, rights=rights)], newsletters=[a_newsletter(id=0)])
    under = room.story(published_at=room.clock(), first_seen_at=room.clock() - timedelta(seconds=1))
    open_one = room.story(published_at=room.clock() - timedelta(hours=3))
    compose.build_now("morning", room.desk)
    assert [row.article_id for row in room.rows(sa.select(edition_item))] == [open_one]
    room.clock.forward(hours=2, seconds=1)
    compose.build_now("morning", room.desk)
    assert [row.article_id for row in room.rows(sa.select(edition_item))] == [open_one, under]


def test_a_choice_of_the_newsletter_s_own_is_kept(a_room: Make) -> None:
    room = a_room(stories=1, choice=Choice(topics=("harbour",)))
    wanted = room.story(topics=("harbour",))
    compose.build_now("morning", room.desk)
    assert [row.article_id for row in room.rows(sa.select(edition_item))] == [wanted]


def test_more_stories_than_fit_are_counted_and_told_on_the_web(a_room: Make) -> None:
    room = a_room(stories=9, items_max=4)
    draft = compose.preview("morning", room.desk)
    assert isinstance(draft, Draft)
    assert (len(draft.items), draft.digest.more) == (4, 5)
    assert "5 more on the web" in draft.rendered.html


def test_a_mail_too_long_is_trimmed_from_its_end(a_room: Make) -> None:
    room = a_room(stories=0, items_max=30)
    for n in range(30):
        room.story(title=f"A long story {n} " + "and its title is long " * 150)
    draft = compose.preview("morning", room.desk)
    assert isinstance(draft, Draft)
    assert 1 <= len(draft.items) < 30 and len(draft.items) + draft.digest.more == 30
    assert len(draft.rendered.html.encode()) <= 90_000
    assert not [fault for fault in draft.faults if fault.blocking]


def test_ren_06_a_story_that_spells_template_syntax_or_a_tag_is_shown_as_it_is(a_room: Make) -> None:
    room = a_room(stories=0)
    room.story(title="{{ 7 * 7 }} {% raw %} {uh-abc123}")
    draws = iter(["abc123", "abc124"])
    draft = compose.preview("morning", replace(room.desk, nonce=lambda: next(draws)))
    assert isinstance(draft, Draft)
    assert draft.rendered.nonce == "abc124", "another one was drawn"
    assert "{{ 7 * 7 }}" in draft.rendered.text


@dataclass(frozen=True)
class Page:
    subject: str
    html: str
    text: str


def test_a_template_that_fails_holds_its_edition_and_no_other(a_room: Make) -> None:
    room = a_room(readers=2)

    def fail(*_given: Any, **_named: Any) -> Page:
        raise RenderError("the template email/digest/body.html:3 failed", why="'nothing' is undefined")

    broken = compose.build_now("morning", replace(room.desk, render=fail))
    found = room.edition(broken)
    assert found.state is EditionState.HELD and "'nothing' is undefined" in found.reason
    assert room.rows(sa.select(edition_item)) == []
    assert [row.key for row in room.rows(sa.select(alert.c.key))] == [f"held:{broken}"]
    assert compose.resume(broken, room.press, room.clock(), actor="ada") is EditionState.OPEN
    assert compose.assemble(broken, room.desk) is EditionState.FROZEN


def test_a_mail_that_fails_its_checks_holds_its_edition(a_room: Make) -> None:
    room = a_room()
    bad = Page("Subject", "<html lang=en><title>x</title><h1>x</h1><script>1</script></html>", "text")
    edition_id = compose.build_now("morning", replace(room.desk, render=lambda *_given, **_named: bad))
    found = room.edition(edition_id)
    assert found.state is EditionState.HELD
    assert "<script> has no place in a mail" in found.reason and "no unsubscribe link" in found.reason


def test_two_assemblers_fill_an_edition_once(crew: tuple[PressRoom, list[Press]]) -> None:
    room, presses = crew
    room.clock.now = SLOT
    (edition_id,) = compose.open_due(room.press, room.clock()).opened
    room.story()
    found = at_once(
        *(lambda press=press: compose.assemble(edition_id, replace(room.desk, press=press)) for press in presses)
    )
    assert sorted(found, key=str) == [None, None, None, EditionState.FROZEN]
    assert len(room.rows(sa.select(edition_content))) == 1


def test_two_editions_of_one_stream_never_tell_one_story(crew: tuple[PressRoom, list[Press]]) -> None:
    room, presses = crew
    ids = []
    for second in range(4):
        with room.press.writing() as sheet:
            slot = compose.opening.Slot(datetime(2026, 5, 7, 20, 30, second + 1), room.clock())  # type: ignore[attr-defined]
            ids.append(
                sheet.add(
                    1,
                    Cadence.DAILY,
                    slot,
                    state=EditionState.OPEN,
                    reason="",
                    cutoff_at=room.clock(),
                    now=room.clock(),
                )
            )
    at_once(
        *(
            lambda press=press, id=id: compose.assemble(id, replace(room.desk, press=press))
            for press, id in zip(presses, ids, strict=True)
        )
    )
    stories = [row.story_id for row in room.rows(sa.select(edition_item.c.story_id))]
    assert len(stories) == len(set(stories)) == 6
    assert sorted(row.state for row in room.rows(sa.select(edition.c.state))) == ["frozen"] + ["skipped"] * 3


def test_an_assembler_whose_lease_was_taken_over_writes_nothing(a_room: Make) -> None:
    room = a_room()
    room.clock.now = SLOT
    (edition_id,) = compose.open_due(room.press, room.clock()).opened
    room.story()
    render = room.desk.render

    def slow(*given: Any, **named: Any) -> Any:
        room.clock.forward(minutes=10)
        assert compose.assemble(edition_id, replace(room.desk, render=render)) is EditionState.FROZEN
        return render(*given, **named)

    assert compose.assemble(edition_id, replace(room.desk, render=slow)) is None
    assert len(room.rows(sa.select(edition_content))) == 1


def test_a_preview_writes_nothing_at_all(a_room: Make) -> None:
    room = a_room(readers=3)
    before = everything(room)
    assert isinstance(compose.preview("morning", room.desk), Draft)
    assert everything(room) == before
    with pytest.raises(NotFoundError, match="no newsletter 'evening'"):
        compose.preview("evening", room.desk)
    with pytest.raises(NotFoundError, match="no weekly editions"):
        compose.preview("morning", room.desk, cadence=Cadence.WEEKLY)


def test_a_second_edition_of_the_very_moment_is_refused(a_room: Make) -> None:
    room = a_room()
    compose.build_now("morning", room.desk)
    with pytest.raises(PolicyError, match="very moment"):
        compose.build_now("morning", room.desk)


def test_an_edition_by_hand_takes_no_slot_from_the_schedule(a_room: Make) -> None:
    room = a_room(stories=1)
    room.clock.now = SLOT
    compose.build_now("morning", room.desk)  # at 06:30 sharp, before the clock woke anybody
    assert len(compose.open_due(room.press, room.clock()).opened) == 1


# -- approval and a person's hand


def test_with_approval_an_edition_waits_in_review(a_room: Make) -> None:
    room = a_room(readers=2, approval=True)
    edition_id = room.planned()
    assert room.state(edition_id) is EditionState.REVIEW
    assert not room.plan(edition_id) and send_due(edition_id, room.mailroom).batches == 0
    assert [row.key for row in room.rows(sa.select(alert.c.key))] == [f"review:{edition_id}"]
    assert compose.approve(edition_id, room.press, room.clock(), actor="ada") is EditionState.FROZEN
    assert room.plan(edition_id) and send_due(edition_id, room.mailroom).settled
    (line,) = room.rows(sa.select(audit_log))
    assert (line.actor, line.action, line.subject) == ("ada", "edition.approve", f"edition {edition_id}")
    with pytest.raises(PolicyError, match="settled"):
        compose.approve(edition_id, room.press, room.clock(), actor="ada")
    with pytest.raises(NotFoundError):
        compose.approve(99, room.press, room.clock(), actor="ada")


@pytest.mark.parametrize("end", [compose.cancel, compose.skip])
@pytest.mark.parametrize("planned", [True, False])
def test_ending_before_the_first_claim_gives_the_stories_back(
    a_room: Make, end: Callable[..., None], planned: bool
) -> None:
    room = a_room(readers=2)
    first = room.planned() if planned else compose.build_now("morning", room.desk)
    end(first, room.press, room.clock(), actor="ada")
    assert room.rows(sa.select(edition_item)) == []
    assert send_due(first, room.mailroom).batches == 0
    counts = record.report(first, room.ledger).counts
    assert counts.adds_up and counts.unsent == (2 if planned else 0)
    room.clock.forward(seconds=1)
    second = room.planned()
    assert len(room.rows(sa.select(edition_item).where(edition_item.c.edition_id == second))) == 2
    with pytest.raises(PolicyError):
        end(first, room.press, room.clock(), actor="ada")


def test_del_12_ending_after_the_first_claim_keeps_the_stories_told(a_room: Make) -> None:
    room = a_room(readers=6)
    edition_id = room.planned()
    calls = iter([False, True])
    send_due(edition_id, room.mailroom, stopping=lambda: next(calls))
    with pytest.raises(PolicyError, match="Cancel it"):
        compose.skip(edition_id, room.press, room.clock(), actor="ada")
    compose.cancel(edition_id, room.press, room.clock(), actor="ada")
    assert len(room.rows(sa.select(edition_item))) == 2
    assert [one.certain for one in record.recipients_of(1, 1, room.ledger)] == [True] * 3


@pytest.mark.parametrize("at", ["open", "review", "frozen", "sending"])
def test_del_04_a_pause_anywhere_goes_back_to_where_it_was(a_room: Make, at: str) -> None:
    room = a_room(readers=2, approval=at == "review")
    if at == "open":
        room.clock.now = SLOT
        (edition_id,) = compose.open_due(room.press, room.clock()).opened
        room.story()
    else:
        edition_id = compose.build_now("morning", room.desk) if at != "sending" else room.planned()
    compose.pause(edition_id, room.press, room.clock(), actor="ada")
    assert compose.assemble(edition_id, room.desk) is None and not room.plan(edition_id)
    with pytest.raises(PolicyError):
        compose.pause(edition_id, room.press, room.clock(), actor="ada")
    assert compose.resume(edition_id, room.press, room.clock(), actor="ada").value == at


# -- planning


def planned_ids(room: PressRoom) -> list[int]:
    rows = room.rows(sa.select(batch.c.manifest).order_by(batch.c.n))
    return [id for row in rows for id in manifest.decode(row.manifest)]


def test_two_planners_give_each_reader_one_place(crew: tuple[PressRoom, list[Press]]) -> None:
    room, presses = crew
    room.suppress(*room.readers[5:8])
    edition_id = compose.build_now("morning", room.desk)
    at_once(*(lambda press=press: compose.plan(edition_id, press, room.clock, batch_size=2) for press in presses))
    assert planned_ids(room) == [id for id in room.readers if id not in room.readers[5:8]]
    counts = record.report(edition_id, room.ledger).counts
    assert (counts.audience, counts.suppressed, counts.unsent) == (90, 3, 87)
    assert [row.n for row in room.rows(sa.select(batch.c.n).order_by(batch.c.n))] == list(range(1, 1 + 44))


def test_a_walk_goes_on_where_it_was_stopped(a_room: Make) -> None:
    room = a_room(readers=50)
    edition_id = compose.build_now("morning", room.desk)
    for steps in range(4):
        calls = iter([False] * steps)
        compose.plan(edition_id, room.press, room.clock, batch_size=1, stopping=lambda calls=calls: next(calls, True))
    assert compose.plan(edition_id, room.press, room.clock, batch_size=1)
    assert planned_ids(room) == room.readers


def test_who_comes_after_the_audience_was_frozen_is_not_in_it(a_room: Make) -> None:
    room = a_room(readers=3)
    edition_id = compose.build_now("morning", room.desk)
    calls = iter([False])
    compose.plan(edition_id, room.press, room.clock, batch_size=1, stopping=lambda: next(calls, True))
    assert room.state(edition_id) is EditionState.DISPATCHING
    room.subscribe(2)
    room.plan(edition_id)
    assert planned_ids(room) == room.readers


@pytest.mark.parametrize(
    ("given", "is_in"),
    [
        ({}, True),
        ({"state": "pending"}, False),
        ({"state": "unsubscribed"}, False),
        ({"cadence": "weekly"}, False),
        ({"paused_until": START + timedelta(days=1)}, False),
        ({"paused_until": START}, True),
        ({"seen_until": START}, False),  # joined after the newest story: the next one is their first
        ({"seen_until": START - timedelta(seconds=1)}, False),
        ({"seen_until": START - timedelta(seconds=2)}, True),
    ],
)
def test_who_is_in_an_audience(a_room: Make, given: dict[str, Any], is_in: bool) -> None:
    room = a_room(stories=1)
    (reader,) = room.subscribe(1, **given)
    edition_id = room.planned()
    assert planned_ids(room) == [reader] * is_in
    assert send_due(edition_id, room.mailroom).settled, "an edition that nobody gets is settled too"


def test_a_new_reader_s_first_digest_is_the_next_with_anything_new(a_room: Make) -> None:
    room = a_room(readers=1)
    (joined,) = room.subscribe(1, seen_until=room.clock())
    send_due(room.planned(), room.mailroom)
    room.clock.forward(hours=1)
    room.story()
    send_due(room.planned(), room.mailroom)
    assert room.provider.got == {room.readers[0]: 2, joined: 1}


def test_a_suppression_of_another_newsletter_is_none_here(a_room: Make) -> None:
    room = a_room(readers=2)
    room.suppress(room.readers[0], scope=2)
    room.suppress(room.readers[1], scope=1, reason="complaint")
    room.planned()
    assert planned_ids(room) == room.readers[:1]


def test_weekly_readers_have_a_stream_of_their_own(a_room: Make) -> None:
    schedules = (a_schedule(), a_schedule(cadence=Cadence.WEEKLY))
    room = a_room(readers=1, schedules=schedules)
    (weekly,) = room.subscribe(1, cadence="weekly")
    for cadence in (Cadence.DAILY, Cadence.WEEKLY):
        edition_id = compose.build_now("morning", room.desk, cadence=cadence)
        room.plan(edition_id)
        send_due(edition_id, room.mailroom)
    assert room.provider.got == {room.readers[0]: 1, weekly: 1}, "the same stories, once in each stream"
    with room.database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(subscription)) == 2


# -- DEL-16


def try_out(room: PressRoom, *addresses: str) -> Any:
    edition_id = next((row.id for row in room.rows(sa.select(edition.c.id))), None)
    newsletter, rendered = compose.rendered_of(edition_id or compose.build_now("morning", room.desk), room.press)
    return compose.test_send(
        newsletter,
        rendered,
        [EmailAddress.parse(address) for address in addresses],
        press=room.press,
        outbox=room.provider,
        letterhead=room.letterhead,
        address_hash=lambda address: address.keyed_hash(KEY),
        now=room.clock(),
        actor="ada",
    )


def test_del_16_a_test_is_marked_and_touches_no_ledger(a_room: Make) -> None:
    room = a_room(readers=2)
    edition_id = compose.build_now("morning", room.desk)
    before = everything(room)
    try_out(room, "a@desk.example", "b@desk.example", "A@desk.example")
    after = everything(room)
    assert len(after.pop("audit_log")) == 2 and not before.pop("audit_log")
    assert after == before
    (submission,) = room.provider.accepted
    mails = [submission.message(position) for position in range(2)]
    assert [mail.to.norm for mail in mails] == ["a@desk.example", "b@desk.example"]
    assert all(mail.subject.startswith("[Test] The Morning Sound: ") for mail in mails)
    assert all(dict(mail.headers)["X-Test"] for mail in mails)
    assert len({one.delivery_id for one in submission.recipients}) == 2
    room.plan(edition_id)
    assert send_due(edition_id, room.mailroom).settled
    assert room.provider.got == {0: 2, **dict.fromkeys(room.readers, 1)}


def test_del_16_tests_are_few(a_room: Make) -> None:
    room = a_room()
    try_out(room, *(f"r{n}@desk.example" for n in range(10)))
    with pytest.raises(PolicyError, match="in a minute"):
        try_out(room, "one@desk.example")
    room.clock.forward(seconds=60)
    try_out(room, "one@desk.example")
    with pytest.raises(PolicyError, match="1 to 10"):
        try_out(room, *(f"r{n}@desk.example" for n in range(11)))
    assert len(room.provider.accepted) == 2


def test_del_16_del_03_a_test_goes_to_nobody_who_left(a_room: Make) -> None:
    room = a_room(readers=3)
    compose.build_now("morning", room.desk)
    room.leave(room.readers[0])
    room.suppress(room.readers[1])
    for number in (1, 2):
        with pytest.raises(PolicyError, match="must not be mailed"):
            try_out(room, f"reader{number}@readers.example")
    try_out(room, "reader3@readers.example")


def test_del_16_side_by_side_tests_are_counted_together(crew: tuple[PressRoom, list[Press]]) -> None:
    room, presses = crew
    edition_id = compose.build_now("morning", room.desk)
    newsletter, rendered = compose.rendered_of(edition_id, room.press)

    def one(press: Press) -> bool:
        try:
            compose.test_send(
                newsletter,
                rendered,
                [EmailAddress.parse(f"r{n}@desk.example") for n in range(4)],
                press=press,
                outbox=room.provider,
                letterhead=room.letterhead,
                address_hash=lambda address: address.keyed_hash(KEY),
                now=room.clock(),
                actor="ada",
            )
        except PolicyError:
            return False
        return True

    assert sorted(at_once(*(lambda press=press: one(press) for press in presses))) == [False, False, True, True]
