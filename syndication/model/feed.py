"""Feed: a selection we publish. FeedDocument: its bytes in one format."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from syndication.model.choice import Choice
from syndication.model.source import Partner


class Coding(StrEnum):
    """Content codings in which documents are prepared, the one we like best first (RFC 9110, section 8.4.1)."""

    BR = "br"
    ZSTD = "zstd"
    GZIP = "gzip"


class Signal(StrEnum):
    """What a partner asks of robots; a document carries what any of its articles asks."""

    NOINDEX = "noindex"
    TDM = "tdm"  # text and data mining is reserved (W3C TDM Reservation Protocol)


class FeedFormat(StrEnum):
    RSS = "rss"
    ATOM = "atom"
    JSON = "json"

    @property
    def media_type(self) -> str:
        return {
            FeedFormat.RSS: "application/rss+xml; charset=utf-8",
            FeedFormat.ATOM: "application/atom+xml; charset=utf-8",
            FeedFormat.JSON: "application/feed+json; charset=utf-8",
        }[self]


@dataclass(frozen=True, slots=True)
class Topic:
    """One of the publication's own subjects. An article is in it by rule (`words`) or by mapped category."""

    slug: str
    title: str
    words: tuple[str, ...] = ()
    """Words or phrases; a title or excerpt that holds one as a whole word, in any case, is in the topic."""
    categories: tuple[str, ...] = ()
    """Partners' category names that mean this topic, in any case."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Who publishes: the house that readers see. `base_url` has no slash at its end."""

    title: str
    description: str
    base_url: str
    language: str = "en"
    publisher: str = ""
    """The legal sender, as mails and pages name it."""
    address: str = ""
    """Postal address, one line for each line."""
    privacy_url: str = ""
    contact: str = ""
    """A mail address for people."""
    hubs: tuple[str, ...] = ()
    """Hubs of others that are told of every change, beside our own (WebSub)."""

    @property
    def hub(self) -> str:
        """The address of the hub that is built in."""
        return f"{self.base_url}/websub/hub"


@dataclass(frozen=True, slots=True)
class Feed:
    id: int
    slug: str
    title: str
    description: str
    choice: Choice = field(default_factory=Choice)
    items_max: int = 50
    newsletter: str = ""
    """The slug of the newsletter whose editions it lists; empty: it lists articles."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What a feed said once: a text of an article, or that it was withdrawn. Later ones have higher ids."""

    feed_id: int
    article_id: int
    rev: int
    withdrawn: bool = False
    id: int = 0
    is_current: bool = True
    """False when the article has another text by now."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An article that a feed had and its publisher, or else we, took back, `at` that instant."""

    article_id: int
    publisher_guid: str
    partner: Partner
    published_at: datetime
    at: datetime
    by_publisher: bool = True


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The bytes of a feed in one format. `etag` is strong and quoted; `updated_at` is the newest change in it."""

    format: FeedFormat
    data: bytes
    etag: str
    updated_at: datetime
    packed: tuple[tuple[Coding, bytes], ...] = ()
    """`data` in the codings that make it shorter."""
    cuts: tuple[int, ...] = ()
    """Where each item begins in `data`, and where the last one ends. Empty: there are none."""
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """A feed's documents as they are to be from now on, and how many of the changes told of it they answer."""

    feed: Feed
    documents: tuple[FeedDocument, ...]
    seen: int
    again_at: datetime | None = None
    """When they are to be built again though nothing changes."""
