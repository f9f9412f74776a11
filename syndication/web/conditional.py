"""Validators against a request's conditions (RFC 9110, section 13). In: header values. Out: fresh or not. Pure."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_TAG = re.compile(rb'(?:W/)?("[^"]*")')


def http_date(moment: datetime) -> bytes:
    return format_datetime(moment.astimezone(UTC), usegmt=True).encode()


def is_fresh(headers: Iterable[tuple[bytes, bytes]], *, etag: bytes, modified_at: datetime | None = None) -> bool:
    """Whether the copy that the asker holds is the present one."""
    tags, since = b"", b""
    for name, value in headers:
        if name == b"if-none-match":
            tags = tags + b"," + value if tags else value
        elif name == b"if-modified-since":
            since = value
    return holds(tags, since, etag=etag, modified_at=modified_at)


def holds(tags: bytes, since: bytes, *, etag: bytes, modified_at: datetime | None) -> bool:
    """The same, of values already at hand, empty when not given. If-None-Match outranks If-Modified-Since."""
    if tags:
        return tags == etag or _names(tags, etag)
    return bool(since) and modified_at is not None and _not_after(modified_at, since)


def tags_in(value: bytes) -> list[bytes]:
    """The entity tags of an If-None-Match, without the mark of weakness."""
    return _TAG.findall(value)


def _names(value: bytes, etag: bytes) -> bool:
    """Weak comparison: a proxy that compressed the answer may have weakened the tag on its way."""
    return value.strip() == b"*" or etag in _TAG.findall(value)


def _not_after(modified_at: datetime, since: bytes) -> bool:
    try:
        moment = parsedate_to_datetime(since.decode("ascii"))
    except (ValueError, TypeError, IndexError, UnicodeDecodeError, OverflowError):
        return False  # what cannot be read is no condition (RFC 9110, section 13.1.3)
    if moment.tzinfo is None:
        return False
    return modified_at.replace(microsecond=0) <= moment
