"""Partner and Source; the document a source answers with and its entries, as their publisher wrote them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from syndication.model.rights import Rights


class SourceState(StrEnum):
    IDLE = "idle"
    LEASED = "leased"
    BACKOFF = "backoff"
    PAUSED = "paused"
    GONE = "gone"


class ArticleFrom(StrEnum):
    """Where an article's body is taken from."""

    AUTO = "auto"  # the partner's page when the feed's entry is cut and the rights reach beyond it, else the feed
    FEED = "feed"
    PAGE = "page"


class SourceKind(StrEnum):
    """What stands at a source's address."""

    FEED = "feed"
    LISTING = "listing"  # a web page that lists articles
    SITEMAP = "sitemap"  # an XML sitemap, an index of them, or a news sitemap
    WORDPRESS = "wordpress"  # the posts of WordPress' REST interface

    @property
    def names_pages_only(self) -> bool:
        """What it lists is an address and little more: the article is on its page."""
        return self in (SourceKind.LISTING, SourceKind.SITEMAP)


class RuleKind(StrEnum):
    """What a rule of a partner's says about a part of its pages."""

    REMOVE = "remove"
    KEEP = "keep"  # though a rule of ours would take it
    BODY = "body"
    TITLE = "title"
    BYLINE = "byline"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class PageRule:
    """One declared rule. `where` is a selector (CSS, or "xpath:…"), or "text:…", a whole block by its words."""

    kind: RuleKind
    where: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A publisher we republish."""

    slug: str
    name: str
    homepage: str


@dataclass(frozen=True, slots=True)
class Source:
    """One feed of a partner's that we collect from."""

    id: int
    slug: str
    partner: Partner
    url: str
    rights: Rights = field(default_factory=Rights)
    topics: tuple[str, ...] = ()
    """The partner's default topics, by slug."""
    article_from: ArticleFrom = ArticleFrom.AUTO
    poll_seconds: int = 900
    credentials: str = ""
    """The name of the secret that opens the feed, empty for an open one. The secret itself is never part of a value."""
    kind: SourceKind = SourceKind.FEED
    item: str = ""
    """Of a listing: the selector of one article's block, where ours finds the wrong ones."""
    link: str = ""
    """Of a listing: the selector of the link, inside a block or on the page."""
    rules: tuple[PageRule, ...] = ()
    """About the partner's pages, in the order in which they are declared."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes the next request conditional (RFC 9110, section 13). Echoed verbatim, quotes and `W/` included."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    """blake2b of the last body parsed: the same body under a new ETag is still unchanged."""


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes as fetched, with what is needed to read them."""

    data: bytes
    url: str
    """The final URL, the base of relative links."""
    content_type: str | None = None


class FetchOutcome(StrEnum):
    """What an answer means for its source."""

    FRESH = "fresh"  # a body not seen before; `document` is to be read
    UNCHANGED = "unchanged"  # 304
    SAME_BODY = "same body"  # 200, but the bytes are those read last time
    GONE = "gone"  # 410: pause the source and say so
    BUSY = "busy"  # 429: slow down for the whole host
    UNAVAILABLE = "unavailable"  # 503: slow down for this feed
    DENIED = "denied"  # 401, 402, 403, 407, 451
    MISSING = "missing"  # 404
    MOVED_AWAY = "moved away"  # a permanent redirect to another host: nothing is taken from there without approval
    NOT_A_FEED = "not a feed"  # 200 with a web page, or with nothing; `document` is set for quarantine
    NOT_ALLOWED = "not allowed"  # robots.txt asks us not to read this address
    LOG_IN = "log in"  # a page that asks who we are, in place of the one that lists articles
    FAILED = "failed"  # any other status

    @property
    def ok(self) -> bool:
        """The source answered as a feed should: failures start again from nothing."""
        return self in (FetchOutcome.FRESH, FetchOutcome.UNCHANGED, FetchOutcome.SAME_BODY)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, judged. `validators` are those to store with it: new ones when it gave any, else the old."""

    outcome: FetchOutcome
    document: Document | None
    validators: Validators
    retry_after_seconds: float | None = None
    """As asked by the other side, 0 to a day."""
    moved_to: str | None = None
    """Where permanent redirects lead, absolute. Never adopted by the fetch itself."""
    fresh_seconds: float | None = None
    """`max-age` of the answer, to a day: asking again earlier brings nothing."""
    detail: str = ""
    """For a person."""
    partial: bool = False
    """The document holds what was added, and not the whole list (RFC 3229, status 226)."""


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file beside an entry. `length` in bytes as claimed by the publisher, None when absent or absurd."""

    url: str
    type: str | None = None
    length: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that the feed itself names (media:content, media:thumbnail, JSON Feed image)."""

    url: str
    credit: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry came from before this feed (RSS `source`, atom:source)."""

    title: str | None = None
    url: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as its publisher wrote it. Links are resolved; nothing is sanitised, nothing is to be trusted."""

    id: str | None
    """guid, atom:id or JSON Feed id, verbatim; None when the publisher gave none."""
    url: str | None
    title: str
    """Plain text: markup in a title was taken for what the format says it is."""
    summary_html: str | None = None
    content_html: str | None = None
    authors: tuple[Person, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    published_raw: str | None = None
    """The date as written, kept because a clamped or unreadable one must not be lost."""
    enclosures: tuple[Enclosure, ...] = ()
    pictures: tuple[Picture, ...] = ()
    categories: tuple[str, ...] = ()
    source: Origin | None = None
    language: str | None = None
    rights: str | None = None
    licence: str | None = None
    """The address of the licence that it names, resolved."""
    available: datetime | None = None
    """Not to be shown before, as its publisher says."""
    podcast: tuple[tuple[str, str], ...] = ()
    """What podcasts say of an episode, by its usual name: ("itunes:duration", "3:00")."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """An entry that could not be read: its place in the document, why, and its bytes."""

    position: int
    reason: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A document, read. `entries` in document order; `dialect` such as "rss 2.0", "atom 1.0", "json feed 1.1"."""

    dialect: str
    title: str
    url: str | None = None
    """The home page that the feed belongs to."""
    description: str | None = None
    language: str | None = None
    rights: str | None = None
    authors: tuple[Person, ...] = ()
    updated: datetime | None = None
    hubs: tuple[str, ...] = ()
    self_url: str | None = None
    id: str | None = None
    """atom:id, verbatim."""
    categories: tuple[str, ...] = ()
    image: str | None = None
    """Its logo, or its icon."""
    entries: tuple[Entry, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    lenient: bool = False
    """True when the document was not well-formed and the second pass read it."""
