"""Sources added by hand: the same rows as declared ones, with the safe default of rights. And sources put to rest.

In: Applicants. Out: names. No file declares what is added here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.errors import NotFoundError, PolicyError
from syndication.model.enrol import Applicant
from syndication.model.rights import Rights
from syndication.model.source import ArticleFrom, SourceState
from syndication.storage import alerts, values
from syndication.storage.database import Database
from syndication.storage.schema import partner as partners
from syndication.storage.schema import source as sources
from syndication.storage.schema import topic as topics

POLL_SECONDS = 900
SLUG_CHARACTERS_MAX = 60
BY_HAND = "paused by hand"


class Roll:
    """The roll of sources, as `jobs.enlist` asks for it. `actor` is whom the audit log names."""

    def __init__(self, database: Database, *, actor: str) -> None:
        self._database = database
        self._actor = actor
        self._given: list[str] = []

    def addresses(self) -> list[tuple[str, str]]:
        with self._database.read() as connection:
            return list(addresses(connection))

    def topics(self) -> dict[str, str]:
        """Topics by slug and by title in small letters."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(topics.c.slug, topics.c.title)).all()
        return {title.casefold(): slug for slug, title in rows} | {slug: slug for slug, _ in rows}

    def add(self, applicants: Sequence[Applicant], now: datetime) -> list[str]:
        """All of them in one transaction."""
        with self._database.write() as connection:
            # Names given before are told once only in a rehearsal too, where the database has forgotten them.
            added = add(connection, applicants, now, given=self._given)
            self._given += added
            subject = added[0] if len(added) == 1 else f"{len(added)} sources"
            alerts.audit(
                connection,
                actor=self._actor,
                action="source add",
                subject=subject,
                detail=", ".join(added)[:1000],
                now=now,
            )
        return added


def addresses(connection: Connection) -> Iterator[tuple[str, str]]:
    """Each source's address and name."""
    yield from connection.execute(sa.select(sources.c.url, sources.c.slug).order_by(sources.c.id))


def add(
    connection: Connection, applicants: Sequence[Applicant], now: datetime, *, given: Sequence[str] = ()
) -> list[str]:
    """Write them and answer their names, in order; none of those that were `given` before.

    Raises PolicyError for an address that is a source already, NotFoundError for an unknown partner.
    """
    urls = dict(addresses(connection))
    taken, houses = _Names(connection, sources, given), _Houses(connection)
    rows = []
    for applicant in applicants:
        if applicant.url in urls:
            raise PolicyError(f"{applicant.url} is collected already", why=f"it is the source {urls[applicant.url]!r}")
        rows.append(_row(applicant, now, taken, houses))
        urls[applicant.url] = rows[-1]["slug"]
    if rows:
        connection.execute(sources.insert(), rows)
    return [row["slug"] for row in rows]


def pause(connection: Connection, slug: str, *, why: str, actor: str, now: datetime) -> None:
    """Ask it no more until it is resumed; a poll under way writes nothing. Raises NotFoundError, PolicyError."""
    state = _state(connection, slug)
    if state is SourceState.PAUSED:
        raise PolicyError(
            f"the source {slug!r} is paused already", fix=f"`syndication source resume {slug}` lets it go on"
        )
    reason = f"{BY_HAND}: {why}" if why else BY_HAND
    connection.execute(
        sources.update()
        .where(sources.c.slug == slug)
        .values(state=SourceState.PAUSED.value, last_error=reason, lease_until=None)
    )
    alerts.audit(connection, actor=actor, action="source pause", subject=slug, detail=why, now=now)


def resume(connection: Connection, slug: str, *, actor: str, now: datetime) -> None:
    """Poll it again, from now on, its failures forgotten. Raises NotFoundError, or PolicyError: it is not at rest."""
    state = _state(connection, slug)
    if state not in (SourceState.PAUSED, SourceState.GONE):
        raise PolicyError(f"the source {slug!r} is neither paused nor gone", why=f"it is {state.value}")
    connection.execute(
        sources.update()
        .where(sources.c.slug == slug)
        .values(state=SourceState.IDLE.value, last_error=None, lease_until=None, failures=0, next_poll_at=now)
    )
    alerts.resolve(connection, f"source:{slug}", now)
    alerts.audit(connection, actor=actor, action="source resume", subject=slug, detail=f"was {state.value}", now=now)


def _state(connection: Connection, slug: str) -> SourceState:
    state = connection.scalar(sa.select(sources.c.state).where(sources.c.slug == slug).with_for_update())
    if state is None:
        raise NotFoundError(f"there is no source {slug!r}", fix="see `syndication source list`")
    return SourceState(state)


def _row(applicant: Applicant, now: datetime, taken: "_Names", houses: "_Houses") -> dict[str, Any]:
    return {
        "partner_id": houses.known(applicant.partner) if applicant.partner else houses.of(applicant),
        "slug": taken.free(_slug(applicant.name) or _of_host(applicant.url)),
        "url": applicant.url,
        "rights": values.rights_to_json(Rights()),
        "topics": list(applicant.topics),
        "article_from": ArticleFrom.AUTO.value,
        "poll_seconds": POLL_SECONDS,
        "credentials": applicant.credentials or None,
        "pages": values.kind_to_json(applicant.kind),
        "next_poll_at": now,
    }


class _Names:
    """The names of a table, all in memory: a list may bring a hundred thousand, many of one wish."""

    def __init__(self, connection: Connection, table: sa.Table, given: Iterable[str] = ()) -> None:
        self._taken = set(connection.scalars(sa.select(table.c.slug))) | set(given)
        self._next: dict[str, int] = {}

    def free(self, wish: str) -> str:
        name, n = wish, self._next.get(wish, 2)
        while name in self._taken:
            name, n = f"{wish}-{n}", n + 1
        self._next[wish] = n
        self._taken.add(name)
        return name


class _Houses:
    """Partners: the one that is named, the one with that home page, or a new one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names = _Names(connection, partners)
        rows = connection.execute(
            sa.select(partners.c.id, partners.c.slug, partners.c.homepage).order_by(partners.c.id.desc())
        )
        self._by_slug: dict[str, int] = {}
        self._by_home: dict[str, int] = {}
        for id, slug, home in rows:
            self._by_slug[slug] = self._by_home[_home(home)] = id

    def known(self, slug: str) -> int:
        if slug not in self._by_slug:
            listed = ", ".join(sorted(self._by_slug)[:20])
            raise NotFoundError(f"there is no partner {slug!r}", fix=f"one of: {listed}" if listed else "leave it out")
        return self._by_slug[slug]

    def of(self, applicant: Applicant) -> int:
        home = applicant.home or applicant.url
        if _home(home) not in self._by_home:
            slug = self._names.free(_of_host(home))
            row = {"slug": slug, "name": applicant.title or slug, "homepage": home}
            made = self._connection.execute(partners.insert().values(**row).returning(partners.c.id)).scalar_one()
            self._by_slug[slug] = self._by_home[_home(home)] = int(made)
        return self._by_home[_home(home)]


def _home(url: str) -> str:
    return url.partition("://")[2].rstrip("/").removeprefix("www.").lower()


def _of_host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return _slug(host.removeprefix("www.")) or "source"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:SLUG_CHARACTERS_MAX].strip("-")
