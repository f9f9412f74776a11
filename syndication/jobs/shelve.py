"""Gathered -> stored: the poll, its articles, their topics and stories, in group transactions. In: groups of Gathered.

A transaction is short, so that others who write wait little; each source stands or falls by itself in it. Validators
are written only here, together with the articles they stand for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from time import monotonic
from urllib.parse import urlsplit

from syndication.articles.relate import (
    WINDOW,
    boilerplate,
    house_phrases,
    leads,
    place,
    sample,
    shingles,
    text_of,
)
from syndication.articles.topics import decide
from syndication.errors import ParseError
from syndication.jobs.gather import Gathered
from syndication.jobs.ports.library import Library, Stack
from syndication.model.article import Article, ArticleState, DecidedBy
from syndication.model.collecting import Arrival, DueSource, Poll, Polled
from syndication.model.exchange import Answer, Failure
from syndication.model.feed import Topic
from syndication.model.health import OWN_NETWORK, HealthState
from syndication.model.source import Fetched, FetchOutcome, SetAside, SourceState
from syndication.model.story import Candidate
from syndication.sources.health import SILENT_ALERT, lasting, next_step, state_of
from syndication.sources.hub import at_the_earliest, went_untold
from syndication.sources.move import Move, sighted
from syndication.sources.pace import next_due
from syndication.sources.rhythm import learn, silent
from syndication.sources.watch import Missed, storm

TRANSACTION_SECONDS = 0.02
CANDIDATES_MAX = 20
TROUBLES = (FetchOutcome.GONE.value, FetchOutcome.MOVED_AWAY.value, "failing")
"""Kinds of alert that a good answer ends."""
RECENT_MAX = 20
"""Articles of a source in which its own phrases are looked for."""


Judged = Mapping[str, tuple[tuple[tuple[str, DecidedBy], ...], frozenset[int]]]
"""By guid: the topics of an article, and the shingles that stand for it in the index."""


class LeaseLost(Exception):
    """Another worker has the source by now: nothing of ours counts."""


def shelve(
    group: Sequence[Gathered], *, library: Library, topics: Sequence[Topic], jitter: Callable[[], float]
) -> Iterator[Polled]:
    """Store a group, in as many transactions as it takes."""
    quiet = [poll_of(gathered, jitter()) for gathered in group if gathered.quiet]
    loud = [(gathered, _judge(gathered, topics), jitter()) for gathered in group if not gathered.quiet]
    if quiet:
        yield from finish(quiet, library=library)
    while loud:
        done: list[Polled] = []
        with library.writing() as stack:
            started = monotonic()
            while loud and (not done or monotonic() - started < TRANSACTION_SECONDS):
                done.append(_keep(stack, *loud.pop(0)))
        yield from done


def finish(polls: Sequence[Poll], *, library: Library) -> Iterator[Polled]:
    """Write polls that brought nothing for the library."""
    with library.writing() as stack:
        ours = stack.finish(polls)
        for poll in polls:
            if poll.outcome == FetchOutcome.BUSY:
                stack.slow(urlsplit(poll.due.source.url).netloc, poll.next_poll_at)
    yield from (_told(poll) for poll in polls if poll.due.source.id in ours)


def poll_of(gathered: Gathered, jitter: float, *, excused: bool = False) -> Poll:
    """How the poll ended. `excused`: our own network failed, which counts against nobody."""
    due, came = gathered.due, gathered.came
    ok = not isinstance(came, Failure) and came.outcome.ok
    failures = 0 if ok else due.failures + 1
    state = SourceState.IDLE if ok else SourceState.BACKOFF
    if excused:
        failures = due.failures
        state = SourceState.BACKOFF if failures else SourceState.IDLE
    if not isinstance(came, Failure) and came.outcome is FetchOutcome.GONE:
        state = SourceState.GONE
    full = isinstance(gathered.answer, Answer) and ok and gathered.answer.status == 200
    move = _moved(due, came, gathered.at)
    alerts, over = _told_to_people(gathered, failures)
    due_again = next_due(due.source, came, failures, gathered.at, jitter=jitter, rhythm=due.rhythm)
    return Poll(
        due=due,
        at=gathered.at,
        outcome=OWN_NETWORK if excused else came.kind.value if isinstance(came, Failure) else came.outcome.value,
        state=state,
        next_poll_at=max(due_again, _safely(gathered, jitter)) if ok else due_again,
        failures=failures,
        validators=due.validators if isinstance(came, Failure) or gathered.waiting else came.validators,
        ok=ok,
        full=full,
        settled=not isinstance(came, Failure) and came.outcome is FetchOutcome.FRESH,
        status=gathered.answer.status,
        bytes=gathered.answer.wire_bytes or len(gathered.answer.body) if isinstance(gathered.answer, Answer) else 0,
        ms=round(gathered.answer.seconds * 1000),
        error="" if ok else came.detail,
        alerts=() if excused else alerts,
        over=over,
        moved_to=None if move.adopted else move.to,
        moved_since=None if move.adopted else move.since,
        url_now=move.to if move.adopted else None,
    )


def _safely(gathered: Gathered, jitter: float) -> datetime:
    """With a hub that tells us a poll is only for safety. One that brought what nobody told was needed."""
    untold = bool(gathered.changes.new) and went_untold(gathered.due.push, gathered.due.last_ok_at)
    return at_the_earliest(None if untold else gathered.due.push, gathered.at, jitter=jitter)


def _judge(gathered: Gathered, topics: Sequence[Topic]) -> Judged:
    """What takes time and needs no transaction."""
    both = (*gathered.changes.new, *gathered.changes.changed)
    return {
        article.guid: (decide(article, gathered.due.source, topics), sample(shingles(text_of(article))))
        for article in both
    }


def _keep(stack: Stack, gathered: Gathered, judged: Judged, jitter: float) -> Polled:
    """Store one source's part; when a row is refused, once more with each article for itself."""
    poll = poll_of(gathered, jitter)
    for one_by_one in (False, True):
        try:
            with stack.apart():
                return _store(stack, gathered, judged, poll, one_by_one=one_by_one)
        except LeaseLost:
            return Polled(poll.due.source.slug, "lease lost")
        except ParseError as error:
            refused = error
    return _give_up(stack, poll, str(refused))


def _give_up(stack: Stack, poll: Poll, why: str) -> Polled:
    """Nothing of this answer is stored, so nothing of it is remembered: the next poll asks for it again."""
    lost = replace(
        poll,
        outcome="not stored",
        state=SourceState.BACKOFF,
        failures=poll.due.failures + 1,
        validators=poll.due.validators,
        ok=False,
        full=False,
        settled=False,
        error=why,
    )
    stack.finish([lost])
    return _told(lost)


def _store(stack: Stack, gathered: Gathered, judged: Judged, poll: Poll, *, one_by_one: bool) -> Polled:
    source_id, new, changed = gathered.due.source.id, 0, 0
    refused = list(gathered.set_aside)
    why_held = _storm(stack, gathered)
    place_it = _Placing(stack, gathered, judged)

    def kept(article: Article, write: Callable[[], object]) -> bool:
        if not one_by_one:
            write()
            return True
        try:
            with stack.apart():
                write()
        except ParseError as error:
            refused.append(SetAside(0, str(error), repr(article).encode("utf-8", "backslashreplace")))
            return False
        return True

    if one_by_one:
        for article in gathered.changes.new:
            new += kept(article, partial(_add, place_it, [article], judged, why_held))
    else:
        new = _add(place_it, gathered.changes.new, judged, why_held)
    for article in gathered.changes.changed:
        changed += kept(article, partial(_revise, stack, gathered, article, judged))
    for guid in gathered.same:
        stack.same(gathered.known[guid], gathered.hashes[guid])
    what = "entry" if poll.ok else "document"
    stack.set_aside(source_id, what, refused, poll.at)
    if why_held:
        stack.alert(f"held:{gathered.due.source.slug}", f"{gathered.due.source.slug}: {why_held}", poll.at)
        gathered.missed = Missed()  # it has not gone when it came again under another name
    _list(stack, gathered)
    _listen(stack, gathered)
    rhythm = gathered.due.rhythm if why_held else learn(gathered.due.rhythm, _dates(gathered), poll.at)
    poll = replace(poll, new=new, changed=changed, rhythm=rhythm if new else None)
    if source_id not in stack.finish([poll]):
        raise LeaseLost
    told = replace(_told(poll), held=new if why_held else 0, set_aside=len(refused), missing=len(gathered.missed.guids))
    return _with_health(told, gathered)


def _listen(stack: Stack, gathered: Gathered) -> None:
    """Keep which hub the feed names, and whether it tells us of what is new."""
    due = gathered.due
    if gathered.changes.new and went_untold(due.push, due.last_ok_at):
        stack.doubt(due.source.id)
    if not isinstance(gathered.came, Failure) and gathered.came.outcome is FetchOutcome.FRESH:
        stack.offer(due.source.id, gathered.offer, gathered.at)


def _list(stack: Stack, gathered: Gathered) -> None:
    """Keep the list, and what has left it."""
    source, missed = gathered.due.source, gathered.missed
    if gathered.remembers:
        stack.remember(source.id, gathered.remember)
    if gathered.back:
        stack.listed_again(source.id, source.slug, gathered.back, gathered.at)
    if missed.guids:
        stack.miss(source.id, missed.guids, gathered.at, lost=bool(missed.why))
    if missed.why:
        stack.alert(f"lost:{source.slug}", f"{source.slug}: {missed.why}; nothing was withdrawn", gathered.at)


def _dates(gathered: Gathered) -> Iterator[datetime]:
    """When the new articles were posted: what a rhythm is learned from. Backfill without dates came all at once."""
    for article in gathered.changes.new:
        if not gathered.due.first or article.published_at != article.first_seen_at:
            yield article.published_at


@dataclass(slots=True)
class _Placing:
    """Finds the story of each new article of one source; what its house says in every article proves nothing.

    A trace is a shingle or an address: an article that shares none with any telling is a story of its own.
    """

    stack: Stack
    gathered: Gathered
    judged: Judged
    marks: frozenset[int] | None = None
    theirs: AbstractSet[int | str] | None = None
    ours: set[int | str] = field(default_factory=set)
    """Traces of articles placed before, of this poll."""

    def is_alone(self, article: Article) -> bool:
        return not (self.traces(article) & self.ours or self.traces(article) & self._theirs(article))

    def traces(self, article: Article) -> set[int | str]:
        return {*self.judged[article.guid][1], *((article.url,) if article.url else ())}

    def _theirs(self, article: Article) -> AbstractSet[int | str]:
        if self.theirs is None:
            new = self.gathered.changes.new
            shingles = {shingle for each in new for shingle in self.judged[each.guid][1]}
            urls = {each.url for each in new if each.url}
            self.theirs = self.stack.traces(shingles, urls, since=article.first_seen_at - WINDOW)
        return self.theirs

    def twin(self, article: Article) -> Candidate | None:
        marks, since = self.judged[article.guid][1], article.first_seen_at - WINDOW
        near = self.stack.candidates(marks, url=article.url, since=since, limit=CANDIDATES_MAX)
        if not near:
            return None
        return _same_page(article, near) or place(article, near, house_phrases=self._phrases(article))

    def _phrases(self, article: Article) -> frozenset[int]:
        if self.marks is None:
            self.marks = boilerplate(self.stack.recent(self.gathered.due.source.id, limit=RECENT_MAX))
        return house_phrases(text_of(article), self.marks)


def _add(placing: _Placing, articles: Sequence[Article], judged: Judged, why_held: str) -> int:
    """Place and add these, together as far as they have nothing in common; answers how many."""
    waiting: list[Arrival] = []
    for article in articles:
        alone = placing.is_alone(article)
        if waiting and not alone:  # those it may be a copy of must be there to be found
            placing.stack.add(waiting)
            waiting = []
        twin = None if alone else placing.twin(article)
        waiting.append(_arrival(placing, article, twin, judged, why_held))
        placing.ours |= placing.traces(article)
    if waiting:
        placing.stack.add(waiting)
    return len(articles)


def _arrival(placing: _Placing, article: Article, twin: Candidate | None, judged: Judged, why_held: str) -> Arrival:
    gathered, (topics, marks) = placing.gathered, judged[article.guid]
    leader = placing.stack.leader(twin.story_id) if twin else None
    own = Candidate(article_id=0, story_id=0, partner=gathered.due.source.partner, article=article)
    return Arrival(
        article=replace(article, flags=(*article.flags, why_held)) if why_held else article,
        entry_hash=gathered.hashes[article.guid],
        topics=topics,
        state=ArticleState.HELD if why_held else ArticleState.LIVE,
        backfill=gathered.due.first,
        story_id=twin.story_id if twin else None,
        leads=twin is None or (not why_held and (leader is None or leads(own, leader))),
        shingles=marks,
    )


def _revise(stack: Stack, gathered: Gathered, article: Article, judged: Judged) -> None:
    topics, marks = judged[article.guid]
    stack.revise(
        gathered.known[article.guid],
        article,
        entry_hash=gathered.hashes[article.guid],
        topics=topics,
        shingles=marks,
        now=gathered.at,
    )


def _same_page(article: Article, near: Sequence[Candidate]) -> Candidate | None:
    """A telling at the same address under the same title: its publisher moved house, or carries it in two feeds."""
    return next(
        (
            one
            for one in near
            if article.url
            and one.article.url == article.url
            and one.article.title.casefold() == article.title.casefold()
        ),
        None,
    )


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


def _moved(due: DueSource, came: Fetched | Failure, now: datetime) -> Move:
    before = Move(due.moved_to, due.moved_since)
    return before if isinstance(came, Failure) else sighted(due.source, came, before, now)


def _told_to_people(gathered: Gathered, failures: int) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Alerts that this poll gives reason for, and the kinds that it ends."""
    due, came, slug = gathered.due, gathered.came, gathered.due.source.slug
    if isinstance(came, Failure) or not came.outcome.ok:
        outcome = came.kind.value if isinstance(came, Failure) else came.outcome.value
        step = next_step(state_of(outcome), slug)
        text = f"{slug}: {came.detail}" + (f". What to do: {step}" if step else "")
        if outcome in (FetchOutcome.GONE, FetchOutcome.MOVED_AWAY):
            return ((outcome, text),), ()
        if lasting(failures, due.last_ok_at, gathered.at):
            return (("failing", text),), ()
        return (), ()
    over = TROUBLES if due.failures else ()
    if due.rhythm is None or not silent(due.rhythm, gathered.at):
        return (), over
    if gathered.changes.new:
        return (), (*over, "silent")
    if gathered.at - due.rhythm.last_at < SILENT_ALERT:
        return (), over
    return (("silent", f"{slug}: nothing new since {due.rhythm.last_at:%Y-%m-%d %H:%M} UTC, against its habit"),), over


def _with_health(told: Polled, gathered: Gathered) -> Polled:
    """What is wrong with a source that answered well."""
    slug = told.source
    if told.held:
        return replace(told, health=HealthState.FLOODED, next_step=f"`syndication source release {slug}`")
    if gathered.missed.why:
        return replace(told, health=HealthState.LOST, next_step=f"`syndication source release {slug}`")
    return told


def _told(poll: Poll) -> Polled:
    state = None
    if not poll.ok and poll.outcome != OWN_NETWORK:
        state = HealthState.GONE if poll.state is SourceState.GONE else state_of(poll.outcome)
    elif poll.ok and not poll.new and silent(poll.due.rhythm, poll.at):
        state = HealthState.SILENT
    return Polled(
        source=poll.due.source.slug,
        outcome=poll.outcome,
        new=poll.new,
        changed=poll.changed,
        detail=poll.error,
        health=state or "",
        next_step=next_step(state, poll.due.source.slug) if state else "",
    )
