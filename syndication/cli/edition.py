"""`edition`: dated digests: what is in them, who got them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, Limit, desk_of, house_of
from syndication.cli.exits import Exit
from syndication.errors import NotFoundError, SyndicationError
from syndication.jobs import compose, record
from syndication.model.choice import Cadence
from syndication.model.delivery import Verdict
from syndication.model.edition import Edition, EditionState
from syndication.model.ledger import Report
from syndication.model.subscriber import EmailAddress
from syndication.storage import editions
from syndication.wiring import House, now

app = typer.Typer(name="edition", help="Dated digests: what is in them, who got them.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="The newsletter's name, as in `newsletter list`.")]
Id = Annotated[int, typer.Argument(help="The edition's id, as in `edition list`.")]
CadenceOption = Annotated[Cadence | None, typer.Option("--cadence", help="Which stream. [default: the first]")]


@app.command("list")
def list_(
    context: typer.Context,
    state: Annotated[list[EditionState] | None, typer.Option(help="Only in this state.")] = None,
    limit: Limit = 30,
    as_json: show.Json = False,
) -> None:
    """The latest editions, the newest first."""
    house = house_of(context)
    with house.database.read() as connection:
        found = editions.listing(connection, states=state or (), limit=limit)
    columns = {
        "id": "id",
        "newsletter": "newsletter",
        "cadence": "cadence",
        "slot": "slot (local)",
        "state": "state",
        "reason": "reason",
    }
    show.table(columns, map(_row, found), as_json=as_json, empty="no edition yet: `edition build NEWSLETTER` makes one")


@app.command()
def build(
    context: typer.Context,
    newsletter: Slug,
    cadence: CadenceOption = None,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Make an edition now, beside the schedule. The running service sends it; without one, this command does."""
    house = house_of(context)
    if dry_run:
        _preview(house, newsletter, cadence, None, as_json)
        return
    edition_id = compose.build_now(newsletter, house.desk, cadence=cadence)
    edition = _edition(house, edition_id)
    if edition.state is EditionState.FROZEN:
        with show.progress("planning"):
            compose.plan(edition_id, house.press, now, batch_size=house.outbox.batch_size)
        house.waker.wake("send", edition_id)
        edition = _edition(house, edition_id)
    if as_json:
        show.data(_row(edition))
    else:
        show.fields(_row(edition), as_json=False)
        show.say(_next_step(edition))


def _next_step(edition: Edition) -> str:
    match edition.state:
        case EditionState.SENDING:
            return "the running service sends it; see `edition report`"
        case EditionState.REVIEW:
            return f"it waits: `edition test {edition.id} --to ADDRESS`, then `edition approve {edition.id}`"
        case EditionState.SKIPPED:
            return "nothing is mailed"
        case _:
            return "see `edition report`"


@app.command()
def preview(
    context: typer.Context,
    newsletter: Slug,
    cadence: CadenceOption = None,
    to: Annotated[Path | None, typer.Option("--to", help="Write body.html and body.txt into this folder.")] = None,
    as_json: show.Json = False,
) -> None:
    """Show the next edition as it would be now. Writes nothing to the database."""
    _preview(house_of(context), newsletter, cadence, to, as_json)


def _preview(house: House, newsletter: str, cadence: Cadence | None, to: Path | None, as_json: bool) -> None:
    found = compose.preview(newsletter, house.desk, cadence=cadence)
    if isinstance(found, str):
        show.data({"edition": None, "reason": found}) if as_json else show.say(f"there would be none: {found}")
        return
    if to is not None:
        to.mkdir(parents=True, exist_ok=True)
        (to / "body.html").write_text(found.rendered.html, encoding="utf-8")
        (to / "body.txt").write_text(found.rendered.text, encoding="utf-8")
    if as_json:
        show.data({"items": found.items, "mail": found.rendered, "faults": found.faults})
        return
    show.say(f"subject: {found.rendered.subject}")
    show.text(found.rendered.text)
    for fault in found.faults:
        show.say(f"{fault.rule}: {fault.text}")
    for item in found.items:
        show.say(f"story {item.story_id}, article {item.article_id}: {item.reason}")


@app.command()
def test(
    context: typer.Context,
    id: Id,
    to: Annotated[list[str], typer.Option("--to", help="An address; may be given up to ten times.")],
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Mail an edition to a few addresses, marked as a test. No ledger is touched."""
    house = house_of(context)
    addresses = [_address(text) for text in to]
    newsletter, rendered = compose.rendered_of(id, house.press)
    if dry_run:
        show.say(f"would mail “{rendered.subject}” to {len(addresses)} addresses")
        return
    outcome = compose.test_send(
        newsletter,
        rendered,
        addresses,
        press=house.press,
        outbox=house.outbox,
        letterhead=house.letterhead,
        address_hash=lambda address: address.keyed_hash(house.address_key),
        now=now(),
        actor=desk_of(context).actor,
    )
    show.fields({"outcome": outcome.verdict, "detail": outcome.detail}, as_json=as_json)
    if outcome.verdict not in (Verdict.ACCEPTED, Verdict.VALIDATED):
        raise typer.Exit(Exit.LATER if outcome.verdict is Verdict.DEFERRED else Exit.FAILED)


def _address(text: str) -> EmailAddress:
    try:
        return EmailAddress.parse(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text}: {error}", param_hint="--to") from error


@app.command()
def approve(context: typer.Context, id: Id, dry_run: DryRun = False, as_json: show.Json = False) -> None:
    """Let an edition go that waits for a person."""
    house = house_of(context)
    if dry_run:
        show.fields(_row(_edition(house, id)), as_json=as_json)
        return
    state = compose.approve(id, house.press, now(), actor=desk_of(context).actor)
    house.waker.wake("plan", id)
    show.fields({"edition": id, "state": state}, as_json=as_json)


@app.command()
def report(context: typer.Context, id: Id, as_json: show.Json = False) -> None:
    """Who got an edition, who did not, and why."""
    found = record.report(id, house_of(context).ledger)
    if as_json:
        show.data(
            {
                **_row(found.edition),
                "counts": found.counts,
                "adds_up": found.counts.adds_up,
                "batches": found.batches,
                "attempts": found.attempts,
                "exceptions": found.exceptions,
            }
        )
    else:
        _tell(found)
    if not found.counts.adds_up:
        raise SyndicationError(
            "the ledger does not add up", why=str(found.counts), fix="keep the database and report this"
        )


def _tell(found: Report) -> None:
    counts = found.counts
    show.fields(_row(found.edition), as_json=False)
    show.say(
        f"audience {counts.audience} = accepted {counts.accepted} + refused {counts.refused} + suppressed "
        f"{counts.suppressed} + uncertain {counts.uncertain} + unsent {counts.unsent}"
    )
    _table(
        found.batches,
        {
            "n": "batch",
            "state": "state",
            "count": "readers",
            "attempt": "attempts",
            "provider_ref": "provider's reference",
            "detail": "detail",
        },
    )
    _table(
        found.attempts,
        {
            "n": "batch",
            "attempt": "attempt",
            "transport": "transport",
            "recipients": "readers",
            "claimed_at": "claimed",
            "verdict": "verdict",
            "phase": "phase",
            "status": "status",
            "detail": "evidence",
        },
    )
    _table(found.exceptions, {"subscriber_id": "subscriber", "kind": "kind", "batch_n": "batch", "detail": "detail"})


def _table(rows: Sequence[object], columns: dict[str, str]) -> None:
    if rows:
        show.table(columns, [{name: getattr(row, name) for name in columns} for row in rows], as_json=False)


def _edition(house: House, id: int) -> Edition:
    with house.database.read() as connection:
        found = editions.get(connection, id)
    if found is None:
        raise NotFoundError(f"there is no edition {id}", fix="see `edition list`")
    return found


def _row(edition: Edition) -> dict[str, Any]:
    return {
        "id": edition.id,
        "newsletter": edition.newsletter_slug,
        "cadence": edition.cadence,
        "slot": edition.slot_local.isoformat(sep=" ", timespec="minutes"),
        "due": edition.due_at,
        "state": edition.state,
        "reason": edition.reason,
    }
