"""`check`: what is wrong, why, and what to do, before anything is started."""

from dataclasses import asdict

import typer

from syndication.cli import show
from syndication.cli.desk import house_of
from syndication.cli.exits import Exit
from syndication.wiring.check import Finding, Level, check_house


def register(app: typer.Typer) -> None:
    app.command()(check)


def check(context: typer.Context, as_json: show.Json = False) -> None:
    """Look at everything the service needs: what is wrong, why, and what to do. Starts and changes nothing."""
    findings = check_house(house_of(context, rehearsal=True))
    columns = {"level": "level", "what": "what", "said": "found", "fix": "to do"}
    show.table(columns, map(asdict, findings), as_json=as_json)
    wrong = [finding for finding in findings if finding.level is Level.WRONG]
    if wrong:
        show.say(f"{len(wrong)} to mend before `syndication run`")
        raise typer.Exit(_code(wrong))
    show.say("nothing is wrong")


def _code(wrong: list[Finding]) -> Exit:
    return Exit.CONFIG if all(finding.configuration for finding in wrong) else Exit.FAILED
