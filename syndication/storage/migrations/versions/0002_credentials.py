"""Feeds behind a door: a source may name the credentials that open it. The secret itself is never in the database."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not a batch: on SQLite that would make the table anew, and dropping the old one would take the fetch log along.
    op.add_column("source", sa.Column("credentials", sa.Text(), nullable=True))
