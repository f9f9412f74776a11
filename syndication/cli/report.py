"""The report of an edition: the sum, what events told, doubt with its evidence, batches, attempts, exceptions; and
what became of each reader's mail, one by one."""

import csv
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from syndication.cli import show
from syndication.cli.cells import cell
from syndication.cli.outgoing import row, sum_of
from syndication.deliveries import doubt
from syndication.errors import NotFoundError, StoreError, SyndicationError
from syndication.jobs.track import tracks
from syndication.model.doubt import Doubt
from syndication.model.event import BitKind
from syndication.model.ledger import Report
from syndication.model.subscriber import EmailAddress
from syndication.model.track import Track
from syndication.storage import subscribers
from syndication.storage.track import Tracks
from syndication.wiring import House, now

BATCHES = {
    "n": "batch",
    "state": "state",
    "count": "readers",
    "attempt": "attempts",
    "provider_ref": "provider's reference",
    "detail": "detail",
}
ATTEMPTS = {
    "n": "batch",
    "attempt": "attempt",
    "transport": "transport",
    "recipients": "readers",
    "claimed_at": "claimed",
    "verdict": "verdict",
    "phase": "phase",
    "status": "status",
    "detail": "evidence",
}
EXCEPTIONS = {"subscriber_id": "subscriber", "kind": "kind", "batch_n": "batch", "detail": "detail"}


READERS = (
    "subscriber",
    "address",
    "word",
    "batch",
    "detail",
    "provider_ref",
    *(kind.value for kind in BitKind),
    "said",
)
PART = 500


def whole(found: Report, told: Mapping[BitKind, int], doubts: Sequence[Doubt], *, as_json: bool) -> None:
    evidence = [{"batch": one.n, "evidence": doubt.words(one, now()), "detail": one.detail} for one in doubts]
    if as_json:
        rows = {name: getattr(found, name) for name in ("counts", "batches", "attempts", "exceptions")}
        events = {kind.value: count for kind, count in told.items()}
        sums = {"adds_up": found.counts.adds_up, "events": events, "doubt": evidence}
        show.data({**row(found.edition), **sums, **rows})
    else:
        tell(found, told, evidence)
    if not found.counts.adds_up:
        raise SyndicationError(
            "the ledger does not add up", why=str(found.counts), fix="keep the database and report this"
        )


def one_reader(house: House, edition_id: int, address: EmailAddress, *, as_json: bool) -> None:
    """Raises NotFoundError for who is not in the edition."""
    with house.database.read() as connection:
        subscriber = subscribers.find(connection, address)
    found = list(tracks(edition_id, Tracks(house.database), only=subscriber.id)) if subscriber else []
    if not found:
        raise NotFoundError(f"edition {edition_id} was not for this address")
    for track in found:
        told = _reader(track, address.text)
        show.fields(told if as_json else {**told, "said": _said(track)}, as_json=as_json)


def export(house: House, edition_id: int, to: Path) -> int:
    """Every reader as a line of CSV, for its owner alone. Answers how many. Raises StoreError when it cannot be."""
    count = 0
    try:
        with open(to, "w", encoding="utf-8", newline="", opener=_own) as file:
            lines = csv.DictWriter(file, READERS, extrasaction="ignore")
            lines.writeheader()
            for line in _lines(house, edition_id):
                lines.writerow({name: cell(value) for name, value in line.items()})
                count += 1
    except OSError as error:
        raise StoreError(f"{to} cannot be written", why=str(error.strerror or error)) from error
    return count


def _own(path: str, flags: int) -> int:
    """It holds addresses, and one that lies there already may be open to others."""
    file = os.open(path, flags, 0o600)
    if stat.S_ISREG(os.fstat(file).st_mode):
        os.fchmod(file, 0o600)
    return file


def _lines(house: House, edition_id: int) -> Iterator[dict[str, Any]]:
    found = Tracks(house.database)
    for part in _parts(tracks(edition_id, found)):
        addresses = found.addresses([track.subscriber_id for track in part])
        for track in part:
            told = _reader(track, addresses.get(track.subscriber_id, ""))
            bits = {kind.value: int(kind in track.told) for kind in BitKind}
            yield {**told, **bits, "said": "; ".join(_said(track))}


def _parts(found: Iterable[Track]) -> Iterator[list[Track]]:
    waiting = iter(found)
    while part := list(islice(waiting, PART)):
        yield part


def _reader(track: Track, address: str) -> dict[str, Any]:
    return {
        "subscriber": track.subscriber_id,
        "address": address,
        "word": track.word,
        "batch": track.batch_n,
        "detail": track.detail,
        "provider_ref": track.provider_ref,
        "events": [kind.value for kind in track.told],
        "said": track.said,
    }


def _said(track: Track) -> list[str]:
    return [f"{show.plain(one.at)} {one.kind}: {one.detail}" for one in track.said]


def tell(found: Report, told: Mapping[BitKind, int], evidence: Sequence[Mapping[str, Any]]) -> None:
    events = ", ".join(f"{count} {kind.value}" for kind, count in told.items() if count)
    show.fields({**row(found.edition), "readers": sum_of(found.counts), "events": events or "none yet"}, as_json=False)
    if evidence:
        show.text("")
        show.table({"batch": "in doubt", "evidence": "evidence", "detail": "detail"}, evidence, as_json=False)
    for rows, columns in ((found.batches, BATCHES), (found.attempts, ATTEMPTS), (found.exceptions, EXCEPTIONS)):
        _table(rows, columns)


def _table(rows: Sequence[object], columns: Mapping[str, str]) -> None:
    if rows:
        show.text("")
        show.table(columns, [{name: getattr(row, name) for name in columns} for row in rows], as_json=False)
