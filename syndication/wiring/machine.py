"""What lies on this machine, looked at before a start: addresses, directory, secrets, database, clock.

In: a House. Out: Findings. Nothing is changed; what is not there yet and will be made is a note, or good.
"""

import os
import shutil
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from syndication.engine import lock
from syndication.errors import SettingsError
from syndication.settings.origin import secrets
from syndication.wiring.clock import now
from syndication.wiring.finding import Finding, good, note, wrong
from syndication.wiring.house import TRANSPORT_SECRETS, House
from syndication.wiring.key import FILE

if TYPE_CHECKING:
    from syndication.model.publication import Applied

DISK_FREE_MIN = 200 * 1024 * 1024
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock can be before this version was made."""
CLOCK_BACK_MAX = timedelta(minutes=5)


# -- addresses


def listeners(house: House) -> list[Finding]:
    service = house.settings.service
    if service.listen == service.private_listen:
        said = f"both listeners have the address {service.listen}"
        return [wrong("listeners", said, "give private_listen another port", configuration=True)]
    found: list[Finding] = []
    private = service.private_listen.rpartition(":")[0].strip("[]")
    if not _is_loopback(private):
        said = f"the private pages, with all mail in the spool, answer whoever reaches {service.private_listen}"
        found.append(note("listeners", said, "keep private_listen on 127.0.0.1, or behind something that asks who"))
    if holder := lock.running(house.settings.data):
        return [*found, good("listeners", f"in use by the running service ({holder})")]
    return [*found, *_free(house)]


def _free(house: House) -> list[Finding]:
    from syndication.web.serve import require_free
    from syndication.wiring.parts import places

    found: list[Finding] = []
    for place in places(house):
        try:
            require_free(place)
            found.append(good("listeners", f"{place.name}: {place.host}:{place.port}"))
        except SettingsError as error:
            found.append(wrong("listeners", f"{error.what}: {error.why}", error.fix, configuration=True))
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# -- the disk


def data_directory(house: House) -> list[Finding]:
    folder = house.settings.data
    place = folder if folder.exists() else next(parent for parent in folder.parents if parent.exists())
    if not place.is_dir():
        return [wrong("data directory", f"{place} is no directory", "name another with --data")]
    if not os.access(place, os.W_OK | os.X_OK):
        return [wrong("data directory", f"{place} cannot be written", "give it to the user who runs the service")]
    free = shutil.disk_usage(place).free
    if free < DISK_FREE_MIN:
        said = f"{free // 2**20} MiB are free at {place}, and {DISK_FREE_MIN // 2**20} are the least"
        return [wrong("data directory", said, "make room on the disk")]
    return [good("data directory", f"{folder}, {free // 2**30} GiB free"), *_open_to_others(folder)]


def _open_to_others(folder: Path) -> list[Finding]:
    mode = folder.stat().st_mode if folder.exists() else 0
    if mode & 0o002:
        return [wrong("data directory", f"everybody may write in {folder}", f"chmod 700 {folder}")]
    if mode & 0o007:
        return [note("data directory", f"everybody may look into {folder}", f"chmod 700 {folder}")]
    return []


# -- secrets (STO-09)


def secrets_kept(house: House) -> list[Finding]:
    """Whether a secret lies where others can read it, or where it may be published."""
    found: list[Finding] = []
    for path in _secret_files(house):
        if path.exists() and path.stat().st_mode & 0o077:
            found.append(wrong("secrets", f"{path} can be read by others", f"chmod 600 {path}"))
        if path.exists() and (repository := _tracked(path)):
            said = f"{path} is in the repository {repository}"
            found.append(wrong("secrets", said, "take it out, and let that secret be replaced by another"))
    return found or [good("secrets", _whence(house))]


def _secret_files(house: House) -> list[Path]:
    settings = house.settings
    known = dict.fromkeys([*TRANSPORT_SECRETS, *(one.name for one in secrets(settings))])
    named = [settings.secret_file(name) for name in known]
    files = [path for path in named if path is not None]
    if not settings.secret("secret_key"):
        files.append(settings.data / FILE)
    if "@" in settings.database.url and ":" in settings.database.url.rpartition("@")[0].partition("://")[2]:
        files.append(settings.config_file)  # the password of the database stands in it
    return files


def _whence(house: House) -> str:
    if house.settings.secret("secret_key"):
        return "the secret key comes from the environment"
    kept = house.settings.data / FILE
    return f"the secret key is {kept}" if kept.exists() else "no secret key yet; the first start makes one"


def _tracked(path: Path) -> Path | None:
    """The work tree whose index names this file. An index holds its paths as they are, each ended by a zero."""
    for folder in path.absolute().parents:
        index = folder / ".git" / "index"
        if index.is_file():
            name = os.fsencode(path.absolute().relative_to(folder)) + b"\0"
            return folder if name in index.read_bytes() else None
    return None


# -- the database and the clock


def database(house: House) -> list[Finding]:
    path = house.bare_database.path
    if path is not None and not path.exists():
        return [note("database", f"there is none at {path} yet", "`syndication run` or `migrate` makes it")]
    found = [good("database", house.database.name)]
    would = would_apply(house)
    if differing := [*would.added, *would.changed, *would.paused, *would.left]:
        said = f"publication.toml is not in force: {len(differing)} things differ, such as {differing[0]}"
        found.append(note("database", said, "`syndication apply`"))
    return found


def would_apply(house: House) -> "Applied":
    """What `apply` would do. Nothing of it stays."""
    from syndication.storage import publication

    with house.database.write() as connection:
        would = publication.apply(connection, house.declared, now())
        connection.rollback()
    return would


def clock(house: House) -> list[Finding]:
    """A clock that went back would send nothing for as long; one that never was set would skip years of slots."""
    moment = now()
    if moment < RELEASED:
        said = f"it is {moment:%Y-%m-%d %H:%M} by this clock, before this version was made"
        return [wrong("clock", said, "set the clock, and keep it set (chrony, systemd-timesyncd)")]
    path = house.bare_database.path
    if path is None or path.exists():
        from syndication.storage import status

        with house.database.read() as connection:
            latest = status.latest(connection)
        if latest is not None and latest - moment > CLOCK_BACK_MAX:
            said = f"it is {moment:%Y-%m-%d %H:%M} by this clock, and the database knows of {latest:%Y-%m-%d %H:%M} UTC"
            return [wrong("clock", said, "set the clock; nothing of that time is lost")]
    return [good("clock", f"{moment:%Y-%m-%d %H:%M} UTC")]
