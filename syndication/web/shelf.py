"""Published feeds in memory. In: two questions to the store, asked again and again. Out: answers ready to be sent.

What is on the shelf stays there when the store is away: readers of feeds do not notice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from syndication.model.feed import FeedDocument, FeedFormat, Publication, Signal
from syndication.web import policy
from syndication.web.conditional import http_date

CACHE = b"public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400"
"""A cache answers five minutes by itself, an hour while it asks, a day when we are away (RFC 5861)."""

VARY = b"Accept-Encoding, A-IM"
NEGOTIATED_VARY = b"Accept, " + VARY

SIGNALS: Mapping[Signal, policy.Headers] = {
    Signal.NOINDEX: ((b"x-robots-tag", b"noindex"),),
    Signal.TDM: ((b"tdm-reservation", b"1"),),
}

Mark = tuple[str, FeedFormat, str]
"""Slug, format, etag."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A document in one coding, with the headers of its answers: 200 and 304, under its own address and negotiated."""

    data: bytes
    etag: bytes
    whole: policy.Headers
    unchanged: policy.Headers
    negotiated: policy.Headers
    negotiated_unchanged: policy.Headers


@dataclass(frozen=True, slots=True)
class Ready:
    """A document in every coding that it is prepared in; "" is the document as it is."""

    etag: str
    modified_at: datetime
    variants: Mapping[str, Variant]

    def best(self, codings: Iterable[str]) -> Variant:
        """In the first of `codings` that there is. They end with ""."""
        for coding in codings:
            if coding in self.variants:
                return self.variants[coding]
        return self.variants[""]


class Shelf:
    """Holds the newest good document of each feed in each format. `refresh` from one thread, all else from any."""

    def __init__(
        self,
        marks: Callable[[], Iterable[Mark]],
        snapshot: Callable[[str, FeedFormat], FeedDocument | None],
        *,
        publication: Publication | None = None,
        extra: policy.Headers = (),
    ) -> None:
        """With a publication, each answer names its own address and the hubs that tell of changes (WebSub)."""
        self._marks = marks
        self._snapshot = snapshot
        self._publication = publication
        self._extra = extra
        self._ready: dict[str, Ready] = {}
        self.loaded = False
        """True once the store was read; until then nothing can be said of any feed."""

    def at(self, name: str) -> Ready | None:
        """By slug and format, as in an address: "all.rss"."""
        return self._ready.get(name)

    def has(self, slug: str) -> bool:
        return any(f"{slug}.{format.value}" in self._ready for format in FeedFormat)

    def refresh(self) -> int:
        """Read what changed and let go of what is no longer published. How many changed. Raises StoreError."""
        ready: dict[str, Ready] = {}
        changed = 0
        for slug, format, etag in self._marks():
            name = f"{slug}.{FeedFormat(format).value}"
            held = self._ready.get(name)
            if held is None or held.etag != etag:
                document = self._snapshot(slug, FeedFormat(format))
                changed += 1
                held = None if document is None else make_ready(document, self._around(slug, document))
            if held is not None:
                ready[name] = held
        changed += len(self._ready.keys() - ready.keys())
        # Replaced whole, so that a reader of the dictionary sees the old one or the new one.
        self._ready = ready
        self.loaded = True
        return changed

    def _around(self, slug: str, document: FeedDocument) -> policy.Headers:
        signals = [header for signal in document.signals for header in SIGNALS[signal]]
        return (*_links(self._publication, slug, document.format), *signals, *policy.FEED, *self._extra)


def _links(publication: Publication | None, slug: str, format: FeedFormat) -> policy.Headers:
    """RFC 8288 and WebSub, section 4: programs look for the hubs here first."""
    if publication is None:
        return ()
    hubs = [f'<{hub}>; rel="hub"' for hub in (publication.hub, *publication.hubs)]
    own = f'<{publication.base_url}/feeds/{slug}.{format.value}>; rel="self"'
    return ((b"link", ", ".join([own, *hubs]).encode()),)


def make_ready(document: FeedDocument, around: policy.Headers = policy.FEED) -> Ready:
    forms = {"": document.data} | {coding.value: data for coding, data in document.packed}
    return Ready(
        etag=document.etag,
        modified_at=document.updated_at,
        variants={coding: _variant(document, coding, data, around) for coding, data in forms.items()},
    )


def _variant(document: FeedDocument, coding: str, data: bytes, around: policy.Headers) -> Variant:
    etag = etag_of(document.etag, coding)
    body: policy.Headers = (
        (b"content-type", document.format.media_type.encode()),
        (b"content-length", b"%d" % len(data)),
        *(((b"content-encoding", coding.encode()),) if coding else ()),
    )
    validators: policy.Headers = (
        (b"etag", etag),
        (b"last-modified", http_date(document.updated_at)),
        (b"cache-control", CACHE),
    )
    plain: policy.Headers = (*validators, (b"vary", VARY), *around)
    negotiated: policy.Headers = (*validators, (b"vary", NEGOTIATED_VARY), *around)
    return Variant(data, etag, (*body, *plain), plain, (*body, *negotiated), negotiated)


def etag_of(etag: str, coding: str) -> bytes:
    """Other bytes, another strong tag (RFC 9110, section 8.8.3.3)."""
    return (f'{etag[:-1]}-{coding}"' if coding else etag).encode()
