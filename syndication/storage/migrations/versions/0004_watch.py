"""Sources watched: their rhythm, where they move to, what left their lists; and alerts told to an operator."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Not a batch: on SQLite that would make the table anew, and dropping the old one would take the fetch log along.
    op.add_column("source", sa.Column("last_outcome", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("url_now", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("moved_to", sa.Text(), nullable=True))
    op.add_column("source", sa.Column("moved_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("source", sa.Column("rhythm", sa.JSON(), nullable=True))
    held = sa.text("state = 'held'")
    op.create_index("ix_article_held", "article", ["source_id"], sqlite_where=held, postgresql_where=held)
    _tables()


def _tables() -> None:
    op.create_table(
        "listing",
        sa.Column("source_id", Id, nullable=False),
        sa.Column("guids", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_listing_source_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_listing")),
    )
    op.create_table(
        "absence",
        sa.Column("article_id", Id, nullable=False),
        sa.Column("source_id", Id, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refusals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lost", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_absence_article_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_absence_source_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_source_id"), "absence", ["source_id"], unique=False)
    op.create_index(op.f("ix_absence_next_look_at"), "absence", ["next_look_at"], unique=False)
    op.create_table(
        "notice",
        sa.Column("alert_id", Id, nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_notice_alert_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("alert_id", "way", "resolved", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_next_try_at"), "notice", ["next_try_at"], unique=False)
