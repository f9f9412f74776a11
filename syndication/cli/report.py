"""The report of an edition for people: the sum, the batches, the attempts with their evidence, the exceptions."""

from collections.abc import Mapping, Sequence

from syndication.cli import show
from syndication.cli.outgoing import row, sum_of
from syndication.model.ledger import Report

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


def tell(found: Report) -> None:
    show.fields({**row(found.edition), "readers": sum_of(found.counts)}, as_json=False)
    for rows, columns in ((found.batches, BATCHES), (found.attempts, ATTEMPTS), (found.exceptions, EXCEPTIONS)):
        _table(rows, columns)


def _table(rows: Sequence[object], columns: Mapping[str, str]) -> None:
    if rows:
        show.text("")
        show.table(columns, [{name: getattr(row, name) for name in columns} for row in rows], as_json=False)
