"""Pictures of articles, and what the rights of articles come to: rows here, their files in ImageFiles.

Fulfils `jobs.ports.images.Gallery`. It judges nothing. Files are written before the row that names them, and removed
before the row that says they are gone: a kill between the two leaves work to be done again, never a lie.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.article import Stored
from syndication.model.decision import Decision, Wish
from syndication.model.image import Drawn, Image, ImageSize, ImageState, Wanted
from syndication.storage import articles, feed_entries
from syndication.storage.database import Database, insert
from syndication.storage.image_files import ImageFiles
from syndication.storage.schema import article
from syndication.storage.schema import image as images

_UNDECIDED = (article.c.rights_rev != article.c.rev) | (article.c.rights_state != article.c.state)
HAVING = (ImageState.WANTED.value, ImageState.KEPT.value, ImageState.REFUSED.value)


class Gallery:
    def __init__(self, database: Database, files: ImageFiles) -> None:
        self._database = database
        self._files = files

    def undecided(self, now: datetime, *, limit: int) -> Sequence[Stored]:
        with self._database.read() as connection:
            found = list(connection.scalars(sa.select(article.c.id).where(_UNDECIDED).limit(limit)))
            ending = sa.select(article.c.id).where(article.c.ends_at <= now).limit(limit)
            return articles.load(connection, sorted({*found, *connection.scalars(ending)})[:limit])

    def decide(self, decisions: Iterable[Decision], now: datetime) -> int:
        with self._database.write() as connection:
            changed = [decided.article_id for decided in decisions if _decide(connection, decided, now)]
            feed_entries.mark_stale(connection, changed)
            return len(changed)

    def claim(self, now: datetime, until: datetime, *, limit: int) -> Sequence[Wanted]:
        with self._database.read() as connection:
            if not connection.scalar(sa.select(sa.exists().where(_due(now)))):
                return ()
        with self._database.write() as connection:
            due = sa.select(images.c.id).where(_due(now)).order_by(images.c.next_try_at, images.c.id).limit(limit)
            ids = list(connection.scalars(due.with_for_update(skip_locked=True)))
            taken = images.update().where(images.c.id.in_(ids)).values(next_try_at=until, token=images.c.token + 1)
            rows = connection.execute(taken.returning(images)).all()
            return [Wanted(row.id, row.article_id, row.origin, row.token, row.failures) for row in rows]

    def keep(self, wanted: Wanted, drawn: Drawn, now: datetime) -> bool:
        hash = _hash(drawn)
        self._files.put(hash, drawn.files)
        sizes = [size for size, _ in drawn.files]
        with self._database.write() as connection:
            row = {
                "state": ImageState.KEPT.value,
                "hash": hash,
                "sizes": [[size.width, size.height, size.bytes] for size in sizes],
                "next_try_at": None,
                "reason": "",
                "kept_at": now,
            }
            kept = connection.execute(images.update().where(_claimed(wanted)).values(row)).rowcount == 1
            if kept:
                feed_entries.mark_stale(connection, [wanted.article_id])
        if kept and not self._files.has(hash, sizes):  # the same picture left another article in that very moment
            self._files.put(hash, drawn.files)
        return kept

    def put_off(self, wanted: Wanted, reason: str, next_try_at: datetime | None, now: datetime) -> None:
        state = ImageState.WANTED if next_try_at else ImageState.REFUSED
        row = {
            "state": state.value,
            "failures": wanted.failures + 1,
            "next_try_at": next_try_at,
            "reason": reason.replace("\x00", "")[:500],
        }
        with self._database.write() as connection:
            connection.execute(images.update().where(_claimed(wanted)).values(row))

    def drop(self, now: datetime, *, limit: int) -> int:
        leaving = images.c.state == ImageState.LEAVING.value
        with self._database.read() as connection:
            if not connection.scalar(sa.select(sa.exists().where(leaving))):
                return 0
        with self._database.write() as connection:
            query = sa.select(images.c.id, images.c.hash).where(leaving).order_by(images.c.id).limit(limit)
            rows = connection.execute(query.with_for_update()).all()
            for hash in {row.hash for row in rows if row.hash} - _shown(connection, [row.hash for row in rows]):
                self._files.drop(hash)
            gone = {"state": ImageState.GONE.value, "gone_at": now}
            connection.execute(images.update().where(images.c.id.in_([row.id for row in rows])).values(gone))
        return len(rows)

    def sweep(self, before: datetime) -> tuple[int, int]:
        with self._database.read() as connection:
            kept = connection.execute(sa.select(images).where(images.c.state == ImageState.KEPT.value)).all()
        known = {row.hash for row in kept}
        strays = [hash for hash in self._files.hashes(older_than=before.timestamp()) if hash not in known]
        for hash in strays:
            with self._database.write() as connection:  # nobody can name it while we look
                if not _shown(connection, [hash]):
                    self._files.drop(hash)
        lost = [row.id for row in kept if not self._files.has(row.hash, _sizes(row.sizes))]
        for start in range(0, len(lost), articles.PART):
            with self._database.write() as connection:
                part = images.c.id.in_(lost[start : start + articles.PART])
                again = {"state": ImageState.WANTED.value, "next_try_at": before, "failures": 0}
                connection.execute(images.update().where(part, images.c.state == ImageState.KEPT.value).values(again))
        return len(strays), len(lost)


def waits(connection: Connection, now: datetime) -> bool:
    """Whether anything of all this is due."""
    leaving = images.c.state == ImageState.LEAVING.value
    return any(
        connection.scalar(sa.select(sa.exists().where(condition)))
        for condition in (_UNDECIDED, article.c.ends_at <= now, _due(now), leaving)
    )


def forget(connection: Connection, source_id: int) -> None:
    """The rights of a source have changed: what they come to is to be decided again for all its articles."""
    connection.execute(article.update().where(article.c.source_id == source_id).values(rights_rev=0))


def kept_names(connection: Connection) -> list[str]:
    """The names of all files that are shown."""
    rows = connection.execute(sa.select(images.c.hash, images.c.sizes).where(images.c.state == ImageState.KEPT.value))
    return sorted({Image("", row.hash, _sizes(row.sizes)).path(size)[8:] for row in rows for size in _sizes(row.sizes)})


def _decide(connection: Connection, decided: Decision, now: datetime) -> bool:
    """True when outputs show it otherwise now."""
    row = connection.execute(sa.select(article.c.ended_at).where(article.c.id == decided.article_id)).one()
    over = row.ended_at is not None
    values: dict[str, Any] = {
        "rights_rev": decided.rev,
        "rights_state": decided.state.value,
        "ends_at": decided.ends_at,
    }
    if decided.ended != over:  # its words leave the index of words, or come into it again
        values |= {"ended_at": now if decided.ended else None, "indexed_rev": 0}
    same = (article.c.id == decided.article_id) & (article.c.rev == decided.rev)
    same &= article.c.state == decided.state.value
    if connection.execute(article.update().where(same).values(values)).rowcount == 0:
        return False
    return _wish(connection, decided, now) or decided.ended != over


def _wish(connection: Connection, decided: Decision, now: datetime) -> bool:
    """Make the rows say what is wished. True when a picture that was shown leaves."""
    known = {
        row.origin: row
        for row in connection.execute(sa.select(images).where(images.c.article_id == decided.article_id))
    }
    wished = {wish.origin: wish for wish in decided.wishes}
    for wish in wished.values():
        _want(connection, decided, wish, known.get(wish.origin), now)
    unwished = [row for origin, row in known.items() if origin not in wished and row.state in HAVING]
    for row in unwished:
        leaves = row.state == ImageState.KEPT.value
        state = ImageState.LEAVING if leaves else ImageState.GONE
        connection.execute(
            images.update()
            .where(images.c.id == row.id)
            .values(state=state.value, next_try_at=None, token=row.token + 1)
        )
    return any(row.state == ImageState.KEPT.value for row in unwished)


def _want(connection: Connection, decided: Decision, wish: Wish, known: Any, now: datetime) -> None:
    said: dict[str, Any] = {"credit": wish.credit, "expires_at": decided.ends_at}
    again = {"state": ImageState.WANTED.value, "next_try_at": now, "failures": 0}
    if known is None:
        new = {"article_id": decided.article_id, "origin": wish.origin, **said, **again}
        connection.execute(insert(connection, images).values(new).on_conflict_do_nothing())
        return
    if known.state == ImageState.LEAVING.value:  # its files are there still
        said["state"] = ImageState.KEPT.value
    elif known.state == ImageState.GONE.value:
        said |= again
    connection.execute(images.update().where(images.c.id == known.id).values(said))


def _shown(connection: Connection, hashes: Sequence[str | None]) -> set[str]:
    """Those of these hashes that a kept picture has."""
    kept = images.c.state == ImageState.KEPT.value
    return set(connection.scalars(sa.select(images.c.hash).where(images.c.hash.in_(hashes), kept)))


def _due(now: datetime) -> sa.ColumnElement[bool]:
    return (images.c.state == ImageState.WANTED.value) & (images.c.next_try_at <= now)


def _claimed(wanted: Wanted) -> sa.ColumnElement[bool]:
    return (images.c.id == wanted.id) & (images.c.token == wanted.token) & (images.c.state == ImageState.WANTED.value)


def _hash(drawn: Drawn) -> str:
    told = blake2b(digest_size=16)
    for size, data in drawn.files:
        told.update(b"%d %d %d\n" % (size.width, size.height, size.bytes) + data)
    return told.hexdigest()


def _sizes(written: Iterable[Sequence[int]]) -> tuple[ImageSize, ...]:
    return tuple(ImageSize(*size) for size in written)
