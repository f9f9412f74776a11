"""Our own stories coming back through a partner. In: a feed as read, our address. Out: the feed without them. Pure.

An entry is ours when its link, its id or the source that it names is an address of this service (COL-18). Under an
address of the partner's own it is a copy, and told as one: `articles.relate` finds it by its words.
"""

from dataclasses import replace

from syndication.model.source import Entry, ParsedFeed, SetAside
from syndication.sources.discover import is_ours


def without_our_own(feed: ParsedFeed, base_url: str) -> ParsedFeed:
    """Entries that we published ourselves are set aside, each with its reason."""
    if not base_url:
        return feed
    whys = [_why(entry, base_url) for entry in feed.entries]
    if not any(whys):
        return feed
    ours = tuple(
        SetAside(place, why, (entry.url or entry.id or "").encode())
        for place, (entry, why) in enumerate(zip(feed.entries, whys, strict=True))
        if why
    )
    kept = tuple(entry for entry, why in zip(feed.entries, whys, strict=True) if not why)
    return replace(feed, entries=kept, set_aside=(*feed.set_aside, *ours))


def _why(entry: Entry, base_url: str) -> str:
    origin = (entry.source.url or entry.source.id) if entry.source else None
    for named, what in ((entry.url, "link"), (entry.id, "id"), (origin, "source")):
        if named and is_ours(named, base_url):
            return f"it is our own story coming back: its {what} is {named}"
    return ""
