"""`run`: the whole service on this machine, until a signal."""

from dataclasses import asdict

import typer

from syndication.cli import show
from syndication.cli.desk import house_of
from syndication.model.publication import Applied
from syndication.storage import publication
from syndication.storage.migrate import upgrade
from syndication.wiring import House, now
from syndication.wiring.check import Level, secrets_kept
from syndication.wiring.machine import would_apply


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(context: typer.Context) -> None:
    """Start the service: web, clock and workers. SIGTERM or Ctrl-C stops it when work in hand is done.

    The first time it makes the database and applies publication.toml.
    """
    from syndication.wiring import parts

    house = house_of(context)
    house.log_to("run")
    raise typer.Exit(parts.run(house, before=lambda: prepare(house), on_ready=lambda: _tell_addresses(house)))


def _tell_addresses(house: House) -> None:
    service = house.settings.service
    show.point("public", f"{service.base_url}/ (listening on {service.listen})")
    show.point("private", f"http://{service.private_listen}/outbox/")


def prepare(house: House) -> None:
    """Make a database that is not there yet and fill it. One that is there is only compared with the file."""
    for finding in secrets_kept(house):
        if finding.level is not Level.GOOD:
            show.say(f"warning: {finding.said}; {finding.fix}")
    path = house.bare_database.path
    if path is not None and not path.exists():
        upgrade(house.bare_database)
        with house.database.write() as connection:
            _tell("applied", publication.apply(connection, house.declared, now()))
        return
    would = would_apply(house)
    if would.added or would.changed or would.paused or would.left:
        _tell("not applied yet", would)
        show.say("run `syndication apply` to have it in force")


def _tell(what: str, applied: Applied) -> None:
    parts = [f"{len(names)} {word}" for word, names in asdict(applied).items() if names and word != "unchanged"]
    show.say(f"publication.toml, {what}: {', '.join(parts) or 'nothing'}")
