"""A feed -> its newest articles as they will look, and what was taken out of them. In: a Source, an answer. Out: Trial.

The same steps as a poll takes, and none of them is remembered: for a feed that is to be added, and for one that
puzzles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from syndication.articles.beside import BesideLine, beside
from syndication.articles.identify import distinguish, guid_for, is_nameless
from syndication.articles.permit import may
from syndication.articles.themes import changed, suggestions
from syndication.errors import ParseError
from syndication.jobs.gather import Gathered, keep_page, page_requests, settle, take_page
from syndication.jobs.lists import further_requests, read_list
from syndication.jobs.manners import Doors, Forgetful, Paced
from syndication.jobs.pages import PageRead
from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.ports.manners import Hosts
from syndication.model.article import Article, ArticleState, Permission, Stored
from syndication.model.collecting import DueSource
from syndication.model.exchange import Answer, Failure, FailureKind, Phase
from syndication.model.pages import PageLook, Suggestion
from syndication.model.rights import Channel
from syndication.model.source import Entry, Fetched, FetchOutcome, ParsedFeed, SetAside, Source, SourceKind, Validators
from syndication.sources.fetch import read, request_for
from syndication.sources.parse import parse_feed

SHOWN_MAX = 10
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Preview:
    """An article that a poll would bring, and what the web page may show of it under the source's rights."""

    article: Article
    permission: Permission
    lines: tuple[BesideLine, ...] = ()
    """What came, line by line, with what became of it."""


@dataclass(frozen=True, slots=True)
class Trial:
    """`feed` is None when the answer holds none; then `fetched` says why."""

    fetched: Fetched
    feed: ParsedFeed | None = None
    previews: tuple[Preview, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    suggested: tuple[Suggestion, ...] = ()
    """Rules that its pages suggest."""
    theme: str = ""
    """Why its pages look like another theme than they did."""
    closed: tuple[str, ...] = ()
    """Why pages may not be read, each reason once."""
    missed: tuple[str, ...] = ()
    """Declared rules that found nothing on any page."""


def ask(source: Source, *, exchange: Exchange, hosts: Hosts | None = None, now: datetime) -> Answer | Failure:
    """Its answer now; that of a list of pages only when its host lets us read it."""
    request = request_for(source, Validators(), unconditional=True)
    if source.kind is not SourceKind.FEED:
        doors = Doors(exchange, hosts or Forgetful(), now)
        doors.learn([request.url])
        if silence := doors.silence(request.url):
            return silence
        if refusal := doors.refusal(request.url):
            return Failure(request.url, FailureKind.ASKED_NOT_TO, Phase.JUDGED, refusal)
    return exchange.fetch(request)


def try_out(
    source: Source,
    answer: Answer,
    *,
    exchange: Exchange,
    now: datetime,
    hosts: Hosts | None = None,
    before: Sequence[PageLook] = (),
) -> Trial:
    """`exchange` serves for the pages that its entries want. `before`: what the latest pages of it were like."""
    doors = Doors(exchange, hosts or Forgetful(), now)
    fetched, feed = _read(source, answer, doors, now)
    if feed is None:
        return Trial(fetched)
    gathered = _gathered(source, answer, fetched, newest(feed.entries), now)
    pages = _read_pages(gathered, doors)
    gathered.waiting.clear()
    settle(gathered)
    reads = [read for read in gathered.reads.values() if read.extract is not None]
    return Trial(
        fetched,
        feed,
        tuple(_preview(source, article, _came(gathered, article, pages), now) for article in gathered.changes.new),
        (*feed.set_aside, *gathered.set_aside),
        suggested=suggestions((*reversed(gathered.looks), *before)),
        theme=changed(tuple(reversed(gathered.looks)), before),
        closed=tuple(dict.fromkeys(read.refused for read in gathered.reads.values() if read.refused)),
        missed=tuple(rule for rule in (reads[0].missed if reads else ()) if all(rule in one.missed for one in reads)),
    )


def _read(source: Source, answer: Answer, doors: Doors, now: datetime) -> tuple[Fetched, ParsedFeed | None]:
    if source.kind is not SourceKind.FEED:
        due = DueSource(source, Validators(), token=0, failures=0, first=True, last_full_at=None)
        further = further_requests(due, answer, now)
        doors.learn(request.url for request in further)
        may = [request for request in further if not doors.refusal(request.url)]
        listed = read_list(
            source, answer, Validators(), more=[one for _, one in doors.exchange.fetch_all(may)], now=now
        )
        return listed.fetched, listed.feed
    fetched = read(answer, Validators(), asked=source.url, now=now)
    if fetched.outcome is not FetchOutcome.FRESH or fetched.document is None:
        return fetched, None
    try:
        return fetched, parse_feed(
            answer.body, url=answer.url, headers={"content-type": answer.header("content-type") or ""}
        )
    except ParseError as error:
        return Fetched(FetchOutcome.NOT_A_FEED, fetched.document, Validators(), detail=str(error)), None


def _read_pages(gathered: Gathered, doors: Doors) -> dict[str, bytes]:
    """Answers what came, by address."""
    came: dict[str, bytes] = {}
    pages = list(page_requests(gathered))
    doors.learn(page.url for page in pages)
    for page in pages:
        if refusal := doors.refusal(page.url):
            keep_page(gathered, page.url, PageRead(refused=refusal))
    allowed = [page for page in pages if not doors.refusal(page.url)]
    for request, answer in Paced(doors.exchange, doors.delay_seconds).fetch_all(allowed):
        if isinstance(answer, Answer) and answer.url != request.url:
            doors.learn([answer.url])
        if isinstance(answer, Answer) and (refusal := doors.refusal(answer.url)):
            keep_page(gathered, request.url, PageRead(refused=refusal))
        else:
            take_page(gathered, request.url, answer, doors.reserved(request.url))
            came |= {request.url: answer.body} if isinstance(answer, Answer) else {}
    return came


def _came(gathered: Gathered, article: Article, pages: Mapping[str, bytes]) -> str | bytes:
    """The page that its text was read from, or what its entry holds."""
    entry = next(iter(gathered.entries.get(article.guid, ())), None)
    if entry is None:
        return ""
    return pages.get(entry.url or "") or entry.content_html or entry.summary_html or ""


def newest(entries: Sequence[Entry], limit: int = SHOWN_MAX) -> list[Entry]:
    """By date; those without one keep their place behind the others, as the publisher lists them."""
    return sorted(entries, key=lambda entry: entry.published or entry.updated or EARLIEST, reverse=True)[:limit]


def _gathered(source: Source, answer: Answer, fetched: Fetched, entries: Sequence[Entry], now: datetime) -> Gathered:
    due = DueSource(source, Validators(), token=0, failures=0, first=True, last_full_at=None)
    listed: dict[str, Sequence[Entry]] = {
        guid_for(entry): [entry] for entry in distinguish(entries) if not is_nameless(entry)
    }
    return Gathered(due, now, answer, fetched, entries=listed, hashes=dict.fromkeys(listed, ""))


def _preview(source: Source, article: Article, came: str | bytes, now: datetime) -> Preview:
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
    return Preview(article, may(stored, Channel.WEB, now), beside(came, article.text, article.removed))
