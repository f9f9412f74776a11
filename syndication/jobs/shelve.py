"""Gathered -> stored: the polls, their articles, topics and stories, in group transactions. In: groups of Gathered.

A transaction is short, so that others who write wait little, and its sources are written together. When a row of it is
refused, each source is written by itself, and when that is refused, each article: so only what is refused is lost.
Validators are written only here, together with the articles they stand for.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urlsplit

from syndication.articles.doubts import why_held
from syndication.errors import ParseError
from syndication.jobs.gather import Gathered
from syndication.jobs.placing import Newcomer, Placing, revise
from syndication.jobs.polls import learned, not_stored, poll_of, told, with_health
from syndication.jobs.ports.library import Library, Stack
from syndication.model.article import Article
from syndication.model.collecting import Correction, Poll, Polled
from syndication.model.source import FetchOutcome, SetAside
from syndication.sources.hub import went_untold
from syndication.sources.watch import Missed, storm

TOGETHER_MAX = 200
"""Articles written in one transaction, so that it takes some 40 ms at most; one source may bring more."""


@dataclass(slots=True)
class Part:
    """One source's part of a transaction. What is counted is counted anew at each try."""

    gathered: Gathered
    poll: Poll
    why_held: str = ""
    refused: list[SetAside] = field(default_factory=list)
    new: int = 0
    changed: int = 0

    @property
    def source_id(self) -> int:
        return self.gathered.due.source.id

    def begin(self, stack: Stack) -> None:
        theme = f"held: {self.gathered.theme}" if self.gathered.theme and self.gathered.changes.new else ""
        self.why_held = theme or _storm(stack, self.gathered)
        self.refused = list(self.gathered.set_aside)
        self.new = self.changed = 0

    def newcomers(self) -> list[Newcomer]:
        return [
            Newcomer(
                self.gathered, article, *self.gathered.judged[article.guid], self.why_held or why_held(article.flags)
            )
            for article in self.gathered.changes.new
        ]

    def corrections(self) -> list[Correction]:
        gathered = self.gathered
        return [
            Correction(
                gathered.known[article.guid],
                article,
                gathered.hashes[article.guid],
                *gathered.judged[article.guid],
                at=gathered.at,
            )
            for article in gathered.changes.changed
        ]

    def finished(self) -> Poll:
        rhythm = learned(self.gathered) if self.new and not self.why_held else None
        if self.new and self.why_held:
            rhythm = self.gathered.due.rhythm
        return replace(self.poll, new=self.new, changed=self.changed, rhythm=rhythm)


def shelve(group: Sequence[Gathered], *, library: Library, jitter: Callable[[], float]) -> Iterator[Polled]:
    """Store a group, in as many transactions as it takes."""
    quiet = [poll_of(gathered, jitter()) for gathered in group if gathered.quiet]
    loud = [Part(one, poll_of(one, jitter())) for one in group if not one.quiet]
    for parts in _together(loud) or [[]]:
        with library.writing() as stack:
            done = [*_finish(stack, quiet), *_keep(stack, parts)]
        quiet = []
        yield from done


def finish(polls: Sequence[Poll], *, library: Library) -> Iterator[Polled]:
    """Write polls that brought nothing for the library."""
    with library.writing() as stack:
        done = _finish(stack, polls)
    yield from done


def _finish(stack: Stack, polls: Sequence[Poll]) -> list[Polled]:
    if not polls:
        return []
    ours = stack.finish(polls)
    for poll in polls:
        if poll.outcome == FetchOutcome.BUSY:
            stack.slow(urlsplit(poll.due.source.url).netloc, poll.next_poll_at)
    return [told(poll) for poll in polls if poll.due.source.id in ours]


def _together(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts in order, so many to a transaction as it can take."""
    groups: list[list[Part]] = []
    room = 0
    for part in parts:
        size = len(part.gathered.judged)
        if not groups or size > room:
            groups.append([])
            room = TOGETHER_MAX
        groups[-1].append(part)
        room -= size
    return groups


def _keep(stack: Stack, parts: Sequence[Part]) -> list[Polled]:
    """Store these, or, when a row is refused, each of them for itself."""
    if not parts:
        return []
    try:
        with stack.apart():
            return _store(stack, parts)
    except ParseError:
        return [done for part in parts for done in _keep_alone(stack, part)]


def _keep_alone(stack: Stack, part: Part) -> list[Polled]:
    """Store one source's part; when a row is refused, once more with each article for itself."""
    for one_by_one in (False, True):
        try:
            with stack.apart():
                return _store(stack, [part], one_by_one=one_by_one)
        except ParseError as error:
            refused = str(error)
    lost = not_stored(part.poll, refused)
    stack.finish([lost])
    return [told(lost)]


def _store(stack: Stack, parts: Sequence[Part], *, one_by_one: bool = False) -> list[Polled]:
    ours = stack.ours([part.poll for part in parts])
    lost = [part for part in parts if part.source_id not in ours]
    parts = [part for part in parts if part.source_id in ours]
    for part in parts:
        part.begin(stack)
    _write_new(stack, parts, one_by_one=one_by_one)
    _write_changed(stack, parts, one_by_one=one_by_one)
    same = [(one.known[guid], one.hashes[guid]) for one in _gathered(parts) for guid in one.same]
    if same:
        stack.same(same)
    if asks := [one for gathered in _gathered(parts) for one in gathered.asks]:
        stack.asked(asks)
    for part in parts:
        _set_aside(stack, part)
        _list(stack, part.gathered)
        _doubt(stack, part.gathered)
    _write_lists(stack, parts)
    polls = [part.finished() for part in parts]
    stack.finish(polls)
    return [
        *(_told(part, poll) for part, poll in zip(parts, polls, strict=True)),
        *(Polled(part.poll.due.source.slug, "lease lost") for part in lost),
    ]


def _write_new(stack: Stack, parts: Sequence[Part], *, one_by_one: bool) -> None:
    by_part = [(part, part.newcomers()) for part in parts]
    everyone = [one for _, newcomers in by_part for one in newcomers]
    if not everyone:
        return
    placing = Placing(stack, everyone)
    if not one_by_one:
        placing.add(everyone)
        for part, newcomers in by_part:
            part.new = len(newcomers)
        return
    for part, newcomers in by_part:
        for one in newcomers:
            part.new += _alone(stack, part, one.article, partial(placing.add, [one]))


def _write_changed(stack: Stack, parts: Sequence[Part], *, one_by_one: bool) -> None:
    if one_by_one:
        for part in parts:
            for one in part.corrections():
                part.changed += _alone(stack, part, one.article, partial(revise, stack, [one]))
        return
    for part in parts:
        part.changed = len(part.gathered.changes.changed)
    if corrections := [one for part in parts for one in part.corrections()]:
        revise(stack, corrections)


def _alone(stack: Stack, part: Part, article: Article, write: Callable[[], object]) -> bool:
    """Write one article; answers whether it is written, or set aside because its row was refused."""
    try:
        with stack.apart():
            write()
    except ParseError as error:
        part.refused.append(SetAside(0, str(error), repr(article).encode("utf-8", "backslashreplace")))
        return False
    return True


def _set_aside(stack: Stack, part: Part) -> None:
    """Keep what could not be read, and tell of what is held."""
    slug, gathered = part.gathered.due.source.slug, part.gathered
    stack.set_aside(part.source_id, "entry" if part.poll.ok else "document", part.refused, part.poll.at)
    if gathered.looks:
        stack.looked_like(part.source_id, gathered.looks)
    if part.why_held:
        stack.alert(f"held:{slug}", f"{slug}: {part.why_held}", part.poll.at)
        gathered.missed = Missed()  # it has not gone when it came again under another name


def _list(stack: Stack, gathered: Gathered) -> None:
    """Note what has left the list, and what is on it again."""
    source, missed = gathered.due.source, gathered.missed
    if gathered.back:
        stack.listed_again(source.id, source.slug, gathered.back, gathered.at)
    if missed.guids:
        stack.miss(source.id, missed.guids, gathered.at, lost=bool(missed.why))
    if missed.why:
        stack.alert(f"lost:{source.slug}", f"{source.slug}: {missed.why}; nothing was withdrawn", gathered.at)


def _doubt(stack: Stack, gathered: Gathered) -> None:
    if gathered.changes.new and went_untold(gathered.due.push, gathered.due.last_ok_at):
        stack.doubt(gathered.due.source.id)


def _write_lists(stack: Stack, parts: Sequence[Part]) -> None:
    """Keep the lists, and which hubs the feeds name."""
    if lists := {one.due.source.id: one.remember for one in _gathered(parts) if one.remembers}:
        stack.remember(lists)
    fresh = [part.gathered for part in parts if part.poll.outcome == FetchOutcome.FRESH]
    if fresh:
        stack.offer({one.due.source.id: one.offer for one in fresh}, max(one.at for one in fresh))


def _gathered(parts: Iterable[Part]) -> list[Gathered]:
    return [part.gathered for part in parts]


def _told(part: Part, poll: Poll) -> Polled:
    held = part.new if part.why_held else 0
    missing = len(part.gathered.missed.guids)
    return with_health(replace(told(poll), held=held, set_aside=len(part.refused), missing=missing), part.gathered)


def _storm(stack: Stack, gathered: Gathered) -> str:
    """Why what is new must wait for a person; empty when it need not (PAR-08)."""
    new = gathered.changes.new
    if gathered.due.first or not new:
        return ""
    entries = gathered.entries
    return storm(
        [entries[article.guid][0].published for article in new],
        gathered.turn,
        usual_new=lambda: stack.usual_new(gathered.due.source.id),
        last_ok_at=gathered.due.last_ok_at,
        now=gathered.at,
    )
