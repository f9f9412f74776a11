"""What of a feed is older than its document, and what of a document is newer than somebody's copy. Pure.

RFC 5005, section 4: archive documents. Which entries a page holds is settled once, so the address of a page can be
kept for ever; a correction is a later entry of the same id, and only what its publisher withdrew leaves a page. Every
entry is in a page or in the feed's own document: who reads both has missed nothing.
RFC 3229: a document with the changed items only, and tombstones (RFC 6721) for those that went.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from syndication.feeds.place import Place, glue_of
from syndication.feeds.tombstone import tombstone
from syndication.model.feed import Feed, FeedDocument, FeedEntry, FeedFormat

PAGE_MAX = 25


@dataclass(frozen=True, slots=True)
class Filing:
    """Entry ids: those of each new page, and those that were said again before anybody filed them."""

    pages: tuple[tuple[int, ...], ...] = ()
    dropped: tuple[int, ...] = ()


def file(unfiled: Sequence[FeedEntry], shown: Container[tuple[int, int]], feed: Feed) -> Filing:
    """`unfiled` oldest first; `shown`: article and revision of all that the document shows now, 0 for a withdrawal.

    A page is made of so many entries as soon as there are so many, and of fewer when one has left the document.
    """
    last = {one.article_id: one.id for one in unfiled}
    kept = [one for one in unfiled if last[one.article_id] == one.id and (one.is_current or one.withdrawn)]
    dropped = tuple(one.id for one in unfiled if one not in kept)
    size = max(1, min(PAGE_MAX, feed.items_max // 2))
    full = len(kept) - len(kept) % size
    left = [
        place
        for place, one in enumerate(kept, start=1)
        if (one.article_id, 0 if one.withdrawn else one.rev) not in shown
    ]
    until = max(full, left[-1] if left else 0)
    ids = [one.id for one in kept[:until]]
    return Filing(tuple(tuple(ids[start : start + size]) for start in range(0, until, size)), dropped)


def place_of_feed(feed: Feed, ending: str, newest_page: int, hubs: tuple[str, ...]) -> Place:
    """The feed's own document, with a way to its archive when it has one."""
    has_archive = ending == "atom" and newest_page > 0
    links = (("prev-archive", page_name(feed, newest_page)),) if has_archive else ()
    return Place(f"{feed.slug}.{ending}", links, hubs)


def place_of_page(feed: Feed, number: int) -> Place:
    """An archive document. Its links never change either: after the newest page comes the feed's own document."""
    before = [("prev-archive", page_name(feed, number - 1))] if number > 1 else []
    links = (("current", f"{feed.slug}.atom"), *before, ("next-archive", page_name(feed, number + 1)))
    return Place(page_name(feed, number), links, archive=True)


def page_name(feed: Feed, number: int) -> str:
    return f"{feed.slug}/archive/{number}.atom"


def delta(document: FeedDocument, wanted: Iterable[int]) -> bytes:
    """The document with these of its items only, by their places (RFC 3229, with `A-IM: feed`)."""
    data, cuts = document.data, document.cuts
    parts = [data[cuts[place] : cuts[place + 1]] for place in wanted]
    if document.format is FeedFormat.ATOM:
        parts = [tombstone(part) or part for part in parts]
    glue = glue_of(document.format)
    return data[: cuts[0]] + glue.join(part.removesuffix(glue) for part in parts) + data[cuts[-1] :]
