"""What the latest pages of a source were like. In: PageLooks. Out: the same, newest first."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.pages import PageLook
from syndication.storage.schema import page_read

KEPT_MAX = 40
"""Of one source."""


def add(connection: Connection, source_id: int, looks: Sequence[PageLook]) -> None:
    if not looks:
        return
    connection.execute(page_read.insert(), [_row(source_id, look) for look in looks])
    kept = sa.select(page_read.c.id).where(page_read.c.source_id == source_id).order_by(page_read.c.id.desc())
    oldest = connection.scalar(kept.offset(KEPT_MAX - 1).limit(1))
    if oldest is not None:
        connection.execute(page_read.delete().where(page_read.c.source_id == source_id, page_read.c.id < oldest))


def latest(connection: Connection, source_id: int, *, limit: int = KEPT_MAX) -> list[PageLook]:
    rows = connection.execute(
        sa.select(page_read).where(page_read.c.source_id == source_id).order_by(page_read.c.id.desc()).limit(limit)
    )
    return [_look(row.url, row.at, row.refused, row.content) for row in rows]


def forget(connection: Connection, source_id: int) -> None:
    connection.execute(page_read.delete().where(page_read.c.source_id == source_id))


_KEPT_APART = frozenset(("url", "at", "refused"))


def _row(source_id: int, look: PageLook) -> dict[str, Any]:
    content = {name: value for name, value in asdict(look).items() if name not in _KEPT_APART}
    return {"source_id": source_id, "at": look.at, "url": look.url, "refused": look.refused, "content": content}


def _look(url: str, at: datetime, refused: str, content: dict[str, Any]) -> PageLook:
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in content.items()}
    return PageLook(url, at, refused, **told)
