"""`status`: how the service is, on one screen, and what waits for a person."""

from collections.abc import Mapping
from typing import Any

import typer

from syndication.cli import show
from syndication.cli.desk import house_of
from syndication.engine import lock
from syndication.storage import alerts, status
from syndication.wiring import House, now


def register(app: typer.Typer) -> None:
    app.command("status")(status_)


def status_(context: typer.Context, as_json: show.Json = False) -> None:
    """Show what runs, what is due, what is wrong, and what waits for a person."""
    house = house_of(context)
    with house.database.read() as connection:
        counts = status.counts(connection, now())
        open_alerts = alerts.open_alerts(connection)
    told: dict[str, Any] = {
        "service": _service(house),
        "database": house.database.name,
        "transport": house.settings.mail.transport.value,
        "sending": "; ".join(house.barred()) or "free",
        **counts,
    }
    if as_json:
        told["service"] = lock.running(house.settings.data)
        show.data({name.replace(" ", "_"): value for name, value in told.items()} | {"alerts": open_alerts})
        return
    show.fields({name: _words(value) for name, value in told.items()}, as_json=False)
    show.text("")
    columns = {"at": "since", "text": "waits for a person"}
    rows = [{"at": alert.at, "text": alert.text} for alert in open_alerts]
    show.table(columns, rows, as_json=False, empty="nothing waits for a person")


def _words(value: object) -> object:
    if isinstance(value, Mapping):
        return ", ".join(f"{count} {state}" for state, count in value.items()) or "none"
    return value


def _service(house: House) -> str:
    holder = lock.running(house.settings.data)
    return f"runs: {holder}" if holder else "does not run"
