"""Listings over time: what is missing, what is not believed, what is withdrawn, what is held."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.model.exchange import Answer, Failure, FailureKind, Phase
from syndication.sources.watch import APART, LOOKS_MAX, Look, Turn, after, look, missed, pushed_off, record_of, storm

NOW = datetime(2026, 5, 7, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def a_list(*numbers: int) -> dict[str, datetime]:
    """Guid n, published n hours after the first."""
    return {f"g{n}": NOW + n * HOUR for n in numbers}


ALL = a_list(*range(1, 100))


@pytest.mark.parametrize(
    ("before", "now", "gone"),
    [
        ([5, 4, 3, 2, 1], [6, 5, 4, 3, 2], []),  # the oldest is pushed off the end
        ([5, 4, 3, 2, 1], [5, 4, 2, 1], ["g3"]),
        ([5, 4, 3, 2, 1], [4, 3, 2, 1], ["g5"]),
        ([5, 4, 3, 2, 1], [5, 4, 3, 2], []),  # older than all that is listed: nobody can tell
        ([1, 2, 3, 4, 5], [2, 3, 5, 6], ["g4"]),  # whatever the order
        ([5, 4, 3, 2, 1], [], []),  # an empty list proves nothing
        ([], [3, 2, 1], []),
    ],
)
def test_an_entry_is_missing_when_it_is_newer_than_the_oldest_still_listed(
    before: list[int], now: list[int], gone: list[str]
) -> None:
    found = missed([f"g{n}" for n in before], a_list(*now), ALL)
    assert (list(found.guids), found.why) == (gone, "")


@pytest.mark.parametrize(
    ("before", "now", "pushed"),
    [
        ([5, 4, 3, 2, 1], [6, 5, 4, 3, 2], True),
        ([5, 4, 3, 2, 1], [9, 8, 7, 6], False),  # nothing is left to tell by
        ([5, 4, 3, 2, 1], [5, 4, 2, 1], False),
        ([5, 4, 3], [5, 4, 1], False),  # an older one came, so the end is not where it was
        ([1, 2, 3, 4, 5], [2, 3, 4, 5], False),  # oldest first
    ],
)
def test_what_new_entries_pushed_off_the_end_is_seen_without_a_question(
    before: list[int], now: list[int], pushed: bool
) -> None:
    assert pushed_off([f"g{n}" for n in before], a_list(*now)) is pushed


@given(st.sets(st.integers(1, 40), min_size=1), st.sets(st.integers(1, 40), min_size=1))
def test_what_was_pushed_off_is_never_missing(before: set[int], now: set[int]) -> None:
    old, listed = [f"g{n}" for n in sorted(before, reverse=True)], a_list(*sorted(now, reverse=True))
    if pushed_off(old, listed):
        assert missed(old, listed, ALL).guids == ()


@pytest.mark.parametrize(("lost", "believed"), [(1, True), (3, True), (4, False), (9, False)])
def test_more_than_three_in_ten_gone_at_once_is_not_believed(lost: int, believed: bool) -> None:
    before = list(range(10, 0, -1))
    found = missed([f"g{n}" for n in before], a_list(*before[lost:-1], 1), ALL)
    assert len(found.guids) == lost
    assert (not found.why) is believed


@given(st.sets(st.integers(1, 40)), st.sets(st.integers(1, 40)))
def test_nothing_is_missing_that_is_listed_or_older_than_the_list(before: set[int], now: set[int]) -> None:
    listed = a_list(*now)
    for guid in missed([f"g{n}" for n in before], listed, ALL).guids:
        assert guid not in listed
        assert ALL[guid] > min(listed.values())


def an_answer(status: int, body: bytes = b"") -> Answer:
    return Answer("https://harbour.example/news/1", status, (), body, "192.0.2.1")


DOWN = Failure("https://harbour.example/", FailureKind.TIMEOUT, Phase.CONNECT, "no answer")
NO_POST = an_answer(404, b'{"code":"rest_post_invalid_id","message":"Invalid post ID.","data":{"status":404}}')
NO_REST = an_answer(404, b'{"code":"rest_no_route","message":"No route was found","data":{"status":404}}')


@pytest.mark.parametrize(
    ("page", "record", "found"),
    [
        (an_answer(404), None, Look.GONE),
        (an_answer(410), None, Look.GONE),
        (an_answer(401), None, Look.GONE),
        (an_answer(200), None, Look.THERE),
        (an_answer(403), None, Look.UNKNOWN),  # a wall in front of everyone
        (an_answer(500), None, Look.UNKNOWN),
        (an_answer(503), None, Look.UNKNOWN),
        (DOWN, None, Look.UNKNOWN),
        (an_answer(200), NO_POST, Look.GONE),  # the page comes out of a cache
        (an_answer(200), NO_REST, Look.THERE),
        (an_answer(200), an_answer(404, b"<html>"), Look.THERE),
        (an_answer(200), an_answer(200, b'{"id":1}'), Look.THERE),
        (an_answer(200), DOWN, Look.THERE),
    ],
)
def test_a_page_says_gone_only_by_a_status_that_means_it(
    page: Answer | Failure, record: Answer | Failure | None, found: Look
) -> None:
    assert look(page, record) is found


def told(*looks: tuple[Look, timedelta]) -> bool:
    """Whether these looks, each so long after the first, withdraw."""
    refusals, refused_at = 0, None
    for n, (found, at) in enumerate(looks):
        then = after(found, refusals=refusals, refused_at=refused_at, looks=n + 1, now=NOW + at)
        if then.withdrawn:
            return True
        refusals, refused_at = then.refusals, then.refused_at
    return False


@pytest.mark.parametrize(
    ("looks", "withdrawn"),
    [
        ([(Look.GONE, 0)], False),
        ([(Look.GONE, 0), (Look.GONE, 5)], False),  # too soon
        ([(Look.GONE, 0), (Look.GONE, 10)], True),
        ([(Look.GONE, 0), (Look.GONE, 5), (Look.GONE, 10)], True),
        ([(Look.GONE, 0), (Look.THERE, 10), (Look.GONE, 20)], False),
        ([(Look.GONE, 0), (Look.UNKNOWN, 10), (Look.GONE, 20)], True),  # no answer is no contradiction
        ([(Look.UNKNOWN, 0), (Look.UNKNOWN, 10), (Look.UNKNOWN, 20)], False),
    ],
)
def test_two_refusals_ten_minutes_apart_withdraw(looks: list[tuple[Look, int]], withdrawn: bool) -> None:
    assert told(*[(found, timedelta(minutes=minutes)) for found, minutes in looks]) is withdrawn


@given(st.lists(st.tuples(st.sampled_from(Look), st.integers(0, 10_000)), max_size=30))
def test_nothing_is_withdrawn_by_fewer_than_two_refusals(looks: list[tuple[Look, int]]) -> None:
    ordered = sorted(looks, key=lambda one: one[1])
    if told(*[(found, timedelta(minutes=minutes)) for found, minutes in ordered]):
        refused = [minutes for found, minutes in ordered if found is Look.GONE]
        assert len(refused) >= 2
        assert refused[-1] - refused[0] >= APART.total_seconds() / 60


def test_looks_become_rarer_and_end() -> None:
    waits = [after(Look.THERE, refusals=0, refused_at=None, looks=n, now=NOW).at for n in range(1, LOOKS_MAX + 1)]
    assert waits[-1] is None
    days = [(at - NOW) / DAY for at in waits[:-1] if at]
    assert days == [1, 2, 4, 8, 16, 32, 64]


@pytest.mark.parametrize(
    ("guid", "record"),
    [
        ("harbour.example/?p=123", "https://harbour.example/wp-json/wp/v2/posts/123?_fields=id"),
        ("https://harbour.example/?p=123", "https://harbour.example/wp-json/wp/v2/posts/123?_fields=id"),
        ("elsewhere.example/?p=123", None),
        ("harbour.example/?page=123", None),
        ("harbour-123", None),
    ],
)
def test_a_wordpress_guid_leads_to_its_record(guid: str, record: str | None) -> None:
    assert record_of("https://harbour.example/2026/05/ferry", guid) == record


def held(dates: list[datetime | None], turn: Turn, *, usual: float = 2.0, ok: datetime | None = NOW - HOUR) -> str:
    return storm(dates, turn, usual_new=lambda: usual, last_ok_at=ok, now=NOW)


WHOLE = Turn(before=20, kept=0, listed=20)
GROWN = Turn(before=20, kept=15, listed=20)


@pytest.mark.parametrize(
    ("dates", "turn", "usual", "why"),
    [
        ([NOW] * 3, GROWN, 2.0, ""),
        ([NOW] * 31, Turn(50, 19, 50), 2.0, "31 new at once"),
        ([NOW] * 31, Turn(50, 19, 50), 12.0, ""),
        ([NOW - 9 * DAY] * 20, WHOLE, 2.0, "move of platform"),
        ([None] * 20, WHOLE, 2.0, "move of platform"),
        ([NOW - 9 * DAY] * 20, WHOLE, 18.0, ""),  # it always changes its whole list
        ([NOW] * 20, WHOLE, 2.0, ""),  # a busy night, and every date is of today
        ([NOW - 9 * DAY] * 5, GROWN, 2.0, ""),  # a few old ones beside the known: somebody filled a gap
        ([NOW + 30 * DAY] * 12, GROWN, 2.0, "clock had jumped"),
        ([NOW + 30 * DAY], GROWN, 2.0, ""),  # one announcement of the future is none of our business
    ],
)
def test_par_08_what_is_too_much_to_believe_is_held(
    dates: list[datetime | None], turn: Turn, usual: float, why: str
) -> None:
    found = held(dates, turn, usual=usual)
    assert why in found
    assert bool(found) is bool(why)


def test_par_08_a_small_list_may_change_as_a_whole() -> None:
    assert held([NOW - 9 * DAY] * 2, Turn(before=2, kept=0, listed=2)) == ""
    assert "move" in held([NOW - 9 * DAY] * 3, Turn(before=3, kept=0, listed=3))
