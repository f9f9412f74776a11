"""A feed that says it has moved: believed after days, never at once, and to another host by a person alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from syndication.model.source import Fetched, FetchOutcome, Partner, Source, Validators
from syndication.sources.move import SIGHTED_FOR, Move, sighted

NOW = datetime(2026, 5, 7, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = Source(1, "harbour", Partner("harbour", "H", "https://harbour.example/"), "http://harbour.example/feed")
SECURE = "https://harbour.example/feed"


def came(outcome: FetchOutcome = FetchOutcome.UNCHANGED, moved_to: str | None = SECURE) -> Fetched:
    return Fetched(outcome, None, Validators(), moved_to=moved_to)


def after(*polls: tuple[timedelta, Fetched], source: Source = SOURCE) -> Move:
    move = Move()
    for at, answer in polls:
        move = sighted(source, answer, move, NOW + at)
    return move


def test_col_16_a_redirect_is_adopted_only_after_days_of_sightings() -> None:
    hourly = [(n * HOUR, came()) for n in range(72)]
    assert not after(*hourly).adopted
    assert after(*hourly, (SIGHTED_FOR, came())) == Move(SECURE, NOW, adopted=True)


@pytest.mark.parametrize(
    ("between", "adopted"),
    [
        (came(moved_to=None), False),  # it answered from the old address: it has not moved
        (came(moved_to="https://harbour.example/other"), False),  # another place: counted anew
        (came(FetchOutcome.UNAVAILABLE, moved_to=None), True),  # a failure says nothing
    ],
)
def test_col_16_every_sighting_must_agree(between: Fetched, adopted: bool) -> None:
    assert after((0 * DAY, came()), (DAY, between), (SIGHTED_FOR, came())).adopted is adopted


def test_col_16_another_host_is_never_adopted_without_a_person() -> None:
    away = came(FetchOutcome.MOVED_AWAY, "https://elsewhere.example/feed")
    move = after(*[(n * DAY, away) for n in range(400)])
    assert move == Move("https://elsewhere.example/feed", NOW)


def test_col_07_credentials_are_not_taken_to_another_origin() -> None:
    locked = replace(SOURCE, credentials="harbour")
    assert not after((0 * DAY, came()), (9 * DAY, came()), source=locked).adopted
    beside = came(moved_to="http://harbour.example/rss")
    assert after((0 * DAY, beside), (9 * DAY, beside), source=locked).adopted
