"""`subscriber export|erase`: a list of readers for elsewhere, and one reader who is to be forgotten."""

import csv
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.cells import harmless
from syndication.cli.desk import DryRun, agree, desk_of, house_of, unknown
from syndication.cli.mailbox import parsed_address
from syndication.errors import NotFoundError
from syndication.model.subscriber import SubscriptionState
from syndication.storage import roster
from syndication.subscribers.exchange import HEADING
from syndication.wiring import House, now

ROWS_AT_ONCE = 2_000


def export(
    context: typer.Context,
    newsletter: Annotated[
        str | None, typer.Option("--newsletter", "-n", help="Only readers of this one.", show_default="all")
    ] = None,
    state: Annotated[SubscriptionState | None, typer.Option(help="Only these.", show_default="all")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="A file.", show_default="stdout")] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Each cell as it is, even where a spreadsheet would run it as a formula.")
    ] = False,
) -> None:
    """Write subscriptions as CSV, with the proof of consent, one a row. `subscriber import` reads it."""
    house = house_of(context)
    known = [letter.slug for letter in house.newsletters()]
    if newsletter is not None and newsletter not in known:
        raise unknown("newsletter", newsletter, known)
    rows = _rows(house, newsletter, state, exact=exact)
    if to is None:
        for piece in _pieces(rows):
            show.text(piece)
        return
    draft = to.with_name(f".{to.name}.new")
    count = 0
    with open(draft, "w", encoding="utf-8", newline="", opener=_private) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADING)
        for count, row in enumerate(rows, start=1):  # noqa: B007 - told below
            writer.writerow(row)
    draft.replace(to)
    show.say(f"{count:,} subscriptions written to {to}")


def erase(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="The mail address.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Forget a reader: address, subscriptions, consent and service mails. What remains, and why, is told.

    The keyed hash of the address is kept as a suppression, so that no list brings it back. `subscriber lift` ends that.
    """
    house = house_of(context, rehearsal=dry_run)
    parsed = parsed_address(address)
    with house.database.read() as connection:
        found = roster.about(connection, parsed)
    if found is None:
        raise NotFoundError("this address is not known here")
    if not dry_run and not yes:
        _agree(found)
    address_hash = parsed.keyed_hash(house.address_key)
    _remember(house, address_hash)
    with house.database.write() as connection:
        gone = roster.erase(connection, parsed, address_hash, now=now(), actor=desk_of(context).actor)
    remains = _remains(found)
    if as_json:
        show.data({"erased": gone, "remains": remains, "dry_run": dry_run})
    else:
        erased = [f"{count} {what}" for what, count in gone.items() if count]
        show.fields({"erased": erased, "remains": [f"{what}: {why}" for what, why in remains.items()]}, as_json=False)
    if dry_run:
        show.say("nothing was erased")


def _remember(house: House, address_hash: str) -> None:
    """In the journal first: a restored backup must not mail whoever was forgotten."""
    from syndication.model.journal import Suppressed

    if not house.rehearsal:
        house.journal.append(Suppressed(at=now(), address_hash=address_hash, scope=0, reason=roster.ERASED))


def _remains(found: roster.About) -> Mapping[str, str]:
    return {
        "a keyed hash of the address": "so that no list and no backup brings it back; nobody reads it without the key",
        f"the number {found.id} in the ledger": "editions add up; the number leads to nobody any more",
        "mails in the outbox on disk, and backups": "as far as they were written there; look for the address in them",
        "what the mail provider keeps": "ask the provider to forget the address too",
    }


def _agree(found: roster.About) -> None:
    question = f"Erase a subscriber with {found.subscriptions} subscriptions? It cannot be undone."
    agree(question, "nothing was erased")


def _rows(house: House, newsletter: str | None, state: SubscriptionState | None, *, exact: bool) -> Iterator[list[str]]:
    after = 0
    while True:
        with house.database.read() as connection:
            found = roster.page(connection, slug=newsletter, state=state, after_id=after, limit=ROWS_AT_ONCE)
        for row in found:
            cells = [_cell(row[name]) for name in HEADING]
            yield cells if exact else [harmless(cell) for cell in cells]
        if len(found) < ROWS_AT_ONCE:
            return
        after = found[-1]["id"]


def _pieces(rows: Iterator[list[str]]) -> Iterator[str]:
    """Text by the hundred rows."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(HEADING)
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % 100 == 0:
            yield held.getvalue().removesuffix("\n")
            held.seek(0)
            held.truncate()
    if held.getvalue():
        yield held.getvalue().removesuffix("\n")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat(timespec="seconds") if hasattr(value, "isoformat") else str(value)


def _private(path: str, flags: int) -> int:
    """A list of people is its owner's to read."""
    return os.open(path, flags, 0o600)
