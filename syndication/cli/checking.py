"""`check` and `doctor`: what is wrong, why, and what to do, before anything is started and while it runs."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from syndication.cli import show
from syndication.cli.desk import house_of
from syndication.cli.exits import Exit
from syndication.errors import SettingsError
from syndication.wiring import House
from syndication.wiring.check import check_house
from syndication.wiring.finding import Finding, Level, told


def register(app: typer.Typer) -> None:
    app.command()(check)
    app.command()(doctor)


def check(context: typer.Context, as_json: show.Json = False) -> None:
    """Look at everything the service needs: what is wrong, why, and what to do. Starts and changes nothing."""
    _tell(_findings(context, check_house), as_json=as_json)


def doctor(
    context: typer.Context,
    resolver: Annotated[
        str,
        typer.Option(
            "--resolver", help="A name server to ask, ADDRESS or ADDRESS:PORT.", show_default="this machine's"
        ),
    ] = "",
    as_json: show.Json = False,
) -> None:
    """Look at what the service hangs on, beyond its settings: names, clock, doors, disk, records.

    All of `check` first; then SPF, DKIM and DMARC of your domain, the clock beside another, the public address and the
    webhook from outside, the database, the journal. Changes nothing, and mails nobody.
    """
    from syndication.outbound.records import Records
    from syndication.wiring.doctor import examine

    _tell(_findings(context, lambda house: examine(house, Records(resolver).of)), as_json=as_json)


def _tell(findings: list[Finding], *, as_json: bool) -> None:
    columns = {"level": "level", "what": "what", "said": "found", "fix": "to do"}
    show.table(columns, map(asdict, findings), as_json=as_json)
    wrong = [finding for finding in findings if finding.level is Level.WRONG]
    if wrong:
        show.say(f"{len(wrong)} to mend")
        raise typer.Exit(_code(wrong))
    show.say("nothing is wrong")


def _findings(context: typer.Context, look: Callable[[House], list[Finding]]) -> list[Finding]:
    try:
        house = house_of(context, rehearsal=True)
    except SettingsError as error:  # no house can be had of this file, so it is the one thing to mend
        return [told("settings", error)]
    return look(house)


def _code(wrong: list[Finding]) -> Exit:
    return Exit.CONFIG if all(finding.configuration for finding in wrong) else Exit.FAILED
