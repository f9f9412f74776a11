"""Events of deliveries: spooled, kept as bits, and what is said against an address."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLACES = sa.text("kind IN ('suppressed', 'unsubscribed', 'refused')")


def upgrade() -> None:
    _kinds_of_exceptions()
    _setbacks()
    _bits()
    _spool()


def _kinds_of_exceptions() -> None:
    """Three kinds more. SQLite changes no CHECK in place, so the table is made anew under its own name."""
    check = "kind IN ('suppressed', 'unsubscribed', 'refused', 'bounced', 'dropped', 'complained')"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_delivery_exception_kind"), "delivery_exception", type_="check")
        op.create_check_constraint(op.f("ck_delivery_exception_kind"), "delivery_exception", check)
        return
    op.drop_index("ix_delivery_exception_edition_id_batch_n", "delivery_exception")
    op.drop_index("uq_delivery_exception_place", "delivery_exception")
    op.rename_table("delivery_exception", "delivery_exception_before")
    op.create_table(
        "delivery_exception",
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("batch_n", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(check, name=op.f("ck_delivery_exception_kind")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_delivery_exception_edition_id")),
        sa.PrimaryKeyConstraint("edition_id", "subscriber_id", "kind", name=op.f("pk_delivery_exception")),
    )
    op.execute(
        "INSERT INTO delivery_exception (edition_id, subscriber_id, kind, batch_n, detail, at)"
        " SELECT edition_id, subscriber_id, kind, batch_n, detail, at FROM delivery_exception_before"
    )
    op.drop_table("delivery_exception_before")
    op.create_index(op.f("ix_delivery_exception_edition_id_batch_n"), "delivery_exception", ["edition_id", "batch_n"])
    op.create_index(
        "uq_delivery_exception_place",
        "delivery_exception",
        ["edition_id", "subscriber_id"],
        unique=True,
        sqlite_where=PLACES,
    )


def _setbacks() -> None:
    op.create_table(
        "setback",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("forgiven_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('hard', 'soft', 'full', 'invalid', 'complaint', 'left')", name=op.f("ck_setback_kind")
        ),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name=op.f("fk_setback_subscriber_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setback")),
        sa.UniqueConstraint("subscriber_id", "about", "kind", name=op.f("uq_setback_subscriber_id_about_kind")),
        sqlite_autoincrement=True,
    )


def _bits() -> None:
    op.create_table(
        "batch_bits",
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('reported', 'deferred', 'delivered', 'bounced', 'dropped', 'complained', 'left')",
            name=op.f("ck_batch_bits_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id", "n"], ["batch.edition_id", "batch.n"], name=op.f("fk_batch_bits_edition_id_n")
        ),
        sa.PrimaryKeyConstraint("edition_id", "n", "kind", name=op.f("pk_batch_bits")),
    )


def _spool() -> None:
    op.create_table(
        "event_spool",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_spool")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "event_aside",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("transport", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_aside")),
        sa.UniqueConstraint("transport", "hash", name=op.f("uq_event_aside_transport_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "event_tally",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", name=op.f("pk_event_tally")),
    )
