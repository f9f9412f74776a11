"""Articles -> published feeds: build what is stale, check each document, keep what is good."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from syndication.articles.permit import changes_at, may
from syndication.feeds.archive import place_of_feed
from syndication.feeds.build import write
from syndication.feeds.check import faults
from syndication.feeds.editions import edition_item
from syndication.feeds.item import Item, items_of
from syndication.feeds.pack import pack
from syndication.jobs import feed_archive
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.shelf import Shelf
from syndication.model.archive import EditionTold
from syndication.model.article import Permission, Stored
from syndication.model.edition import ItemKind
from syndication.model.feed import Built, Feed, FeedDocument, FeedFormat, Publication, Withdrawn
from syndication.model.rights import Channel

log = logging.getLogger(__name__)

SPARE = 2
"""Read this many times more than a feed holds when not all of the newest may go out today."""
GONE_FOR = timedelta(days=30)
GONE_MAX = 20
"""Withdrawals that a document tells of."""
TOGETHER = 8
"""Feeds put on the shelf in one transaction: what a new article touches mostly comes at once, many wait little."""
WAITED = 2
"""Of a round that takes only some feeds, so many are those that waited longest: news never keeps them back for good."""
TRY_AGAIN = timedelta(minutes=15)
"""A feed that could not be built is tried anew with its next change, and otherwise after so long."""
EDITIONS_AGAIN = timedelta(minutes=15)
"""Nobody tells feeds of an edition that opens, closes or loses an article: they look."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a round did, each as "all.rss". A second round finds nothing stale and changes nothing."""

    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Documents that failed their check or could not be built, each with its first fault."""
    more: bool = False
    """Whether stale feeds were left for the next round."""


@dataclass(frozen=True, slots=True)
class _Round:
    shelf: Shelf
    publication: Publication
    titles: Mapping[str, str]
    now: datetime


def publish(*, shelf: Shelf, publication: Publication, clock: Clock, at_most: int | None = None) -> Published:
    """Build stale feeds in every format, all or `at_most` so many, newest changes first. One that fails stops no other.

    Short rounds let what came meanwhile go before what has waited anyway.
    """
    changed: list[str] = []
    unchanged: list[str] = []
    refused: list[str] = []
    feed_archive.write_down(shelf, clock())
    titles = {topic.slug: topic.title for topic in shelf.topics()}
    stale = shelf.stale(clock())
    turn = _turn(stale, at_most)
    # A compressor lets others have the interpreter, so the next document is built meanwhile.
    with ThreadPoolExecutor(1, thread_name_prefix="pack") as packer:
        for feeds in _parts(turn):
            drafts = [_draft(_Round(shelf, publication, titles, clock()), feed, seen, packer) for feed, seen in feeds]
            ready = [_ready(shelf, draft, clock()) for draft in drafts]
            refused += [fault for draft in drafts for fault in draft.refused]
            for built, fresh in zip(ready, shelf.put(ready, clock()), strict=True):
                names = {document.format: f"{built.feed.slug}.{document.format.value}" for document in built.documents}
                changed += [name for format, name in names.items() if format in fresh]
                unchanged += [name for format, name in names.items() if format not in fresh]
    return Published(tuple(changed), tuple(unchanged), tuple(refused), more=len(turn) < len(stale))


def _turn(stale: Sequence[tuple[Feed, int]], at_most: int | None) -> Sequence[tuple[Feed, int]]:
    if at_most is None or len(stale) <= at_most:
        return stale
    waited = min(WAITED, at_most - 1)
    return [*stale[: at_most - waited], *stale[len(stale) - waited :]]


def _parts(stale: Sequence[tuple[Feed, int]]) -> Iterator[Sequence[tuple[Feed, int]]]:
    return (stale[start : start + TOGETHER] for start in range(0, len(stale), TOGETHER))


@dataclass(slots=True)
class _Draft:
    """The feed's documents that may be published, some still in the packer's hands; and what is wrong with others."""

    feed: Feed
    seen: int
    again_at: datetime | None
    good: list[Callable[[], FeedDocument]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def built(self) -> Built:
        return Built(self.feed, tuple(document() for document in self.good), self.seen, self.again_at)


def _draft(round: _Round, feed: Feed, seen: int, packer: Executor) -> _Draft:
    try:
        return _checked(round, feed, seen, packer)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told and the other feeds go on
        return _failed(round.shelf, _Draft(feed, seen, round.now + TRY_AGAIN), error)


def _ready(shelf: Shelf, draft: _Draft, now: datetime) -> Built:
    try:
        return draft.built()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told and the other feeds go on
        draft.good, draft.again_at = [], now + TRY_AGAIN
        return _failed(shelf, draft, error).built()


def _failed(shelf: Shelf, draft: _Draft, error: Exception) -> _Draft:
    """Whatever is wrong with one feed: its last good documents stay, and the others go on."""
    fault = f"could not be built: {type(error).__name__}: {error}"
    log.error("feed=%s outcome=failed fault=%s", draft.feed.slug, fault, exc_info=error)
    for format in FeedFormat:
        shelf.refuse(draft.feed, format, fault)
        draft.refused.append(f"{draft.feed.slug}.{format.value}: {fault}")
    return draft


def _checked(round: _Round, feed: Feed, seen: int, packer: Executor) -> _Draft:
    documents, again_at = _documents(round, feed)
    draft = _Draft(feed, seen, again_at)
    known = round.shelf.marks(feed)
    for document in documents:
        if known.get(document.format) == document.etag:
            draft.good.append(partial(_as_it_is, document))
        elif found := faults(document):
            round.shelf.refuse(feed, document.format, str(found[0]))
            draft.refused.append(f"{feed.slug}.{document.format.value}: {found[0]}")
            log.error("feed=%s format=%s outcome=refused fault=%s", feed.slug, document.format.value, found[0])
        else:
            draft.good.append(packer.submit(pack, document).result)
    return draft


def _as_it_is(document: FeedDocument) -> FeedDocument:
    return document


def _documents(round: _Round, feed: Feed) -> tuple[list[FeedDocument], datetime | None]:
    """The feed in every format, and when it is to be built again though nothing changes."""
    if feed.newsletter:
        return _of_editions(round, feed), round.now + EDITIONS_AGAIN
    articles = feed_archive.chosen(round.shelf, feed, limit=feed.items_max)
    shown = feed_archive.shown(articles, round.now)
    if len(shown) < feed.items_max:
        articles = feed_archive.chosen(round.shelf, feed, limit=feed.items_max * SPARE)
        shown = feed_archive.shown(articles, round.now)[: feed.items_max]
    again = [moment for stored in articles if (moment := changes_at(stored, round.now))]
    gone = round.shelf.gone(feed, since=round.now - GONE_FOR, limit=GONE_MAX)
    newest_page = feed_archive.bring_up_to_date(round.shelf, feed, shown, gone, round.now)
    items = items_of(round.publication, shown, round.titles)
    return _written(round, feed, items, gone, newest_page), min(again, default=None)


def _of_editions(round: _Round, feed: Feed) -> list[FeedDocument]:
    editions = round.shelf.editions(feed)
    items = [edition_item(round.publication, told, _shown(told, round.now)) for told in editions]
    return _written(round, feed, items, (), 0)


def _written(
    round: _Round, feed: Feed, items: Sequence[Item], gone: Sequence[Withdrawn], newest_page: int
) -> list[FeedDocument]:
    """The same items in every format."""
    hubs = (round.publication.hub, *round.publication.hubs)
    return [
        write(
            feed,
            round.publication,
            items,
            format,
            gone=gone,
            place=place_of_feed(feed, format.value, newest_page, hubs),
        )
        for format in FeedFormat
    ]


def _shown(told: EditionTold, now: datetime) -> list[tuple[ItemKind, Stored, Permission]]:
    asked = ((item.kind, stored, may(stored, Channel.FEED, now)) for item, stored in told.items)
    return [(kind, stored, permission) for kind, stored, permission in asked if permission.allowed]
