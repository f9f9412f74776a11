"""Attempts of readers who parted from the batch that was offered name the call that they were offered in."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

attempt = sa.table("batch_attempt", sa.column("attempt_id", sa.Text()), sa.column("call_id", sa.Text()))
ID_LENGTH = 32
"""What comes behind it in the id of a part is a dot and the number of its batch, for each time that it parted."""


def upgrade() -> None:
    op.add_column("batch_attempt", sa.Column("call_id", sa.Text(), nullable=True))
    op.create_index(op.f("ix_batch_attempt_call_id"), "batch_attempt", ["call_id"])
    parted = attempt.c.attempt_id.like("%.%")
    op.execute(attempt.update().where(parted).values(call_id=sa.func.substr(attempt.c.attempt_id, 1, ID_LENGTH)))
