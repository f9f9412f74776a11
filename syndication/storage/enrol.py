"""One source added by hand: the same rows as a declared one, with the safe default of rights. No file declares it."""

import re
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.errors import NotFoundError, PolicyError
from syndication.model.rights import Rights
from syndication.model.source import ArticleFrom
from syndication.storage import values
from syndication.storage.schema import partner as partners
from syndication.storage.schema import source as sources

POLL_SECONDS = 900


def add(
    connection: Connection,
    url: str,
    *,
    title: str,
    home: str,
    now: datetime,
    slug: str | None = None,
    partner: str | None = None,
) -> str:
    """Write it and answer its name. `partner` must be known; None makes one from `title` and `home`.

    Raises PolicyError for an address or a name that is taken, NotFoundError for an unknown partner.
    """
    known = connection.execute(sa.select(sources.c.slug).where(sources.c.url == url)).scalar()
    if known is not None:
        raise PolicyError(f"{url} is collected already", why=f"it is the source {known!r}")
    name = slug or _free(connection, sources, _slug(url))
    if connection.scalar(sa.select(sources.c.id).where(sources.c.slug == name)) is not None:
        raise PolicyError(f"there is a source {name!r} already", fix="give another --name")
    partner_id = _known(connection, partner) if partner else _made(connection, url, title, home)
    connection.execute(
        sources.insert().values(
            partner_id=partner_id,
            slug=name,
            url=url,
            rights=values.rights_to_json(Rights()),
            topics=[],
            article_from=ArticleFrom.AUTO.value,
            poll_seconds=POLL_SECONDS,
            next_poll_at=now,
        )
    )
    return name


def _known(connection: Connection, slug: str) -> int:
    found = connection.scalar(sa.select(partners.c.id).where(partners.c.slug == slug))
    if found is None:
        listed = ", ".join(connection.scalars(sa.select(partners.c.slug).order_by(partners.c.slug)))
        raise NotFoundError(f"there is no partner {slug!r}", fix=f"one of: {listed}" if listed else "leave it out")
    return int(found)


def _made(connection: Connection, url: str, title: str, home: str) -> int:
    row = {"slug": _free(connection, partners, _slug(url)), "name": title, "homepage": home}
    return int(connection.execute(partners.insert().values(**row).returning(partners.c.id)).scalar_one())


def _slug(url: str) -> str:
    host = (urlsplit(url).hostname or "source").removeprefix("www.")
    return re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")[:60] or "source"


def _free(connection: Connection, table: sa.Table, wish: str) -> str:
    taken = set(connection.scalars(sa.select(table.c.slug).where(table.c.slug.like(f"{wish}%"))))
    return next(name for name in (wish, *(f"{wish}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
