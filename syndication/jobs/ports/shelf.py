"""The shelf that published feeds stand on, what they are made from, and what they have said."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from syndication.model.archive import EditionTold
from syndication.model.article import Stored
from syndication.model.feed import Built, Feed, FeedEntry, FeedFormat, Topic, Withdrawn
from syndication.model.search import Wanted


class Shelf(Protocol):
    def mark_all_stale(self) -> None: ...

    def all(self) -> Sequence[Feed]: ...

    def stale(self, now: datetime) -> Sequence[tuple[Feed, int]]:
        """Feeds to build, each with the count of changes that this build answers."""
        ...

    def feed(self, slug: str) -> Feed | None: ...

    def topics(self) -> Sequence[Topic]: ...

    def articles(self, feed: Feed, *, limit: int, wanted: Wanted | None = None) -> Sequence[Stored]:
        """What the feed's choice asks for, newest first. `wanted`: of that, what holds these words."""
        ...

    def editions(self, feed: Feed) -> Sequence[EditionTold]:
        """For a feed that lists editions: the newest public ones, with their items."""
        ...

    # -- what feeds have said

    def changes(self, *, limit: int) -> tuple[Sequence[int], Sequence[Stored], Sequence[Withdrawn]]:
        """Changes that were not written down yet: their ids, the articles, and those of them that are withdrawn."""
        ...

    def holding(self, article_ids: Sequence[int]) -> Mapping[int, frozenset[int]]:
        """The ids of the feeds that have said something of each article."""
        ...

    def write(self, said: Sequence[FeedEntry], changes: Sequence[int], now: datetime) -> None:
        """Write down what feeds say, once each, and strike out the changes that it answers, in one transaction."""
        ...

    def has_said(self, feed: Feed) -> bool: ...

    def said(self, feed: Feed, article_ids: Sequence[int]) -> Collection[tuple[int, int]]:
        """Which texts of these articles the feed has had: article and revision."""
        ...

    def unfiled(self, feed: Feed) -> Sequence[FeedEntry]:
        """What is in no page of the feed's archive yet, oldest first."""
        ...

    def file(self, feed: Feed, pages: Sequence[Sequence[int]], dropped: Sequence[int]) -> None:
        """Put these entries (by id) into new pages of the archive, and forget the dropped ones."""
        ...

    def newest_page(self, feed: Feed) -> int:
        """0 when the archive has none."""
        ...

    def page(self, feed: Feed, number: int) -> tuple[Sequence[Stored], Sequence[Withdrawn]]:
        """What a page holds, oldest first, each article as it stood then; and what of it was withdrawn since."""
        ...

    def gone(self, feed: Feed, *, since: datetime, limit: int) -> Sequence[Withdrawn]:
        """What the feed had and was withdrawn since, newest first."""
        ...

    # -- documents

    def marks(self, feed: Feed) -> Mapping[FeedFormat, str]:
        """The etags of the feed's documents as they stand."""
        ...

    def put(self, built: Sequence[Built], now: datetime) -> Sequence[Collection[FeedFormat]]:
        """Keep all of these in one transaction; answers the formats that changed of each. `seen` as `stale` told it."""
        ...

    def refuse(self, feed: Feed, format: FeedFormat, fault: str) -> None:
        """Remember why a document was not published. The last good one stays."""
        ...
