"""What a command's exit code means, and which error earns which."""

from enum import IntEnum

from syndication.errors import (
    BusyError,
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
    INTERRUPTED = 130
    """As a shell counts it: 128 and the number of the signal."""
    UNREAD = 141
    """Nobody reads what we print any more (`| head -1`): as if the signal for that had ended us."""


def code_for(error: SyndicationError) -> Exit:
    match error:
        case SettingsError():
            return Exit.CONFIG
        case NotFoundError():
            return Exit.NOT_FOUND
        case PolicyError():
            return Exit.REFUSED
        case FetchError() | BusyError():
            return Exit.LATER
        case _:
            return Exit.FAILED
