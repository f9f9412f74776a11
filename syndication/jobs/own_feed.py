"""A reader's own feed: the choice of their digest, at an address that nobody can guess and that can be taken back.

It is built when it is asked for: there may be as many as there are readers, and most are asked once an hour.
"""

import hashlib
import re
from datetime import datetime

from syndication.feeds.build import build
from syndication.feeds.check import faults
from syndication.jobs.feed_archive import shown
from syndication.jobs.ports.own_feeds import OwnFeeds
from syndication.jobs.ports.shelf import Shelf
from syndication.model.feed import Feed, FeedDocument, FeedFormat, Publication

ITEMS_MAX = 50
SPARE = 4
"""Read so many times more: the reader's own choice leaves some out."""
TOKEN = re.compile(r"[a-z2-7]{32}")
"""160 bits, in letters that survive being read aloud."""


def hash_of(token: str) -> str:
    """What is kept of an address: from it nobody can tell the address."""
    return hashlib.blake2b(token.encode(), digest_size=20, person=b"own feed").hexdigest()


def give(own: OwnFeeds, subscription_id: int, token: str, now: datetime) -> str:
    """Make `token` the address of the subscription's feed, and answer its slug. The one before is no longer good."""
    if not TOKEN.fullmatch(token):
        raise ValueError("a token has 32 letters of base 32")
    own.give(subscription_id, hash_of(token), now)
    return slug_of(token)


def slug_of(token: str) -> str:
    return f"own-{token}"


def read(
    own: OwnFeeds, shelf: Shelf, publication: Publication, token: str, format: FeedFormat, now: datetime
) -> FeedDocument | None:
    """The feed as it is now. None when it was taken back, its reader has left, or there never was one."""
    asked = own.asked_by(hash_of(token)) if TOKEN.fullmatch(token) else None
    if asked is None:
        return None
    newsletter, choice = asked
    feed = Feed(0, slug_of(token), newsletter.title, newsletter.description, newsletter.choice, ITEMS_MAX)
    articles = [
        stored
        for stored in shelf.articles(feed, limit=ITEMS_MAX * SPARE)
        if choice.wants(topics=stored.topics, partner=stored.partner.slug)
    ]
    titles = {topic.slug: topic.title for topic in shelf.topics()}
    document = build(feed, publication, shown(articles, now), format, titles)
    return None if faults(document) else document
