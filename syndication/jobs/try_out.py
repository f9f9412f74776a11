"""A feed -> its newest articles as they will look, and what was taken out of them. In: a Source, an answer. Out: Trial.

The same steps as a poll takes, and none of them is remembered: for a feed that is to be added, and for one that
puzzles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from syndication.articles.identify import distinguish, guid_for, is_nameless
from syndication.articles.permit import may
from syndication.errors import ParseError
from syndication.jobs.gather import Gathered, page_requests, settle, take_page
from syndication.jobs.ports.exchange import Exchange
from syndication.model.article import Article, ArticleState, Permission, Stored
from syndication.model.collecting import DueSource
from syndication.model.exchange import Answer
from syndication.model.rights import Channel
from syndication.model.source import Entry, Fetched, FetchOutcome, ParsedFeed, SetAside, Source, Validators
from syndication.sources.fetch import read
from syndication.sources.parse import parse_feed

SHOWN_MAX = 10
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Preview:
    """An article that a poll would bring, and what the web page may show of it under the source's rights."""

    article: Article
    permission: Permission


@dataclass(frozen=True, slots=True)
class Trial:
    """`feed` is None when the answer holds none; then `fetched` says why."""

    fetched: Fetched
    feed: ParsedFeed | None = None
    previews: tuple[Preview, ...] = ()
    set_aside: tuple[SetAside, ...] = ()


def try_out(source: Source, answer: Answer, *, exchange: Exchange, now: datetime) -> Trial:
    """`exchange` serves for the pages that its entries want, if its rights reach beyond the feed."""
    fetched = read(answer, Validators(), asked=source.url, now=now)
    if fetched.outcome is not FetchOutcome.FRESH or fetched.document is None:
        return Trial(fetched)
    try:
        feed = parse_feed(answer.body, url=answer.url, headers=dict(answer.headers))
    except ParseError as error:
        return Trial(Fetched(FetchOutcome.NOT_A_FEED, fetched.document, Validators(), detail=str(error)))
    gathered = _gathered(source, answer, fetched, newest(feed.entries), now)
    for request, page in exchange.fetch_all(list(page_requests(gathered))):
        take_page(gathered, request.url, page)
    gathered.waiting.clear()
    settle(gathered)
    previews = tuple(_preview(source, article, now) for article in gathered.changes.new)
    return Trial(fetched, feed, previews, (*feed.set_aside, *gathered.set_aside))


def newest(entries: Sequence[Entry], limit: int = SHOWN_MAX) -> list[Entry]:
    """By date; those without one keep their place behind the others, as the publisher lists them."""
    return sorted(entries, key=lambda entry: entry.published or entry.updated or EARLIEST, reverse=True)[:limit]


def _gathered(source: Source, answer: Answer, fetched: Fetched, entries: Sequence[Entry], now: datetime) -> Gathered:
    due = DueSource(source, Validators(), token=0, failures=0, first=True, last_full_at=None)
    listed: dict[str, Sequence[Entry]] = {
        guid_for(entry): [entry] for entry in distinguish(entries) if not is_nameless(entry)
    }
    return Gathered(due, now, answer, fetched, entries=listed, hashes=dict.fromkeys(listed, ""))


def _preview(source: Source, article: Article, now: datetime) -> Preview:
    stored = Stored(
        id=0,
        article=article,
        rev=1,
        state=ArticleState.LIVE,
        story_id=0,
        leads=True,
        partner=source.partner,
        source_slug=source.slug,
        source_url=source.url,
        rights=source.rights,
    )
    return Preview(article, may(stored, Channel.WEB, now))
