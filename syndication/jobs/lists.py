"""The answer of a source that is no feed -> what it lists, like a feed's. In: answers. Out: Fetched, ParsedFeed.

A listing page, a sitemap or an index of them, posts of WordPress. Whether it is new is told by what it lists: a page
changes with every advertisement, and the list in it does not. It may take more documents than one; they are few.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import islice
from urllib.parse import urlsplit

from syndication.errors import ParseError
from syndication.model.article import ArticleState
from syndication.model.collecting import DueSource, Known
from syndication.model.exchange import Answer, Failure, Request
from syndication.model.source import Document, Entry, Fetched, FetchOutcome, ParsedFeed, Source, SourceKind, Validators
from syndication.sources import listing, sitemap
from syndication.sources.fetch import ACCEPTS, read, validators_of
from syndication.sources.limits import DOCUMENT_BYTES_MAX
from syndication.sources.mining import directives
from syndication.sources.page import is_door, metas_of, tree_of
from syndication.sources.parse import parse_feed

POSTS_PAGES_MAX = 3
"""Pages of posts read on the first poll."""
LOOK_AGAIN = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))
"""So old an article's page is read once more, for what was corrected in it, and for what it asks of robots now."""
SELDOM = LOOK_AGAIN[2:]
"""The same of feeds and sitemaps, which tell most corrections themselves."""
AGAIN_MAX = 10
"""Pages read once more in one round."""


@dataclass(frozen=True, slots=True)
class Listed:
    """`feed` is None when the answer holds nothing new, or nothing that can be read; `fetched` says which."""

    fetched: Fetched
    feed: ParsedFeed | None = None


def further_requests(due: DueSource, answer: Answer | Failure, now: datetime) -> list[Request]:
    """Documents that belong to the same list: an index's sitemaps, the next pages of posts on a first poll."""
    if isinstance(answer, Failure) or answer.status != 200:
        return []
    try:
        urls = list(_further(due, answer, now))
    except ParseError:
        return []  # whoever reads the answer will say why
    accept = ("Accept", ACCEPTS[due.source.kind])
    return [
        Request(url, headers=(accept,), body_bytes_max=DOCUMENT_BYTES_MAX, key=(due.source.id, n, url))
        for n, url in enumerate(urls)
    ]


def read_list(
    source: Source, answer: Answer, validators: Validators, *, more: Sequence[Answer | Failure] = (), now: datetime
) -> Listed:
    """Never raises: a document that cannot be read is NOT_A_FEED, with the reason."""
    judged = read(answer, replace(validators, body_hash=None), asked=source.url, now=now)
    if answer.status not in (200, 203) or judged.outcome is FetchOutcome.MOVED_AWAY:
        return Listed(replace(judged, validators=replace(judged.validators, body_hash=validators.body_hash)))
    document = Document(answer.body, answer.url, answer.header("content-type"))
    plain = Fetched(
        FetchOutcome.FRESH, document, validators, moved_to=judged.moved_to, fresh_seconds=judged.fresh_seconds
    )
    try:
        if source.kind is SourceKind.LISTING and (closed := _closed(source, answer, document)):
            outcome, detail = closed
            return Listed(replace(plain, outcome=outcome, document=None, detail=detail))
        feed = _feed(source, document, more, now)
    except ParseError as error:
        return Listed(replace(plain, outcome=FetchOutcome.NOT_A_FEED, detail=str(error)))
    known = hash_of(feed.entries)
    # An index may stay as it is while its sitemaps change, so nothing makes the question for it conditional.
    new = Validators(body_hash=known) if more else validators_of(answer, known)
    outcome = FetchOutcome.SAME_BODY if known == validators.body_hash else FetchOutcome.FRESH
    return Listed(replace(plain, outcome=outcome, validators=new), feed)


def hash_of(entries: Sequence[Entry]) -> str:
    """Of what is listed: addresses, titles, dates. Teasers and pictures come and go."""
    told = "\0".join(f"{entry.id}\1{entry.url}\1{entry.title}\1{entry.published}\1{entry.updated}" for entry in entries)
    return blake2b(told.encode("utf-8", "replace"), digest_size=20).hexdigest()


def to_look_at_again(
    due: DueSource,
    hashes: Mapping[str, str],
    known: Mapping[str, Known],
    now: datetime,
    *,
    worth: Callable[[str], bool] = lambda guid: True,
    room: int = AGAIN_MAX,
) -> list[str]:
    """Guids whose pages are read once more: their age has passed a mark since the last answer with a body.

    `worth` says which have a page to look at.
    """
    if due.source.kind is SourceKind.WORDPRESS or due.last_full_at is None:
        return []
    since, ages = due.last_full_at, LOOK_AGAIN if due.source.kind is SourceKind.LISTING else SELDOM
    passed = (
        guid
        for guid in hashes
        if (one := known.get(guid))
        and one.state is ArticleState.LIVE
        and any(since < one.first_seen_at + age <= now for age in ages)
        and worth(guid)
    )
    return list(islice(passed, room))


def _further(due: DueSource, answer: Answer, now: datetime) -> Iterator[str]:
    source = due.source
    if source.kind is SourceKind.SITEMAP:
        found = sitemap.read(answer.body, url=answer.url, content_type=answer.header("content-type"), now=now)
        yield from (child.url for child in found.children)
    elif source.kind is SourceKind.WORDPRESS and due.first:
        pages = answer.header("x-wp-totalpages") or ""
        last = min(int(pages), POSTS_PAGES_MAX) if pages.isascii() and pages.isdigit() and len(pages) < 9 else 1
        joint = "&" if urlsplit(answer.url).query else "?"
        yield from (f"{answer.url}{joint}page={n}" for n in range(2, last + 1))


def _closed(source: Source, answer: Answer, document: Document) -> tuple[FetchOutcome, str] | None:
    """Why a page is not to be followed, though it answered."""
    page = tree_of(document)
    if is_door(page, asked=source.url, answered=answer.url):
        return FetchOutcome.LOG_IN, "a page that asks who we are came in place of the list"
    said = [value for name, value in answer.headers if name == "x-robots-tag"]
    said += [value for name, value in metas_of(page) if name in ("robots", "syndication")]
    if any({"nofollow", "none"} & set(directives(value)) for value in said):
        return FetchOutcome.NOT_ALLOWED, "the page asks robots not to follow its links"
    return None


def _feed(source: Source, document: Document, more: Sequence[Answer | Failure], now: datetime) -> ParsedFeed:
    if source.kind is SourceKind.LISTING:
        return listing.read(document, item=source.item, link=source.link)
    documents = [document]
    documents += [Document(one.body, one.url, one.header("content-type")) for one in more if _is_there(one)]  # type: ignore[union-attr]
    if source.kind is SourceKind.SITEMAP:
        return _sitemaps(documents, source.url, now)
    feeds = [parse_feed(one.data, url=one.url, headers={"content-type": one.content_type or ""}) for one in documents]
    return replace(feeds[0], entries=tuple(entry for feed in feeds for entry in feed.entries))


def _sitemaps(documents: Sequence[Document], url: str, now: datetime) -> ParsedFeed:
    """The first is read or refused; one broken sitemap of an index hurts itself only, unless none is left."""
    found, broken = [], None
    for n, one in enumerate(documents):
        try:
            found.append(sitemap.read(one.data, url=one.url, content_type=one.content_type, now=now))
        except ParseError as error:
            if n == 0:
                raise
            broken = error
    if found[0].children:
        found = found[1:]
        if not found:
            raise broken or ParseError("the sitemap cannot be read", why="none of the sitemaps it names was there")
    return sitemap.feed_of(found, url)


def _is_there(answer: Answer | Failure) -> bool:
    return isinstance(answer, Answer) and answer.status == 200
