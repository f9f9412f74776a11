"""Publish: documents prepared for the wire, what a feed has said, personal feeds, and who is told of changes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("feed", sa.Column("newsletter", sa.Text(), nullable=True))
    op.add_column("feed", sa.Column("again_at", sa.DateTime(timezone=True), nullable=True))
    for coding in ("gzip", "br", "zstd"):
        op.add_column("feed_snapshot", sa.Column(coding, sa.LargeBinary(), nullable=True))
    for list_ in ("cuts", "signals"):
        op.add_column("feed_snapshot", sa.Column(list_, sa.JSON(), server_default="[]", nullable=False))
    _entries()
    _personal()
    _hub()
    op.execute("UPDATE feed SET stale = stale + 1")


def _entries() -> None:
    op.create_table(
        "article_change",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_change_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_article_change_article_id"), "article_change", ["article_id"], unique=False)
    op.create_table(
        "feed_entry",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("feed_id", Id, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_entry_feed_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_feed_entry_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_entry")),
        sa.UniqueConstraint(
            "feed_id", "article_id", "rev", "withdrawn", name=op.f("uq_feed_entry_feed_id_article_id_rev_withdrawn")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_feed_entry_feed_id_page"), "feed_entry", ["feed_id", "page"], unique=False)
    op.create_index(op.f("ix_feed_entry_article_id"), "feed_entry", ["article_id"], unique=False)


def _personal() -> None:
    op.create_table(
        "personal_feed",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("subscription_id", Id, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_personal_feed_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_feed_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_personal_feed_subscription_id"), "personal_feed", ["subscription_id"], unique=False)


def _hub() -> None:
    op.create_table(
        "hub_subscription",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("callback", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("asked_secret", sa.Text(), nullable=True),
        sa.Column("asked_seconds", sa.Integer(), nullable=True),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_etag", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_subscription")),
        sa.UniqueConstraint("topic", "callback", name=op.f("uq_hub_subscription_topic_callback")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_hub_subscription_next_try_at"), "hub_subscription", ["next_try_at"], unique=False)
    op.create_table(
        "hub_ping",
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("hub", "topic", name=op.f("pk_hub_ping")),
    )
