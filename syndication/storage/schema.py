"""The tables, and the constraints that are invariants. One schema on SQLite and PostgreSQL.

Ids are never reused (AUTOINCREMENT, IDENTITY). Instants are stored in UTC; a slot is a local time and stored as text.
What people decide is applied from `publication.toml`; `declared` says where ("publication.toml:14").
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine import Connection

from syndication.model.article import ArticleState, DecidedBy
from syndication.model.choice import Cadence
from syndication.model.delivery import BatchState, ExceptionKind, Verdict
from syndication.model.edition import EditionState, ItemKind
from syndication.model.event import BitKind
from syndication.model.feed import FeedFormat
from syndication.model.hub import LeaseState
from syndication.model.image import ImageState
from syndication.model.setback import SetbackKind
from syndication.model.source import SourceState
from syndication.model.subscriber import SubscriptionState

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMES)

Id = BigInteger().with_variant(Integer, "sqlite")
"""SQLite gives AUTOINCREMENT to a plain INTEGER PRIMARY KEY only."""


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant has a zone, got {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Any:
        """For SQLite in one step: a poll writes six instants, and SQLAlchemy's way to the same letters takes four."""
        return _spelt if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        return _read if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _spelt(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is not UTC:
        if value.tzinfo is None:
            raise ValueError(f"an instant has a zone, got {value!r}")
        value = value.astimezone(UTC)
    return value.isoformat(" ", "microseconds")[:26]


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def _one_of(column: str, words: Any) -> CheckConstraint:
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _table(name: str, *parts: Any) -> Table:
    return Table(
        name, metadata, *parts, sqlite_autoincrement=any(isinstance(p, Column) and p.name == "id" for p in parts)
    )


meta = _table("meta", Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

# -- what we collect -----------------------------------------------------------------------------------------

partner = _table(
    "partner",
    _id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("homepage", Text, nullable=False),
    Column("declared", Text),
)

source = _table(
    "source",
    _id(),
    Column("partner_id", Id, ForeignKey("partner.id"), nullable=False),
    Column("slug", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("rights", JSON, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("article_from", Text, nullable=False),
    Column("poll_seconds", Integer, nullable=False),
    Column("credentials", Text),  # the name of a secret, never the secret
    Column("pages", JSON),  # what stands at the address when it is no feed, and rules about the partner's pages
    Column("declared", Text),
    Column("state", Text, nullable=False, server_default=SourceState.IDLE.value),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("next_poll_at", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("token", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Column("last_ok_at", Instant),
    Column("last_full_at", Instant),  # the last answer with a body: one unconditional request a day at most
    Column("first_polled_at", Instant),  # until then everything is backfill
    Column("last_outcome", Text),
    Column("url_now", Text),  # where permanent redirects led, once that was believed; else `url`
    Column("moved_to", Text),  # where they lead, not believed yet
    Column("moved_since", Instant),
    Column("rhythm", JSON),
    _one_of("state", SourceState),
    Index(None, "state", "next_poll_at"),
)

fetch_log = _table(
    "fetch_log",
    _id(),
    Column("source_id", Id, ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("status", SmallInteger),
    Column("bytes", Integer, nullable=False, server_default="0"),
    Column("ms", Integer, nullable=False, server_default="0"),
    Column("new", Integer, nullable=False, server_default="0"),
    Column("changed", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Index(None, "source_id", "at"),
)

listing = _table(
    "listing",
    Column("source_id", Id, ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("guids", JSON, nullable=False),  # of the last whole list, in its order
    PrimaryKeyConstraint("source_id"),
)

websub_lease = _table(
    "websub_lease",  # what the hub of a source has promised: to tell us of news until then
    Column("source_id", Id, ForeignKey("source.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("callback", Text, nullable=False, unique=True),  # the unguessable end of the address that it calls
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("lease_until", Instant),
    Column("pushed_at", Instant),
    Column("trusted", Boolean, nullable=False, server_default=false()),  # it told of what a poll found
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant, nullable=False),
    _one_of("state", LeaseState),
    Index(None, "next_try_at"),
)

host_manners = _table(
    "host_manners",  # what a host asks of robots, as it was read last
    Column("origin", Text, primary_key=True),
    Column("until", Instant, nullable=False),
    Column("content", JSON, nullable=False),
)

page_read = _table(
    "page_read",  # what the latest pages of a source were like: by it a new theme is noticed
    _id(),
    Column("source_id", Id, ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("url", Text, nullable=False),
    Column("refused", Text, nullable=False, server_default=""),  # why it may not be read
    Column("content", JSON, nullable=False),
    Index(None, "source_id", "id"),
)

quarantine = _table(
    "quarantine",
    _id(),
    Column("source_id", Id, ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("what", Text, nullable=False),  # "document" or "entry"
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("hash", Text, nullable=False),  # of the bytes: the same bad thing met again is one row
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("source_id", "hash"),
)

# -- articles and stories ------------------------------------------------------------------------------------

story = _table(
    "story",
    _id(),
    Column("leader_id", Id, ForeignKey("article.id", use_alter=True)),
    Column("first_seen_at", Instant, nullable=False),
)

article = _table(
    "article",
    _id(),
    Column("source_id", Id, ForeignKey("source.id"), nullable=False),
    Column("guid", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("story_id", Id, ForeignKey("story.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    Column("entry_hash", Text, nullable=False, server_default=""),  # of the entry as listed: read once only
    Column("published_at", Instant, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    Column("changed_at", Instant),
    Column("hold_until", Instant),
    Column("withdrawn_at", Instant),
    Column("backfill", Boolean, nullable=False),
    Column("indexed_rev", Integer, nullable=False, server_default="0"),  # the revision whose words can be searched
    # What its rights come to is carried out for this text in this state; else the article waits for that.
    Column("rights_rev", Integer, nullable=False, server_default="0"),
    Column("rights_state", Text, nullable=False, server_default=""),
    Column("ends_at", Instant),  # when the right to it ends; None: it does not, or it has
    Column("ended_at", Instant),
    _one_of("state", ArticleState),
    UniqueConstraint("source_id", "guid"),
    Index(None, "story_id"),
    Index(None, "first_seen_at"),
    Index(None, "published_at"),
    Index(None, "url"),
    Index(
        "ix_article_held",
        "source_id",
        sqlite_where=text("state = 'held'"),
        postgresql_where=text("state = 'held'"),
    ),
    Index(None, "ends_at"),
    Index(
        "ix_article_withdrawn",
        "withdrawn_at",
        sqlite_where=text("withdrawn_at IS NOT NULL"),
        postgresql_where=text("withdrawn_at IS NOT NULL"),
    ),
    Index(
        "ix_article_undecided",
        "id",
        sqlite_where=text("rights_rev <> rev OR rights_state <> state"),
        postgresql_where=text("rights_rev <> rev OR rights_state <> state"),
    ),
    Index(
        "ix_article_unindexed",
        "id",
        sqlite_where=text("indexed_rev <> rev"),
        postgresql_where=text("indexed_rev <> rev"),
    ),
)

article_revision = _table(
    "article_revision",
    _id(),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("title", Text, nullable=False),
    Column("content", JSON, nullable=False),  # the Article as storage.articles writes it
    UniqueConstraint("article_id", "hash"),
    UniqueConstraint("article_id", "rev"),
)

article_shingle = _table(
    "article_shingle",
    Column("shingle", BigInteger, nullable=False),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("shingle", "article_id"),
    Index(None, "article_id"),
)

image = _table(
    "image",  # a picture of an article: wanted, kept as files in the data directory, gone
    _id(),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("origin", Text, nullable=False),  # the address it is fetched from
    Column("credit", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("hash", Text),  # of its files; they may be those of other rows too
    Column("sizes", JSON, nullable=False, server_default="[]"),  # of each file: width, height, bytes
    Column("expires_at", Instant),
    Column("token", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant),  # of a wanted one; whoever fetches it moves this on before
    Column("reason", Text, nullable=False, server_default=""),  # why it did not come
    Column("kept_at", Instant),
    Column("gone_at", Instant),
    _one_of("state", ImageState),
    UniqueConstraint("article_id", "origin"),
    Index(None, "state", "next_try_at"),
    Index(None, "hash"),
)

article_related = _table(
    "article_related",  # other versions of the same event, each pair once: the later article first
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("other_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("nearness", Integer, nullable=False),  # per cent of the shorter text
    PrimaryKeyConstraint("article_id", "other_id"),
    Index(None, "other_id"),
)

absence = _table(
    "absence",  # articles that have left their source's list though newer than what is still listed
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("source_id", Id, ForeignKey("source.id", ondelete="CASCADE"), nullable=False),
    Column("since", Instant, nullable=False),
    Column("looks", Integer, nullable=False, server_default="0"),
    Column("refusals", Integer, nullable=False, server_default="0"),
    Column("refused_at", Instant),  # the first of the refusals
    Column("next_look_at", Instant),  # None: it is not looked for
    Column("lost", Boolean, nullable=False, server_default=false()),  # too many at once: a person looks first
    PrimaryKeyConstraint("article_id"),
    Index(None, "source_id"),
    Index(None, "next_look_at"),
)

topic = _table(
    "topic",
    _id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("words", JSON, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("position", Integer, nullable=False),
    Column("declared", Text),
)

article_topic = _table(
    "article_topic",
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("topic_id", Id, ForeignKey("topic.id", ondelete="CASCADE"), nullable=False),
    Column("decided_by", Text, nullable=False),
    PrimaryKeyConstraint("article_id", "topic_id"),
    Index(None, "topic_id"),
    _one_of("decided_by", DecidedBy),
)

# -- feeds ---------------------------------------------------------------------------------------------------

feed = _table(
    "feed",
    _id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("choice", JSON, nullable=False),
    Column("items_max", Integer, nullable=False),
    Column("declared", Text),
    Column("stale", Integer, nullable=False, server_default="1"),  # raised with each change; a build lowers what it saw
    Column("newsletter", Text),  # the newsletter whose editions it lists; None: it lists articles
    Column("again_at", Instant),  # when an embargo in it opens or a right in it ends
)

feed_snapshot = _table(
    "feed_snapshot",
    Column("feed_id", Id, ForeignKey("feed.id", ondelete="CASCADE"), nullable=False),
    Column("format", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("built_at", Instant, nullable=False),
    Column("fault", Text),  # why the newest build was not published; the last good document stays
    # The same bytes prepared for the wire. None: shorter as they are.
    Column("gzip", LargeBinary),
    Column("br", LargeBinary),
    Column("zstd", LargeBinary),
    Column("cuts", JSON, nullable=False, server_default="[]"),  # where each item begins, and where the last one ends
    Column("signals", JSON, nullable=False, server_default="[]"),  # what its partners ask of robots
    PrimaryKeyConstraint("feed_id", "format"),
    _one_of("format", FeedFormat),
)

article_change = _table(
    "article_change",  # articles that came, changed or went since feeds were last told
    _id(),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False, index=True),
)

feed_entry = _table(
    "feed_entry",  # what a feed has said, in order: each text of each article, and its withdrawal
    _id(),
    Column("feed_id", Id, ForeignKey("feed.id", ondelete="CASCADE"), nullable=False),
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("page", Integer),  # of the feed's archive, for good; None: not in it yet
    UniqueConstraint("feed_id", "article_id", "rev", "withdrawn"),
    Index(None, "feed_id", "page"),
    Index(None, "article_id"),
)

personal_feed = _table(
    "personal_feed",  # a feed at an address that only its reader knows, with the choice of their subscription
    _id(),
    Column("subscription_id", Id, ForeignKey("subscription.id"), nullable=False, index=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

hub_subscription = _table(
    "hub_subscription",  # who is told when a document of ours changes
    _id(),
    Column("topic", Text, nullable=False),  # "all.atom"
    Column("callback", Text, nullable=False),
    # What is asked for and not verified yet. It changes nothing of what holds below.
    Column("asked", Text),  # "subscribe" or "unsubscribe"
    Column("asked_secret", Text),
    Column("asked_seconds", Integer),
    # What holds.
    Column("secret", Text),
    Column("lease_until", Instant),  # None: never verified
    Column("sent_etag", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("topic", "callback"),
    Index(None, "next_try_at"),
)

hub_ping = _table(
    "hub_ping",  # hubs of others, told that a document of ours changed
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant),
    PrimaryKeyConstraint("hub", "topic"),
)

# -- newsletters and editions --------------------------------------------------------------------------------

newsletter = _table(
    "newsletter",
    _id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("schedules", JSON, nullable=False),
    Column("choice", JSON, nullable=False),
    Column("items_min", Integer, nullable=False),
    Column("items_max", Integer, nullable=False),
    Column("approval", Boolean, nullable=False),
    Column("late_policy", Text, nullable=False),
    Column("late_after_seconds", Integer, nullable=False),
    Column("reply_to", Text, nullable=False),
    Column("declared", Text),
)

stream = _table(
    "stream",
    Column("newsletter_id", Id, ForeignKey("newsletter.id"), nullable=False),
    Column("cadence", Text, nullable=False),
    Column("watermark", Instant, nullable=False),  # every slot due at or before it has been dealt with; it only grows
    PrimaryKeyConstraint("newsletter_id", "cadence"),
    _one_of("cadence", Cadence),
)

edition = _table(
    "edition",
    _id(),
    Column("newsletter_id", Id, ForeignKey("newsletter.id"), nullable=False),
    Column("cadence", Text, nullable=False),
    Column("slot_local", Text, nullable=False),  # "2026-03-29T02:30"
    Column("due_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("held_state", Text),  # the state to go back to from paused or held
    Column("reason", Text, nullable=False, server_default=""),
    Column("lease_until", Instant),
    Column("token", Integer, nullable=False, server_default="0"),
    Column("cutoff_at", Instant),
    Column("audience_max_id", Id),
    Column("plan_cursor", Id, nullable=False, server_default="0"),
    Column("content_hash", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    _one_of("cadence", Cadence),
    _one_of("state", EditionState),
    UniqueConstraint("newsletter_id", "cadence", "slot_local"),
    Index(None, "state"),
)

edition_item = _table(
    "edition_item",
    _id(),
    Column("edition_id", Id, ForeignKey("edition.id"), nullable=False),
    Column("newsletter_id", Id, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("story_id", Id, ForeignKey("story.id"), nullable=False),
    Column("article_id", Id, ForeignKey("article.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("rev_key", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    _one_of("kind", ItemKind),
    UniqueConstraint("newsletter_id", "cadence", "story_id", "kind", "rev_key"),
    Index(None, "edition_id", "position"),
    Index(None, "story_id"),
)

edition_content = _table(
    "edition_content",
    _id(),
    Column("edition_id", Id, ForeignKey("edition.id"), nullable=False),
    Column("variant", Text, nullable=False),
    Column("item_ids", JSON, nullable=False),  # edition_item ids in it: the item mask
    Column("subject", Text, nullable=False),
    Column("preheader", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("edition_id", "variant"),
)

addressee = _table(
    "addressee",  # for whom alone a content is, a thousand readers a row; a content without any is for all others
    Column("content_id", Id, ForeignKey("edition_content.id", ondelete="CASCADE"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("edition_id", Id, ForeignKey("edition.id"), nullable=False),
    Column("first_id", Id, nullable=False),
    Column("last_id", Id, nullable=False),
    Column("manifest", LargeBinary, nullable=False),
    PrimaryKeyConstraint("content_id", "n"),
    Index(None, "edition_id", "first_id"),
)

# -- readers -------------------------------------------------------------------------------------------------

subscriber = _table(
    "subscriber",
    _id(),
    Column("address", Text, nullable=False),
    Column("address_norm", Text, nullable=False, unique=True),
    Column("address_hash", Text, nullable=False, index=True),
    Column("locale", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

subscription = _table(
    "subscription",
    _id(),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("newsletter_id", Id, ForeignKey("newsletter.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("choice", JSON, nullable=False),
    Column("paused_until", Instant),
    Column("seen_until", Instant),  # the reader's own watermark: stories first seen before it are not new to them
    Column("consent", JSON, nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("unsubscribed_at", Instant),
    _one_of("state", SubscriptionState),
    _one_of("cadence", Cadence),
    UniqueConstraint("subscriber_id", "newsletter_id"),
    Index(None, "newsletter_id", "cadence", "state", "subscriber_id"),
)

suppression = _table(
    "suppression",
    _id(),
    Column("address_hash", Text, nullable=False),
    Column("scope", Id, nullable=False),  # a newsletter's id, or 0 for all
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("address_hash", "scope"),
)

setback = _table(
    "setback",  # what was said against mailing an address, once for each mailing and kind
    _id(),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("about", Text, nullable=False),  # "edition:12", "message:5"
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("forgiven_at", Instant),  # it counts no more: something was delivered since, or a person said so
    _one_of("kind", SetbackKind),
    UniqueConstraint("subscriber_id", "about", "kind"),
)

# -- deliveries ----------------------------------------------------------------------------------------------

batch = _table(
    "batch",
    Column("edition_id", Id, ForeignKey("edition.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("content_id", Id, ForeignKey("edition_content.id"), nullable=False),
    Column("wave", Instant, nullable=False),  # not before
    Column("state", Text, nullable=False),
    Column("manifest", LargeBinary, nullable=False),
    Column("count", Integer, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("token", Integer, nullable=False, server_default="0"),
    Column("lease_until", Instant),
    Column("next_try_at", Instant),
    Column("provider_ref", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("changed_at", Instant, nullable=False),
    Column("deferred_since", Instant),  # when its readers were first put off, message by message
    PrimaryKeyConstraint("edition_id", "n"),
    _one_of("state", BatchState),
    Index(None, "state", "wave"),
)

batch_cursor = _table(
    "batch_cursor",  # how far the claim of this token has come, a bit for each place in the manifest
    Column("edition_id", Id, nullable=False),
    Column("n", Integer, nullable=False),
    Column("token", Integer, nullable=False),
    Column("begun", LargeBinary, nullable=False),
    Column("accepted", LargeBinary, nullable=False),
    PrimaryKeyConstraint("edition_id", "n"),
    ForeignKeyConstraint(["edition_id", "n"], ["batch.edition_id", "batch.n"]),
)

domain_rest = _table(
    "domain_rest",  # recipients' domains that have asked for a rest, and are offered nothing until then
    Column("domain", Text, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("until", Instant, nullable=False),
    Column("detail", Text, nullable=False),
)

quota_day = _table(
    "quota_day",  # how many readers each transport was offered, less those who were definitely not accepted
    Column("transport", Text, nullable=False),
    Column("day", Text, nullable=False),  # "2026-05-07", UTC
    Column("domain", Text, nullable=False),  # of the readers; empty: all of them
    Column("used", BigInteger, nullable=False),
    PrimaryKeyConstraint("transport", "day", "domain"),
)

transport_rest = _table(
    "transport_rest",  # transports that have put us off, and are offered nothing until then
    Column("transport", Text, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("until", Instant, nullable=False),
    Column("detail", Text, nullable=False),
)

batch_attempt = _table(
    "batch_attempt",
    _id(),
    Column("attempt_id", Text, nullable=False, unique=True),
    Column("edition_id", Id, nullable=False),
    Column("n", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("transport", Text, nullable=False),
    Column("recipients", Integer, nullable=False),
    Column("claimed_at", Instant, nullable=False),
    # Written once, when the answer is known; never changed after.
    Column("finished_at", Instant),
    Column("verdict", Text),
    Column("phase", Text),
    Column("status", SmallInteger),
    Column("detail", Text),
    Column("provider_ref", Text),
    # Of readers who parted from the batch that was offered: by which name it was.
    Column("call_id", Text, index=True),
    # The provider keeps such a call back until `fence_at`, so it can be cancelled. "": no fence was drawn yet.
    Column("fence", Text),
    Column("fence_at", Instant),
    Column("fence_state", Text),  # None, "cancelled", or "released" when the provider need not remember it any more
    _one_of("verdict", Verdict),
    ForeignKeyConstraint(["edition_id", "n"], ["batch.edition_id", "batch.n"]),
    UniqueConstraint("edition_id", "n", "attempt"),
)

delivery_exception = _table(
    "delivery_exception",
    Column("edition_id", Id, ForeignKey("edition.id"), nullable=False),
    Column("subscriber_id", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("batch_n", Integer),  # None: left out at plan, in no manifest
    Column("detail", Text, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("edition_id", "subscriber_id", "kind"),
    _one_of("kind", ExceptionKind),
    Index(None, "edition_id", "batch_n"),
    # A reader has one place in the ledger; later kinds (a bounce, a complaint) are news about it, not another place.
    Index(
        "uq_delivery_exception_place",
        "edition_id",
        "subscriber_id",
        unique=True,
        sqlite_where=text("kind IN ('suppressed', 'unsubscribed', 'refused')"),
        postgresql_where=text("kind IN ('suppressed', 'unsubscribed', 'refused')"),
    ),
)

batch_bits = _table(
    "batch_bits",  # what events told, a bit for each place in the manifest
    Column("edition_id", Id, nullable=False),
    Column("n", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("bits", LargeBinary, nullable=False),
    PrimaryKeyConstraint("edition_id", "n", "kind"),
    ForeignKeyConstraint(["edition_id", "n"], ["batch.edition_id", "batch.n"]),
    _one_of("kind", BitKind),
)

event_spool = _table(
    "event_spool",  # signed bodies as they came; a row goes in the transaction that applies it
    _id(),
    Column("transport", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
)

event_aside = _table(
    "event_aside",  # what could not be applied, for a person to look at
    _id(),
    Column("transport", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("hash", Text, nullable=False),  # of the bytes: the same bad thing met again is one row
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("transport", "hash"),
)

event_tally = _table(
    "event_tally",  # how many of each kind came, by day
    Column("day", Text, nullable=False),  # "2026-05-07", UTC
    Column("kind", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    PrimaryKeyConstraint("day", "kind"),
)

message = _table(
    "message",
    _id(),
    Column("purpose", Text, nullable=False, unique=True),  # "confirm:17:2026-03-29"
    Column("kind", Text, nullable=False),
    Column("subscriber_id", Id, ForeignKey("subscriber.id"), nullable=False),
    Column("subscription_id", Id, ForeignKey("subscription.id")),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("token", Integer, nullable=False, server_default="0"),
    Column("lease_until", Instant),
    Column("next_try_at", Instant),
    Column("provider_ref", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    _one_of("state", BatchState),
    Index(None, "state", "next_try_at"),
)

# -- the house itself ----------------------------------------------------------------------------------------

audit_log = _table(
    "audit_log",
    _id(),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
)

alert = _table(
    "alert",
    _id(),
    Column("key", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("resolved_at", Instant),
    Index(
        "uq_alert_open",
        "key",
        unique=True,
        sqlite_where=text("resolved_at IS NULL"),
        postgresql_where=text("resolved_at IS NULL"),
    ),
)

notice = _table(
    "notice",  # an alert told on one way: when it began, and when it was over
    Column("alert_id", Id, ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    Column("way", Text, nullable=False),
    Column("resolved", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant),  # None: told, or given up
    Column("told_at", Instant),
    Column("detail", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("alert_id", "way", "resolved"),
    Index(None, "next_try_at"),
)

# -- the index of words: it can always be made anew from the articles ----------------------------------------

SEARCH = {
    "sqlite": ("CREATE VIRTUAL TABLE article_search USING fts5(words, tokenize='ascii', columnsize=0)",),
    "postgresql": (
        "CREATE TABLE article_search (article_id BIGINT NOT NULL, words TSVECTOR NOT NULL,"
        " CONSTRAINT pk_article_search PRIMARY KEY (article_id),"
        " CONSTRAINT fk_article_search_article_id FOREIGN KEY (article_id) REFERENCES article (id) ON DELETE CASCADE)",
        "CREATE INDEX ix_article_search_words ON article_search USING gin (words)",
    ),
}
"""What SQLAlchemy has no words for. An article waits for it while its `indexed_rev` is not its `rev`."""

__all__ = [name for name, value in list(globals().items()) if isinstance(value, Table)] + ["Id", "Instant", "metadata"]


def create(connection: Connection) -> None:
    """Every table as it is written here: for tests, and to compare with what the migrations lead to.

    From a copy, because SQLAlchemy remembers on a constraint that one engine added it by ALTER TABLE, and would leave
    it out of the next engine's CREATE TABLE.
    """
    copy = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        table.to_metadata(copy)
    copy.create_all(connection)
    for statement in SEARCH[connection.dialect.name]:
        connection.exec_driver_sql(statement)
