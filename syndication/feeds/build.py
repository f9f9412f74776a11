"""Feed, articles -> FeedDocument, the same bytes each time.

A document is a frame with items in it. Each item is written once and kept: one new article costs one item, not fifty.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache

from syndication.feeds import json_feed, xml_feed
from syndication.feeds.item import Item, items_of, newest_change, note_of
from syndication.feeds.place import Place
from syndication.model.article import Permission, Stored
from syndication.model.feed import Feed, FeedDocument, FeedFormat, Publication, Signal, Withdrawn

ITEMS_BYTES_MAX = 4 * 1024 * 1024
"""Of all items of a document: public validators and some readers stop at five million bytes. The oldest give way."""
KEPT_ITEMS = 3000


def build(
    feed: Feed,
    publication: Publication,
    shown: Sequence[tuple[Stored, Permission]],
    format: FeedFormat,
    topics: Mapping[str, str] | None = None,
    gone: Sequence[Withdrawn] = (),
    place: Place | None = None,
) -> FeedDocument:
    """`shown` in the order in which it shall stand; `topics` maps slugs to the titles that readers see."""
    items = items_of(publication, shown, topics)[: feed.items_max]
    return write(feed, publication, items, format, gone=gone, place=place)


def write(
    feed: Feed,
    publication: Publication,
    items: Sequence[Item],
    format: FeedFormat,
    *,
    gone: Sequence[Withdrawn] = (),
    place: Place | None = None,
) -> FeedDocument:
    """These items as one document. Of what was withdrawn a note stands after the items, in the place of the text."""
    place = place or Place(f"{feed.slug}.{format.value}")
    notes = [note_of(publication, one) for one in gone if all(one.article_id != item.number for item in items)]
    items = _within(items, format)
    told = [*items, *notes]
    updated = newest_change(told)
    if format is FeedFormat.JSON:
        head, tail = json_feed.frame(feed, publication, place.hubs)
    else:
        head, tail = xml_feed.frame(feed, publication, format, place, updated)
    data, cuts = _joined(head, [_fragment(item, format) for item in told], tail, format)
    return FeedDocument(
        format=format,
        data=data,
        etag=f'"{hashlib.blake2b(data, digest_size=16).hexdigest()}"',
        updated_at=updated,
        cuts=cuts,
        signals=tuple(signal for signal in Signal if any(signal in item.signals for item in items)),
    )


def _within(items: Sequence[Item], format: FeedFormat) -> Sequence[Item]:
    size = 0
    for count, item in enumerate(items):
        size += len(_fragment(item, format))
        if size > ITEMS_BYTES_MAX:
            return items[:count]
    return items


def _joined(head: bytes, fragments: Sequence[bytes], tail: bytes, format: FeedFormat) -> tuple[bytes, tuple[int, ...]]:
    glue = glue_of(format)
    parts = [fragment + glue for fragment in fragments[:-1]] + list(fragments[-1:])
    cuts = [len(head)]
    for part in parts:
        cuts.append(cuts[-1] + len(part))
    return head + b"".join(parts) + tail, tuple(cuts) if parts else ()


def glue_of(format: FeedFormat) -> bytes:
    return b"," if format is FeedFormat.JSON else b""


@lru_cache(maxsize=KEPT_ITEMS)
def _fragment(item: Item, format: FeedFormat) -> bytes:
    """One item as it stands in every document of this format that has it."""
    return json_feed.item(item) if format is FeedFormat.JSON else xml_feed.item(item, format)
