"""Finding: one thing that a look before the start came upon, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from syndication.errors import SettingsError, SyndicationError


class Level(StrEnum):
    GOOD = "ok"
    NOTE = "note"  # the service starts, and somebody should know
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    said: str
    fix: str = ""
    configuration: bool = False
    """True when a configuration file, and not the machine, is to be mended."""


def good(what: str, said: str) -> Finding:
    return Finding(Level.GOOD, what, said)


def note(what: str, said: str, fix: str) -> Finding:
    return Finding(Level.NOTE, what, said, fix)


def told(what: str, error: SyndicationError) -> Finding:
    """What an error says of itself."""
    said = f"{error.what}: {error.why}" if error.why else error.what
    return wrong(what, said, error.fix, configuration=isinstance(error, SettingsError))


def wrong(what: str, said: str, fix: str, *, configuration: bool = False) -> Finding:
    return Finding(Level.WRONG, what, said, fix, configuration)
