"""The shelf that published feeds stand on, and what they are made from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from syndication.model.article import Stored
from syndication.model.feed import Feed, FeedDocument, FeedFormat, Topic


class Shelf(Protocol):
    def mark_all_stale(self) -> None: ...

    def stale(self) -> Sequence[tuple[Feed, int]]:
        """Feeds to build, each with the count of changes that this build answers."""
        ...

    def articles(self, feed: Feed) -> Sequence[Stored]:
        """What the feed's choice asks for, newest first: enough of it that some may be left out."""
        ...

    def topics(self) -> Sequence[Topic]: ...

    def put(self, feed: Feed, documents: Sequence[FeedDocument], *, seen: int, now: datetime) -> Sequence[FeedFormat]:
        """Keep the documents in one transaction and answer the formats that changed. `seen` as `stale` told it."""
        ...

    def refuse(self, feed: Feed, format: FeedFormat, fault: str) -> None:
        """Remember why a document was not published. The last good one stays."""
        ...
