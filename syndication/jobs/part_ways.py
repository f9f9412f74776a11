"""Readers of one batch who came to different ends part ways. In: Ends, under a held claim. Out: rows, and an alarm.

Also for a batch whose carrying broke off: then its cursor says how each reader fared.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from syndication.deliveries import ends, manifest
from syndication.deliveries.ends import Ends
from syndication.jobs.ports.ledger import LedgerPage
from syndication.model.carrying import Broken, Part
from syndication.model.delivery import BatchState, Claim, Outcome
from syndication.model.ledger import Parcel

LIFETIME = timedelta(hours=24)
"""A reader who is put off for so long is refused: nobody waits for yesterday's digest, and nothing waits for ever."""


def part_ways(page: LedgerPage, claim: Claim, found: Ends, outcome: Outcome, now: datetime) -> bool:
    """Write it. The edition is locked for a change. False when the claim is no longer this worker's."""
    page.take_out(claim.edition_id, claim.n, found.refused, now)
    written, _ = page.manifest(claim.edition_id, claim.n)
    kept, *others = found.parts or (_nobody(found),)
    moved = {id for part in others for id in part.ids}
    staying = [id for id in manifest.decode(written) if id not in moved]
    parts = [(kept, _parcel(staying)), *((part, _parcel(part.ids)) for part in others)]
    if not page.break_up(claim, outcome, parts, now):
        return False
    if any(part.state is BatchState.UNCERTAIN for part, _ in parts):
        tell_of_doubt(page, claim.edition_id, now)
    return True


def take_up_broken(page: LedgerPage, broken: Broken, now: datetime) -> bool:
    """What is on disk of an attempt that broke off becomes what may be said of it. False when it goes on after all."""
    page.lock(broken.claim.edition_id, change=True)
    # Whoever was thought dead may have moved its cursor, and its lease, until the lock was ours.
    now_broken = page.still_broken(broken.claim, now)
    if now_broken is None:
        return False
    broken = now_broken
    claim, places = broken.claim, manifest.decode(broken.manifest)
    found = ends.after(
        ends.broken_off(broken.cursor, places, broken.taken_out),
        [id for id in places if id not in broken.taken_out],
        now=now,
        lifetime=LIFETIME,
        deferred_since=claim.deferred_since,
    )
    detail = f"the attempt broke off: {found.detail or 'nobody was left'}"
    return part_ways(page, claim, found, Outcome(found.verdict, detail, phase="broken off"), now)


def tell_of_doubt(page: LedgerPage, edition_id: int, now: datetime) -> None:
    text = f"Edition {edition_id} has a batch that may or may not have been taken: see its report, then resolve it"
    page.alert(f"uncertain:{edition_id}", text, now)


def _nobody(found: Ends) -> Part:
    """Nobody is left to mail: all were refused, or some were and the others had gone."""
    if found.refused:
        return Part(BatchState.FAILED, (), detail=found.refused[0].detail)
    return Part(BatchState.ACCEPTED, (), detail="nobody was left to mail")


def _parcel(ids: Sequence[int]) -> Parcel:
    return Parcel(manifest.encode(ids), len(ids))
