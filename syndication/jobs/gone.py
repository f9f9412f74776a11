"""What stands at the address of a story that may be shown no more. In: an archive, an id, now. Out: Gone, or nothing.

What is held, or under embargo, was never there for a visitor: it is not spoken of.
"""

from dataclasses import dataclass
from datetime import datetime

from syndication.articles.permit import ends_at, has_ended
from syndication.jobs.ports.archive import Archive
from syndication.model.article import ArticleState, Stored
from syndication.model.rights import AfterExpiry, Channel


@dataclass(frozen=True, slots=True)
class Gone:
    """`withdrawn`: taken back, by us if `by_us`; else the right to it has ended. `at` is when, as far as we know it."""

    withdrawn: bool
    by_us: bool
    publisher: str
    partner_slug: str
    partner_name: str
    at: datetime | None
    original_url: str = ""
    """Where it may still be read, or empty."""
    leads_there: bool = False
    """By agreement a visitor is sent there at once."""


def gone(archive: Archive, id: int, now: datetime) -> Gone | None:
    """Ask only when `read.article` found nothing to show."""
    stored = archive.article(id)
    if stored is None or stored.state is ArticleState.HELD or Channel.WEB not in stored.rights.channels:
        return None
    withdrawn = stored.state is ArticleState.WITHDRAWN
    if not withdrawn and not has_ended(stored, now):
        return None
    original = "" if withdrawn else stored.article.url
    return Gone(
        withdrawn=withdrawn,
        by_us=stored.taken_back,
        publisher=_publisher(stored),
        partner_slug=stored.partner.slug,
        partner_name=stored.partner.name,
        at=None if withdrawn else ends_at(stored),
        original_url=original,
        leads_there=bool(original) and stored.rights.after_expiry is AfterExpiry.ORIGINAL,
    )


def _publisher(stored: Stored) -> str:
    return stored.article.publisher or stored.partner.name
