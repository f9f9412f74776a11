"""Rights carried out: what they come to for each article, and the pictures that are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNDECIDED = "rights_rev <> rev OR rights_state <> state"


def upgrade() -> None:
    # Not a batch: on SQLite that would make the table anew, and everything that refers to it.
    op.add_column("article", sa.Column("rights_rev", sa.Integer(), server_default="0", nullable=False))
    op.add_column("article", sa.Column("rights_state", sa.Text(), server_default="", nullable=False))
    op.add_column("article", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("article", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_article_ends_at"), "article", ["ends_at"], unique=False)
    op.create_index(
        "ix_article_undecided",
        "article",
        ["id"],
        unique=False,
        sqlite_where=sa.text(UNDECIDED),
        postgresql_where=sa.text(UNDECIDED),
    )
    op.create_table(
        "image",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("credit", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=True),
        sa.Column("sizes", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('wanted', 'kept', 'refused', 'leaving', 'gone')", name=op.f("ck_image_state")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_image_article_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("article_id", "origin", name=op.f("uq_image_article_id_origin")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_image_hash"), "image", ["hash"], unique=False)
    op.create_index(op.f("ix_image_state_next_try_at"), "image", ["state", "next_try_at"], unique=False)
