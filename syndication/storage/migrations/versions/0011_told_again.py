"""What is told again: corrections to those who got the old text, and other versions of an event."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "addressee",
        sa.Column("content_id", Id, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("first_id", Id, nullable=False),
        sa.Column("last_id", Id, nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"], ["edition_content.id"], name=op.f("fk_addressee_content_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_addressee_edition_id")),
        sa.PrimaryKeyConstraint("content_id", "n", name=op.f("pk_addressee")),
    )
    op.create_index(op.f("ix_addressee_edition_id_first_id"), "addressee", ["edition_id", "first_id"], unique=False)
    op.create_table(
        "article_related",
        sa.Column("article_id", Id, nullable=False),
        sa.Column("other_id", Id, nullable=False),
        sa.Column("nearness", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_related_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["article.id"], name=op.f("fk_article_related_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "other_id", name=op.f("pk_article_related")),
    )
    op.create_index(op.f("ix_article_related_other_id"), "article_related", ["other_id"], unique=False)
