"""How much each transport takes a day, when one rests, and calls that can be cancelled."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quota_day",
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("transport", "day", "domain", name=op.f("pk_quota_day")),
    )
    op.create_table(
        "transport_rest",
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("transport", name=op.f("pk_transport_rest")),
    )
    op.add_column("batch_attempt", sa.Column("fence", sa.Text(), nullable=True))
    op.add_column("batch_attempt", sa.Column("fence_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("batch_attempt", sa.Column("fence_state", sa.Text(), nullable=True))
