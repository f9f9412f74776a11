"""What has been published, as pages ask for it. It answers whole values and judges nothing."""

from collections.abc import Sequence
from typing import Protocol

from syndication.model.archive import EditionTold, House
from syndication.model.article import DecidedBy, Revision, Stored
from syndication.model.choice import Choice
from syndication.model.edition import Edition
from syndication.model.feed import Feed
from syndication.model.search import Wanted
from syndication.model.time import Window


class Archive(Protocol):
    """Raises StoreError when it cannot be reached."""

    def house(self) -> House: ...

    def latest(self, *, limit: int) -> Sequence[Stored]:
        """Live articles, newest first, one telling of each story."""
        ...

    def of_feed(self, slug: str, *, limit: int) -> tuple[Feed, Sequence[Stored]] | None:
        """A feed and the newest of what it asks for. None when there is no such feed."""
        ...

    def chosen(self, choice: Choice, *, limit: int, offset: int = 0) -> Sequence[Stored]:
        """What a choice asks for, newest first, one telling of each story."""
        ...

    def within(self, window: Window, *, limit: int, offset: int = 0) -> Sequence[Stored]:
        """Live articles dated in `window`, newest first, one telling of each story."""
        ...

    def find(self, wanted: Wanted, *, limit: int) -> Sequence[Stored]:
        """Live articles that hold all terms, newest first, one telling of each story."""
        ...

    def article(self, id: int) -> Stored | None: ...

    def articles(self, ids: Sequence[int]) -> Sequence[Stored]:
        """Those of these ids, in this order, whatever their state."""
        ...

    def beside(self, stored: Stored, *, limit: int) -> tuple[Sequence[Stored], Sequence[Stored]]:
        """The live articles just before it and just after it by date, nearest first, one telling of each story."""
        ...

    def decided(self, id: int) -> Sequence[tuple[str, DecidedBy]]:
        """The topics of an article, each with what decided it."""
        ...

    def revisions(self, id: int) -> Sequence[Revision]:
        """Every text that we have seen of an article, oldest first."""
        ...

    def versions(self, id: int, *, limit: int) -> Sequence[Stored]:
        """Live articles of other stories that tell the same event otherwise, nearest first."""
        ...

    def edition(self, id: int) -> EditionTold | None: ...

    def editions_beside(self, edition: Edition) -> tuple[EditionTold | None, EditionTold | None]:
        """The public edition of the same newsletter just before it, and the one just after."""
        ...

    def editions(self, *, window: Window | None = None, newsletter: str = "", limit: int) -> Sequence[EditionTold]:
        """Public editions, of all newsletters or one, by when they were due, newest first, without their items."""
        ...

    def months(self) -> Sequence[str]:
        """Months (UTC) that have a live article or an edition, newest first: "2026-05"."""
        ...

    def days(self, window: Window) -> Sequence[str]:
        """Days (UTC) of `window` that have a live article or an edition, newest first: "2026-05-07"."""
        ...
