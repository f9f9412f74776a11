"""Any web address -> the feeds behind it, each read once. In: what a person typed. Out: Looked.

A feed is taken as it is; a page is asked for the feeds it names, then the usual places are tried, then the REST
interface of WordPress. Where there is none the page itself is offered, if it lists articles, and the site's sitemaps;
these only if robots.txt lets us read them. Nothing is stored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from syndication.errors import FetchError, ParseError, PolicyError
from syndication.jobs.lists import further_requests, read_list
from syndication.jobs.manners import Doors, Forgetful
from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.unlock import Keys, no_keys, unlocked
from syndication.model.collecting import DueSource
from syndication.model.exchange import Answer, Failure, FailureKind, Request
from syndication.model.source import Document, FetchOutcome, ParsedFeed, Partner, Source, SourceKind, Validators
from syndication.sources.discover import (
    address_key,
    addresses,
    is_page,
    own_output,
    places,
    read_page,
    rest_places,
)
from syndication.sources.fetch import ACCEPT, PERMANENT
from syndication.sources.limits import DOCUMENT_BYTES_MAX
from syndication.sources.listing import NO_LIST
from syndication.sources.opml import is_opml
from syndication.sources.parse import parse_feed

GUESS_SECONDS = 15.0
SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_index.xml", "/sitemap.xml")
STRANGER = 1
"""The id under which an address is asked that is no source yet."""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed, or what serves as one, that can be read today. `url` is to be polled; `how` it was found, in words."""

    url: str
    how: str
    feed: ParsedFeed
    answer: Answer
    kind: SourceKind = SourceKind.FEED

    @property
    def home(self) -> str:
        return self.feed.url or self.answer.url


@dataclass(frozen=True, slots=True)
class Looked:
    """What an address led to: feeds, the likeliest first; or a list of feeds. `passed_over` says why others are not."""

    asked: str
    feeds: tuple[Found, ...] = ()
    opml: Answer | None = None
    passed_over: tuple[tuple[str, str], ...] = ()


def look(
    typed: str, *, exchange: Exchange, base_url: str, now: datetime, keys: Keys = no_keys, credentials: str = ""
) -> Looked:
    """Raises PolicyError (an address that is not allowed, or is our own), FetchError, ParseError, SettingsError."""
    if credentials:
        keys(credentials)  # raises, before anybody is asked
    asked, way_out, answer = _reach(typed, exchange, keys, credentials)
    if is_opml(answer.body):
        return Looked(asked, opml=answer)
    document = Document(answer.body, answer.url, answer.header("content-type"))
    if is_page(document):
        return _Search(way_out, base_url, credentials, now).page(asked, answer, document)
    try:
        found = _read(asked, answer, "it is a feed itself")
    except ParseError as error:
        if _is_sitemap(answer):
            return _Search(way_out, base_url, credentials, now).itself(
                asked, answer, SourceKind.SITEMAP, "it is a sitemap"
            )
        raise ParseError(f"{asked} is no feed that can be read", why=error.why or error.what) from error
    if why := own_output(found.url, base_url, found.feed):
        raise PolicyError(f"{asked} is no source", why=why, fix="it would feed us our own stories: add the original")
    return Looked(asked, (found,))


def _reach(typed: str, exchange: Exchange, keys: Keys, credentials: str) -> tuple[str, Exchange, Answer]:
    """The address that answers, of those that may be meant."""
    for last, url in ((url == addresses(typed)[-1], url) for url in addresses(typed)):
        stranger = Source(STRANGER, "", Partner("", "", ""), url, credentials=credentials)
        way_out = unlocked(exchange, [stranger], keys)
        came = way_out.fetch(_request(url))
        if isinstance(came, Answer):
            _require_ok(url, came)
            return url, way_out, came
        if came.kind is FailureKind.REFUSED or last:
            raise _failed(url, came)
    raise FetchError("there is no address")


def _failed(url: str, came: Failure) -> FetchError | PolicyError:
    if came.kind is FailureKind.REFUSED:
        private = ", RFC" in came.detail  # as the table of addresses words it; else it is spelt as no address may be
        fix = "what is on a private network is reached only when [outbound] allow names it" if private else ""
        return PolicyError(f"{url} is not fetched", why=came.detail, fix=fix)
    return FetchError(f"{url} does not answer", why=f"{came.kind.value}: {came.detail}", fix="try again later")


def _require_ok(url: str, came: Answer) -> None:
    if came.status in (401, 402, 403, 407):
        fix = "when it is behind a door, name the secret that opens it with --credentials"
        raise FetchError(f"{url} may not be read without permission", why=f"its status is {came.status}", fix=fix)
    if came.status == 410:
        fix = "ask the partner for its new address"
        raise PolicyError(f"{url} was taken away for good", why="its status is 410", fix=fix)
    if came.status != 200:
        raise FetchError(f"{url} does not answer as it should", why=f"its status is {came.status}")


@dataclass(slots=True)
class _Search:
    exchange: Exchange
    base_url: str
    credentials: str
    now: datetime

    def page(self, asked: str, answer: Answer, document: Document) -> Looked:
        page = read_page(document, tuple(value for name, value in answer.headers if name == "link"))
        guesses = places(answer.url)
        ways = (
            (page.feeds, "named by the page"),
            (guesses, "in a usual place"),
            (rest_places(answer.url, page.wordpress), "posts of WordPress' REST interface"),
        )
        passed_over: list[tuple[str, str]] = []
        for urls, how in ways:
            feeds = self._try(urls, how, passed_over)
            if feeds:
                return Looked(asked, feeds, passed_over=tuple(passed_over))
            passed_over = [row for row in passed_over if row[0] in page.feeds]  # that a guess leads nowhere is no news
        if lists := self._lists(asked, answer, passed_over):
            return Looked(asked, lists, passed_over=tuple(passed_over))
        told = f"the page names {len(page.feeds) or 'no'} feed{'s' if len(page.feeds) != 1 else ''}"
        tried = "; ".join(f"{url}: {why}" for url, why in passed_over) or f"{len(guesses)} usual places hold none"
        raise ParseError(f"{asked} leads to no feed", why=f"{told}; {tried}", fix="ask the partner for its address")

    def itself(self, asked: str, answer: Answer, kind: SourceKind, how: str) -> Looked:
        """What was asked for, taken for a list. Raises ParseError, PolicyError."""
        passed_over: list[tuple[str, str]] = []
        found = self._list(asked, answer, kind, how, self._doors([asked]), passed_over)
        if found is None:
            raise ParseError(f"{asked} cannot serve as a source", why=passed_over[0][1])
        return Looked(asked, (found,))

    def _lists(self, asked: str, answer: Answer, passed_over: list[tuple[str, str]]) -> tuple[Found, ...]:
        """The page itself, and the sitemaps that lie where they usually do."""
        urls = [urljoin(answer.url, place) for place in SITEMAPS]
        doors = self._doors([asked, *urls])
        why: list[tuple[str, str]] = []
        page = self._list(asked, answer, SourceKind.LISTING, "the page itself lists articles", doors, why)
        passed_over += [row for row in why if NO_LIST not in row[1]]  # that a page lists nothing is no news
        may = [replace(_request(url), total_seconds=GUESS_SECONDS) for url in urls if not doors.refusal(url)]
        found: dict[str, Found] = {}
        for request, came in self.exchange.fetch_all(may):
            if isinstance(came, Answer) and came.status == 200 and _is_sitemap(came):
                one = self._list(request.url, came, SourceKind.SITEMAP, "in a usual place for sitemaps", doors, [])
                found |= {request.url: one} if one and one.feed.entries else {}
        return (*((page,) if page else ()), *(found[url] for url in urls if url in found))

    def _doors(self, urls: Iterable[str]) -> Doors:
        doors = Doors(self.exchange, Forgetful(), self.now)
        doors.learn(urls)
        return doors

    def _list(
        self,
        url: str,
        answer: Answer,
        kind: SourceKind,
        how: str,
        doors: Doors,
        passed_over: list[tuple[str, str]],
    ) -> Found | None:
        if why := doors.refusal(url) or own_output(answer.url, self.base_url):
            passed_over.append((url, why))
            return None
        source = Source(STRANGER, "", Partner("", "", ""), url, kind=kind)
        due = DueSource(source, Validators(), token=0, failures=0, first=True, last_full_at=None)
        further = further_requests(due, answer, doors.now)
        doors.learn(request.url for request in further)
        more = [one for _, one in self.exchange.fetch_all([one for one in further if not doors.refusal(one.url)])]
        listed = read_list(source, answer, Validators(), more=more, now=doors.now)
        if listed.feed is None or listed.fetched.outcome is not FetchOutcome.FRESH:
            passed_over.append((url, listed.fetched.detail))
            return None
        return Found(url, how, listed.feed, answer, kind)

    def _try(self, urls: Iterable[str], how: str, passed_over: list[tuple[str, str]]) -> tuple[Found, ...]:
        order = {url: n for n, url in enumerate(urls)}
        requests = [replace(_request(url), total_seconds=GUESS_SECONDS) for url in order]
        found: list[tuple[int, Found]] = []
        for request, came in self.exchange.fetch_all(requests):
            try:
                found.append((order[request.url], self._one(request.url, came, how)))
            except (FetchError, PolicyError, ParseError) as error:
                passed_over.append((request.url, error.why or error.what))
        found.sort(key=lambda pair: pair[0])
        return tuple({_same(one): one for _, one in reversed(found)}.values())[::-1]

    def _one(self, url: str, came: Answer | Failure, how: str) -> Found:
        if isinstance(came, Failure):
            raise _failed(url, came)
        _require_ok(url, came)
        found = _read(url, came, how)
        if why := own_output(found.url, self.base_url, found.feed):
            raise PolicyError(f"{url} is no source", why=why)
        return found


def _request(url: str) -> Request:
    return Request(url, headers=(("Accept", ACCEPT),), body_bytes_max=DOCUMENT_BYTES_MAX, key=STRANGER)


def _is_sitemap(answer: Answer) -> bool:
    look = answer.body[:4096]
    return look.startswith(b"\x1f\x8b") or b"<urlset" in look or b"<sitemapindex" in look


def _read(asked: str, answer: Answer, how: str) -> Found:
    feed = parse_feed(answer.body, url=answer.url, headers={"content-type": answer.header("content-type") or ""})
    lasting = asked
    for hop in answer.hops:
        if hop.status not in PERMANENT:
            break
        lasting = hop.url
    return Found(lasting, how, feed, answer)


def _same(found: Found) -> tuple[str, ...]:
    """Two feeds alike in this are one: guesses often lead to the same place."""
    return (address_key(found.answer.url),)
