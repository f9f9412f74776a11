"""Whether what an edition is about to say still stands, as long as nobody was planned for it.

An edition in review is made anew when any of its texts changed. A frozen one is, at the moment of planning, when a
story was withdrawn or corrected: until then it is in nobody's ledger. From planning on nothing of it changes.
"""

import logging
from datetime import datetime

from syndication.articles.amend import amendment
from syndication.jobs.ports.press import Press, Sheet
from syndication.model.edition import Edition, EditionState, Item

log = logging.getLogger(__name__)

ACTOR = "service"


def recheck(press: Press, now: datetime) -> list[int]:
    """Open again what waits for approval with a text that is another by now. Answers the ids."""
    with press.reading() as sheet:
        waiting = [id for id in sheet.in_review() if sheet.overtaken(id)]
    return [id for id in waiting if _reopen(press, id, now)]


def _reopen(press: Press, edition_id: int, now: datetime) -> bool:
    with press.writing() as sheet:
        edition = sheet.lock(edition_id)
        if edition is None or edition.state is not EditionState.REVIEW or not sheet.overtaken(edition_id):
            return False
        take_back(sheet, edition, "a story changed while it waited for approval", now)
        return True


def fallen(sheet: Sheet, edition_id: int) -> str:
    """Why a frozen edition must not go out as it is; "" when it may."""
    for item, live in sheet.overtaken(edition_id):
        if why := _why(sheet, item, live):
            return why
    return ""


def _why(sheet: Sheet, item: Item, live: bool) -> str:
    (stored,) = sheet.articles([item.article_id])
    if not live or stored.rev == item.rev:
        return f"article {item.article_id} is {stored.state.value}"
    texts = {revision.rev: revision.article for revision in sheet.revisions(item.article_id)}
    if item.rev in texts and amendment(texts[item.rev], stored.article) is None:
        return ""
    return f"article {item.article_id} was corrected"


def take_back(sheet: Sheet, edition: Edition, why: str, now: datetime) -> None:
    """To open, without its items and contents: it is assembled anew, and approved anew where that is asked for."""
    sheet.unfreeze(edition.id)
    sheet.move(edition, EditionState.OPEN, now=now)
    sheet.audit(ACTOR, "edition.reopen", f"edition {edition.id}", why, now)
    sheet.resolve_alert(f"review:{edition.id}", now)
    log.info("reopened edition=%d reason=%s", edition.id, why)
