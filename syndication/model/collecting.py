"""Collecting: a source whose time has come, what is known of its articles, and what a poll of it brought."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from syndication.model.article import Article, ArticleState, DecidedBy
from syndication.model.hub import Push
from syndication.model.rhythm import Rhythm
from syndication.model.source import Source, SourceState, Validators


@dataclass(frozen=True, slots=True)
class DueSource:
    """A source that this worker may poll until its lease ends, under this token and no other."""

    source: Source
    validators: Validators
    token: int
    failures: int
    """In a row, before this poll."""
    first: bool
    """True until a poll of it has brought articles: what comes then is backfill."""
    last_full_at: datetime | None
    """When an answer with a body last came."""
    last_ok_at: datetime | None = None
    """When a good answer last came."""
    rhythm: Rhythm | None = None
    moved_to: str | None = None
    """Where permanent redirects have led at every good answer since `moved_since`."""
    moved_since: datetime | None = None
    push: Push | None = None
    """What its hub has promised, if it has one."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the library holds under a guid of a source."""

    article_id: int
    fingerprint: str
    entry_hash: str
    published_at: datetime
    first_seen_at: datetime
    state: ArticleState = ArticleState.LIVE


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a source's list: its guids in order, and those that have left it and are looked for."""

    guids: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Listing:
    """What the library knows of a list that has just come: what it holds under its guids, and the list before."""

    known: Mapping[str, Known] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class Absence:
    """An article that has left its source's list though it is newer than what is still listed, due to be looked for."""

    article_id: int
    source: Source
    guid: str
    url: str
    looks: int
    """At its page, so far."""
    refusals: int
    refused_at: datetime | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new article, judged: its topics, its story (None: one of its own), and whether it may go out."""

    article: Article
    entry_hash: str = ""
    topics: tuple[tuple[str, DecidedBy], ...] = ()
    state: ArticleState = ArticleState.LIVE
    backfill: bool = False
    story_id: int | None = None
    leads: bool = True
    shingles: frozenset[int] = frozenset()
    versions: tuple[tuple[int, int], ...] = ()
    """Articles that tell the same event otherwise: the id of each, and how near it is in per cent."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Another text of a known article, judged."""

    known: Known
    article: Article
    entry_hash: str = ""
    topics: tuple[tuple[str, DecidedBy], ...] = ()
    shingles: frozenset[int] = frozenset()
    at: datetime = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Poll:
    """How one poll ended, as the source's row and the log keep it."""

    due: DueSource
    at: datetime
    outcome: str
    state: SourceState
    next_poll_at: datetime
    failures: int
    validators: Validators
    ok: bool
    full: bool = False
    """The answer had a body, new or not."""
    settled: bool = False
    """The first poll is over: from here on articles are new."""
    status: int | None = None
    bytes: int = 0
    ms: int = 0
    new: int = 0
    changed: int = 0
    error: str = ""
    alerts: tuple[tuple[str, str], ...] = ()
    """What a person must be told, once while it lasts: of which kind, in words."""
    over: tuple[str, ...] = ()
    """Kinds of alert that are over with this poll."""
    rhythm: Rhythm | None = None
    """As it is with what this poll brought; None when it brought nothing to learn from."""
    moved_to: str | None = None
    moved_since: datetime | None = None
    url_now: str | None = None
    """The address to ask at from here on; None to leave it as it is."""


@dataclass(frozen=True, slots=True)
class Polled:
    """One source of a round, for people."""

    source: str
    outcome: str
    new: int = 0
    changed: int = 0
    held: int = 0
    set_aside: int = 0
    detail: str = ""
    missing: int = 0
    """Entries that have left the list though newer than what is still on it."""
    health: str = ""
    """What is wrong with the source, in one word; empty when nothing is."""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a round of collecting came to. A second round right after it is empty, or changes nothing."""

    polled: tuple[Polled, ...] = field(default=())
    own_network: bool = False
    """True when no host at all answered, so that nobody's failure was counted."""
    withdrawn: int = 0
    """Articles whose publisher has taken them back."""

    @property
    def new(self) -> int:
        return sum(each.new for each in self.polled)

    @property
    def changed(self) -> int:
        return sum(each.changed for each in self.polled)
