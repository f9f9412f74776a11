"""What rights come to, carried out: pictures fetched, made anew and kept; what has ended or was taken back removed.

In: a gallery, the way out, the one who redraws. Safe to run twice, by several at once, and to be killed at any moment:
rows say what is wanted, a lease says who fetches it, and files are on disk before their row says so.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndication.articles.permit import ends_at, granted_figures, has_ended
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.exchange import Exchange
from syndication.jobs.ports.images import Gallery
from syndication.model.article import ArticleState, Stored
from syndication.model.decision import Decision, Wish
from syndication.model.exchange import Answer, Failure, FailureKind, Request
from syndication.model.image import Drawn, Wanted

log = logging.getLogger(__name__)

ROUND = 200
IMAGES_MAX = 12
"""Of one article."""
AT_ONCE = 8
BYTES_MAX = 12 * 1024 * 1024
SECONDS = 30.0
LEASE = timedelta(minutes=5)
"""More than it takes to fetch and redraw those taken together, each at its worst."""
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440, 1440))
"""Waits between tries of a picture that does not come. After the last it is shown as a link for good."""
SWEEP_AGE = timedelta(hours=1)
PASSING = frozenset({408, 425, 429})
ACCEPT = "image/avif;q=0.8, image/webp, image/jpeg, image/png, image/gif;q=0.8"

Redraw = Callable[[bytes], Drawn]


@dataclass(frozen=True, slots=True)
class Round:
    """What it did. `changed` counts articles that outputs show otherwise now."""

    changed: int = 0
    kept: int = 0
    refused: int = 0
    dropped: int = 0


def images(
    *,
    gallery: Gallery,
    exchange: Exchange,
    redraw: Redraw,
    clock: Clock,
    stopping: Callable[[], bool] = lambda: False,
) -> Round:
    """One round: everything that is due. A second right after it finds nothing to do."""
    changed = decide(gallery, clock, stopping)
    dropped = 0
    while not stopping() and (gone := gallery.drop(clock(), limit=ROUND)):
        dropped += gone
    kept = refused = 0
    while not stopping() and (taken := gallery.claim(clock(), clock() + LEASE, limit=AT_ONCE)):
        done = [_take(gallery, wanted, came, redraw, clock) for wanted, came in _fetched(exchange, taken)]
        kept, refused = kept + done.count(True), refused + done.count(False)
    return Round(changed, kept, refused, dropped)


def decide(gallery: Gallery, clock: Clock, stopping: Callable[[], bool] = lambda: False) -> int:
    """Say of each article that changed which pictures it may have, and whether its time is over."""
    changed = 0
    while not stopping() and (found := gallery.undecided(clock(), limit=ROUND)):
        now = clock()
        changed += gallery.decide([decision(stored, now) for stored in found], now)
    return changed


def decision(stored: Stored, now: datetime) -> Decision:
    """Under embargo its pictures are made ready; of what is held, withdrawn or over none is kept."""
    ended = has_ended(stored, now)
    stands = stored.state is ArticleState.LIVE and not ended
    figures = granted_figures(stored)[:IMAGES_MAX] if stands else ()
    return Decision(
        article_id=stored.id,
        rev=stored.rev,
        state=stored.state,
        wishes=tuple(Wish(figure.src, figure.credit) for figure in figures),
        ends_at=None if ended else ends_at(stored),
        ended=ended,
    )


def sweep(gallery: Gallery, now: datetime) -> None:
    """What a kill or a restored backup left: files nobody knows, rows whose files are not there."""
    files, rows = gallery.sweep(now - SWEEP_AGE)
    if files or rows:
        log.info("images swept", extra={"files": files, "wanted_again": rows})


def _fetched(exchange: Exchange, taken: Sequence[Wanted]) -> Iterator[tuple[Wanted, Answer | Failure]]:
    by_id = {wanted.id: wanted for wanted in taken}
    requests = [
        Request(
            wanted.origin,
            headers=(("Accept", ACCEPT),),
            wire_bytes_max=BYTES_MAX,
            body_bytes_max=BYTES_MAX,
            total_seconds=SECONDS,
            key=wanted.id,
        )
        for wanted in taken
    ]
    for request, came in exchange.fetch_all(requests):
        yield by_id[int(str(request.key))], came


def _take(gallery: Gallery, wanted: Wanted, came: Answer | Failure, redraw: Redraw, clock: Clock) -> bool | None:
    """Keep it, or put it off. None when another had it, or nobody wants it any more."""
    if isinstance(came, Answer) and came.status == 200:
        drawn = redraw(came.body)
        reason, passing = drawn.refusal, drawn.passing
        if drawn.files:
            return gallery.keep(wanted, drawn, clock()) or None
    else:
        reason, passing = _reason(came)
    next_try_at = _next_try(wanted, came, clock()) if passing else None
    gallery.put_off(wanted, reason, next_try_at, clock())
    log.info("image not kept", extra={"article": wanted.article_id, "reason": reason, "again": bool(next_try_at)})
    return False


def _reason(came: Answer | Failure) -> tuple[str, bool]:
    """Why it did not come, and whether it may yet."""
    if isinstance(came, Failure):
        final = came.kind in (FailureKind.REFUSED, FailureKind.TOO_LARGE)
        return f"{came.kind.value}: {came.detail}", not final
    # A picture often stands a while after its story: what is not there yet may be there in a minute.
    passing = came.status >= 500 or came.status in PASSING or came.status == 404
    return f"status {came.status}", passing


def _next_try(wanted: Wanted, came: Answer | Failure, now: datetime) -> datetime | None:
    if wanted.failures >= len(BACK_OFF):
        return None
    asked = next((value for name, value in came.headers if name == "retry-after" and value.isdecimal()), "0")
    return now + max(BACK_OFF[wanted.failures], timedelta(seconds=min(int(asked[:9]), 86_400)))
