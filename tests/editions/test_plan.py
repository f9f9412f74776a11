"""What is in an edition, in which order, and why."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.editions.plan import (
    LATE_COMMIT,
    PERIOD,
    Selection,
    items,
    mailable_at,
    select,
    trimmed,
    window_start,
)
from syndication.model.article import Permission, Stored
from syndication.model.choice import Cadence
from syndication.model.rights import Rights
from tests.builders import NOW, a_newsletter, a_permission, a_stored, a_topic

SINCE, CUTOFF = NOW - timedelta(days=1), NOW + timedelta(hours=1)
TOPICS = (a_topic(slug="harbour", title="Harbour"), a_topic(slug="town", title="Town"))


def pairs(*stories: Stored, **permission: Any) -> list[tuple[Stored, Permission]]:
    return [(stored, a_permission(**permission)) for stored in stories]


def chosen(found: Selection | str) -> list[int]:
    assert isinstance(found, Selection)
    return [stored.id for stored, _ in found.chosen]


def test_stories_stand_by_topic_and_the_newest_first_within_one() -> None:
    stories = [
        a_stored(id=1, topics=()),
        a_stored(id=2, topics=("town",)),
        a_stored(id=3, topics=("harbour", "town")),
        a_stored(id=4, topics=("town",)),
    ]
    found = select(a_newsletter(), pairs(*stories), TOPICS, since=SINCE, cutoff=CUTOFF)
    assert chosen(found) == [3, 2, 4, 1]


def test_the_newest_have_the_room_and_the_rest_is_counted() -> None:
    stories = [a_stored(id=n, topics=("harbour",) if n == 5 else ()) for n in range(1, 6)]
    found = select(a_newsletter(items_max=3), pairs(*stories), TOPICS, since=SINCE, cutoff=CUTOFF)
    assert chosen(found) == [1, 2, 3]
    assert isinstance(found, Selection) and found.more == 2


@pytest.mark.parametrize(
    ("candidates", "why"),
    [
        ([], "nothing new since 06 May 2026 06:30 UTC"),
        (pairs(a_stored(), allowed=False), "nothing new"),
        (pairs(a_stored(first_seen_at=CUTOFF, published_at=NOW)), "nothing new"),
        (pairs(a_stored()), "1 new story, and an edition has 2 at least"),
    ],
)
def test_ren_14_there_is_a_reason_why_there_is_none(candidates: list[Any], why: str) -> None:
    found = select(a_newsletter(items_min=2), candidates, TOPICS, since=SINCE, cutoff=CUTOFF)
    assert isinstance(found, str) and why in found


def test_an_embargo_moves_the_moment_that_counts() -> None:
    rights = Rights(embargo_minutes=90)
    assert mailable_at(a_stored(rights=rights)) == NOW + timedelta(minutes=90)
    assert mailable_at(a_stored()) == NOW


def test_windows_of_a_stream_overlap_by_what_may_be_stored_late() -> None:
    assert window_start(NOW, CUTOFF, Cadence.DAILY) == NOW - LATE_COMMIT
    for cadence in Cadence:
        assert window_start(None, CUTOFF, cadence) == CUTOFF - PERIOD[cadence]


def test_each_item_says_why_it_is_in() -> None:
    selection = Selection(tuple(pairs(a_stored(id=7, rev=3, topics=("harbour",)), a_stored(id=8))))
    first, second = items(selection, SINCE)
    assert (first.article_id, first.rev, first.position) == (7, 3, 1)
    assert first.reason == "new since 6 May, topic harbour"
    assert (second.position, second.reason) == (2, "new since 6 May")


@given(st.integers(2, 60), st.integers(0, 9))
def test_trimming_ends_with_one_story_and_loses_count_of_none(stories: int, more: int) -> None:
    selection = Selection(tuple(pairs(*(a_stored() for _ in range(stories)))), more)
    while len(selection.chosen) > 1:
        shorter = trimmed(selection)
        assert len(shorter.chosen) < len(selection.chosen)
        assert len(shorter.chosen) + shorter.more == stories + more
        selection = shorter
