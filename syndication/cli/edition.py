"""`edition`: dated digests: what is in them, who got them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, Limit, desk_of, house_of, unknown
from syndication.cli.exits import Exit
from syndication.cli.retry import retry
from syndication.errors import NotFoundError, StoreError
from syndication.model.choice import Cadence
from syndication.model.delivery import Outcome, Submission, Verdict
from syndication.model.edition import EditionState
from syndication.model.newsletter import Newsletter
from syndication.model.subscriber import EmailAddress
from syndication.wiring import House, now

if TYPE_CHECKING:
    from syndication.jobs.compose import Draft
    from syndication.jobs.ports.outbox import Outbox

app = typer.Typer(name="edition", no_args_is_help=True)
app.command()(retry)

Slug = Annotated[str, typer.Argument(help="The newsletter's name, as in `newsletter list`.")]
Id = Annotated[int, typer.Argument(help="The edition's id, as in `edition list`.")]
CadenceOption = Annotated[
    Cadence | None, typer.Option("--cadence", help="Which stream.", show_default="the newsletter's first")
]


@app.command("list")
def list_(
    context: typer.Context,
    newsletter: Annotated[str | None, typer.Option(help="Only of this newsletter.")] = None,
    state: Annotated[list[EditionState] | None, typer.Option(help="Only in this state; may be given again.")] = None,
    limit: Limit = 30,
    as_json: show.Json = False,
) -> None:
    """The latest editions, the newest first."""
    from syndication.cli.outgoing import row
    from syndication.storage import editions

    house = house_of(context)
    only = _known(house, newsletter).id if newsletter else None
    with house.database.read() as connection:
        found = editions.listing(connection, newsletter_id=only, states=state or (), limit=limit)
    columns = {
        "id": "id",
        "newsletter": "newsletter",
        "cadence": "cadence",
        "slot": "slot (local)",
        "state": "state",
        "reason": "reason",
    }
    empty = "no edition yet: `syndication edition build NEWSLETTER` makes one"
    show.table(columns, map(row, found), as_json=as_json, empty=empty)


@app.command()
def build(
    context: typer.Context,
    newsletter: Slug,
    cadence: CadenceOption = None,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Make an edition now, beside the schedule, and send it.

    The running service sends it; when none runs, this command does. An edition that needs approval waits for that.
    """
    from syndication.cli.outgoing import carry_on, tell
    from syndication.jobs import compose

    house = house_of(context, rehearsal=dry_run)
    letter = _known(house, newsletter, cadence)
    if dry_run:
        _would_build(house, letter, cadence or letter.schedules[0].cadence, as_json)
        return
    with show.progress("assembling"):
        edition_id = compose.build_now(letter.slug, house.desk, cadence=cadence)
    came = carry_on(house, edition_id)
    _tell(came.row(), dry_run=False, as_json=as_json)
    raise typer.Exit(tell(came))


def _would_build(house: House, letter: Newsletter, cadence: Cadence, as_json: bool) -> None:
    from syndication.jobs import compose

    draft = compose.preview(letter.slug, house.desk, cadence=cadence)
    come: dict[str, Any] = {
        "id": None,
        "newsletter": letter.slug,
        "cadence": cadence,
        "slot": None,
        "due": None,
        "state": EditionState.REVIEW if letter.approval else EditionState.FROZEN,
        "reason": "",
        "counts": None,
        "sent_by": None,
    }
    if isinstance(draft, str):
        _tell({**come, "state": EditionState.SKIPPED, "reason": draft}, dry_run=True, as_json=as_json)
    else:
        _tell(come, dry_run=True, as_json=as_json)
        _say(draft)


def _tell(come: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        show.data({**come, "dry_run": dry_run})
        return
    shown = {name: value for name, value in come.items() if name not in ("counts", "sent_by") and value is not None}
    show.fields(shown, as_json=False)
    if dry_run:
        show.say("nothing was written and nothing mailed")


@app.command()
def preview(
    context: typer.Context,
    newsletter: Slug,
    cadence: CadenceOption = None,
    to: Annotated[Path | None, typer.Option("--to", help="Write body.html and body.txt into this folder.")] = None,
    as_json: show.Json = False,
) -> None:
    """Show the next edition as it would be now. Writes nothing to the database."""
    from syndication.jobs import compose

    house = house_of(context)
    draft = compose.preview(_known(house, newsletter, cadence).slug, house.desk, cadence=cadence)
    if isinstance(draft, str):
        if as_json:
            show.data({"reason": draft, "items": [], "mail": None, "faults": []})
        else:
            show.say(f"there would be none: {draft}")
        return
    if to is not None:
        _write(to, {"body.html": draft.rendered.html, "body.txt": draft.rendered.text})
    if as_json:
        show.data({"reason": "", "items": draft.items, "mail": draft.rendered, "faults": draft.faults})
        return
    show.say(f"subject: {draft.rendered.subject}")
    show.text(draft.rendered.text)
    _say(draft)


def _say(draft: "Draft") -> None:
    for fault in draft.faults:
        show.say(f"{fault.rule}: {fault.text}")
    for item in draft.items:
        show.say(f"story {item.story_id}, article {item.article_id}: {item.reason}")


def _write(folder: Path, files: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{folder} cannot be written", why=str(error.strerror or error)) from error
    show.say(f"written to {folder}: {', '.join(files)}")


@app.command()
def test(
    context: typer.Context,
    id: Id,
    to: Annotated[list[str], typer.Option("--to", help="An address; may be given up to ten times.")],
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Let SendGrid check the mails; none is sent, and none is counted.")
    ] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Mail an edition to a few addresses, marked as a test. Its ledger is not touched."""
    from syndication.jobs import compose

    house = house_of(context, rehearsal=dry_run)
    addresses = [_address(text) for text in to]
    newsletter, rendered = compose.rendered_of(id, house.press)
    outcome = compose.test_send(
        newsletter,
        rendered,
        addresses,
        press=house.press,
        outbox=_outbox(house, sandbox=sandbox, dry_run=dry_run),
        letterhead=house.letterhead,
        address_hash=lambda address: address.keyed_hash(house.address_key),
        now=now(),
        actor=desk_of(context).actor,
    )
    told = {"edition": id, "subject": rendered.subject, "addresses": [address.text for address in addresses]}
    show.fields(
        {**told, "outcome": outcome.verdict, "detail": outcome.detail, "dry_run": dry_run},
        as_json=as_json,
    )
    if outcome.verdict not in (Verdict.ACCEPTED, Verdict.VALIDATED):
        raise typer.Exit(Exit.LATER if outcome.verdict is Verdict.DEFERRED else Exit.FAILED)


def _outbox(house: House, *, sandbox: bool, dry_run: bool) -> "Outbox":
    """Raises PolicyError when a check is asked for that no transport offers."""
    if dry_run:
        return _Nobody(house.outbox.batch_size, house.outbox.total_seconds)
    return house.sandbox if sandbox else house.letterbox


class _Nobody:
    """The outbox of a dry run: it looks at what it is offered, and nobody gets it."""

    name = "nobody"
    repeatable = True

    def __init__(self, batch_size: int, total_seconds: float) -> None:
        self.batch_size, self.total_seconds = batch_size, total_seconds

    def submit(self, submission: Submission) -> Outcome:
        return Outcome(Verdict.VALIDATED, detail=f"would be mailed to {len(submission.recipients)} addresses")


def _address(text: str, hint: str = "--to") -> EmailAddress:
    try:
        return EmailAddress.parse(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text}: {error}", param_hint=hint) from error


@app.command()
def approve(context: typer.Context, id: Id, dry_run: DryRun = False, as_json: show.Json = False) -> None:
    """Let an edition go that waits for a person. The running service sends it; when none runs, this command does."""
    from syndication.cli.outgoing import carry_on, edition_of, look, tell
    from syndication.jobs import compose

    house = house_of(context, rehearsal=dry_run)
    edition_of(house, id)
    state = compose.approve(id, house.press, now(), actor=desk_of(context).actor)
    if dry_run:
        _tell({**look(house, id).row(), "state": state, "sent_by": None}, dry_run=True, as_json=as_json)
        return
    came = carry_on(house, id)
    _tell(came.row(), dry_run=False, as_json=as_json)
    raise typer.Exit(tell(came))


@app.command()
def report(
    context: typer.Context,
    id: Id,
    reader: Annotated[str | None, typer.Option("--for", help="Only what became of this address's mail.")] = None,
    to: Annotated[Path | None, typer.Option("--export", help="Write every reader into this file, as CSV.")] = None,
    as_json: show.Json = False,
) -> None:
    """Who got an edition, who did not, and why: what events told, batches, attempts with their evidence, exceptions."""
    from syndication.cli import report as sheet
    from syndication.cli.outgoing import edition_of
    from syndication.jobs import record
    from syndication.storage.track import Tracks

    house = house_of(context)
    edition_of(house, id)
    if reader is not None and to is not None:
        raise typer.BadParameter("--for and --export stand alone")
    if reader is not None:
        sheet.one_reader(house, id, _address(reader, "--for"), as_json=as_json)
        return
    if to is not None:
        count = sheet.export(house, id, to)
        show.fields({"written": str(to), "readers": count}, as_json=as_json)
        return
    found = record.report(id, house.ledger)
    with house.doubts.reading() as page:
        doubts = page.doubts(id)
    sheet.whole(found, Tracks(house.database).told(id), doubts, as_json=as_json)


def _known(house: House, slug: str, cadence: Cadence | None = None) -> Newsletter:
    """Raises NotFoundError with the nearest name."""
    known = {letter.slug: letter for letter in house.newsletters()}
    if slug not in known:
        raise unknown("newsletter", slug, list(known))
    offered = [schedule.cadence for schedule in known[slug].schedules]
    if cadence is not None and cadence not in offered:
        raise NotFoundError(f"{slug} has no {cadence} editions", fix=f"it has: {show.names(offered)}")
    return known[slug]
