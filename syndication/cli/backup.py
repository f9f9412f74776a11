"""`backup` and `restore`: a whole installation in one file, and back."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, agree, desk_of, house_of
from syndication.storage import alerts, backup
from syndication.wiring import keeping, now
from syndication.wiring.keeping import Contents


def register(app: typer.Typer) -> None:
    app.command("backup")(backup_)
    app.command()(restore)


def backup_(
    context: typer.Context,
    to: Annotated[
        Path | None, typer.Option("--to", help="A file, or a folder that it goes into.", show_default="data/backups")
    ] = None,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Write the whole installation into one file, and read it again. The service may run meanwhile.

    Database, pictures, journal and settings. No secret is in it: keep the secret key elsewhere, and not beside the
    backup.
    """
    house = house_of(context)
    place = keeping.place_for(house, to)
    if dry_run:
        show.fields({"file": place, "database bytes": backup.size_of(house.database)}, as_json=as_json)
        show.say("nothing was written")
        return
    with show.progress("backing up") as tell:
        contents = keeping.backup(house, place, tell)
    show.fields({"file": place, **_told(contents)}, as_json=as_json)
    show.say("it was read again and is whole; the secret key and the outbox are not in it")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before what is here is replaced.")] = False,
    other_key: Annotated[
        bool, typer.Option("--other-key", help="The secret key of then is lost: put it back all the same.")
    ] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Put a backup back. Nothing is sent afterwards until a person says so.

    That is `resolve --resume`. Who left or was suppressed since is taken from the journal, and editions that were sent
    since are not sent again. A database file that is here is kept beside the new one; on PostgreSQL it is replaced, so
    make a backup of it first, and stop the service on every machine.
    """
    house = house_of(context)
    with show.progress("reading the backup") as tell:
        contents = keeping.look_into(file, tell)
    keeping.require_fitting(house, contents, other_key=other_key)
    if dry_run:
        show.fields(_told(contents), as_json=as_json)
        show.say("it is whole and fits; nothing was changed")
        return
    there = house.bare_database.path is None or house.bare_database.path.exists()
    if there:
        agree(f"Replace {house.bare_database.name} by the backup of {show.plain(contents.made_at)}?", _NOT, yes=yes)
    with show.progress("restoring") as tell:
        restored = keeping.restore(house, file, tell=tell)
    with house.database.write() as connection:
        actor = desk_of(context).actor
        alerts.audit(connection, actor=actor, action="restore", subject="all", detail=restored.held, now=now())
    told = {
        **_told(contents),
        "kept": restored.aside,
        "pictures": restored.pictures,
        "sending": f"held: {restored.held}",
    }
    show.fields(told, as_json=as_json)
    for words in _advice(restored):
        show.say(words)


_NOT = "nothing was restored"


def _told(contents: Contents) -> dict[str, Any]:
    return {name: value for name, value in asdict(contents).items() if name not in ("claim", "key_mark")}


def _advice(restored: keeping.Restored) -> list[str]:
    words = ["next: `syndication run`, see `syndication status`, settle what is in doubt, then `resolve --resume`"]
    if restored.blind:
        words.insert(
            0, "the journal of the time since is not here: who left since is not known, and every edition of that"
        )
        words.insert(
            1, "time is held; `edition list` shows them, and each waits for `edition resume` or `edition cancel`"
        )
    return words
