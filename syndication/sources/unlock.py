"""A secret -> what a request carries, and an answer without a trace of it. In: one line of text, requests, answers.

A credential belongs to the origin of its source's address (RFC 6454, section 4) and is given to no other; the way out
drops it at a redirect. A key in the query is taken out of every address that comes back, so that none is stored.
"""

import re
from base64 import b64encode
from dataclasses import replace
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

from syndication.errors import SettingsError
from syndication.model.credential import Credential
from syndication.model.exchange import Answer, Failure, Request

LINE = re.compile(r"(?P<kind>basic|bearer|header|key)[ \t]+(?P<rest>\S.*)", re.IGNORECASE)
PAIR = re.compile(r"(?P<name>[A-Za-z0-9!#$%&'*+.^_`|~-]+)[ \t]*:[ \t]*(?P<value>\S.*)")
SECRET_CHARACTERS_MAX = 4_096
NOT_OURS = frozenset(("host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "trailer"))
"""Fields that say how the exchange itself is made."""

_PORTS = {"http": 80, "https": 443}


def read_secret(text: str, name: str) -> Credential:
    """Read one; `name` is for the error.

    It is `basic NAME:PASSWORD`, `bearer TOKEN`, `header NAME: VALUE` or `key NAME: VALUE`. Raises SettingsError.
    """
    text = text.strip()
    found = LINE.fullmatch(text) if len(text) <= SECRET_CHARACTERS_MAX and text.isprintable() else None
    if found is None:
        raise _fault(name, "it is not one line that begins with basic, bearer, header or key")
    kind, rest = found["kind"].lower(), found["rest"].strip()
    if kind == "basic":
        return _basic(rest, name)
    if kind == "bearer":
        if not rest.isascii() or " " in rest:
            raise _fault(name, "a bearer token is one word of ASCII")
        return Credential(headers=(("Authorization", f"Bearer {rest}"),), words=(rest,))
    return _pair(kind, rest, name)


def unlock(request: Request, credential: Credential, *, source_url: str) -> Request:
    """`request` with what opens it; untouched when it goes to another origin than the source's address."""
    if _origin(request.url) != _origin(source_url):
        return request
    if credential.parameter is None:
        return replace(request, credentials=(*request.credentials, *credential.headers))
    if request.url != source_url:
        return request  # a key in the query opens the feed, and not the pages beside it
    parts = urlsplit(request.url)
    own = "=".join(quote(part, safe="") for part in credential.parameter)
    query = f"{parts.query}&{own}" if parts.query else own
    return replace(request, url=urlunsplit((parts.scheme, parts.netloc, parts.path, query, "")))


def veil(outcome: Answer | Failure, credential: Credential) -> Answer | Failure:
    """The outcome with the credential's key taken out of its addresses and words."""
    if credential.parameter is None:
        return outcome
    name, _ = credential.parameter
    hops = tuple(replace(hop, url=_without(hop.url, name)) for hop in outcome.hops)
    if isinstance(outcome, Answer):
        return replace(outcome, url=_without(outcome.url, name), hops=hops)
    detail = outcome.detail
    for word in credential.words:
        detail = detail.replace(word, "[secret]")
    return replace(outcome, url=_without(outcome.url, name), hops=hops, detail=detail)


def _basic(rest: str, of: str) -> Credential:
    name, colon, password = rest.partition(":")
    if not colon:
        raise _fault(of, "a name and a password are parted by a colon")
    told = b64encode(f"{name}:{password}".encode()).decode()  # RFC 7617, in UTF-8
    return Credential(headers=(("Authorization", f"Basic {told}"),), words=(told, *filter(None, [password])))


def _pair(kind: str, rest: str, of: str) -> Credential:
    found = PAIR.fullmatch(rest)
    if found is None:
        raise _fault(of, "a name and a value are parted by a colon")
    name, value = found["name"], found["value"]
    if kind == "key":
        return Credential(parameter=(name, value), words=tuple({value, quote(value, safe="")}))
    if name.lower() in NOT_OURS or not value.isascii():
        raise _fault(of, f"the field {name!r} cannot be set to that")
    return Credential(headers=((name, value),), words=(value,))


def _fault(name: str, why: str) -> SettingsError:
    """It never quotes the secret."""
    return SettingsError(
        f"the credentials {name!r} cannot be read",
        why=why,
        fix="write `basic NAME:PASSWORD`, `bearer TOKEN`, `header NAME: VALUE` or `key NAME: VALUE`",
    )


def _origin(url: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(url)
        return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return "", url, None  # no address at all: like no other


def _without(url: str, name: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    kept = [pair for pair in parts.query.split("&") if unquote_plus(pair.partition("=")[0]) != name]
    return urlunsplit(parts._replace(query="&".join(kept))) if parts.query else url
