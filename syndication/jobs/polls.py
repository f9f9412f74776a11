"""How a poll ended: what its source's row keeps, when it is due again, what people are told.

In: Gathered. Out: Poll, Polled. Pure: the decisions of the rooms that have one to make, put together.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from syndication.jobs.gather import Gathered
from syndication.model.collecting import DueSource, Poll, Polled
from syndication.model.exchange import Answer, Failure
from syndication.model.health import OWN_NETWORK, HealthState
from syndication.model.rhythm import Rhythm
from syndication.model.source import Fetched, FetchOutcome, SourceState
from syndication.sources.health import SILENT_ALERT, lasting, next_step, state_of
from syndication.sources.hub import at_the_earliest, went_untold
from syndication.sources.move import Move, sighted
from syndication.sources.pace import next_due
from syndication.sources.rhythm import learn, silent

TROUBLES = (FetchOutcome.GONE.value, FetchOutcome.MOVED_AWAY.value, "failing")
"""Kinds of alert that a good answer ends."""
MORE_PAGES = timedelta(minutes=5)
"""After this time a source is polled again whose pages have not all come."""


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
        next_poll_at=_soon(gathered, max(due_again, _safely(gathered, jitter))) if ok else due_again,
        failures=failures,
        validators=due.validators if isinstance(came, Failure) or gathered.waiting else came.validators,
        ok=ok,
        full=full,
        # While pages of its first list are still to come, what comes is backfill.
        settled=not isinstance(came, Failure) and came.outcome is FetchOutcome.FRESH and not gathered.waiting,
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


def _soon(gathered: Gathered, due_again: datetime) -> datetime:
    """What waits for its page does not wait for the source's whole rhythm."""
    return min(due_again, gathered.at + MORE_PAGES) if gathered.waiting else due_again


def _safely(gathered: Gathered, jitter: float) -> datetime:
    """With a hub that tells us a poll is only for safety. One that brought what nobody told was needed."""
    untold = bool(gathered.changes.new) and went_untold(gathered.due.push, gathered.due.last_ok_at)
    return at_the_earliest(None if untold else gathered.due.push, gathered.at, jitter=jitter)


def not_stored(poll: Poll, why: str) -> Poll:
    """Nothing of this answer is stored, so nothing of it is remembered: the next poll asks for it again."""
    return replace(
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


def learned(gathered: Gathered) -> Rhythm | None:
    """The source's rhythm with what this poll brought."""
    return learn(gathered.due.rhythm, _dates(gathered), gathered.at)


def told(poll: Poll) -> Polled:
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


def with_health(told: Polled, gathered: Gathered) -> Polled:
    """What is wrong with a source that answered well."""
    slug = told.source
    if gathered.theme:
        step = next_step(HealthState.NEW_THEME, slug)
        return replace(told, health=HealthState.NEW_THEME, detail=gathered.theme, next_step=step)
    if told.held:
        return replace(told, health=HealthState.FLOODED, next_step=f"`syndication source release {slug}`")
    if gathered.missed.why:
        return replace(told, health=HealthState.LOST, next_step=f"`syndication source release {slug}`")
    return told


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
    if gathered.looks:
        told, ended = _told_of_pages(gathered)
        if told:
            return told, (*over, *ended)
        over = (*over, *ended)
    if due.rhythm is None or not silent(due.rhythm, gathered.at):
        return (), over
    if gathered.changes.new:
        return (), (*over, "silent")
    if gathered.at - due.rhythm.last_at < SILENT_ALERT:
        return (), over
    return (("silent", f"{slug}: nothing new since {due.rhythm.last_at:%Y-%m-%d %H:%M} UTC, against its habit"),), over


def _told_of_pages(gathered: Gathered) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """A new theme, and pages that are all closed. The first one that opens ends the second; a person ends the first."""
    slug = gathered.due.source.slug
    closed = [look.refused for look in gathered.looks if look.refused]
    alerts = []
    if gathered.theme:
        alerts.append(("theme", f"{slug}: {gathered.theme}. What to do: {next_step(HealthState.NEW_THEME, slug)}"))
    all_closed = len(closed) == len(gathered.looks)
    if all_closed:
        alerts.append(("pages", f"{slug}: {closed[0]}. What to do: {next_step(HealthState.PAGES_CLOSED, slug)}"))
    return tuple(alerts), () if all_closed else ("pages",)


def _dates(gathered: Gathered) -> Iterator[datetime]:
    """When the new articles were posted: what a rhythm is learned from. Backfill without dates came all at once."""
    for article in gathered.changes.new:
        if not gathered.due.first or article.published_at != article.first_seen_at:
            yield article.published_at
