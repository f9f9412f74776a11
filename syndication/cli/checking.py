"""`check`: what is wrong, why, and what to do, before anything is started."""

from dataclasses import asdict

import typer

from syndication.cli import show
from syndication.cli.desk import house_of
from syndication.cli.exits import Exit
from syndication.errors import SettingsError
from syndication.wiring.check import check_house
from syndication.wiring.finding import Finding, Level, told


def register(app: typer.Typer) -> None:
    app.command()(check)


def check(context: typer.Context, as_json: show.Json = False) -> None:
    """Look at everything the service needs: what is wrong, why, and what to do. Starts and changes nothing."""
    findings = _findings(context)
    columns = {"level": "level", "what": "what", "said": "found", "fix": "to do"}
    show.table(columns, map(asdict, findings), as_json=as_json)
    wrong = [finding for finding in findings if finding.level is Level.WRONG]
    if wrong:
        show.say(f"{len(wrong)} to mend before `syndication run`")
        raise typer.Exit(_code(wrong))
    show.say("nothing is wrong")


def _findings(context: typer.Context) -> list[Finding]:
    try:
        house = house_of(context, rehearsal=True)
    except SettingsError as error:  # no house can be had of this file, so it is the one thing to mend
        return [told("settings", error)]
    return check_house(house)


def _code(wrong: list[Finding]) -> Exit:
    return Exit.CONFIG if all(finding.configuration for finding in wrong) else Exit.FAILED
