"""Search: an index of the words that may be shown. Every article waits for it until it was put in."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not a batch: on SQLite that would make the table anew, and everything that refers to it.
    op.add_column("article", sa.Column("indexed_rev", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_article_unindexed",
        "article",
        ["id"],
        unique=False,
        sqlite_where=sa.text("indexed_rev <> rev"),
        postgresql_where=sa.text("indexed_rev <> rev"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE article_search USING fts5(words, tokenize='ascii', columnsize=0)")
        return
    op.execute(
        "CREATE TABLE article_search (article_id BIGINT NOT NULL, words TSVECTOR NOT NULL,"
        " CONSTRAINT pk_article_search PRIMARY KEY (article_id),"
        " CONSTRAINT fk_article_search_article_id FOREIGN KEY (article_id) REFERENCES article (id) ON DELETE CASCADE)"
    )
    op.execute("CREATE INDEX ix_article_search_words ON article_search USING gin (words)")
