"""`init`, `check`, `apply`, `migrate`: from an empty directory to a service that can start."""

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, desk_of, house_of
from syndication.cli.exits import Exit
from syndication.errors import StoreError
from syndication.settings.given import given
from syndication.settings.service import DEFAULT_CONFIG
from syndication.storage import publication
from syndication.storage.migrate import head, upgrade
from syndication.wiring import now
from syndication.wiring.check import Finding, Level, check_house


def register(app: typer.Typer) -> None:
    app.command()(init)
    app.command()(check)
    app.command()(apply)
    app.command()(migrate)


def init(
    context: typer.Context,
    directory: Annotated[Path | None, typer.Argument(help="Where the two files go. [default: config]")] = None,
    dry_run: DryRun = False,
) -> None:
    """Write the two configuration files, every key explained. Nothing that exists is overwritten."""
    desk = desk_of(context)
    folder = directory or (desk.config or DEFAULT_CONFIG).parent
    for name in ("syndication.toml", "publication.toml"):
        place = folder / name
        if place.exists():
            show.say(f"{place} is there already and stays as it is")
        elif dry_run:
            show.say(f"would write {place}")
        else:
            _copy(given("config") / name, place)
            show.say(f"wrote {place}")
    show.say("next: edit publication.toml, then `syndication migrate`, `syndication apply`, `syndication run`")


def _copy(source: Path, place: Path) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    except OSError as error:
        raise StoreError(f"{place} cannot be written", why=str(error)) from error


def check(context: typer.Context, as_json: show.Json = False) -> None:
    """Look at everything the service needs and say what is wrong, why, and what to do. Starts nothing."""
    findings = check_house(house_of(context))
    if as_json:
        show.data([asdict(finding) for finding in findings])
    else:
        show.table({"level": "", "what": "what", "said": "found", "fix": "to do"}, map(asdict, findings), as_json=False)
    if any(finding.level is Level.WRONG for finding in findings):
        raise typer.Exit(Exit.CONFIG if _only_configuration(findings) else Exit.FAILED)


def _only_configuration(findings: list[Finding]) -> bool:
    return all(finding.configuration for finding in findings if finding.level is Level.WRONG)


def apply(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="The publication file. [default: the one the settings name]")
    ] = None,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Write publication.toml to the database. Twice changes nothing; nothing is ever deleted."""
    house = house_of(context)
    if file is not None:
        house.read_publication(file)
    declared = house.declared
    with house.database.write() as connection:
        applied = publication.apply(connection, declared, now())
        if dry_run:
            connection.rollback()
    if as_json:
        show.data(asdict(applied))
        return
    for word, names in asdict(applied).items():
        if names:
            show.say(f"{'would be ' if dry_run else ''}{word}: {show.names(names)}")
    if not dry_run:
        house.waker.wake("publish")
        house.waker.wake("collect")


def migrate(context: typer.Context, dry_run: DryRun = False) -> None:
    """Make the database, or bring it to this version. Safe to run twice, and to kill."""
    house = house_of(context)
    if dry_run:
        show.say(f"would bring {house.bare_database.name} to {head()}")
        return
    house.settings.data.mkdir(parents=True, exist_ok=True)
    before = upgrade(house.bare_database)
    if before == head():
        show.say(f"{house.bare_database.name} is at {head()} already")
    else:
        show.say(f"{house.bare_database.name}: {before or 'new'} -> {head()}")
