"""An edition on its way from a command: the running service sends it, or, when none runs, this process does.

Either way under the same leases and with the same journal, so that a service which starts meanwhile does no harm.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from syndication.cli import show
from syndication.cli.exits import Exit
from syndication.cli.stop import stoppable
from syndication.cli.watch import watched
from syndication.engine import lock
from syndication.errors import NotFoundError
from syndication.jobs import compose, send
from syndication.model.edition import Counts, Edition, EditionState
from syndication.storage import editions
from syndication.wiring import House, now

UNDER_WAY = frozenset(
    {EditionState.FROZEN, EditionState.DISPATCHING, EditionState.SENDING, EditionState.SETTLED, EditionState.OPEN}
)
PLANNABLE = frozenset({EditionState.FROZEN, EditionState.DISPATCHING})


@dataclass(frozen=True, slots=True)
class Came:
    """What an edition has come to. `service`: one runs, and goes on with it."""

    edition: Edition
    counts: Counts
    barred: str
    service: bool
    stopped: bool = False

    def row(self) -> dict[str, Any]:
        return {**row(self.edition), "counts": self.counts, "sent_by": self.sent_by}

    @property
    def sent_by(self) -> str | None:
        """None: it is not on its way."""
        if self.edition.state not in UNDER_WAY:
            return None
        return "service" if self.service else "this command"


def carry_on(house: House, edition_id: int) -> Came:
    """Assemble, plan and send what can be, unless a service runs that does it."""
    service = lock.running(house.settings.data) is not None
    with stoppable("the batch in hand") as stopping:
        if edition_of(house, edition_id).state is EditionState.OPEN:
            compose.assemble(edition_id, house.desk)
        if edition_of(house, edition_id).state in PLANNABLE:
            with show.progress("planning"):
                size = house.outbox.batch_size
                compose.plan(edition_id, house.press, now, batch_size=size, stopping=stopping)
        if service:
            house.waker.wake("send", edition_id)
        elif edition_of(house, edition_id).state is EditionState.SENDING:
            _send(house, edition_id, stopping)
        stopped = stopping()
    came = look(house, edition_id)
    return replace(came, service=service, stopped=stopped)


def _send(house: House, edition_id: int, stopping: Callable[[], bool]) -> None:
    unsent = look(house, edition_id).counts.unsent
    with show.progress("sending", unsent) as tell:
        ways = tuple(replace(way, outbox=watched(way.outbox, tell, unsent)) for way in house.mailroom.ways)
        room = replace(house.mailroom, outbox=ways[0].outbox, several=ways)
        send.send_due(edition_id, room, stopping=lambda: stopping() or house.reserve.sending_stops)


def look(house: House, edition_id: int) -> Came:
    edition = edition_of(house, edition_id)
    with house.ledger.reading() as page:
        counts, barred = page.counts(edition_id), "; ".join(page.barred().values())
    return Came(edition, counts, barred, service=False)


def edition_of(house: House, id: int) -> Edition:
    """Raises NotFoundError."""
    with house.database.read() as connection:
        found = editions.get(connection, id)
    if found is None:
        raise NotFoundError(f"there is no edition {id}", fix="see `syndication edition list`")
    return found


def row(edition: Edition) -> dict[str, Any]:
    return {
        "id": edition.id,
        "newsletter": edition.newsletter_slug,
        "cadence": edition.cadence,
        "slot": edition.slot_local.isoformat(sep=" ", timespec="minutes"),
        "due": edition.due_at,
        "state": edition.state,
        "reason": edition.reason,
    }


def sum_of(counts: Counts) -> str:
    return (
        f"audience {counts.audience} = accepted {counts.accepted} + refused {counts.refused} + suppressed "
        f"{counts.suppressed} + uncertain {counts.uncertain} + unsent {counts.unsent}"
    )


def tell(came: Came) -> Exit:
    """Say what it has come to and what is next. Answers the exit code."""
    id, state = came.edition.id, came.edition.state
    report = f"`syndication edition report {id}`"
    if came.stopped:
        show.say(f"stopped: {came.counts.unsent} readers wait; `syndication run` goes on with them")
        return Exit.INTERRUPTED
    match state:
        case EditionState.SKIPPED:
            show.say("nothing is mailed")
        case EditionState.REVIEW:
            show.say(f"it waits: `syndication edition test {id} --to ADDRESS`, then `syndication edition approve {id}`")
        case EditionState.SETTLED:
            show.say(sum_of(came.counts))
        case EditionState.HELD:
            show.complain(
                f"edition {id} is held", came.edition.reason, f"mend that, then `syndication edition approve {id}`"
            )
            return Exit.FAILED
        case EditionState.SENDING if not came.service:
            return _unfinished(came, report)
        case _:
            show.say(f"the running service sends it; see {report}" if came.service else f"see {report}")
    return Exit.OK


def _unfinished(came: Came, report: str) -> Exit:
    """We sent what could be sent, and something is left."""
    if came.barred:
        show.complain("nothing is sent", came.barred, "mend that, then `syndication resolve --resume`")
        return Exit.REFUSED
    show.say(sum_of(came.counts))
    if came.counts.uncertain:
        show.complain(
            f"{came.counts.uncertain} readers may or may not have got it",
            "the provider's answer is not known",
            f"see {report}, then `syndication resolve`",
        )
        return Exit.PARTLY
    show.complain(
        f"{came.counts.unsent} readers wait",
        "the provider has put them off, or another process sends to them",
        f"`syndication run` goes on with them; see {report}",
    )
    return Exit.LATER
