"""Article: an entry made clean. Extract: what a page gave. Changes: what a poll brought."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from syndication.model.image import Image
from syndication.model.rights import Rights, Terms
from syndication.model.signals import Signals
from syndication.model.source import Partner


class ArticleState(StrEnum):
    LIVE = "live"
    HELD = "held"
    WITHDRAWN = "withdrawn"


class DecidedBy(StrEnum):
    """Why an article has a topic, strongest first."""

    HAND = "by hand"
    RULE = "rule"
    CATEGORY = "mapped category"
    PARTNER = "partner default"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of an article, its caption and its credit apart. `src` is absolute http(s)."""

    src: str
    caption: str = ""
    credit: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class RelatedLink:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Removed:
    """A block that was taken out, and the rule that took it."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Extract:
    """What a page gave. `body` is safe HTML; `text` is its plain text, paragraphs parted by an empty line."""

    title: str = ""
    byline: str = ""
    date: datetime | None = None
    site: str = ""
    original_publisher: str = ""
    original_link: str = ""
    excerpt: str = ""
    body: str = ""
    text: str = ""
    figures: tuple[Figure, ...] = ()
    related: tuple[RelatedLink, ...] = ()
    removed: tuple[Removed, ...] = ()
    flags: tuple[str, ...] = ()
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True, slots=True)
class Article:
    """An entry made clean: safe HTML, canonical URL, one identity in its source, dates in UTC."""

    source_id: int
    guid: str
    """Identity inside the source: the publisher's id without scheme and host case, or the fall-back rules' answer."""
    url: str
    """Canonical, absolute, without tracking parameters. Empty when the publisher gave no usable link."""
    publisher_guid: str
    """The id exactly as the publisher wrote it, for feeds that pass it on. Empty when there was none."""
    title: str
    byline: str
    publisher: str
    """The originator's name: the partner itself unless the entry or page credits another house."""
    publisher_url: str
    excerpt: str
    """Plain text, whole sentences."""
    body: str
    """Safe HTML. Empty when the partner gave only an excerpt."""
    text: str
    """Plain text of the body, paragraphs parted by an empty line."""
    language: str
    """BCP 47, empty when unknown."""
    published_at: datetime
    """When it was first published: by the partner, or before where that is known (see `republished_at`).

    Clamped to first seen; first seen itself when the partner gave none."""
    first_seen_at: datetime
    updated_at: datetime | None = None
    """By the partner."""
    figures: tuple[Figure, ...] = ()
    related: tuple[RelatedLink, ...] = ()
    removed: tuple[Removed, ...] = ()
    flags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    rights_note: str = ""
    terms: Terms = field(default_factory=Terms)
    """What the item says of its own use."""
    fingerprint: str = ""
    """blake2b of what a reader would see; another one is another revision. Dates and first seen are not part of it."""
    signals: Signals = field(default_factory=Signals)
    """What its page asks of robots."""
    republished_at: datetime | None = None
    """By the partner, where `published_at` is an earlier date: the story is published again, and is not new."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a poll brought, split against what is known."""

    new: tuple[Article, ...] = ()
    changed: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryLink:
    """Another telling of the same story: for "also in"."""

    article_id: int
    title: str
    url: str
    partner: str


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as the library holds it: clean text, its id for life, its partner, rights, topics and story."""

    id: int
    article: Article
    rev: int
    """The revision that is current, counting from 1."""
    state: ArticleState
    story_id: int
    leads: bool
    """True when this is the story's leader: the telling that feeds and editions show."""
    partner: Partner
    source_slug: str
    source_url: str
    """The address of the feed that it was collected from."""
    rights: Rights
    topics: tuple[str, ...] = ()
    """Topic slugs, sorted."""
    backfill: bool = False
    """True when it came with the source's first poll: for web and feeds, never for an edition."""
    changed_at: datetime | None = None
    """When the current revision was first seen by us, None while it is the first."""
    also_in: tuple[StoryLink, ...] = field(default=())
    images: tuple[Image, ...] = ()
    """Those of its pictures that we keep."""
    ended: bool = False
    """The right to it has ended, and that was carried out: its words are searched no more."""
    taken_back: bool = False
    """Withdrawn by us, and not by its publisher."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of an article's text, as first seen by us at `seen_at`. `rev` counts from 1."""

    rev: int
    seen_at: datetime
    article: Article


@dataclass(frozen=True, slots=True)
class Permission:
    """What one channel may show of one article, and why: the answer of `articles.permit.may`."""

    allowed: bool
    """False: nothing of it goes out here (withdrawn, held, expired, under embargo)."""
    title: str
    excerpt: str
    body: str
    """Safe HTML, empty unless the text may be shown in full."""
    figures: tuple[Figure, ...]
    attribution: str
    canonical: str
    """The publisher's page when it must be named as canonical, else empty."""
    noindex: bool
    reasons: tuple[str, ...]
    """One phrase for each decision, for `article show`."""
    tdm_reserved: bool = False
    no_edit: bool = False
    """Nothing of it is shortened to fit: it is shown as it is here or left out."""
    nosnippet: bool = False
    max_snippet: int | None = None
    """What programs that show parts of our page are asked for in their turn."""
    noarchive: bool = False
    """Nobody is to keep a copy for readers: passed on to whoever reads our page."""
    tdm_policy: str = ""
    """Where its publisher says under which terms text and data mining may be done, when it is reserved."""
    licence: str = ""
    """The address of the licence it is under, when it says one."""
    pixel: str = ""
    """The address of the partner's counter, where its agreement has one. Else nobody is counted."""
    images: tuple[Image, ...] = ()
    """Pictures at our address, of those in `figures`."""

    def image(self, figure: Figure) -> Image | None:
        """None: it is shown as a link in words."""
        return next((image for image in self.images if image.origin == figure.src), None)
