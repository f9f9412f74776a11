"""Articles -> published feeds: build what is stale, check each document, keep what is good."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from syndication.articles.permit import may
from syndication.feeds.build import build
from syndication.feeds.check import faults
from syndication.feeds.pack import pack
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.shelf import Shelf
from syndication.model.article import Permission, Stored
from syndication.model.feed import FeedDocument, FeedFormat, Publication
from syndication.model.rights import Channel

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """What a round did, each as "all.rss". A second round finds nothing stale and changes nothing."""

    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Documents that failed their check, each with its first fault."""


def publish(*, shelf: Shelf, publication: Publication, clock: Clock) -> Published:
    """Build every stale feed in every format. One feed that fails stops no other."""
    changed: list[str] = []
    unchanged: list[str] = []
    refused: list[str] = []
    titles = {topic.slug: topic.title for topic in shelf.topics()}
    for feed, seen in shelf.stale():
        now = clock()
        good: list[FeedDocument] = []
        shown = _shown(shelf.articles(feed), now)
        for format in FeedFormat:
            document = build(feed, publication, shown, format, titles)
            found = faults(document)
            if found:
                shelf.refuse(feed, format, str(found[0]))
                refused.append(f"{feed.slug}.{format.value}: {found[0]}")
                log.error("feed=%s format=%s outcome=refused fault=%s", feed.slug, format.value, found[0])
            else:
                good.append(pack(document))
        fresh = shelf.put(feed, good, seen=seen, now=now)
        changed += [f"{feed.slug}.{format.value}" for format in fresh]
        unchanged += [f"{feed.slug}.{document.format.value}" for document in good if document.format not in fresh]
    return Published(tuple(changed), tuple(unchanged), tuple(refused))


def _shown(articles: Sequence[Stored], now: datetime) -> list[tuple[Stored, Permission]]:
    """What the feed channel may show, of each article."""
    asked = [(stored, may(stored, Channel.FEED, now)) for stored in articles]
    return [(stored, permission) for stored, permission in asked if permission.allowed]
