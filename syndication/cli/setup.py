"""`init`, `migrate`, `apply`: from an empty directory to a service that can start."""

import os
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, desk_of, house_of
from syndication.errors import StoreError
from syndication.settings.given import given
from syndication.settings.service import DEFAULT_CONFIG

if TYPE_CHECKING:
    from syndication.wiring import House


def register(app: typer.Typer) -> None:
    app.command()(init)
    app.command()(migrate)
    app.command()(apply)


def init(
    context: typer.Context,
    directory: Annotated[Path | None, typer.Argument(help="Where the two files go.", show_default="config")] = None,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Write the two configuration files, every key explained. Nothing that exists is overwritten."""
    config = desk_of(context).config or DEFAULT_CONFIG
    settings = directory / DEFAULT_CONFIG.name if directory else config
    places = {"syndication.toml": settings, "publication.toml": settings.parent / "publication.toml"}
    came = {place: _put(given("config") / name, place, dry_run=dry_run) for name, place in places.items()}
    if as_json:
        files = [{"file": str(place), "outcome": outcome} for place, outcome in came.items()]
        show.data({"files": files, "dry_run": dry_run})
    else:
        show.fields({str(place): outcome for place, outcome in came.items()}, as_json=False)
    command = "syndication" if settings == DEFAULT_CONFIG else f"syndication --config {settings}"
    show.say(f"next: edit {places['publication.toml']}, then `{command} check` and `{command} run`")


def _put(source: Path, place: Path, *, dry_run: bool) -> str:
    """Whole or not at all, and never in the place of another file."""
    if place.exists():
        return "is there already, and stays as it is"
    if dry_run:
        return "would be written"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(source.read_bytes())
                os.fchmod(file.fileno(), 0o644)
            with suppress(FileExistsError):
                os.link(draft, place)
        finally:
            Path(draft).unlink()
    except OSError as error:
        raise StoreError(f"{place} cannot be written", why=str(error.strerror or error)) from error
    return "written"


def _sort_anew(house: "House") -> int:
    from syndication.jobs.resort import resort
    from syndication.storage.sorting import StoredSorting

    with show.progress("sorting stored articles") as tell:
        return resort(StoredSorting(house.database), tell=tell)


def migrate(context: typer.Context, dry_run: DryRun = False, as_json: show.Json = False) -> None:
    """Make the database, or bring it to this version. Safe to run twice, and to kill."""
    from syndication.storage.migrate import head, revision_of, upgrade

    house = house_of(context)
    if dry_run:
        before = revision_of(house.bare_database)
    else:
        house.make_data()
        before = upgrade(house.bare_database)
    if as_json:
        show.data({"database": house.bare_database.name, "before": before, "after": head(), "dry_run": dry_run})
        return
    if before == head():
        show.say(f"{house.bare_database.name} is at {head()} already")
    else:
        show.say(f"{house.bare_database.name}: {'would go ' if dry_run else ''}from {before or 'nothing'} to {head()}")


def apply(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="The publication file.", show_default="the one the settings name")
    ] = None,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Write publication.toml to the database. Twice changes nothing; nothing is ever deleted."""
    from syndication.storage import publication
    from syndication.wiring import now

    house = house_of(context, rehearsal=dry_run)
    if file is not None:
        house.read_publication(file)
    declared = house.declared
    with house.database.write() as connection:
        applied = publication.apply(connection, declared, now())
    sorted_anew = 0 if dry_run else _sort_anew(house)
    if as_json:
        show.data({**asdict(applied), "sorted_anew": sorted_anew, "dry_run": dry_run})
    else:
        done = {word: names for word, names in asdict(applied).items() if names and word != "unchanged"}
        show.fields({f"{'would be ' if dry_run else ''}{word}": names for word, names in done.items()}, as_json=False)
        if sorted_anew:
            show.say(f"{sorted_anew} stored articles have other topics by the rules as they are now")
        if not done:
            show.say("nothing to do: the database says the same")
    if not dry_run:
        house.waker.wake("publish")
        house.waker.wake("collect")
