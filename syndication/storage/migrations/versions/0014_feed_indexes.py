"""What the building of feeds asks again and again: the articles of a topic, and what was withdrawn lately."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_article_topic_topic_id"), "article_topic", ["topic_id"], unique=False)
    op.create_index(
        "ix_article_withdrawn",
        "article",
        ["withdrawn_at"],
        unique=False,
        sqlite_where=sa.text("withdrawn_at IS NOT NULL"),
        postgresql_where=sa.text("withdrawn_at IS NOT NULL"),
    )
