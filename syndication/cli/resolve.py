"""`resolve`: a person's word where the service must not guess."""

from typing import Annotated, Any

import typer

from syndication.cli import outgoing, show
from syndication.cli.desk import DryRun, desk_of, house_of
from syndication.errors import NotFoundError, PolicyError
from syndication.jobs import record
from syndication.model.delivery import BatchState
from syndication.storage import alerts, messages
from syndication.wiring import now

DOUBTFUL = (BatchState.UNCERTAIN, BatchState.HELD)


def register(app: typer.Typer) -> None:
    app.command()(resolve)


def resolve(
    context: typer.Context,
    edition: Annotated[int | None, typer.Argument(help="The edition of the uncertain batch.")] = None,
    batch: Annotated[int | None, typer.Argument(help="The batch's number, as in `edition report`.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every batch of the edition that is in doubt.")] = False,
    accepted: Annotated[bool, typer.Option("--accepted", help="The provider took it: its readers got it.")] = False,
    resend: Annotated[bool, typer.Option("--resend", help="It was not taken: send it again.")] = False,
    letter: Annotated[
        int | None, typer.Option("--message", help="A service mail in doubt, as in `status`, instead of a batch.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Lift what stops all sending.")] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Settle an uncertain batch, or let sending go on after it was stopped.

    Give an edition and a batch, or --all, with --accepted or --resend; or a service mail with one of these; or --resume
    alone.
    """
    if resume and (accepted or resend or edition is not None or letter is not None):
        raise typer.BadParameter("--resume stands alone")
    if letter is not None:
        if edition is not None or accepted == resend:
            raise typer.BadParameter("name a service mail alone, and either --accepted or --resend")
        _letter(context, letter, accepted=accepted, dry_run=dry_run, as_json=as_json)
        return
    if every and edition is not None and batch is None and accepted != resend and not resume:
        _every(context, edition, accepted=accepted, dry_run=dry_run, as_json=as_json)
        return
    if not resume and (edition is None or batch is None or every or accepted == resend):
        raise typer.BadParameter("name an edition and a batch, and either --accepted or --resend")
    house, actor = house_of(context, rehearsal=dry_run), desk_of(context).actor
    told: dict[str, Any] = {"edition": edition, "batch": batch, "state": None, "lifted": []}
    if edition is None or batch is None:
        if not dry_run:
            house.recover()  # what is new to this start is put up with too
        told["lifted"] = list(record.resume_sending(house.ledger, now(), actor=actor))
    else:
        outgoing.edition_of(house, edition)
        record.resolve(edition, batch, house.ledger, now(), accepted=accepted, actor=actor)
        told["state"] = BatchState.ACCEPTED if accepted else BatchState.PLANNED
    if as_json:
        show.data({**told, "dry_run": dry_run})
    else:
        show.fields({"lifted": told["lifted"] or "nothing"} if resume else _batch(told), as_json=False)
    if dry_run:
        show.say("nothing was changed")
        return
    house.waker.wake("open-slots")
    if edition is not None and resend:
        raise typer.Exit(outgoing.tell(outgoing.carry_on(house, edition)))


def _every(context: typer.Context, edition: int, *, accepted: bool, dry_run: bool, as_json: bool) -> None:
    """One by one: what was settled before one is refused stays settled."""
    house, actor = house_of(context, rehearsal=dry_run), desk_of(context).actor
    outgoing.edition_of(house, edition)
    with house.ledger.reading() as page:
        waiting = [one.n for one in page.batches(edition) if one.state in DOUBTFUL]
    if not waiting:
        raise PolicyError(f"edition {edition} has no batch in doubt", why="only doubt is resolved")
    for n in waiting:
        record.resolve(edition, n, house.ledger, now(), accepted=accepted, actor=actor)
    state = BatchState.ACCEPTED if accepted else BatchState.PLANNED
    show.fields(
        {"edition": edition, "batches": waiting, "state": state, **({"dry_run": dry_run} if as_json else {})},
        as_json=as_json,
    )
    if dry_run:
        show.say("nothing was changed")
        return
    house.waker.wake("open-slots")
    if not accepted:
        raise typer.Exit(outgoing.tell(outgoing.carry_on(house, edition)))


def _letter(context: typer.Context, id: int, *, accepted: bool, dry_run: bool, as_json: bool) -> None:
    house = house_of(context, rehearsal=dry_run)
    state = BatchState.ACCEPTED if accepted else BatchState.PLANNED
    with house.database.write() as connection:
        if not messages.resolve(connection, id, accepted=accepted, now=now()):
            raise NotFoundError(f"no service mail {id} is in doubt", fix="see `syndication status`")
        alerts.audit(
            connection,
            actor=desk_of(context).actor,
            action="resolve",
            subject=f"service mail {id}",
            detail=state.value,
            now=now(),
        )
    show.fields({"message": id, "state": state, **({"dry_run": dry_run} if as_json else {})}, as_json=as_json)
    if dry_run:
        show.say("nothing was changed")
    else:
        house.waker.wake("notify")


def _batch(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("edition", "batch", "state")}
