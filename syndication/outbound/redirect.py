"""Where an answer sends us next. In: the request of this hop and its answer. Out: the next request, None when the
answer stands, or a Refusal. Pure.

Only GET and HEAD go on: whoever sends a body must learn that it was not taken, not have it sent to another place.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin

from syndication.model.exchange import Answer, Request
from syndication.outbound.url import read_url

_STATUSES = frozenset({301, 302, 303, 307, 308})
_BOUND_TO_ORIGIN = frozenset({"authorization", "proxy-authorization", "cookie", "cookie2"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A redirect that is not followed: where it led, and why not."""

    url: str
    reason: str


def follow(request: Request, answer: Answer, seen: Collection[str]) -> Request | Refusal | None:
    """What to ask next. `seen` holds the URLs asked so far, first to last, as they went out."""
    location = answer.header("location")
    if answer.status not in _STATUSES or not location or not request.redirects_max:
        return None
    if request.method not in ("GET", "HEAD"):
        return None
    url = absolute(answer.url, location)
    reason = _refused(request, answer, url, seen)
    if reason:
        return Refusal(url, reason)
    if read_url(url).origin == read_url(answer.url).origin:
        return replace(request, url=url)
    headers = tuple((name, value) for name, value in request.headers if name.lower() not in _BOUND_TO_ORIGIN)
    return replace(request, url=url, headers=headers, credentials=())


def absolute(base: str, location: str) -> str:
    """The URL that a Location means. Raw UTF-8 and spaces, which many servers send, are encoded as browsers do."""
    try:
        text = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = location
    text = re.sub(r"[^\x21-\x7e]+", lambda found: quote(found[0]), text.strip(" "))
    try:
        return urljoin(base, text).partition("#")[0]
    except ValueError:  # brackets that hold no address
        return text


def _refused(request: Request, answer: Answer, url: str, seen: Collection[str]) -> str | None:
    try:
        target = read_url(url)
    except ValueError as error:
        return str(error)
    if read_url(answer.url).scheme == "https" and target.scheme == "http":
        return "from https to http"
    if target.url in seen:
        return "a loop, this URL was asked before"
    if len(seen) > request.redirects_max:
        return f"more than {request.redirects_max} redirects"
    return None
