"""What the publication is made of: partners, sources, topics, feeds, newsletters. In: Declared. Out: rows, and values.

Applying twice changes nothing the second time. What a file no longer declares is kept; a source of it is paused, and
goes on when it is declared again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.feed import Topic
from syndication.model.newsletter import LatePolicy, Newsletter
from syndication.model.publication import Applied, Declaration, Declared
from syndication.model.source import SourceState
from syndication.storage import feed_entries, images, page_reads, schema, search, values
from syndication.storage.database import insert

UNDECLARED = "paused: no longer declared"


def apply(connection: Connection, declared: Declared, now: datetime) -> Applied:
    """Write `declared`, in the caller's transaction, and say what that did."""
    report = _Report()
    for partner in declared.partners:
        _put(connection, schema.partner, partner, _partner_row(partner), report)
    partner_ids = _ids(connection, schema.partner)
    for source in declared.sources:
        _put_source(connection, source, partner_ids[source.value.partner.slug], now, report)
    for position, topic in enumerate(declared.topics):
        _put(connection, schema.topic, topic, _topic_row(topic, position), report)
    for feed in declared.feeds:
        _put_feed(connection, feed, report)
    for newsletter in declared.newsletters:
        _put(connection, schema.newsletter, newsletter, _newsletter_row(newsletter), report)
    _open_streams(connection, declared.newsletters, now)
    _let_go(connection, declared, report)
    return report.applied()


def newsletters(connection: Connection) -> list[Newsletter]:
    """All of them, by title."""
    rows = connection.execute(sa.select(schema.newsletter).order_by(schema.newsletter.c.title, schema.newsletter.c.id))
    return [_newsletter(row) for row in rows.mappings()]


def newsletter(connection: Connection, slug: str) -> Newsletter | None:
    rows = connection.execute(sa.select(schema.newsletter).where(schema.newsletter.c.slug == slug))
    found = rows.mappings().first()
    return None if found is None else _newsletter(found)


def topics(connection: Connection) -> tuple[Topic, ...]:
    """The publication's subjects, in the order in which they are declared."""
    rows = connection.execute(sa.select(schema.topic).order_by(schema.topic.c.position, schema.topic.c.id))
    return tuple(
        Topic(slug=row.slug, title=row.title, words=tuple(row.words), categories=tuple(row.categories)) for row in rows
    )


class _Report:
    def __init__(self) -> None:
        self.added: list[str] = []
        self.changed: list[str] = []
        self.unchanged: list[str] = []
        self.paused: list[str] = []
        self.left: list[str] = []

    def applied(self) -> Applied:
        return Applied(
            added=tuple(self.added),
            changed=tuple(self.changed),
            unchanged=tuple(self.unchanged),
            paused=tuple(self.paused),
            left=tuple(self.left),
        )


def _put(
    connection: Connection,
    table: sa.Table,
    declaration: Declaration[Any],
    row: Mapping[str, Any],
    report: _Report,
    *,
    when_new: Mapping[str, Any] | None = None,
    when_changed: Mapping[str, Any] | None = None,
) -> None:
    """Insert or update the row of this slug; where it is declared is told along and is no change by itself."""
    slug = declaration.value.slug
    known = connection.execute(sa.select(table).where(table.c.slug == slug)).mappings().first()
    if known is None:
        connection.execute(table.insert().values(**row, declared=declaration.declared, **(when_new or {})))
        report.added.append(f"{table.name} {slug}")
        return
    changed = {name: value for name, value in row.items() if known[name] != value}
    extra = (when_changed or {}) if changed else {}
    if changed or known["declared"] != declaration.declared:
        connection.execute(
            table.update().where(table.c.id == known["id"]).values(**changed, **extra, declared=declaration.declared)
        )
    (report.changed if changed else report.unchanged).append(f"{table.name} {slug}")


def _put_source(
    connection: Connection, source: Declaration[Any], partner_id: int, now: datetime, report: _Report
) -> None:
    table, value = schema.source, source.value
    state = connection.execute(sa.select(table).where(table.c.slug == value.slug)).first()
    row: dict[str, Any] = {
        "partner_id": partner_id,
        "url": value.url,
        "rights": values.rights_to_json(value.rights),
        "topics": list(value.topics),
        "article_from": value.article_from.value,
        "poll_seconds": value.poll_seconds,
        "credentials": value.credentials or None,
        "pages": values.pages_to_json(value),
    }
    if state is not None and state.pages != row["pages"]:
        page_reads.forget(connection, state.id)  # what pages were like under other rules says nothing of these
        row |= {"etag": None, "last_modified": None, "body_hash": None, "next_poll_at": now}
    if state is not None and (state.url, state.credentials or "") != (value.url, value.credentials):
        # Another address, or another door to it: what the old one said about itself does not hold.
        row |= {"etag": None, "last_modified": None, "body_hash": None, "failures": 0, "next_poll_at": now}
        row |= {"url_now": None, "moved_to": None, "moved_since": None}
    if state is not None and state.rights != row["rights"]:
        search.forget(connection, state.id)
        images.forget(connection, state.id)
    if state is not None and state.state == SourceState.PAUSED and state.last_error == UNDECLARED:
        row |= {"state": SourceState.IDLE.value, "last_error": None, "next_poll_at": now}
    _put(connection, table, source, {**row, "slug": value.slug}, report, when_new={"next_poll_at": now})


def _put_feed(connection: Connection, feed: Declaration[Any], report: _Report) -> None:
    table, row = schema.feed, _feed_row(feed)
    known = connection.execute(sa.select(table.c.id, table.c.choice).where(table.c.slug == feed.value.slug)).first()
    if known is not None and values.choice_from_json(known.choice) != feed.value.choice:
        feed_entries.forget(connection, known.id)
    _put(connection, table, feed, row, report, when_changed={"stale": table.c.stale + 1})


def _open_streams(connection: Connection, newsletters: Iterable[Declaration[Newsletter]], now: datetime) -> None:
    """A stream for each cadence offered. A new one begins now: it owes nobody the slots before it."""
    ids = _ids(connection, schema.newsletter)
    for newsletter in newsletters:
        for schedule in newsletter.value.schedules:
            connection.execute(
                insert(connection, schema.stream)
                .values(newsletter_id=ids[newsletter.value.slug], cadence=schedule.cadence.value, watermark=now)
                .on_conflict_do_nothing()
            )


def _let_go(connection: Connection, declared: Declared, report: _Report) -> None:
    """Take the mark "declared" off all that no file declares any more; pause such sources."""
    tables: Mapping[sa.Table, tuple[Declaration[Any], ...]] = {
        schema.partner: declared.partners,
        schema.source: declared.sources,
        schema.topic: declared.topics,
        schema.feed: declared.feeds,
        schema.newsletter: declared.newsletters,
    }
    for table, declarations in tables.items():
        kept = {declaration.value.slug for declaration in declarations}
        found = connection.scalars(sa.select(table.c.slug).where(table.c.declared.is_not(None)).order_by(table.c.slug))
        for slug in [slug for slug in found if slug not in kept]:
            pause: dict[str, Any] = {}
            if table is schema.source:
                pause = {"state": SourceState.PAUSED.value, "last_error": UNDECLARED, "lease_until": None}
            connection.execute(table.update().where(table.c.slug == slug).values(declared=None, **pause))
            (report.paused if pause else report.left).append(f"{table.name} {slug}")


def _ids(connection: Connection, table: sa.Table) -> dict[str, int]:
    return dict(connection.execute(sa.select(table.c.slug, table.c.id)).all())


def _partner_row(partner: Declaration[Any]) -> dict[str, Any]:
    value = partner.value
    return {"slug": value.slug, "name": value.name, "homepage": value.homepage}


def _topic_row(topic: Declaration[Topic], position: int) -> dict[str, Any]:
    value = topic.value
    return {
        "slug": value.slug,
        "title": value.title,
        "words": list(value.words),
        "categories": list(value.categories),
        "position": position,
    }


def _feed_row(feed: Declaration[Any]) -> dict[str, Any]:
    value = feed.value
    return {
        "slug": value.slug,
        "title": value.title,
        "description": value.description,
        "choice": values.choice_to_json(value.choice),
        "items_max": value.items_max,
        "newsletter": value.newsletter or None,
    }


def _newsletter_row(newsletter: Declaration[Newsletter]) -> dict[str, Any]:
    value = newsletter.value
    return {
        "slug": value.slug,
        "title": value.title,
        "description": value.description,
        "template": value.template,
        "schedules": [values.schedule_to_json(schedule) for schedule in value.schedules],
        "choice": values.choice_to_json(value.choice),
        "items_min": value.items_min,
        "items_max": value.items_max,
        "approval": value.approval,
        "late_policy": value.late_policy.value,
        "late_after_seconds": value.late_after_seconds,
        "reply_to": value.reply_to,
    }


def _newsletter(row: sa.RowMapping) -> Newsletter:
    return Newsletter(
        id=row["id"],
        slug=row["slug"],
        title=row["title"],
        description=row["description"],
        schedules=tuple(values.schedule_from_json(schedule) for schedule in row["schedules"]),
        template=row["template"],
        choice=values.choice_from_json(row["choice"]),
        items_min=row["items_min"],
        items_max=row["items_max"],
        approval=row["approval"],
        late_policy=LatePolicy(row["late_policy"]),
        late_after_seconds=row["late_after_seconds"],
        reply_to=row["reply_to"],
    )
