"""Published feeds in memory. In: two questions to the store, asked again and again. Out: answers ready to be sent.

What is on the shelf stays there when the store is away: readers of feeds do not notice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from syndication.model.feed import FeedDocument, FeedFormat
from syndication.web import policy
from syndication.web.conditional import http_date

MAX_AGE_SECONDS = 300

Mark = tuple[str, FeedFormat, str]
"""Slug, format, etag."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A document with the headers of its three answers: 200 under its own address and negotiated, and 304."""

    data: bytes
    etag: bytes
    modified_at: datetime
    whole: policy.Headers
    negotiated: policy.Headers
    unchanged: policy.Headers
    negotiated_unchanged: policy.Headers


class Shelf:
    """Holds the newest good document of each feed in each format. `refresh` from one thread, `get` from any."""

    def __init__(
        self,
        marks: Callable[[], Iterable[Mark]],
        snapshot: Callable[[str, FeedFormat], FeedDocument | None],
        *,
        extra: policy.Headers = (),
    ) -> None:
        self._marks = marks
        self._snapshot = snapshot
        self._extra = extra
        self._ready: dict[tuple[str, FeedFormat], Ready] = {}
        self.loaded = False
        """True once the store was read; until then nothing can be said of any feed."""

    def get(self, slug: str, format: FeedFormat) -> Ready | None:
        return self._ready.get((slug, format))

    def has(self, slug: str) -> bool:
        return any((slug, format) in self._ready for format in FeedFormat)

    def refresh(self) -> int:
        """Read what changed and let go of what is no longer published. How many changed. Raises StoreError."""
        ready: dict[tuple[str, FeedFormat], Ready] = {}
        changed = 0
        for slug, format, etag in self._marks():
            key = (slug, FeedFormat(format))
            held = self._ready.get(key)
            if held is None or held.etag != etag.encode():
                document = self._snapshot(*key)
                changed += 1
                held = None if document is None else make_ready(document, self._extra)
            if held is not None:
                ready[key] = held
        changed += len(self._ready.keys() - ready.keys())
        # Replaced whole, so that a reader of the dictionary sees the old one or the new one.
        self._ready = ready
        self.loaded = True
        return changed


def make_ready(document: FeedDocument, extra: policy.Headers = ()) -> Ready:
    validators: policy.Headers = (
        (b"etag", document.etag.encode()),
        (b"last-modified", http_date(document.updated_at)),
        (b"cache-control", b"public, max-age=%d" % MAX_AGE_SECONDS),
    )
    vary: policy.Headers = ((b"vary", b"Accept"),)
    body: policy.Headers = (
        (b"content-type", document.format.media_type.encode()),
        (b"content-length", b"%d" % len(document.data)),
    )
    around = (*policy.FEED, *extra)
    return Ready(
        data=document.data,
        etag=document.etag.encode(),
        modified_at=document.updated_at,
        whole=(*body, *validators, *around),
        negotiated=(*body, *validators, *vary, *around),
        unchanged=(*validators, *around),
        negotiated_unchanged=(*validators, *vary, *around),
    )
