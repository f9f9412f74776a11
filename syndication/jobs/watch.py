"""Articles that have left their source's list -> looked for at their own page; withdrawn when it says so twice.

It also compares one list with the next. Nothing here trusts a single answer: `sources.watch` has the rules.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from syndication.jobs.manners import Doors, Forgetful, Paced
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.ports.library import Library, Stack
from syndication.jobs.ports.manners import Hosts
from syndication.jobs.unlock import Keys, unlocked
from syndication.model.collecting import Absence, Memory
from syndication.model.exchange import Answer, Failure, Request
from syndication.sources.watch import Look, Missed, after, look, missed, pushed_off, record_of

LOOKS_AT_ONCE = 200
PAGE_BYTES_MAX = 4 * 1024 * 1024
LOOK_SECONDS = 20.0
TOGETHER = 25
"""Looks written in one transaction."""
LISTED_MAX = 2_000
"""Guids remembered of one list."""

log = logging.getLogger(__name__)

Seen = dict[str, Answer | Failure]
"""What came of looking for one article: by "page", and by "record" where there is one."""


def compare_lists(
    memory: Memory, listed: Mapping[str, datetime], dates: Callable[[Sequence[str]], Mapping[str, datetime]]
) -> Missed:
    """What has left a source's list too early. `dates` answers when stored articles were published."""
    left = [guid for guid in memory.guids if guid not in listed]
    if not left or not listed or pushed_off(memory.guids, listed):
        return Missed()
    found = missed(memory.guids, listed, dates(left))
    if found.why:
        return found
    return Missed(tuple(guid for guid in found.guids if guid not in memory.absent))


def to_remember(memory: Memory, listed: Sequence[str], *, partial: bool) -> tuple[str, ...]:
    """The list as it is known now. An answer of additions (RFC 3229) comes before what was known."""
    if not listed:
        return memory.guids
    now_listed = frozenset(listed)
    rest = tuple(guid for guid in memory.guids if guid not in now_listed) if partial else ()
    return (*listed, *rest)[:LISTED_MAX]


def look_for_missing(
    *,
    exchange: Exchange,
    library: Library,
    clock: Clock,
    keys: Keys,
    hosts: Hosts | None = None,
    only: str | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Look for what is due to be looked for, once; answers how many articles were withdrawn.

    `stopping` is asked when the answers are in: what is not written by then is looked for again.
    """
    absences = library.to_look_for(clock(), limit=LOOKS_AT_ONCE, only=only)
    if not absences:
        return 0
    seen: list[Seen] = [{} for _ in absences]
    asked = {(absent.source.id, n, what): url for n, absent in enumerate(absences) for what, url in _wanted(absent)}
    way_out = unlocked(exchange, (absent.source for absent in absences), keys)
    doors = Doors(way_out, hosts or Forgetful(), clock())
    doors.learn(asked.values())
    asked = {key: url for key, url in asked.items() if not doors.refusal(url)}
    paced = Paced(way_out, doors.delay_seconds, stopping=stopping)
    answers = {request.key: answer for request, answer in paced.fetch_all(map(_request, asked.values(), asked))}
    if stopping():
        return 0  # each is looked for again when its lease has run out
    for key in asked:
        if key in answers:
            seen[key[1]][key[2]] = answers[key]
    looked = list(zip(absences, seen, strict=True))
    parts = (looked[start : start + TOGETHER] for start in range(0, len(looked), TOGETHER))
    return sum(_record_all(library, part, clock()) for part in parts)


def _wanted(absent: Absence) -> Iterator[tuple[str, str]]:
    """The pages to look at, each with what it is."""
    if absent.url:
        yield "page", absent.url
        if record := record_of(absent.url, absent.guid):
            yield "record", record


def _request(url: str, key: tuple[int, int, str]) -> Request:
    accept = "application/json" if key[2] == "record" else "text/html, */*;q=0.1"
    return Request(
        url, headers=(("Accept", accept),), body_bytes_max=PAGE_BYTES_MAX, total_seconds=LOOK_SECONDS, key=key
    )


def _record_all(library: Library, looked: Sequence[tuple[Absence, Seen]], now: datetime) -> int:
    with library.writing() as stack:
        return sum([_record(stack, absent, seen, now) for absent, seen in looked])


def _record(stack: Stack, absent: Absence, seen: Seen, now: datetime) -> bool:
    found = look(seen["page"], seen.get("record")) if "page" in seen else Look.UNKNOWN
    then = after(found, refusals=absent.refusals, refused_at=absent.refused_at, looks=absent.looks + 1, now=now)
    withdrawn = stack.looked(
        absent,
        refusals=then.refusals,
        refused_at=then.refused_at,
        next_look_at=then.at if absent.url else None,
        withdraw_at=now if then.withdrawn else None,
    )
    told = {"source": absent.source.slug, "article": absent.article_id, "found": found.value, "withdrawn": withdrawn}
    log.log(logging.WARNING if withdrawn else logging.INFO, "looked for a missing article", extra=told)
    return withdrawn
