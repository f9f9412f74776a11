"""One source's answer -> what in it is worth reading: entries that are new or listed otherwise, and pages to ask for.

First `gather` reads the answer, then `sift` holds its list against what the library knows, then, when its pages are
there, `settle` cleans what is left and `judge` says what it is. An answer without a new body is not parsed; an entry
that is listed as before is not read again. What cannot be read is set aside, and nothing else suffers. Writes nothing.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b

from syndication.articles.clean import clean, wants_page
from syndication.articles.compare import compare
from syndication.articles.extract import extract_article
from syndication.articles.identify import distinguish, guid_for, is_nameless
from syndication.articles.relate import sample, shingles, text_of
from syndication.articles.topics import decide
from syndication.errors import ParseError
from syndication.jobs.ports.library import Library
from syndication.jobs.watch import compare_lists, to_remember
from syndication.model.article import Article, Changes, DecidedBy, Extract
from syndication.model.collecting import DueSource, Known, Listing, Memory
from syndication.model.exchange import Answer, Failure, Request
from syndication.model.feed import Topic
from syndication.model.hub import Offer
from syndication.model.source import Document, Entry, Fetched, FetchOutcome, SetAside
from syndication.sources.fetch import read
from syndication.sources.hub import offered
from syndication.sources.parse import parse_feed
from syndication.sources.watch import Missed, Turn

PAGES_MAX = 30
"""Pages asked of one source in one round."""
PAGE_BYTES_MAX = 4 * 1024 * 1024
PAGE_SECONDS = 20.0
PATIENCE = timedelta(hours=2)
"""How long after its own date a cut entry waits for a page that does not answer."""

Judged = Mapping[str, tuple[tuple[tuple[str, DecidedBy], ...], frozenset[int]]]
"""By guid: the topics of an article, and the shingles that stand for it in the index."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Gathered:
    """What one poll brought, before it is stored. `entries` holds, by guid, only what is new or listed otherwise."""

    due: DueSource
    at: datetime
    answer: Answer | Failure
    came: Fetched | Failure
    """The answer, judged; a document that cannot be read is NOT_A_FEED."""
    listed: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    """All entries by guid, until they are sifted: a guid may be listed twice."""
    entries: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)
    pages: dict[str, Extract | None] = field(default_factory=dict)
    """By address: what a page gave, None when it gave nothing."""
    waiting: set[str] = field(default_factory=set)
    """Guids left for the next round: their page did not come this time."""
    set_aside: list[SetAside] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    judged: Judged = field(default_factory=dict)
    same: tuple[str, ...] = ()
    """Guids of entries that are listed otherwise, and read the same."""
    memory: Memory = field(default_factory=Memory)
    remember: tuple[str, ...] = ()
    """The list as it is known now."""
    missed: Missed = field(default_factory=Missed)
    offer: Offer | None = None
    """The hub that the feed names."""
    back: tuple[str, ...] = ()
    """Guids that were missing from the list and are on it again."""

    @property
    def quiet(self) -> bool:
        """Nothing of it goes into the library but the poll itself."""
        return not (self.entries or self.set_aside or self.missed.guids or self.back or self.remembers)

    @property
    def remembers(self) -> bool:
        return self.remember != self.memory.guids

    @property
    def turn(self) -> Turn:
        kept = sum(1 for guid in self.memory.guids if guid in self.hashes)
        return Turn(before=len(self.memory.guids), kept=kept, listed=len(self.hashes))


def gather(due: DueSource, answer: Answer | Failure, *, now: datetime) -> Gathered:
    """Read an answer. What it lists is not sifted yet."""
    if isinstance(answer, Failure):
        return Gathered(due, now, answer, answer)
    fetched = read(answer, due.validators, asked=due.source.url, now=now)
    gathered = Gathered(due, now, answer, fetched)
    if fetched.document is None:
        return gathered
    if fetched.outcome is not FetchOutcome.FRESH:
        gathered.set_aside.append(_whole(fetched.document, fetched.detail))
        return gathered
    try:
        feed = parse_feed(
            fetched.document.data,
            url=fetched.document.url,
            headers={"content-type": fetched.document.content_type or ""},
        )
    except ParseError as error:
        # Its validators are not kept: an answer of 304 would hide that nobody has read it.
        unread = Fetched(FetchOutcome.NOT_A_FEED, fetched.document, due.validators, detail=str(error))
        gathered.came = unread
        gathered.set_aside.append(_whole(fetched.document, str(error)))
        return gathered
    gathered.offer = offered(feed, answer)
    gathered.set_aside.extend(feed.set_aside)
    gathered.set_aside.extend(_nameless(feed.entries))
    gathered.listed = _listed([entry for entry in feed.entries if not is_nameless(entry)])
    gathered.hashes = {guid: _hash(several) for guid, several in gathered.listed.items()}
    return gathered


def sift(gathered: Gathered, listing: Listing, library: Library) -> None:
    """Keep what is new or listed otherwise, and hold this list against the last one."""
    gathered.known = listing.known
    gathered.entries = {
        guid: several
        for guid, several in gathered.listed.items()
        if guid not in listing.known or listing.known[guid].entry_hash != gathered.hashes[guid]
    }
    gathered.listed = {}
    partial = isinstance(gathered.came, Fetched) and gathered.came.partial
    _compare(gathered, Memory() if gathered.due.first else listing.memory, library, partial=partial)


def page_requests(gathered: Gathered) -> Iterator[Request]:
    """Pages to ask for in the second wave, unless they have come. `key` is the source's id and the address."""
    if gathered.pages:
        return
    cut = {
        entry.url: guid
        for guid, entries in gathered.entries.items()
        for entry in entries
        if entry.url and wants_page(entry, gathered.due.source)
    }
    for n, (url, guid) in enumerate(cut.items()):
        if n < PAGES_MAX:
            yield Request(
                url,
                headers=(("Accept", "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"),),
                body_bytes_max=PAGE_BYTES_MAX,
                total_seconds=PAGE_SECONDS,
                key=(gathered.due.source.id, url),
            )
        elif not gathered.due.first:
            gathered.waiting.add(guid)


def take_page(gathered: Gathered, url: str, answer: Answer | Failure) -> None:
    """Read a page, or decide that its entry waits for it or does without."""
    gathered.pages[url] = None
    if isinstance(answer, Answer) and answer.status == 200:
        try:
            gathered.pages[url] = extract_article(answer.body, answer.url)
        except Exception as error:  # noqa: BLE001 (whatever a page does to us, its entry does without)
            log.warning("page set aside", extra={"source": gathered.due.source.slug, "error": repr(error)})
            gathered.set_aside.append(SetAside(0, f"the page {url} cannot be read: {error!r}", answer.body))
        return
    for guid, entries in gathered.entries.items():
        if any(entry.url == url for entry in entries) and _worth_waiting(gathered, entries[0], answer):
            gathered.waiting.add(guid)


def settle(gathered: Gathered) -> None:
    """Clean what was gathered and split it against what is known. One entry that cannot be cleaned is set aside."""
    articles = [
        article
        for guid, entries in gathered.entries.items()
        if guid not in gathered.waiting
        for entry in entries
        if (article := _article(gathered, guid, entry)) is not None
    ]
    fingerprints = {guid: known.fingerprint for guid, known in gathered.known.items()}
    found = compare(articles, fingerprints)
    gathered.changes = replace(found, changed=tuple(_as_dated(gathered, article) for article in found.changed))
    changed = {article.guid for article in found.changed}
    cleaned = dict.fromkeys(article.guid for article in articles)
    gathered.same = tuple(guid for guid in cleaned if guid in gathered.known and guid not in changed)


def judge(gathered: Gathered, topics: Sequence[Topic]) -> None:
    """What is to be known of the articles before they are stored, and takes time."""
    gathered.judged = {
        article.guid: (decide(article, gathered.due.source, topics), sample(shingles(text_of(article))))
        for article in (*gathered.changes.new, *gathered.changes.changed)
    }


def _nameless(entries: Sequence[Entry]) -> Iterator[SetAside]:
    for place, entry in enumerate(entries):
        if is_nameless(entry):
            yield SetAside(place, "it has neither id, link, title nor text", _bytes(entry))


def _listed(entries: Sequence[Entry]) -> Mapping[str, Sequence[Entry]]:
    listed: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in distinguish(entries):
        listed[guid_for(entry)].append(entry)
    return listed


def _compare(gathered: Gathered, memory: Memory, library: Library, *, partial: bool) -> None:
    """Additions alone say nothing about what has gone."""
    source_id, listed = gathered.due.source.id, tuple(gathered.hashes)
    gathered.memory = memory
    gathered.remember = to_remember(memory, listed, partial=partial)
    gathered.back = tuple(guid for guid in memory.absent if guid in gathered.hashes)
    if not partial:
        dated = {guid: _dated(gathered, guid) for guid in listed}
        gathered.missed = compare_lists(memory, dated, lambda guids: library.dates(source_id, guids))


def _dated(gathered: Gathered, guid: str) -> datetime:
    if guid in gathered.known:
        return gathered.known[guid].published_at
    published = gathered.entries[guid][0].published
    return min(published, gathered.at) if published else gathered.at


def _article(gathered: Gathered, guid: str, entry: Entry) -> Article | None:
    try:
        article = clean(entry, gathered.due.source, gathered.at, extract=gathered.pages.get(entry.url or ""))
    except Exception as error:  # noqa: BLE001 (whatever one entry does to us, the others go on)
        log.warning("entry set aside", extra={"source": gathered.due.source.slug, "error": repr(error)})
        gathered.set_aside.append(SetAside(0, f"it cannot be cleaned: {error!r}", _bytes(entry)))
        return None
    # The identity that was looked up is the one that counts.
    return article if article.guid == guid else replace(article, guid=guid)


def _as_dated(gathered: Gathered, article: Article) -> Article:
    """A correction does not move an article in time: not where it stands, nor when we first saw it."""
    known = gathered.known[article.guid]
    return replace(article, first_seen_at=known.first_seen_at, published_at=known.published_at)


def _worth_waiting(gathered: Gathered, entry: Entry, answer: Answer | Failure) -> bool:
    """A page that may yet come, of a new entry: better an hour late than cut first and corrected to all readers."""
    passing = isinstance(answer, Failure) or answer.status in (408, 429) or answer.status >= 500
    if gathered.due.first or not passing or entry.published is None:
        return False
    return gathered.at - entry.published < PATIENCE


def _whole(document: Document, reason: str) -> SetAside:
    return SetAside(position=0, reason=reason, data=document.data)


def _hash(entries: Sequence[Entry]) -> str:
    return blake2b(b"\0".join(_bytes(entry) for entry in entries), digest_size=16).hexdigest()


def _bytes(entry: Entry) -> bytes:
    return repr(entry).encode("utf-8", "backslashreplace")
