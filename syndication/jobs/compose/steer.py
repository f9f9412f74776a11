"""A person's hand on an edition: approve, pause, resume, cancel, skip. Each leaves a line in the audit log.

What was offered to a provider cannot be called back; whatever was not stays unsent, and the report says which.
"""

from datetime import datetime

from syndication.errors import NotFoundError, PolicyError
from syndication.jobs.ports.press import Press, Sheet
from syndication.model.edition import TERMINAL_EDITIONS, Edition, EditionState

PAUSABLE = frozenset(
    {
        EditionState.OPEN,
        EditionState.ASSEMBLING,
        EditionState.REVIEW,
        EditionState.FROZEN,
        EditionState.DISPATCHING,
        EditionState.SENDING,
    }
)
STOPPED = frozenset({EditionState.PAUSED, EditionState.HELD})


def approve(edition_id: int, press: Press, now: datetime, *, actor: str) -> EditionState:
    """review -> frozen; a held edition is released. Answers the new state. Raises NotFoundError, PolicyError."""
    with press.writing() as sheet:
        edition = _locked(sheet, edition_id)
        if edition.state is EditionState.REVIEW:
            to = EditionState.FROZEN
        elif edition.state is EditionState.HELD:
            to = sheet.held_state(edition_id) or EditionState.OPEN
        else:
            raise PolicyError(f"edition {edition_id} is {edition.state}", why="only one in review or held is approved")
        _go(sheet, edition, to, now, actor=actor, action="approve")
        return to


def pause(edition_id: int, press: Press, now: datetime, *, actor: str) -> None:
    """Nothing more is claimed until it is resumed. Raises NotFoundError, PolicyError."""
    with press.writing() as sheet:
        edition = _locked(sheet, edition_id)
        if edition.state not in PAUSABLE:
            raise PolicyError(f"edition {edition_id} is {edition.state}", why="it cannot be paused")
        back = EditionState.OPEN if edition.state is EditionState.ASSEMBLING else edition.state
        _go(sheet, edition, EditionState.PAUSED, now, actor=actor, action="pause", held_state=back)


def resume(edition_id: int, press: Press, now: datetime, *, actor: str) -> EditionState:
    """Go on where it was stopped. Answers the state. Raises NotFoundError, PolicyError."""
    with press.writing() as sheet:
        edition = _locked(sheet, edition_id)
        if edition.state not in STOPPED:
            raise PolicyError(f"edition {edition_id} is {edition.state}", why="only a paused or held one is resumed")
        to = sheet.held_state(edition_id) or EditionState.OPEN
        _go(sheet, edition, to, now, actor=actor, action="resume")
        return to


def cancel(edition_id: int, press: Press, now: datetime, *, actor: str, reason: str = "cancelled by hand") -> None:
    """Nothing more of it is claimed, ever. Raises NotFoundError, PolicyError."""
    _end(edition_id, press, now, EditionState.CANCELLED, actor=actor, reason=reason)


def skip(edition_id: int, press: Press, now: datetime, *, actor: str, reason: str = "skipped by hand") -> None:
    """As if there had been no news: its stories come in the next one. Raises NotFoundError, PolicyError."""
    _end(edition_id, press, now, EditionState.SKIPPED, actor=actor, reason=reason)


def _end(edition_id: int, press: Press, now: datetime, to: EditionState, *, actor: str, reason: str) -> None:
    with press.writing() as sheet:
        edition = _locked(sheet, edition_id)
        if edition.state in TERMINAL_EDITIONS:
            raise PolicyError(f"edition {edition_id} is {edition.state}", why="it is over already")
        if not sheet.was_claimed(edition_id):
            sheet.forget(edition_id)
        elif to is EditionState.SKIPPED:
            raise PolicyError(f"edition {edition_id} was offered to readers already", fix="cancel it")
        _go(sheet, edition, to, now, actor=actor, action=to.value, reason=reason)


def _locked(sheet: Sheet, edition_id: int) -> Edition:
    edition = sheet.lock(edition_id)
    if edition is None:
        raise NotFoundError(f"there is no edition {edition_id}")
    return edition


def _go(
    sheet: Sheet,
    edition: Edition,
    to: EditionState,
    now: datetime,
    *,
    actor: str,
    action: str,
    held_state: EditionState | None = None,
    reason: str | None = None,
) -> None:
    sheet.move(edition, to, now=now, held_state=held_state, reason=reason)
    if edition.state in STOPPED:
        sheet.begin_waits_anew(edition.id)
    sheet.audit(actor, f"edition.{action}", f"edition {edition.id}", reason or "", now)
    for what in ("late", "held", "review"):
        sheet.resolve_alert(f"{what}:{edition.id}", now)
