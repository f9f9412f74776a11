"""A web address -> a feed that can be read, before it becomes a source."""

from dataclasses import dataclass

from syndication.errors import FetchError, ParseError, PolicyError
from syndication.jobs.ports.exchange import Exchange
from syndication.model.exchange import Failure, FailureKind, Request
from syndication.model.source import Entry
from syndication.sources.parse import parse_feed

ACCEPT = (
    "accept",
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.1",
)


@dataclass(frozen=True, slots=True)
class Found:
    """A feed as it answers today. `home` is the partner's page."""

    url: str
    title: str
    home: str
    dialect: str
    entries: tuple[Entry, ...]


def look(url: str, *, exchange: Exchange) -> Found:
    """Fetch and read it once. Raises PolicyError (an address that is not allowed), FetchError, ParseError."""
    answer = exchange.fetch(Request(url=url, headers=(ACCEPT,)))
    if isinstance(answer, Failure):
        if answer.kind is FailureKind.REFUSED:
            raise PolicyError(f"{url} is not fetched", why=answer.detail)
        raise FetchError(f"{url} does not answer", why=f"{answer.kind.value}: {answer.detail}", fix="try again later")
    if answer.status != 200:
        raise FetchError(f"{url} does not answer with a feed", why=f"its status is {answer.status}")
    try:
        feed = parse_feed(answer.body, url=answer.url, headers=dict(answer.headers))
    except ParseError as error:
        raise ParseError(
            f"{url} is no feed that can be read", why=error.why or error.what, fix="give the address of a feed"
        ) from error
    return Found(
        url=answer.url,
        title=feed.title or answer.url,
        home=feed.url or answer.url,
        dialect=feed.dialect,
        entries=feed.entries,
    )
