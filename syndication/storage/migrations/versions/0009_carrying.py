"""Batches carried message by message: how far each has come, who was put off, which domains rest."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("batch", sa.Column("deferred_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "batch_cursor",
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("begun", sa.LargeBinary(), nullable=False),
        sa.Column("accepted", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id", "n"], ["batch.edition_id", "batch.n"], name=op.f("fk_batch_cursor_edition_id_n")
        ),
        sa.PrimaryKeyConstraint("edition_id", "n", name=op.f("pk_batch_cursor")),
    )
    op.create_table(
        "domain_rest",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_domain_rest")),
    )
