"""Source, Validators -> a conditional request; an answer -> Fetched (RFC 9110, section 13). Pure.

Both validators are echoed verbatim. New ones come with 200 *and* 304 *and* a body that is the same; the body is hashed
before anyone parses it. A permanent redirect is reported and never adopted here; to another host nothing is taken from
there at all before a person has agreed. Which entries are new is not known in this file.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from urllib.parse import urlsplit

from syndication.errors import ParseError
from syndication.model.exchange import Answer, Request
from syndication.model.source import Document, Fetched, FetchOutcome, Source, SourceKind, Validators
from syndication.sources.charset import to_utf8
from syndication.sources.discover import posts_address
from syndication.sources.limits import DOCUMENT_BYTES_MAX
from syndication.sources.sniff import LOOK_BYTES, Kind, kind_of

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
ACCEPTS = {
    SourceKind.FEED: ACCEPT,
    SourceKind.LISTING: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    SourceKind.SITEMAP: "application/xml, text/xml;q=0.9, application/gzip;q=0.8, */*;q=0.1",
    SourceKind.WORDPRESS: "application/json, */*;q=0.1",
}
DAY_SECONDS = 86_400
VALIDATOR_CHARACTERS_MAX = 1_000
PERMANENT = frozenset((301, 308))

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_ECHOABLE = re.compile(r"[\x20-\x7e]+")

_REFUSALS = {
    401: FetchOutcome.DENIED,
    402: FetchOutcome.DENIED,
    403: FetchOutcome.DENIED,
    404: FetchOutcome.MISSING,
    407: FetchOutcome.DENIED,
    410: FetchOutcome.GONE,
    429: FetchOutcome.BUSY,
    451: FetchOutcome.DENIED,
    503: FetchOutcome.UNAVAILABLE,
}
_WORDS = {
    FetchOutcome.DENIED: "the feed may not be read without permission",
    FetchOutcome.MISSING: "there is no feed at this address",
    FetchOutcome.GONE: "the publisher has taken the feed away for good",
    FetchOutcome.BUSY: "the host asks us to slow down",
    FetchOutcome.UNAVAILABLE: "the feed is not available for now",
    FetchOutcome.FAILED: "the host did not answer as it should",
}


def request_for(source: Source, validators: Validators, *, unconditional: bool) -> Request:
    """The next request for `source`. `key` is the source's id. `unconditional`: ask for the whole feed."""
    headers = [("Accept", ACCEPTS[source.kind])]
    if not unconditional:
        if validators.etag:
            # RFC 3229: what is only an addition to the known feed may be answered as such.
            headers.append(("If-None-Match", validators.etag))
            headers += [("A-IM", "feed")] if source.kind is SourceKind.FEED else []
        if validators.last_modified:
            headers.append(("If-Modified-Since", validators.last_modified))
    url = posts_address(source.url) if source.kind is SourceKind.WORDPRESS else source.url
    return Request(url, headers=tuple(headers), body_bytes_max=DOCUMENT_BYTES_MAX, key=source.id)


def read(answer: Answer, validators: Validators, *, asked: str, now: datetime | None = None) -> Fetched:
    """Judge `answer` to a request for the URL `asked`, made with the `validators` that are stored.

    `now` serves only for a `Retry-After` that is a date in an answer without a `Date` of its own.
    """
    moved_to, elsewhere = _moved(answer, asked)
    if elsewhere:
        detail = f"the feed has moved for good to another host: approve {moved_to} before anything is taken from there"
        return Fetched(FetchOutcome.MOVED_AWAY, None, validators, moved_to=moved_to, detail=detail)
    if answer.status == 304:
        fetched = _not_modified(answer, validators)
    elif answer.status in (200, 203, 226):
        fetched = _with_body(answer, validators)
    else:
        fetched = _refusal(answer, validators, now)
    return replace(fetched, moved_to=moved_to, fresh_seconds=_max_age(answer))


def body_hash(data: bytes) -> str:
    return blake2b(data, digest_size=20).hexdigest()


def validators_of(answer: Answer, known: str) -> Validators:
    """Those of a whole answer, whose content has the hash `known`."""
    return Validators(_echoable(answer.header("etag")), _echoable(answer.header("last-modified")), known)


def _not_modified(answer: Answer, validators: Validators) -> Fetched:
    if validators.etag is None and validators.last_modified is None:
        return Fetched(FetchOutcome.FAILED, None, validators, detail="304 in answer to a request without a condition")
    # RFC 9110, section 15.4.5: a 304 carries the validators that a 200 would have carried.
    new = replace(
        validators,
        etag=_echoable(answer.header("etag")) or validators.etag,
        last_modified=_echoable(answer.header("last-modified")) or validators.last_modified,
    )
    return Fetched(FetchOutcome.UNCHANGED, None, new)


def _with_body(answer: Answer, validators: Validators) -> Fetched:
    document = Document(answer.body, answer.url, answer.header("content-type"))
    known = body_hash(answer.body)
    new = validators_of(answer, known)
    if known == validators.body_hash:
        return Fetched(FetchOutcome.SAME_BODY, None, new)
    fault = _not_a_feed(document)
    if fault:
        return Fetched(FetchOutcome.NOT_A_FEED, document, validators, detail=fault)
    return Fetched(FetchOutcome.FRESH, document, new, partial=answer.status == 226)


def _not_a_feed(document: Document) -> str:
    """Why this is surely no feed; empty when it may be one. An error page with status 200 is the usual case."""
    look = document.data[:LOOK_BYTES]
    try:
        kind = kind_of(to_utf8(look, document.content_type).utf8)
    except ParseError as error:
        return str(error)
    if kind is Kind.WEB_PAGE:
        return "a web page came in place of the feed"
    if kind is Kind.EMPTY:
        return "an empty answer came in place of the feed"
    return ""


def _refusal(answer: Answer, validators: Validators, now: datetime | None) -> Fetched:
    outcome = _REFUSALS.get(answer.status, FetchOutcome.FAILED)
    retry = _retry_after(answer, now) if answer.status in (429, 503) else None
    detail = f"{_WORDS[outcome]} (status {answer.status})"
    return Fetched(outcome, None, validators, retry_after_seconds=retry, detail=detail)


def _retry_after(answer: Answer, now: datetime | None) -> float | None:
    """Seconds to wait, 0 to a day; None when nothing usable was said. A date is measured by the host's own clock."""
    text = (answer.header("retry-after") or "").strip()
    if text.isascii() and text.isdigit():
        return float(DAY_SECONDS) if len(text) > 9 else min(float(text), float(DAY_SECONDS))
    until = _http_date(text)
    since = _http_date(answer.header("date")) or now
    if until is None or since is None:
        return None
    return min(max((until - since).total_seconds(), 0.0), float(DAY_SECONDS))


def _http_date(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text[:100])
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def _max_age(answer: Answer) -> float | None:
    found = _MAX_AGE.search(answer.header("cache-control") or "")
    return min(float(found[1]), float(DAY_SECONDS)) if found else None


def _moved(answer: Answer, asked: str) -> tuple[str | None, bool]:
    """Where the permanent redirects lead that come before any other kind, and whether that is another host."""
    moved_to = None
    for hop in answer.hops:
        if hop.status not in PERMANENT:
            break
        moved_to = hop.url
    return moved_to, moved_to is not None and _host(moved_to) != _host(asked)


def _host(url: str) -> str:
    """The host, to tell one owner from another: with `www.` in front of it, it is the same one."""
    return (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")


def _echoable(validator: str | None) -> str | None:
    """A validator that can be sent back as it came; None when it is absent, or could not be."""
    if validator and len(validator) <= VALIDATOR_CHARACTERS_MAX and _ECHOABLE.fullmatch(validator):
        return validator
    return None
