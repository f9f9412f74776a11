"""Offer an edition again to readers who were definitely refused: "retry these 23".

Whoever was accepted, or may have been, is never among them. The chosen leave their batches' manifests for new batches,
so that all manifests stay disjoint and together the same; a batch that all its readers would leave is offered again as
it is. Its earlier attempts stay as evidence, and whoever has left or is suppressed by now is taken out at the claim.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from syndication.deliveries import bits, manifest, refusals
from syndication.errors import NotFoundError, PolicyError
from syndication.jobs.ports.retries import Retries, RetryPage
from syndication.model.edition import EditionState
from syndication.model.ledger import Parcel
from syndication.model.refusal import Refusal, RefusalClass, Retried

OPEN = (EditionState.SENDING, EditionState.SETTLED)


def refused(edition_id: int, retries: Retries) -> Sequence[Refusal]:
    """Who was refused, as far as their batches are over."""
    with retries.reading() as page:
        return page.refusals(edition_id)


def retry(
    edition_id: int,
    classes: Collection[RefusalClass],
    retries: Retries,
    now: datetime,
    *,
    actor: str,
    batch_size: int,
    expected: int | None = None,
) -> Retried:
    """Plan those of these classes anew. Raises NotFoundError, and PolicyError when it may not be.

    `expected` is how many somebody has agreed to: with any other number nothing is done.
    """
    with retries.writing() as page:
        edition = page.lock(edition_id, change=True)
        if edition is None:
            raise NotFoundError(f"there is no edition {edition_id}")
        if edition.state not in OPEN:
            raise PolicyError(f"edition {edition_id} is {edition.state}", why="only one that was sent is offered again")
        chosen = refusals.chosen(page.refusals(edition_id), classes)
        _require(edition_id, len(chosen), expected)
        numbers = tuple(_plan(page, edition_id, chosen, batch_size, now))
        if edition.state is EditionState.SETTLED:
            page.reopen(edition, now)
        detail = f"{len(chosen)} readers refused for {', '.join(classes)}, batches {', '.join(map(str, numbers))}"
        page.audit(actor, "edition.retry", f"edition {edition_id}", detail, now)
    return Retried(len(chosen), numbers)


def _require(edition_id: int, found: int, expected: int | None) -> None:
    if not found:
        raise PolicyError(f"nobody of edition {edition_id} was refused so", fix="name no class to see which there are")
    if expected is not None and found != expected:
        raise PolicyError(f"{found} readers are concerned by now, not {expected}", fix="look at them, and ask again")


def _plan(page: RetryPage, edition_id: int, chosen: Sequence[Refusal], batch_size: int, now: datetime) -> Iterator[int]:
    by_batch: dict[int, list[int]] = defaultdict(list)
    for one in chosen:
        by_batch[one.n].append(one.subscriber_id)
    page.forget_refusals(edition_id, [one.subscriber_id for one in chosen])
    for n, leaving in sorted(by_batch.items()):
        written, _ = page.manifest(edition_id, n)
        ids = manifest.decode(written)
        staying = [id for id in ids if id not in set(leaving)]
        if not staying:
            page.replan(edition_id, n, now)
            yield n
            continue
        gone = [place for place, id in enumerate(ids) if id in set(leaving)]
        told = {kind: bits.without(data, gone) for kind, data in page.bits(edition_id, n).items()}
        page.shrink(edition_id, n, _parcel(staying), told)
        for start in range(0, len(leaving), batch_size):
            yield page.add_batch(edition_id, _parcel(leaving[start : start + batch_size]), like=n, now=now)


def _parcel(ids: Sequence[int]) -> Parcel:
    return Parcel(manifest.encode(ids), len(ids))
