"""Published feeds in memory. In: two questions to the store, asked again and again. Out: answers ready to be sent.

What is on the shelf stays there when the store is away: readers of feeds do not notice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from threading import Lock

from syndication.feeds.archive import delta
from syndication.model.feed import FeedDocument, FeedFormat, Publication, Signal
from syndication.web import policy
from syndication.web.conditional import http_date
from syndication.web.recall import Recall

CACHE = b"public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400"
"""A cache answers five minutes by itself, an hour while it asks, a day when we are away (RFC 5861)."""

EARLIER_MAX = 16
"""Generations of a document for which it is known what came since."""

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
    """A document in every coding that it is prepared in; "" is the document as it is.

    `generation` counts the documents that stood in this place. Whoever names an earlier one gets what came since.
    """

    document: FeedDocument
    variants: Mapping[str, Variant]
    around: policy.Headers = ()
    generation: int = 1
    ages: tuple[int, ...] = ()
    """Of each item, the generation that brought it as it is now."""
    earlier: Mapping[bytes, int] = field(default_factory=dict)
    """Tags of documents that stood here before, in every coding, and their generations."""
    _made: dict[int, bytes] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        return self.document.etag

    @property
    def modified_at(self) -> datetime:
        return self.document.updated_at

    def since(self, tags: Iterable[bytes], variant: Variant) -> tuple[policy.Headers, bytes] | None:
        """What came since one of these documents: headers and body (RFC 3229). None when nobody knows them."""
        known = [self.earlier[tag] for tag in tags if tag in self.earlier]
        if not known or not self.document.cuts:
            return None
        held = max(known)
        if held not in self._made:
            self._made[held] = delta(self.document, [place for place, age in enumerate(self.ages) if age > held])
        body = self._made[held]
        headers: policy.Headers = (
            (b"content-type", self.document.format.media_type.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"im", b"feed"),
            (b"etag", variant.etag),
            (b"last-modified", http_date(self.modified_at)),
            # Only caches that know the status may keep it (RFC 3229, section 10.8.2).
            (b"cache-control", b"no-store, im"),
            (b"vary", VARY),
            *self.around,
        )
        return headers, body

    def best(self, codings: Iterable[str]) -> Variant:
        """In the first of `codings` that there is. They end with ""."""
        for coding in codings:
            if coding in self.variants:
                return self.variants[coding]
        return self.variants[""]


class Shelf:
    """Holds the newest good document of each feed in each format. For any thread; two do not refresh at once."""

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
        self._refreshing = Lock()
        self.recall = Recall()
        """What was answered from what stands here now."""
        self.loaded = False
        """True once the store was read; until then nothing can be said of any feed."""

    def at(self, name: str) -> Ready | None:
        """By slug and format, as in an address: "all.rss"."""
        return self._ready.get(name)

    def has(self, slug: str) -> bool:
        return any(f"{slug}.{format.value}" in self._ready for format in FeedFormat)

    def refresh(self) -> int:
        """Read what changed and let go of what is no longer published. How many changed. Raises StoreError."""
        with self._refreshing:
            return self._refresh()

    def _refresh(self) -> int:
        ready: dict[str, Ready] = {}
        changed = 0
        for slug, format, etag in self._marks():
            name = f"{slug}.{FeedFormat(format).value}"
            held = self._ready.get(name)
            if held is None or held.etag != etag:
                document = self._snapshot(slug, FeedFormat(format))
                changed += 1
                held = None if document is None else make_ready(document, self._around(slug, document), held)
            if held is not None:
                ready[name] = held
        changed += len(self._ready.keys() - ready.keys())
        if changed:
            # Replaced whole, so that a reader of the dictionary sees the old one or the new one. The recall comes
            # second: whoever still fills the old one is not asked again.
            self._ready = ready
            self.recall = Recall()
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


def make_ready(document: FeedDocument, around: policy.Headers = policy.FEED, before: Ready | None = None) -> Ready:
    """`before`: what stands in its place now."""
    forms = {"": document.data} | {coding.value: data for coding, data in document.packed}
    variants = {coding: _variant(document, coding, data, around) for coding, data in forms.items()}
    if before is None:
        return Ready(document, variants, around, ages=(1,) * max(0, len(document.cuts) - 1))
    generation = before.generation + 1
    ages = dict(zip(_items(before.document), before.ages, strict=True))
    earlier = {**before.earlier, **{variant.etag: before.generation for variant in before.variants.values()}}
    return Ready(
        document,
        variants,
        around,
        generation,
        tuple(ages.get(item, generation) for item in _items(document)),
        {tag: of for tag, of in earlier.items() if of > generation - EARLIER_MAX and tag != document.etag.encode()},
    )


def _items(document: FeedDocument) -> list[bytes]:
    """Each item as it is written; the comma behind one is not part of it."""
    return [document.data[start:end].rstrip(b",") for start, end in pairwise(document.cuts)]


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
