"""A batch that was carried message by message: what becomes of it. In: how each reader fared. Out: Ends. Pure.

A batch has one state, so readers who came to different ends part ways: the first part keeps the batch, each other
becomes a batch of its own. Whoever is refused, or left, has an exception and keeps the place in the first.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndication.model.carrying import Cursor, Fared, Fate, Part
from syndication.model.delivery import BatchState, ExceptionKind, Verdict
from syndication.model.ledger import TakenOut

WAIT_MIN = timedelta(minutes=5)
WAIT_MAX = timedelta(hours=4)
BROKE_OFF = "the attempt broke off with this message under way"
DOUBTS_MAX = 50
"""As many messages in doubt become batches of one reader each; more of them stay together."""
REST_FIRST = timedelta(minutes=1)
REST_MAX = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Ends:
    """`parts`, first the one that keeps the batch; none when nobody is left in it."""

    parts: tuple[Part, ...]
    refused: tuple[TakenOut, ...] = ()
    verdict: Verdict = Verdict.DEFERRED
    """Of the attempt as a whole."""
    detail: str = ""


def wait_after(since: datetime, now: datetime) -> timedelta:
    """As long as it has been put off already, within bounds: greylisting wants minutes, a full mailbox hours."""
    return min(max(now - since, WAIT_MIN), WAIT_MAX)


def rest_until(times: int, now: datetime) -> datetime:
    """When a domain is asked again that has asked for a rest so many times in a row."""
    doublings = min(max(times, 1) - 1, 16)
    return now + min(REST_FIRST * (1 << doublings), REST_MAX)


def after(
    fared: Mapping[int, Fared],
    offered: Sequence[int],
    *,
    now: datetime,
    lifetime: timedelta,
    deferred_since: datetime | None = None,
    later: datetime | None = None,
    resting: Mapping[int, datetime] | None = None,
) -> Ends:
    """`fared` by subscriber; whoever of `offered` is missing there was not offered, and waits until `later`.

    `resting`: until when the domain of a reader rests. Whoever has been put off for `lifetime` is refused.
    """
    rest, since = resting or {}, deferred_since or now
    over = now - since >= lifetime
    groups: dict[tuple[BatchState, Verdict | None, datetime | None, datetime | None], list[int]] = defaultdict(list)
    refused: list[TakenOut] = []
    doubtful: list[int] = []
    for id in offered:
        one = fared.get(id)
        if one is None or one.fate is Fate.HELD:
            until = rest.get(id) or later
            groups[BatchState.PLANNED, None, _minute(until) if until else None, deferred_since].append(id)
        elif one.fate is Fate.ACCEPTED:
            groups[BatchState.ACCEPTED, Verdict.ACCEPTED, None, None].append(id)
        elif one.fate is Fate.UNCERTAIN:
            doubtful.append(id)
        elif one.fate is Fate.REFUSED:
            refused.append(TakenOut(id, ExceptionKind.REFUSED, one.detail))
        elif over:
            hours = round((now - since).total_seconds() / 3600)
            refused.append(TakenOut(id, ExceptionKind.REFUSED, f"put off for {hours} hours: {one.detail}"))
        else:
            until = max(now + wait_after(since, now), rest.get(id) or now)
            groups[BatchState.PLANNED, Verdict.DEFERRED, until, since].append(id)
    parts = [
        Part(state, tuple(ids), verdict, _said(ids, fared), until, first)
        for (state, verdict, until, first), ids in groups.items()
    ]
    # Each message is in doubt by itself, and so each can be settled by itself.
    doubts = [[id] for id in doubtful] if len(doubtful) <= DOUBTS_MAX else [doubtful]
    parts += [Part(BatchState.UNCERTAIN, tuple(ids), Verdict.UNCERTAIN, _said(ids, fared)) for ids in doubts]
    parts.sort(key=_order)
    return Ends(tuple(parts), tuple(refused), _verdict(parts, refused), _summary(parts, refused))


def broken_off(cursor: Cursor, places: Sequence[int], taken_out: frozenset[int]) -> dict[int, Fared]:
    """How readers fared whose carrying broke off, by as much as is on disk; who is missing was not offered."""
    found = {}
    for place, id in enumerate(places):
        bit = 1 << place
        if id not in taken_out and cursor.begun & bit:
            found[id] = Fared(Fate.ACCEPTED) if cursor.accepted & bit else Fared(Fate.UNCERTAIN, BROKE_OFF)
    return found


def _minute(instant: datetime) -> datetime:
    """The next whole minute, so that many domains make few batches."""
    return instant.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _order(part: Part) -> int:
    """Certainty first; what was offered before what was not."""
    by_state = {BatchState.ACCEPTED: 0, BatchState.UNCERTAIN: 1}
    return by_state.get(part.state, 2 if part.verdict else 3)


def _said(ids: Sequence[int], fared: Mapping[int, Fared]) -> str:
    said = {fared[id].detail for id in ids if id in fared and fared[id].detail}
    shown = sorted(said)[:3]
    return "; ".join(shown) + ("; …" if len(said) > len(shown) else "")


def _verdict(parts: Sequence[Part], refused: Sequence[TakenOut]) -> Verdict:
    offered = [part.verdict for part in parts if part.verdict]
    return offered[0] if offered else Verdict.REFUSED if refused else Verdict.DEFERRED


def _summary(parts: Sequence[Part], refused: Sequence[TakenOut]) -> str:
    counts: dict[str, int] = defaultdict(int)
    for part in parts:
        word = {None: "not offered", Verdict.DEFERRED: "put off"}.get(part.verdict, str(part.verdict))
        counts[word] += len(part.ids)
    if refused:
        counts["refused"] += len(refused)
    return ", ".join(f"{count} {word}" for word, count in counts.items())
