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
from syndication.articles.identify import distinguish, fingerprint, guid_for, is_nameless
from syndication.articles.originals import dated_as
from syndication.articles.relate import sample, shingles, text_of
from syndication.articles.rules import MARK
from syndication.articles.topics import decide
from syndication.errors import ParseError
from syndication.jobs.lists import read_list, to_look_at_again
from syndication.jobs.manners import room_for
from syndication.jobs.pages import PageRead, look, read_page, ruled_entry
from syndication.jobs.ports.library import Library
from syndication.jobs.watch import compare_lists, to_remember
from syndication.model.article import Article, Changes, DecidedBy, Extract
from syndication.model.collecting import DueSource, Known, Listing, Memory
from syndication.model.exchange import Answer, Failure, Request
from syndication.model.feed import Topic
from syndication.model.hub import Offer
from syndication.model.manners import Reserved
from syndication.model.pages import PageLook
from syndication.model.signals import Signals
from syndication.model.source import Document, Entry, Fetched, FetchOutcome, ParsedFeed, SetAside, SourceKind
from syndication.sources.discover import own_output
from syndication.sources.fetch import read
from syndication.sources.hub import offered
from syndication.sources.loop import without_our_own
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
    entries: dict[str, Sequence[Entry]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)
    pages: dict[str, Extract | None] = field(default_factory=dict)
    """By address: what a page gave, None when it gave nothing."""
    reads: dict[str, PageRead] = field(default_factory=dict)
    """By address: all that a page said, its Extract among it."""
    again: frozenset[str] = frozenset()
    """Guids that are listed as before, and whose pages are read once more."""
    left: set[str] = field(default_factory=set)
    """Known guids whose page did not come: what is stored of them stays."""
    looks: tuple[PageLook, ...] = ()
    theme: str = ""
    """Why its pages look like another theme than they did; what is new waits for a person then."""
    waiting: set[str] = field(default_factory=set)
    """Guids left for the next round: their page did not come this time."""
    set_aside: list[SetAside] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)
    judged: Judged = field(default_factory=dict)
    same: tuple[str, ...] = ()
    """Guids of entries that are listed otherwise, and read the same."""
    asks: tuple[tuple[int, Signals], ...] = ()
    """By article: what its page asks of robots now, where its text is what it was."""
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
        return not (self.entries or self.set_aside or self.looks or self.missed.guids or self.back or self.remembers)

    @property
    def remembers(self) -> bool:
        return self.remember != self.memory.guids

    @property
    def turn(self) -> Turn:
        kept = sum(1 for guid in self.memory.guids if guid in self.hashes)
        return Turn(before=len(self.memory.guids), kept=kept, listed=len(self.hashes))


def gather(
    due: DueSource,
    answer: Answer | Failure,
    *,
    more: Sequence[Answer | Failure] = (),
    base_url: str = "",
    now: datetime,
) -> Gathered:
    """Read an answer. What it lists is not sifted yet. `more`: further documents of the same list; `base_url`: ours."""
    if isinstance(answer, Failure):
        return Gathered(due, now, answer, answer)
    if due.source.kind is not SourceKind.FEED:
        return _gather_list(due, answer, more, base_url, now)
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
        return _unread(gathered, fetched.document, str(error))
    if base_url and (why := own_output(due.source.url, base_url, replace(feed, entries=()))):
        return _unread(gathered, fetched.document, f"{why}: it would feed us our own stories")
    gathered.offer = offered(feed, answer)
    _list(gathered, without_our_own(feed, base_url))
    return gathered


def _unread(gathered: Gathered, document: Document, why: str) -> Gathered:
    """Its validators are not kept: an answer of 304 would hide that nobody has read it."""
    gathered.came = Fetched(FetchOutcome.NOT_A_FEED, document, gathered.due.validators, detail=why)
    gathered.set_aside.append(_whole(document, why))
    return gathered


def _gather_list(
    due: DueSource, answer: Answer, more: Sequence[Answer | Failure], base_url: str, now: datetime
) -> Gathered:
    """The same for what is no feed. A list that is as before is sifted too: some of its pages may be due again."""
    listed = read_list(due.source, answer, due.validators, more=more, now=now)
    gathered = Gathered(due, now, answer, listed.fetched)
    if listed.feed is not None:
        _list(gathered, without_our_own(listed.feed, base_url))
    elif listed.fetched.document is not None:
        gathered.set_aside.append(_whole(listed.fetched.document, listed.fetched.detail))
    return gathered


def _list(gathered: Gathered, feed: ParsedFeed) -> None:
    gathered.set_aside.extend(feed.set_aside)
    gathered.set_aside.extend(_nameless(feed.entries))
    gathered.listed = _listed([entry for entry in feed.entries if not is_nameless(entry)])
    teasers = gathered.due.source.kind is not SourceKind.LISTING  # on a page they change with the day
    gathered.hashes = {guid: _hash(several, teasers=teasers) for guid, several in gathered.listed.items()}


def sift(gathered: Gathered, listing: Listing, library: Library) -> None:
    """Keep what is new or listed otherwise, and hold this list against the last one."""
    gathered.known = listing.known
    gathered.entries = {
        guid: several
        for guid, several in gathered.listed.items()
        if guid not in listing.known or listing.known[guid].entry_hash != gathered.hashes[guid]
    }
    due_again = to_look_at_again(
        gathered.due, gathered.hashes, listing.known, gathered.at, worth=lambda guid: _has_page(gathered, guid)
    )
    gathered.again = frozenset(guid for guid in due_again if guid not in gathered.entries)
    gathered.entries |= {guid: gathered.listed[guid] for guid in due_again if guid in gathered.again}
    gathered.listed = {}
    partial = isinstance(gathered.came, Fetched) and gathered.came.partial
    _compare(gathered, Memory() if gathered.due.first else listing.memory, library, partial=partial)


def _has_page(gathered: Gathered, guid: str) -> bool:
    return any(wants_page(entry, gathered.due.source) for entry in gathered.listed[guid])


def page_requests(gathered: Gathered, delay_seconds: float = 0.0) -> Iterator[Request]:
    """Pages to ask for in the second wave, unless they have come. `key` is the source's id and the address.

    What there is no room for waits for the next round, on the first poll too, so that nothing is stored cut for good.
    """
    if gathered.pages:
        return
    cut = {
        entry.url: guid
        for guid, entries in gathered.entries.items()
        for entry in entries
        if entry.url and wants_page(entry, gathered.due.source)
    }
    room = room_for(delay_seconds, PAGES_MAX)
    for n, (url, guid) in enumerate(cut.items()):
        if n < room:
            yield Request(
                url,
                headers=(("Accept", "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"),),
                body_bytes_max=PAGE_BYTES_MAX,
                total_seconds=PAGE_SECONDS,
                key=(gathered.due.source.id, url),
            )
        elif guid in gathered.again:
            gathered.left.add(guid)
        else:
            gathered.waiting.add(guid)


def take_page(gathered: Gathered, url: str, answer: Answer | Failure, reserved: Reserved | None = None) -> None:
    """Read a page, or decide that its entry waits for it or does without."""
    try:
        read = read_page(answer, url, gathered.due.source.rules, reserved)
    except Exception as error:  # noqa: BLE001 (whatever a page does to us, its entry does without)
        log.warning("page set aside", extra={"source": gathered.due.source.slug, "error": repr(error)})
        body = answer.body if isinstance(answer, Answer) else b""
        gathered.set_aside.append(SetAside(0, f"the page {url} cannot be read: {error!r}", body))
        read = PageRead()
    keep_page(gathered, url, read, passing=_is_passing(answer))
    if read.extract is not None or (isinstance(answer, Answer) and answer.status == 200):
        return
    for guid, entries in gathered.entries.items():
        if any(entry.url == url for entry in entries) and _worth_waiting(gathered, entries[0], answer):
            gathered.waiting.add(guid)


def keep_page(gathered: Gathered, url: str, read: PageRead, *, passing: bool = False) -> None:
    """Note what a page gave. What is stored of an article does not give way to less because its page did not come."""
    gathered.pages[url], gathered.reads[url] = read.extract, read
    came = read.extract is not None and bool(read.extract.body)
    if came or not (passing or gathered.due.source.kind.names_pages_only):
        return
    for guid, entries in gathered.entries.items():
        if guid in gathered.known and any(entry.url == url for entry in entries):
            gathered.left.add(guid)


def settle(gathered: Gathered) -> None:
    """Clean what was gathered and split it against what is known. One entry that cannot be cleaned is set aside."""
    articles = [
        article
        for guid, entries in gathered.entries.items()
        if guid not in gathered.waiting and guid not in gathered.left
        for entry in entries
        if (article := _article(gathered, guid, entry)) is not None
    ]
    fingerprints = {guid: known.fingerprint for guid, known in gathered.known.items()}
    found = compare(articles, fingerprints)
    gathered.changes = replace(found, changed=tuple(_as_dated(gathered, article) for article in found.changed))
    changed = {article.guid for article in found.changed}
    cleaned = dict.fromkeys(article.guid for article in articles)
    gathered.same = tuple(guid for guid in cleaned if guid in gathered.known and guid not in changed)
    gathered.asks = tuple(_asks(gathered, gathered.same))
    gathered.looks = tuple(_looks(gathered, articles))


def _asks(gathered: Gathered, guids: Sequence[str]) -> Iterator[tuple[int, Signals]]:
    """What pages that came ask of robots now, by article, where their text is what it was."""
    for guid in guids:
        for page in (gathered.reads.get(entry.url or "") for entry in gathered.entries[guid]):
            if page is not None and page.extract is not None:
                yield gathered.known[guid].article_id, page.signals


def _looks(gathered: Gathered, articles: Sequence[Article]) -> Iterator[PageLook]:
    """What the pages were like that came this time, the latest article's last."""
    by_url = {entry.url: guid for guid, entries in gathered.entries.items() for entry in entries}
    by_guid = {article.guid: article for article in articles}
    for url, page in reversed(gathered.reads.items()):
        article = by_guid.get(by_url.get(url) or "")
        if page.refused or (article is not None and page.extract is not None and page.extract.body):
            yield look(url, page, gathered.at)


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
    source, read = gathered.due.source, gathered.reads.get(entry.url or "", PageRead())
    try:
        entry, ruled = ruled_entry(entry, source)
        if source.kind is SourceKind.LISTING and read.extract is not None and read.extract.date is not None:
            entry = replace(entry, published=read.extract.date)  # a list often has the day alone
        if not entry.title and not (read.extract and read.extract.body):
            return None  # a sitemap's address without a story behind it
        article = clean(entry, source, gathered.at, extract=read.extract)
        article = _unmarked(replace(article, removed=(*ruled.removed, *article.removed), signals=read.signals))
    except Exception as error:  # noqa: BLE001 (whatever one entry does to us, the others go on)
        log.warning("entry set aside", extra={"source": gathered.due.source.slug, "error": repr(error)})
        gathered.set_aside.append(SetAside(0, f"it cannot be cleaned: {error!r}", _bytes(entry)))
        return None
    # The identity that was looked up is the one that counts.
    return article if article.guid == guid else replace(article, guid=guid)


def _unmarked(article: Article) -> Article:
    """Without the letter that kept a line from our own rules."""
    names = ("title", "byline", "excerpt", "body", "text")
    marked = {name: getattr(article, name).replace(MARK, "") for name in names if MARK in getattr(article, name)}
    if not marked:
        return article
    bare = replace(article, **marked)
    return replace(bare, fingerprint=fingerprint(bare))


def _as_dated(gathered: Gathered, article: Article) -> Article:
    """A correction does not move an article in time: not where it stands, nor when we first saw it."""
    known = gathered.known[article.guid]
    dated = dated_as(article, known.published_at)
    return replace(dated, first_seen_at=known.first_seen_at, published_at=known.published_at)


def _worth_waiting(gathered: Gathered, entry: Entry, answer: Answer | Failure) -> bool:
    """A page that may yet come, of a new entry: better an hour late than cut first and corrected to all readers."""
    if gathered.due.first or not _is_passing(answer):
        return False
    if entry.published is None:
        return gathered.due.source.kind.names_pages_only  # without its page there is hardly anything of it
    return gathered.at - entry.published < PATIENCE


def _is_passing(answer: Answer | Failure) -> bool:
    return isinstance(answer, Failure) or answer.status in (408, 429) or answer.status >= 500


def _whole(document: Document, reason: str) -> SetAside:
    return SetAside(position=0, reason=reason, data=document.data)


def _hash(entries: Sequence[Entry], *, teasers: bool = True) -> str:
    told = entries if teasers else [replace(entry, summary_html=None) for entry in entries]
    return blake2b(b"\0".join(_bytes(entry) for entry in told), digest_size=16).hexdigest()


def _bytes(entry: Entry) -> bytes:
    return repr(entry).encode("utf-8", "backslashreplace")
