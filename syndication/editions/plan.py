"""What is in an edition. In: Newsletter, candidates with what may be shown of them, times. Out: Selection. Pure.

A story is news for a stream from the moment it may be mailed: when we first saw it, or when its embargo ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndication.model.article import Permission, Stored
from syndication.model.choice import Cadence
from syndication.model.edition import Item
from syndication.model.feed import Topic
from syndication.model.newsletter import Newsletter

PERIOD = {
    Cadence.DAILY: timedelta(days=1),
    Cadence.WEEKDAYS: timedelta(days=3),
    Cadence.WEEKLY: timedelta(days=7),
    Cadence.MONTHLY: timedelta(days=31),
}
"""How far a stream's first edition looks back. WEEKDAYS: a Monday's reaches to Friday."""

LATE_COMMIT = timedelta(minutes=10)
"""A story may be stored some minutes after it was seen: each edition looks back so far behind the last one's cutoff."""

EMBARGO_MAX = timedelta(days=7)
"""Candidates first seen so long before an edition's window are looked at, in case they were under embargo."""


STALE = timedelta(days=14)
"""A story that its publisher dates so long before we first saw it was published again, or found late: it is no news."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Stories in the order in which readers see them. `more` could have been in it and had no room."""

    chosen: tuple[tuple[Stored, Permission], ...]
    more: int = 0


def window_start(last_cutoff: datetime | None, cutoff: datetime, cadence: Cadence) -> datetime:
    """From when on a story is news for the stream."""
    return cutoff - PERIOD[cadence] if last_cutoff is None else last_cutoff - LATE_COMMIT


def mailable_at(stored: Stored) -> datetime:
    embargo = timedelta(minutes=stored.rights.embargo_minutes)
    published_at = stored.article.republished_at or stored.article.published_at
    return max(stored.article.first_seen_at, published_at + embargo)


def is_stale(stored: Stored) -> bool:
    return stored.article.first_seen_at - stored.article.published_at > STALE


def select(
    newsletter: Newsletter,
    candidates: Sequence[tuple[Stored, Permission]],
    topics: Sequence[Topic],
    *,
    since: datetime,
    cutoff: datetime,
) -> Selection | str:
    """The newest that may be mailed, arranged by topic; or, in words, why there is no edition.

    `candidates` come newest first, one for each story.
    """
    news = [
        (stored, shown)
        for stored, shown in candidates
        if shown.allowed and since <= mailable_at(stored) < cutoff and not is_stale(stored)
    ]
    if not news:
        return f"nothing new since {since:%d %B %Y %H:%M} UTC"
    if len(news) < newsletter.items_min:
        return f"{len(news)} new {_stories(len(news))}, and an edition has {newsletter.items_min} at least"
    kept = news[: newsletter.items_max]
    return Selection(tuple(sorted(kept, key=lambda pair: _place(pair[0], topics))), len(news) - len(kept))


def items(selection: Selection, since: datetime) -> tuple[Item, ...]:
    """The rows of a selection, each with its reason."""
    return tuple(
        Item(
            story_id=stored.story_id,
            article_id=stored.id,
            rev=stored.rev,
            position=position,
            reason=_reason(stored, since),
        )
        for position, (stored, _) in enumerate(selection.chosen, 1)
    )


def trimmed(selection: Selection) -> Selection:
    """A tenth shorter, and one story at least: the last ones are told on the web."""
    keep = len(selection.chosen) - max(1, len(selection.chosen) // 10)
    return Selection(selection.chosen[:keep], selection.more + len(selection.chosen) - keep)


def topic_of(stored: Stored, topics: Sequence[Topic]) -> Topic | None:
    """The first of the publication's topics that the story is in."""
    return next((topic for topic in topics if topic.slug in stored.topics), None)


def _place(stored: Stored, topics: Sequence[Topic]) -> int:
    # Sorting is stable, so within a topic the newest stays first.
    topic = topic_of(stored, topics)
    return len(topics) if topic is None else list(topics).index(topic)


def _reason(stored: Stored, since: datetime) -> str:
    reason = f"new since {since.day} {since:%B}"
    return f"{reason}, topic {', '.join(stored.topics)}" if stored.topics else reason


def _stories(number: int) -> str:
    return "story" if number == 1 else "stories"
