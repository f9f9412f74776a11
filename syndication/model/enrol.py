"""Before an address becomes a source: a line of a list, who applies, and what was decided about it."""

from dataclasses import dataclass
from enum import StrEnum

from syndication.model.source import SourceKind


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed as a list (OPML) names it. `line` is where it begins, counting from 1."""

    line: int
    url: str
    title: str = ""
    home: str = ""
    name: str = ""
    """The source's own name where the list was written, empty when it says none."""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applicant:
    """What is written for a new source. Its partner is `partner`, a known one; else the one with that home page; else
    a new one of that title."""

    url: str
    title: str
    home: str = ""
    name: str = ""
    """A wish; another is found when it is taken."""
    partner: str = ""
    topics: tuple[str, ...] = ()
    credentials: str = ""
    kind: SourceKind = SourceKind.FEED


class Decision(StrEnum):
    ADDED = "added"
    KNOWN = "known"  # it is a source already
    TWICE = "twice"  # the list names it further up
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decided:
    """One line of a list: what became of it, and why in plain words. `source` is its name here, when it has one."""

    line: int
    url: str
    title: str
    decision: Decision
    source: str = ""
    reason: str = ""
