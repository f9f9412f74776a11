"""`resolve`: a person's word where the service must not guess."""

from typing import Annotated

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, desk_of, house_of
from syndication.errors import PolicyError
from syndication.jobs import record
from syndication.wiring import now


def register(app: typer.Typer) -> None:
    app.command()(resolve)


def resolve(
    context: typer.Context,
    edition: Annotated[int | None, typer.Argument(help="The edition of the uncertain batch.")] = None,
    batch: Annotated[int | None, typer.Argument(help="The batch's number, as in `edition report`.")] = None,
    accepted: Annotated[bool, typer.Option("--accepted", help="The provider took it: its readers got it.")] = False,
    resend: Annotated[bool, typer.Option("--resend", help="It was not taken: send it again.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Lift what stops all sending.")] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Settle an uncertain batch, or let sending go on after it was stopped for all."""
    house, actor = house_of(context), desk_of(context).actor
    if resume:
        if accepted or resend or edition is not None:
            raise typer.BadParameter("--resume stands alone")
        reasons = house.barred() if dry_run else record.resume_sending(house.ledger, now(), actor=actor)
        house.waker.wake("open-slots")
        show.fields({"lifted": list(reasons)}, as_json=as_json)
        return
    if edition is None or batch is None or accepted == resend:
        raise typer.BadParameter("name an edition and a batch, and either --accepted or --resend")
    if dry_run:
        found = next((row for row in record.report(edition, house.ledger).batches if row.n == batch), None)
        if found is None:
            raise PolicyError(f"edition {edition} has no batch {batch}")
        show.fields(
            {"batch": batch, "state": found.state, "readers": found.count, "detail": found.detail}, as_json=as_json
        )
        return
    record.resolve(edition, batch, house.ledger, now(), accepted=accepted, actor=actor)
    house.waker.wake("send", edition)
    show.fields({"edition": edition, "batch": batch, "now": "accepted" if accepted else "planned"}, as_json=as_json)
