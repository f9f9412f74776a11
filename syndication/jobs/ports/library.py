"""What is collected, remembered: sources and when they are due, articles and the stories they tell."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from syndication.model.collecting import Absence, Arrival, Correction, DueSource, Known, Listing, Poll
from syndication.model.feed import Topic
from syndication.model.hub import Offer
from syndication.model.pages import PageLook
from syndication.model.signals import Signals
from syndication.model.source import SetAside
from syndication.model.story import Candidate


class Stack(Protocol):
    """The library inside one transaction: what is put here is there whole, or not at all."""

    def apart(self) -> AbstractContextManager[None]:
        """A part that is undone by itself when it raises. A row that the database refuses raises ParseError."""
        ...

    def ours(self, polls: Sequence[Poll]) -> frozenset[int]:
        """The ids of those of these sources whose lease is still ours; it stays so until the transaction ends."""
        ...

    def finish(self, polls: Sequence[Poll]) -> frozenset[int]:
        """Write how these polls ended; answers the ids of sources whose lease was still ours, the others untouched."""
        ...

    def slow(self, host: str, until: datetime) -> None:
        """Poll no source of this host before then."""
        ...

    def candidates(self, shingles: frozenset[int], *, url: str, since: datetime, limit: int) -> Sequence[Candidate]:
        """Stored tellings at this very address, then those that share most of these shingles, nearest first.

        Until the transaction ends no other worker places tellings.
        """
        ...

    def traces(self, shingles: Collection[int], urls: Collection[str], *, since: datetime) -> AbstractSet[int | str]:
        """Which of these some stored telling first seen since then has. Placing like `candidates`."""
        ...

    def tellings(self, article_ids: Collection[int]) -> Sequence[Candidate]:
        """These articles, each as a telling of the story that it is in."""
        ...

    def join(self, story_id: int, other_id: int) -> int:
        """Make two stories one; answers the first, or the one that stays. Stories that were both mailed stay apart."""
        ...

    def lead(self, story_id: int, article_id: int) -> None:
        """From now on this article leads the story."""
        ...

    def relate(self, article_id: int, versions: Collection[tuple[int, int]]) -> None:
        """These are the other versions of its event, each with how near it is, and no others."""
        ...

    def leader(self, story_id: int) -> Candidate | None:
        """The telling that leads a story now; None when it is held or withdrawn."""
        ...

    def recent(self, source_id: int, *, limit: int) -> Sequence[frozenset[int]]:
        """The indexed shingles of each of a source's latest articles."""
        ...

    def usual_new(self, source_id: int) -> float:
        """How many new articles a poll of it brings, of those lately that brought any; 0 when none has yet."""
        ...

    def remember(self, lists: Mapping[int, Sequence[str]]) -> None:
        """Keep the list of each of these sources, to be compared with its next one."""
        ...

    def miss(self, source_id: int, guids: Sequence[str], now: datetime, *, lost: bool) -> None:
        """Note that these have left the list. `lost`: too many at once, so a person looks before anyone else does."""
        ...

    def listed_again(self, source_id: int, slug: str, guids: Sequence[str], now: datetime) -> int:
        """These were missing and are listed again: what was withdrawn of them stands again. Answers how many."""
        ...

    def looked(
        self,
        absent: Absence,
        *,
        refusals: int,
        refused_at: datetime | None,
        next_look_at: datetime | None,
        withdraw_at: datetime | None,
    ) -> bool:
        """Write what a look for a missing article came to; answers whether it is withdrawn by it."""
        ...

    def offer(self, offers: Mapping[int, Offer | None], now: datetime) -> None:
        """Keep which hub each feed names. Another one, or none, ends what was agreed with the one before."""
        ...

    def looked_like(self, source_id: int, looks: Sequence[PageLook]) -> None:
        """Keep what pages of a source were like."""
        ...

    def doubt(self, source_id: int) -> None:
        """Its hub did not tell of something new: do not count on it before it tells again."""
        ...

    def add(self, arrivals: Sequence[Arrival]) -> Sequence[int]:
        """Write new articles; answers their ids, in this order."""
        ...

    def revise(self, corrections: Sequence[Correction]) -> None:
        """Make these texts current: new revisions, or earlier ones again when a fingerprint is theirs."""
        ...

    def same(self, listed: Iterable[tuple[Known, str]]) -> None:
        """Entries are listed otherwise, each with its new hash, and their text is what it was."""
        ...

    def asked(self, signals: Iterable[tuple[int, Signals]]) -> None:
        """By article: what its page asks of robots now. Where that is as it was nothing is written."""
        ...

    def set_aside(self, source_id: int, what: str, refused: Iterable[SetAside], now: datetime) -> None:
        """Keep what could not be read, with the reason. The same thing met again is one row."""
        ...

    def alert(self, key: str, text: str, now: datetime) -> None: ...


class Library(Protocol):
    def claim(self, now: datetime, *, limit: int, lease_seconds: int, only: str | None = None) -> Sequence[DueSource]:
        """Take sources whose time has come; those that failed last time come alone, after all others.

        `only` takes that one, due or not, unless it is paused, gone or being polled.
        """
        ...

    def topics(self) -> Sequence[Topic]: ...

    def looks(self, source_id: int) -> Sequence[PageLook]:
        """What the latest pages of a source were like, the latest first."""
        ...

    def listings(self, listed: Mapping[int, Collection[str]]) -> Mapping[int, Listing]:
        """What is known, by source, of the lists that have come: of their guids, and of the lists before."""
        ...

    def dates(self, source_id: int, guids: Sequence[str]) -> Mapping[str, datetime]:
        """When the live articles among these were published."""
        ...

    def to_look_for(self, now: datetime, *, limit: int, only: str | None = None) -> Sequence[Absence]:
        """Take missing articles that are due to be looked for, of all sources or `only` of that one."""
        ...

    def writing(self) -> AbstractContextManager[Stack]:
        """One transaction. It marks the feeds "stale" that an article came to, changed in or left."""
        ...
