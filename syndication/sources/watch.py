"""Listings over time -> what is missing, what is too much to believe, what has been withdrawn. Pure.

An entry that left the list is no proof of anything: lists are short, servers hiccup. It is missing only when it is
newer than the oldest that is still listed, and withdrawn only when its own page said so twice, some time apart. More
than is usual, gone or come at once, is for a person to judge.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from urllib.parse import urlsplit, urlunsplit

import orjson

from syndication.model.exchange import Answer, Failure

LOST_SHARE = 0.3
"""More than this of a list gone at once is not believed."""
REFUSALS = frozenset((401, 404, 410))
APART = timedelta(minutes=10)
"""Between two looks at a page that was not there."""
LOOK_AGAIN = timedelta(days=1)
"""After a look that found the page; twice as long after each further one."""
LOOK_SOON = timedelta(minutes=30)
"""After a look that had no answer to go by."""
LOOKS_MAX = 8
"""An entry that is not listed, and whose page is still there after so many looks, is no longer looked for."""

FLOOD_MIN = 30
FLOOD_TIMES = 3
STRANGE_MIN = 3
"""So many new entries at least, and half of all that are listed, make a move of platform or a clock that jumped."""
LATE_BY = timedelta(hours=6)
"""An entry dated so long before the last good poll should have been listed then. One without a date may have been."""
AHEAD_BY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Missed:
    """Guids that were listed before, are newer than the oldest still listed, and are not. `why` is set when so many
    have gone at once that nothing may be concluded from it."""

    guids: tuple[str, ...] = ()
    why: str = ""


def pushed_off(before: Sequence[str], listed: Mapping[str, datetime]) -> bool:
    """Whether all that left stood at the end of a list that is newest first, so that new entries pushed it off.

    Then nothing is missing, and nobody needs to know how old it was. `listed` is in the order of the list.
    """
    kept = [guid for guid in before if guid in listed]
    if not kept or kept != list(before[: len(kept)]):
        return False
    own, dates = list(listed), list(listed.values())
    return own[-len(kept) :] == kept and all(earlier >= later for earlier, later in pairwise(dates))


class Look(StrEnum):
    """What a look at an entry's own page said."""

    GONE = "gone"
    THERE = "there"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Next:
    """What follows from a look: withdrawn, or looked at again `at`, or (None) no more."""

    withdrawn: bool
    refusals: int
    refused_at: datetime | None
    """When the first of the refusals in a row came."""
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Turn:
    """From one list to the next: how long the last one was, how much of it is kept, how long this one is."""

    before: int
    kept: int
    listed: int

    @property
    def over(self) -> bool:
        """Hardly anything of the last list is left."""
        return self.before > 0 and 5 * self.kept <= self.before


def missed(before: Sequence[str], listed: Mapping[str, datetime], dated: Mapping[str, datetime]) -> Missed:
    """`before`: guids of the last list. `listed`: those of this one, dated. `dated`: dates of those that left it.

    Nothing is missing from an empty list, which proves only that something is wrong with it.
    """
    if not listed:
        return Missed()
    oldest = min(listed.values())
    gone = tuple(guid for guid in before if guid not in listed and guid in dated and dated[guid] > oldest)
    within = sum(1 for guid in before if guid in listed)
    if len(gone) > LOST_SHARE * (len(gone) + within):
        return Missed(gone, f"{len(gone)} of {len(gone) + within} entries have gone from the list at once")
    return Missed(gone)


def look(page: Answer | Failure, rest: Answer | Failure | None = None) -> Look:
    """Judge an entry's page and, where WordPress has one, its record. A page out of a cache may outlive its post."""
    said = [_said(page)] + ([_recorded(rest)] if rest is not None else [])
    if Look.GONE in said:
        return Look.GONE
    return Look.THERE if said[0] is Look.THERE else Look.UNKNOWN


def after(found: Look, *, refusals: int, refused_at: datetime | None, looks: int, now: datetime) -> Next:
    """What follows from the `looks`-th look. Two refusals withdraw, ten minutes apart and with no page between them."""
    if found is Look.GONE:
        if refusals and refused_at is not None and now - refused_at >= APART:
            return Next(True, refusals + 1, refused_at, None)
        return Next(False, max(refusals, 1), refused_at or now, (refused_at or now) + APART)
    if looks >= LOOKS_MAX:
        return Next(False, 0, None, None)
    if found is Look.UNKNOWN:
        return Next(False, refusals, refused_at, now + min(LOOK_SOON * 2 ** max(looks - 1, 0), LOOK_AGAIN))
    return Next(False, 0, None, now + LOOK_AGAIN * 2 ** max(looks - 1, 0))


def record_of(url: str, guid: str) -> str | None:
    """The WordPress REST record of an entry, when its guid is that of a post: `https://host/?p=123`."""
    found = re.search(r"(?:^|[/?&])p=(\d{1,12})(?:$|&)", guid)
    parts = urlsplit(url)
    if found is None or not parts.netloc or not guid.removeprefix("https://").startswith(parts.netloc):
        return None
    return urlunsplit((parts.scheme, parts.netloc, f"/wp-json/wp/v2/posts/{found[1]}", "_fields=id", ""))


def storm(
    arriving: Sequence[datetime | None],
    turn: Turn,
    *,
    usual_new: Callable[[], float],
    last_ok_at: datetime | None,
    now: datetime,
) -> str:
    """Why what is new must wait for a person; empty when it need not (PAR-08). It is not asked about a first poll.

    `arriving`: when each new entry says it was published, None when it does not. `usual_new` is asked only in doubt.
    """
    count = len(arriving)
    if count > FLOOD_MIN and count > FLOOD_TIMES * (usual := usual_new()):
        return f"held: {count} new at once, where {usual:.0f} are usual"
    many = max(STRANGE_MIN, (turn.listed + 1) // 2)
    ahead = sum(1 for date in arriving if date and date > now + AHEAD_BY)
    if ahead >= many:
        return f"held: {ahead} of {turn.listed} are dated in the future, as if the partner's clock had jumped"
    if last_ok_at is None or not turn.over:
        return ""
    late = sum(1 for date in arriving if date is None or date < last_ok_at - LATE_BY)
    if late >= many and usual_new() < many:
        return f"held: {late} of {turn.listed} are new and should have been listed before, as after a move of platform"
    return ""


def _said(answer: Answer | Failure) -> Look:
    if isinstance(answer, Failure):
        return Look.UNKNOWN
    if answer.status in REFUSALS:
        return Look.GONE
    return Look.THERE if answer.status == 200 else Look.UNKNOWN


def _recorded(answer: Answer | Failure) -> Look:
    """WordPress says by a code that there is no such post, or that it is not public any more."""
    if isinstance(answer, Failure) or answer.status not in REFUSALS or len(answer.body) > 64 * 1024:
        return Look.UNKNOWN
    try:
        told = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return Look.UNKNOWN
    code = told.get("code") if isinstance(told, dict) else None
    return Look.GONE if code in ("rest_post_invalid_id", "rest_forbidden") else Look.UNKNOWN
