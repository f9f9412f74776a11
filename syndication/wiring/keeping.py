"""A backup of a whole installation in one file, and an installation put back from one. In: a House, a path.

In it: the database as it is at one instant, the pictures, the journal and how far it has come, the settings without
secrets. Not in it: the secret key and other secrets, which are kept elsewhere, and mails in the outbox.
"""

import hmac
import os
import re
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from syndication import __version__
from syndication.engine.lock import DirectoryLock
from syndication.errors import NotFoundError, PolicyError, StoreError
from syndication.model.journal import Claimed
from syndication.storage import backup as copying
from syndication.storage import meta
from syndication.storage.migrate import require_current, upgrade
from syndication.storage.migrations import HEAD
from syndication.storage.package import Package, packing, unpacking
from syndication.wiring.clock import now

if TYPE_CHECKING:
    from syndication.storage.database import Database
    from syndication.wiring.house import House

FORMAT = 1
LAST = "last_backup_at"
DATABASE, DUMP = "database.db", "database.dump"
GAP = "gap"
"""Beside the journal: until when it does not tell everything."""
SLACK_BYTES = 64 * 1024 * 1024
"""Left free on the disk beyond what is needed."""
_PASSWORD = re.compile(r"(://[^:/@\s\"']+):[^@/\s\"']+@")
_HOOK = re.compile(r"^(\s*webhook\s*=\s*[\"']https?://[^/\"'\s]+)[^\"']*", re.MULTILINE)

Tell = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself. `claim` is the newest claim in the journal then, empty when there was none."""

    made_at: datetime
    version: str
    revision: str
    engine: str
    claim: str
    key_mark: str
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """`aside` is where the database is that was there before. `blind`: nothing tells what happened since the backup."""

    contents: Contents
    aside: Path | None
    blind: bool
    pictures: int
    held: str


# -- a backup


def place_for(house: "House", to: Path | None) -> Path:
    """Where a backup goes: `to`, or into it when it is a folder."""
    name = f"syndication-{now():%Y%m%dT%H%M%SZ}.tar"
    if to is None:
        return house.settings.data / "backups" / name
    return to / name if to.is_dir() else to


def backup(house: "House", to: Path, tell: Tell) -> Contents:
    """Raises StoreError; then nothing is at `to`. The service may run meanwhile."""
    database = house.database
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pictures = list(_files(house.settings.data / "images"))
    expected = copying.size_of(database) + sum(path.stat().st_size for _, path in pictures)
    _require_room(to.parent, 2 * expected)
    made_at = now()
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=to.parent) as scratch:
        name = DATABASE if database.is_sqlite else DUMP
        copied = Path(scratch) / name
        position = _position(house)  # before the copy, so that it holds for whatever is in it
        copying.copy(database, copied, tell)
        total = copied.stat().st_size + sum(path.stat().st_size for _, path in pictures if path.exists())
        with packing(to, lambda done: tell(done, total)) as package:
            package.put(name, copied)
            for member, path in [*pictures, *_files(house.settings.data / "journal")]:
                _put_if_there(package, member, path)
            for member, text in _settings(house):
                package.write(member, text.encode())
            package.close(_known(house, made_at, position))
    contents = look_into(to, tell)
    with database.write() as connection:
        meta.write(connection, LAST, made_at.isoformat())
    return contents


def _known(house: "House", made_at: datetime, position: str) -> Mapping[str, Any]:
    return {
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "version": __version__,
        "revision": HEAD,
        "engine": "sqlite" if house.database.is_sqlite else "postgresql",
        "claim": position,
        "key_mark": key_mark(house),
    }


def key_mark(house: "House") -> str:
    """By which it is seen whether two installations have one secret key, and from which nobody can tell it."""
    return hmac.digest(house.address_key, b"which key this is", "sha256").hex()[:16]


def _position(house: "House") -> str:
    newest = deque((line.attempt_id for line in house.journal.lines() if isinstance(line, Claimed)), maxlen=1)
    return newest[0] if newest else ""


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Whatever is whole in it: not what is being written."""
    for path in sorted(folder.rglob("*")) if folder.exists() else ():
        if path.is_file() and not path.name.startswith("."):
            yield f"{folder.name}/{path.relative_to(folder).as_posix()}", path


def _put_if_there(package: Any, member: str, path: Path) -> None:
    if path.exists():  # a picture may be withdrawn at any moment
        package.put(member, path)


def _settings(house: "House") -> Iterator[tuple[str, str]]:
    for path in (house.settings.config_file, house.settings.publication_file):
        if path.exists():
            text = path.read_text(encoding="utf-8", errors="replace")
            yield f"settings/{path.name}", _HOOK.sub(r"\1/…", _PASSWORD.sub(r"\1:…@", text))


def _require_room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < wanted + SLACK_BYTES:
        raise StoreError(
            f"there is no room for a backup in {folder}",
            why=f"it may take {wanted // 2**20 + 1} MiB, and {free // 2**20} are free",
            fix="name another place with --to",
        )


# -- what is in one


def look_into(path: Path, tell: Tell = lambda done, total=None: None) -> Contents:
    """Read all of it. Raises StoreError for one that is not whole."""
    with unpacking(path) as package:
        contents = _contents(package)
        package.verify(lambda done: tell(done, contents.bytes))
    return contents


def _contents(package: Package) -> Contents:
    known = package.known
    if known["format"] != FORMAT:
        raise StoreError(
            "the backup is of another form", why=f"it is form {known['format']}, this version reads {FORMAT}"
        )
    return Contents(
        made_at=datetime.fromisoformat(known["made_at"]).astimezone(UTC),
        version=str(known["version"]),
        revision=str(known["revision"]),
        engine=str(known["engine"]),
        claim=str(known["claim"]),
        key_mark=str(known["key_mark"]),
        files=len(known["files"]),
        bytes=sum(int(one["bytes"]) for one in known["files"].values()),
    )


# -- a restore


def require_fitting(house: "House", contents: Contents, *, other_key: bool) -> None:
    """Raises PolicyError for a backup that this installation could not work with."""
    engine = "sqlite" if house.bare_database.is_sqlite else "postgresql"
    if contents.engine != engine:
        why = f"it is of a database on {contents.engine}, and the settings name one on {engine}"
        raise PolicyError("this backup cannot be put back here", why=why, fix="mend [database] url")
    if contents.key_mark != key_mark(house) and not other_key:
        raise PolicyError(
            "this backup was made under another secret key",
            why="with this key suppressed addresses are not known again, and links in mails that were sent do not work",
            fix="put that key back first; --other-key when it is lost",
        )


def restore(house: "House", path: Path, *, tell: Tell) -> Restored:
    """Put it back. Sending is held. Raises StoreError while a service runs here, or when it fails; then what was
    there before is there still.
    """
    house.make_data()
    lock = DirectoryLock(house.settings.data)
    lock.take(now())
    try:
        with unpacking(path) as package:
            contents = _contents(package)
            _require_known(contents)
            package.verify(lambda done: tell(done, contents.bytes))
            return _restore(house, package, contents)
    finally:
        lock.release()


def _require_known(contents: Contents) -> None:
    """Before anything is put back: PostgreSQL loads in place, so there it would be too late afterwards."""
    if contents.revision > HEAD:
        raise StoreError(
            "this backup is of a newer version",
            why=f"its database is at {contents.revision}, and this version knows no further than {HEAD}",
            fix="install that version first; nothing was changed",
        )


def _restore(house: "House", package: Package, contents: Contents) -> Restored:
    data = house.settings.data
    blind = not _goes_on_from(house, package, contents)
    why = f"it was restored from the backup of {contents.made_at:%Y-%m-%d %H:%M} UTC"
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as scratch:
        copied = Path(scratch) / (DATABASE if contents.engine == "sqlite" else DUMP)
        package.take(copied.name, copied)
        pictures = _pictures(package, data)
        aside = _put_back_file(house, copied, why, blind) if contents.engine == "sqlite" else None
        if contents.engine != "sqlite":
            copying.load(copied, house.bare_database)
            upgrade(house.bare_database)
            _hold(house, house.bare_database, why, blind)
    return Restored(contents, aside, blind, pictures, why)


def _put_back_file(house: "House", copied: Path, why: str, blind: bool) -> Path | None:
    from syndication.storage.database import Database

    path = house.bare_database.path
    if path is None:
        raise NotFoundError("the settings name no database file")
    draft = Database(f"sqlite:///{copied}")
    try:
        upgrade(draft)
        require_current(draft)
        _hold(house, draft, why, blind)
    finally:
        draft.close()
    copying.verify(copied)
    house.bare_database.close()
    aside = path.with_name(f"{path.name}.before-{now():%Y%m%dT%H%M%SZ}") if path.exists() else None
    copying.put_back(copied, path, aside or path.with_name(f"{path.name}.before"))
    return aside


def _hold(house: "House", database: "Database", why: str, blind: bool) -> None:
    from syndication.jobs import compose, recover
    from syndication.storage.press import Press
    from syndication.storage.recovery import Recovery

    recover.after_restore(Recovery(database), house.journal, now(), why=why, blind=blind)
    if blind:
        compose.hold_due(Press(database), now(), "it may have been sent after the backup; nothing tells")


def _goes_on_from(house: "House", package: Package, contents: Contents) -> bool:
    """Whether the journal that is here goes on from where the backup's ended. Where there is none, it gets that one."""
    folder = house.settings.data / "journal"
    there = any(folder.glob("journal*.jsonl"))
    if there and _is_told_since(contents.made_at, folder / GAP):
        ids = (line.attempt_id for line in house.journal.lines() if isinstance(line, Claimed))
        if not contents.claim or contents.claim in ids:
            return True
    # First of all: the backup's own journal would be taken for one that goes on, at the next restore.
    _write_gap(folder)
    for name in () if there else package.names():
        if name.startswith("journal/") and not (place := house.settings.data / name).exists():
            package.take(name, place)
    return False


def _is_told_since(made_at: datetime, gap: Path) -> bool:
    try:
        return made_at > datetime.fromisoformat(gap.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return True
    except (ValueError, TypeError):
        return False


def _write_gap(folder: Path) -> None:
    """What happened before now is not told by the journal, however often a backup of before is put back."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{GAP}"
    with draft.open("w", encoding="ascii") as file:
        file.write(now().isoformat())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / GAP)
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _pictures(package: Package, data: Path) -> int:
    missing = [name for name in package.names() if name.startswith("images/") and not (data / name).exists()]
    for name in missing:
        package.take(name, data / name)
    return len(missing)
