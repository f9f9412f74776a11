"""What people must be told, once while it lasts; and the audit log of what they did."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.storage.database import insert
from syndication.storage.schema import alert as alerts
from syndication.storage.schema import audit_log

TURNSTILE = 0x53594E44
"""Ours among a database's advisory locks."""


@dataclass(frozen=True, slots=True)
class Alert:
    key: str
    at: datetime
    text: str


def raise_alert(connection: Connection, key: str, text: str, now: datetime) -> None:
    """While an alert of that key is open nothing is added."""
    connection.execute(insert(connection, alerts).values(key=key, at=now, text=text).on_conflict_do_nothing())


def resolve(connection: Connection, key: str, now: datetime) -> bool:
    """Close the open alert of that key, and those under it: "source:bay" closes "source:bay:gone" too. True: it was."""
    under = alerts.c.key.startswith(key.removesuffix(":") + ":", autoescape=True)
    closed = connection.execute(
        alerts.update()
        .where(alerts.c.resolved_at.is_(None), sa.or_(alerts.c.key == key, under))
        .values(resolved_at=now)
    )
    return closed.rowcount > 0


def open_alerts(connection: Connection) -> list[Alert]:
    """Newest first."""
    rows = connection.execute(
        sa.select(alerts).where(alerts.c.resolved_at.is_(None)).order_by(alerts.c.at.desc(), alerts.c.id.desc())
    )
    return [Alert(row.key, row.at, row.text) for row in rows]


def about_pages(connection: Connection) -> dict[str, dict[str, str]]:
    """By source, what is open about its pages: "theme", "pages"; in words, without the source's name and what to do."""
    about = sa.or_(alerts.c.key.endswith(":theme"), alerts.c.key.endswith(":pages"))
    query = sa.select(alerts.c.key, alerts.c.text).where(
        alerts.c.resolved_at.is_(None), alerts.c.key.startswith("source:"), about
    )
    found: dict[str, dict[str, str]] = {}
    for key, text in connection.execute(query):
        _, slug, kind = key.split(":", 2)
        found.setdefault(slug, {})[kind] = text.removeprefix(f"{slug}: ").partition(". What to do: ")[0]
    return found


def audit(connection: Connection, *, actor: str, action: str, subject: str, detail: str, now: datetime) -> None:
    connection.execute(audit_log.insert().values(at=now, actor=actor, action=action, subject=subject, detail=detail))


def times(connection: Connection, action: str, since: datetime) -> int:
    """How often this was done since then."""
    query = sa.select(sa.func.count()).where(audit_log.c.action == action, audit_log.c.at > since)
    return connection.scalar(query) or 0


def turnstile(connection: Connection) -> None:
    """One at a time through here until the transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(TURNSTILE)))
