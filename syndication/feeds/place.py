"""Where a document stands, and what lies beside it."""

from dataclasses import dataclass

from syndication.model.feed import FeedFormat


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands: its address below /feeds/, and what lies beside it."""

    name: str
    links: tuple[tuple[str, str], ...] = ()
    """Relation and name: ("prev-archive", "all/archive/3.atom")."""
    hubs: tuple[str, ...] = ()
    archive: bool = False
    """RFC 5005, section 4: what it holds will not change."""


def glue_of(format: FeedFormat) -> bytes:
    """What stands between two items of a document."""
    return b"," if format is FeedFormat.JSON else b""
