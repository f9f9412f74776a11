"""Gathered -> stored: the poll, its articles, their topics and stories, in group transactions. In: groups of Gathered.

A transaction is short, so that others who write wait little; each source stands or falls by itself in it. Validators
are written only here, together with the articles they stand for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic
from urllib.parse import urlsplit

from syndication.articles.relate import WINDOW, leads, place, sample, shingles, text_of
from syndication.articles.topics import decide
from syndication.errors import ParseError
from syndication.jobs.gather import Gathered
from syndication.jobs.ports.library import Library, Stack
from syndication.model.article import Article, ArticleState, DecidedBy
from syndication.model.collecting import Arrival, Poll, Polled
from syndication.model.exchange import Answer, Failure
from syndication.model.feed import Topic
from syndication.model.source import FetchOutcome, SetAside, SourceState
from syndication.model.story import Candidate
from syndication.sources.pace import next_due

TRANSACTION_SECONDS = 0.02
CANDIDATES_MAX = 20
FLOOD_MIN = 30
FLOOD_TIMES = 3


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
    return Poll(
        due=due,
        at=gathered.at,
        outcome="own network" if excused else came.kind.value if isinstance(came, Failure) else came.outcome.value,
        state=state,
        next_poll_at=next_due(due.source, came, failures, gathered.at, jitter=jitter),
        failures=failures,
        validators=due.validators if isinstance(came, Failure) or gathered.waiting else came.validators,
        ok=ok,
        full=full,
        settled=not isinstance(came, Failure) and came.outcome is FetchOutcome.FRESH,
        status=gathered.answer.status,
        bytes=gathered.answer.wire_bytes or len(gathered.answer.body) if isinstance(gathered.answer, Answer) else 0,
        ms=round(gathered.answer.seconds * 1000),
        error="" if ok else came.detail,
        alert=_alert(gathered),
    )


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
    why_held = _flood(stack, gathered)

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

    for article in gathered.changes.new:
        new += kept(article, partial(_add, stack, gathered, article, judged, why_held))
    for article in gathered.changes.changed:
        changed += kept(article, partial(_revise, stack, gathered, article, judged))
    for guid in gathered.same:
        stack.same(gathered.known[guid], gathered.hashes[guid])
    what = "entry" if poll.ok else "document"
    stack.set_aside(source_id, what, refused, poll.at)
    if why_held:
        stack.alert(f"held:{gathered.due.source.slug}", f"{gathered.due.source.slug}: {why_held}", poll.at)
    poll = replace(poll, new=new, changed=changed)
    if source_id not in stack.finish([poll]):
        raise LeaseLost
    return replace(_told(poll), held=new if why_held else 0, set_aside=len(refused))


def _add(stack: Stack, gathered: Gathered, article: Article, judged: Judged, why_held: str) -> None:
    topics, marks = judged[article.guid]
    near = stack.candidates(marks, url=article.url, since=article.first_seen_at - WINDOW, limit=CANDIDATES_MAX)
    twin = (_same_page(article, near) or place(article, near)) if near else None
    leader = stack.leader(twin.story_id) if twin else None
    own = Candidate(article_id=0, story_id=0, partner=gathered.due.source.partner, article=article)
    stack.add(
        Arrival(
            article=replace(article, flags=(*article.flags, why_held)) if why_held else article,
            entry_hash=gathered.hashes[article.guid],
            topics=topics,
            state=ArticleState.HELD if why_held else ArticleState.LIVE,
            backfill=gathered.due.first,
            story_id=twin.story_id if twin else None,
            leads=twin is None or (not why_held and (leader is None or leads(own, leader))),
            shingles=marks,
        )
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


def _flood(stack: Stack, gathered: Gathered) -> str:
    """Why what is new must wait for a person; empty when it need not. A move of platform looks like this (PAR-08)."""
    new = len(gathered.changes.new)
    if gathered.due.first or new <= FLOOD_MIN:
        return ""
    usual = stack.usual_new(gathered.due.source.id)
    if new <= FLOOD_TIMES * usual:
        return ""
    return f"held: {new} new at once, where {usual:.0f} are usual"


def _alert(gathered: Gathered) -> str:
    came = gathered.came
    if isinstance(came, Failure) or came.outcome not in (FetchOutcome.GONE, FetchOutcome.MOVED_AWAY):
        return ""
    return f"{gathered.due.source.slug}: {came.detail}"


def _told(poll: Poll) -> Polled:
    return Polled(
        source=poll.due.source.slug, outcome=poll.outcome, new=poll.new, changed=poll.changed, detail=poll.error
    )
