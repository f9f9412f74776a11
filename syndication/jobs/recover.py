"""At a start, and after the database was away: what the journal knows and the database does not.

Unsubscribes and suppressions first, for they are owed in any case. Then claims that are under way: what the journal
knows of their progress, the database gets to know. Then claims that it has not at all. When it lacked acceptances or
claims, the database is an older one: batches become uncertain, lost slots are held so that no clock opens them again,
and all sending waits for a person; collecting and publishing go on.
"""

import logging
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from syndication.jobs.ports.journal import Journal
from syndication.jobs.ports.recovery import Recovery, RecoveryPage
from syndication.model.carrying import Cursor
from syndication.model.journal import Carried, Claimed, Owed

Line = TypeVar("Line")

log = logging.getLogger(__name__)

CLAIMS_MAX = 10_000
"""As many of the newest claims are asked for: a restored database lacks the newest first of all."""
PART = 500
MARGIN = timedelta(days=1)
"""Lines are looked at again this far back: clocks step, and two processes write side by side."""


def recover(recovery: Recovery, journal: Journal, now: datetime, *, installation: str = "") -> str:
    """All of it. Answers why sending is held from now on; empty when the database knows all that the journal does.

    `installation`: which one asks. Another than the last one to send may be a copy of it, and waits for a person.
    """
    replay(recovery, journal, now)
    behind, ahead = catch_up(recovery, journal, now), hold_if_ahead(recovery, journal, now)
    return "; ".join(filter(None, (behind, ahead, _know(recovery, installation, now))))


def _know(recovery: Recovery, installation: str, now: datetime) -> str:
    if not installation:
        return ""
    with recovery.writing() as page:
        if page.is_known(installation):
            return ""
        reason = "this is another installation than the last one that sent from this database: a copy must not send too"
        page.hold_sending(reason, now)
    log.error("held start: %s", reason)
    return reason


def after_restore(recovery: Recovery, journal: Journal, now: datetime, *, why: str, blind: bool) -> None:
    """All of it for a database that was just put back, and sending is held in any case: `why`, for a person.

    `blind`: the journal does not tell what happened since. Then every edition that is not over is held too.
    """
    with recovery.writing() as page:
        page.hold_sending(why, now)
    replay(recovery, journal, now)
    catch_up(recovery, journal, now)
    hold_if_ahead(recovery, journal, now)
    with recovery.writing() as page:
        page.doubt_cursors(journal.marks().keys())
        page.doubt_calls(now)
        if blind:
            page.hold_editions("nothing is known of what was sent of it since the backup", now)


def replay(recovery: Recovery, journal: Journal, now: datetime | None = None) -> int:
    """Apply unsubscribes and suppressions that the database lacks. Answers how many those were.

    A mark later than `now` is of a clock that was ahead: what was written since it was set right lies before it.
    """
    with recovery.writing() as page:
        until = page.replayed_until()
    until = min(until, now) if until and now else until
    applied = 0
    for part in _parts(_owed(journal, until)):
        with recovery.writing() as page:
            applied += sum(page.owe(line) for line in part)
            newest = max(line.at for line in part)
            newest = min(newest, now) if now else newest
            until = max(until, newest) if until else newest
            page.mark_replayed(until)
    if applied:
        log.warning("replayed from the journal: %d unsubscribes and suppressions", applied)
    return applied


def catch_up(recovery: Recovery, journal: Journal, now: datetime) -> str:
    """Move cursors on to where the journal knows them. Hold all sending when that shows that the database is an older
    one, and answer why, or "".
    """
    marks = journal.marks()
    with recovery.writing() as page:
        under_way = page.under_way()
        ends = _ends(journal, set(under_way)) if under_way else {}
        # A mark tells of acceptances that were committed, and an end of what was recorded: nothing but a restore leaves
        # less here.
        older = [id for id, cursor in under_way.items() if id in ends or _ahead(marks.get(id), cursor)]
        for id in under_way:
            for known in filter(None, (marks.get(id), ends.get(id))):
                page.move_on(id, known, older=id in older)
        reason = ""
        if older:
            reason = f"the journal knows more of {len(older)} batches under way than this database: it is an older one"
            page.hold_sending(reason, now)
    for id in marks.keys() - under_way.keys():
        journal.ended(Carried(now, id, f"{marks[id].begun:x}", f"{marks[id].accepted:x}"))
    if reason:
        log.error("held start: %s", reason)
    return reason


def _ends(journal: Journal, of: set[str]) -> Mapping[str, Cursor]:
    return {
        line.attempt_id: Cursor(int(line.begun, 16), int(line.accepted, 16))
        for line in journal.lines()
        if isinstance(line, Carried) and line.attempt_id in of
    }


def _ahead(mark: Cursor | None, cursor: Cursor) -> bool:
    """What has begun may have been put off since, and is no sign; what was accepted stays."""
    return mark is not None and bool(mark.accepted & ~cursor.accepted)


def hold_if_ahead(recovery: Recovery, journal: Journal, now: datetime) -> str:
    """Hold all sending when the journal has claims that the database has not. Answers why, or ""."""
    claims = deque((line for line in journal.lines() if isinstance(line, Claimed)), maxlen=CLAIMS_MAX)
    with recovery.writing() as page:
        unknown = [line for part in _parts(claims) for line in page.unknown(part)]
        if not unknown:
            return ""
        reason = _hold(page, unknown, set(journal.marks()), now)
    log.error("held start: %s", reason)
    return reason


def _hold(page: RecoveryPage, unknown: Sequence[Claimed], marked: Collection[str], now: datetime) -> str:
    # The newest claim on a batch says how often it was offered; the older ones are within it.
    newest = {(line.edition_id, line.n): line for line in unknown}
    lost = [line for line in newest.values() if not page.doubt(line, now)]
    offered = Counter(_slot(line) for line in lost for _ in range(line.recipients))
    for line in {_slot(line): line for line in lost}.values():
        page.hold_slot(line, offered[_slot(line)], now)
    reason = (
        f"the journal has {len(unknown)} claims that this database does not know (the newest of "
        f"{unknown[-1].at:%Y-%m-%d %H:%M} UTC): it seems to be an older one"
    )
    page.doubt_cursors(marked)  # went on after the backup, in the same claim, and nothing tells how far
    page.hold_sending(reason, now)
    return reason


def _slot(line: Claimed) -> tuple[str, str, datetime]:
    return (line.newsletter, line.cadence.value, line.slot_local)


def _owed(journal: Journal, until: datetime | None) -> Iterator[Owed]:
    for line in journal.lines():
        if isinstance(line, Owed) and (until is None or line.at > until - MARGIN):
            yield line


def _parts(lines: Iterable[Line]) -> Iterator[list[Line]]:
    waiting = iter(lines)
    while part := list(islice(waiting, PART)):
        yield part
