"""What a command's exit code means, and which error earns which."""

from enum import IntEnum

from syndication.errors import (
    FetchError,
    NotFoundError,
    PolicyError,
    SettingsError,
    SyndicationError,
)


class Exit(IntEnum):
    OK = 0
    FAILED = 1
    USAGE = 2
    CONFIG = 3
    NOT_FOUND = 4
    REFUSED = 5
    PARTLY = 6
    LATER = 7


def code_for(error: SyndicationError) -> Exit:
    match error:
        case SettingsError():
            return Exit.CONFIG
        case NotFoundError():
            return Exit.NOT_FOUND
        case PolicyError():
            return Exit.REFUSED
        case FetchError():
            return Exit.LATER
        case _:
            return Exit.FAILED
