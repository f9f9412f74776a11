"""Looks at everything the service needs before it starts. In: a House. Out: Findings, each with what to do.

Each look is on its own: one that fails hides no other.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from syndication.errors import SettingsError, SyndicationError
from syndication.settings.service import Transport
from syndication.wiring.house import House

DISK_FREE_MIN = 200 * 1024 * 1024


class Level(StrEnum):
    GOOD = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    said: str
    fix: str = ""
    configuration: bool = False
    """True when a configuration file, and not the machine, is to be mended."""


def check_house(house: House) -> list[Finding]:
    """All findings, in the order in which an operator would mend them."""
    looks: tuple[tuple[str, Callable[[House], list[Finding]]], ...] = (
        ("settings", _settings),
        ("publication", _publication),
        ("identity", _identity),
        ("addresses", _addresses),
        ("templates", _templates),
        ("data directory", _data),
        ("secret key", _key),
        ("database", _database),
        ("transport", _transport),
    )
    return [finding for name, look in looks for finding in _one(name, look, house)]


def _one(name: str, look: Callable[[House], list[Finding]], house: House) -> list[Finding]:
    try:
        return look(house)
    except SyndicationError as error:
        said = f"{error.what}: {error.why}" if error.why else error.what
        return [Finding(Level.WRONG, name, said, error.fix, isinstance(error, SettingsError))]


def _settings(house: House) -> list[Finding]:
    return [Finding(Level.GOOD, "settings", str(house.settings.config_file))]


def _publication(house: House) -> list[Finding]:
    declared = house.declared
    counts = f"{len(declared.sources)} sources, {len(declared.feeds)} feeds, {len(declared.newsletters)} newsletters"
    found = [Finding(Level.GOOD, "publication", f"{house.settings.publication_file}: {counts}")]
    if not declared.sources:
        found.append(Finding(Level.NOTE, "publication", "no source yet", "declare a [source.…] and apply"))
    return found


def _identity(house: House) -> list[Finding]:
    """Who mails are from. A live transport without it is refused; a spool is told."""
    publication = house.publication
    missing = [name for name in ("publisher", "address", "privacy_url", "contact") if not getattr(publication, name)]
    live = house.settings.mail.transport is not Transport.SPOOL
    if missing:
        level = Level.WRONG if live else Level.NOTE
        return [
            Finding(
                level,
                "identity",
                f"mails do not carry {', '.join(missing)}",
                "set them under [publication]: readers and the law ask for them",
                configuration=True,
            )
        ]
    sender = house.sender
    if live and sender.address.domain.endswith((".example", "example.org", "example.com", ".test", ".invalid")):
        said = f"the sender is {sender.address}, which nobody can answer"
        return [Finding(Level.WRONG, "identity", said, "set from_address under [mail]", configuration=True)]
    return [Finding(Level.GOOD, "identity", f"{sender.name} <{sender.address}>")]


def _addresses(house: House) -> list[Finding]:
    base = urlsplit(house.publication.base_url)
    found = [Finding(Level.GOOD, "base address", house.publication.base_url)]
    live = house.settings.mail.transport is not Transport.SPOOL
    if base.scheme != "https":
        level = Level.WRONG if live else Level.NOTE
        fix = "put it behind a proxy with a certificate and set base_url to https://…"
        said = "links in mails are not https, and mail programs offer one-click unsubscribe for https only"
        found.append(Finding(level, "base address", said, fix, configuration=True))
    return found


def _templates(house: House) -> list[Finding]:
    missing = [str(folder) for folder in house.templates if not folder.is_dir()]
    if missing:
        return [Finding(Level.WRONG, "templates", f"no folder {missing[0]}", "see [service] templates", True)]
    return [Finding(Level.GOOD, "templates", ", ".join(map(str, house.templates)))]


def _data(house: House) -> list[Finding]:
    folder = house.settings.data
    place = folder if folder.exists() else _nearest(folder)
    if not os.access(place, os.W_OK | os.X_OK):
        return [
            Finding(Level.WRONG, "data directory", f"{place} cannot be written", "give it to the user who runs this")
        ]
    free = shutil.disk_usage(place).free
    if free < DISK_FREE_MIN:
        return [Finding(Level.WRONG, "data directory", f"{free // 2**20} MiB are free", "make room")]
    return [Finding(Level.GOOD, "data directory", f"{folder}, {free // 2**30} GiB free")]


def _nearest(folder: Path) -> Path:
    return next(parent for parent in folder.parents if parent.exists())


def _key(house: House) -> list[Finding]:
    """A key that others can read signs for them too."""
    kept = house.settings.data / "secret.key"
    if house.settings.secret("secret_key"):
        return [Finding(Level.GOOD, "secret key", "from the environment")]
    if not kept.exists():
        return [Finding(Level.NOTE, "secret key", "none yet; the first start makes one", "")]
    if kept.stat().st_mode & 0o077:
        return [Finding(Level.WRONG, "secret key", f"{kept} can be read by others", f"chmod 600 {kept}")]
    return [Finding(Level.GOOD, "secret key", str(kept))]


def _database(house: House) -> list[Finding]:
    return [Finding(Level.GOOD, "database", house.database.name)]


def _transport(house: House) -> list[Finding]:
    return [Finding(Level.GOOD, "transport", house.outbox.name)]
