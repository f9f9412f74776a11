"""Tell what became of each reader's mail of an edition, one by one, in bounded memory."""

from collections.abc import Iterator, Mapping, Sequence

from syndication.deliveries import bits, manifest
from syndication.jobs.ports.tracks import Tracks
from syndication.model.delivery import PLACES, ExceptionKind
from syndication.model.event import BitKind
from syndication.model.track import Roll, Said, Track

PLACE_WORDS = {
    ExceptionKind.REFUSED: "refused",
    ExceptionKind.SUPPRESSED: "suppressed",
    ExceptionKind.UNSUBSCRIBED: "suppressed",
}


def tracks(edition_id: int, found: Tracks, *, only: int | None = None) -> Iterator[Track]:
    """Of every reader of the edition, batch after batch; those left out at plan last. `only`: of this subscriber."""
    for rolls, said in found.rolls(edition_id):
        for roll in rolls:
            yield from _batch(roll, said, only)
    for subscriber_id, theirs in found.left_out(edition_id).items():
        place = _place(theirs)
        if place is not None and place.batch_n is None and only in (None, subscriber_id):
            yield Track(subscriber_id, PLACE_WORDS[place.kind], None, place.detail)


def _batch(roll: Roll, said: Mapping[int, Sequence[Said]], only: int | None) -> Iterator[Track]:
    for place, subscriber_id in enumerate(manifest.decode(roll.manifest)):
        if only in (None, subscriber_id):
            yield _track(roll, place, subscriber_id, said.get(subscriber_id, ()))


def _track(roll: Roll, place: int, subscriber_id: int, said: Sequence[Said]) -> Track:
    taken_out = _place(said)
    return Track(
        subscriber_id=subscriber_id,
        word=PLACE_WORDS[taken_out.kind] if taken_out else roll.word,
        batch_n=roll.n,
        detail=taken_out.detail if taken_out else roll.detail,
        provider_ref="" if taken_out else roll.provider_ref,
        told=tuple(kind for kind in BitKind if kind in roll.bits and bits.has(roll.bits[kind], place)),
        said=tuple(one for one in said if one.kind not in PLACES),
    )


def _place(said: Sequence[Said]) -> Said | None:
    return next((one for one in said if one.kind in PLACES), None)
