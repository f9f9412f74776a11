"""`status`: how the service is, on one screen, and what waits for a person."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import typer

from syndication.cli import pace, show
from syndication.cli.desk import house_of
from syndication.deliveries import doubt
from syndication.deliveries.route import day_of
from syndication.engine import lock
from syndication.model.doubt import Doubt
from syndication.sources.health import health
from syndication.storage import alerts, doubts, events, messages, notices, routes, sources, status
from syndication.storage.messages import Doubtful
from syndication.storage.sources import SourceRow
from syndication.wiring import House, now

TROUBLES = {"source": "source", "health": "health", "why": "why", "next_step": "what to do"}
TROUBLES_MAX = 20


def register(app: typer.Typer) -> None:
    app.command("status")(status_)


def status_(context: typer.Context, as_json: show.Json = False) -> None:
    """Show what runs, what is due, what is wrong, and what waits for a person."""
    house = house_of(context)
    with house.database.read() as connection:
        counts = status.counts(connection, now())
        open_alerts = alerts.open_alerts(connection)
        troubles = _troubles(sources.listing(connection))
        doubtful, waiting = doubts.doubts(connection), events.waiting(connection)
        aside = doubts.aside(connection)
        letters = messages.doubtful(connection)
        ways = pace.routes_of(house)
        usages = routes.usages(connection, tuple(ways), day_of(now()), counted=True)
        queue = routes.waiting(connection, now())
        untold = notices.troubles(connection)
    told: dict[str, Any] = {
        "service": _service(house),
        "database": house.database.name,
        "transport": house.settings.mail.transport.value,
        "transports": pace.ways(ways, usages),
        "sending": "; ".join(house.barred()) or "free",
        "not offered yet": [pace.words(one) for one in queue] or "nobody",
        **counts,
        "alerts told by": _ways(house, untold),
        "events": _events(house, waiting, aside),
        "in doubt": [*map(_doubt, doubtful), *map(_letter, letters)] or "nothing",
    }
    if as_json:
        told["service"] = lock.running(house.settings.data)
        plain = {name.replace(" ", "_"): value for name, value in told.items()}
        show.data({**plain, "troubles": troubles, "alerts": open_alerts})
        return
    show.fields({name: _words(value) for name, value in told.items()}, as_json=False)
    if troubles:
        show.text("")
        show.table(TROUBLES, troubles[:TROUBLES_MAX], as_json=False)
    if len(troubles) > TROUBLES_MAX:
        show.say(f"{len(troubles) - TROUBLES_MAX} more sources are in trouble: `syndication source list`")
    show.text("")
    columns = {"at": "since", "text": "waits for a person"}
    rows = [{"at": alert.at, "text": alert.text} for alert in open_alerts]
    show.table(columns, rows, as_json=False, empty="nothing waits for a person")


def _events(house: House, waiting: tuple[int, datetime | None], aside: int) -> str:
    if not house.event_keys:
        return "not taken: [sendgrid] webhook_keys is empty"
    number, since = waiting
    words = [f"{number} bodies wait since {show.plain(since)}" if number else "all applied"]
    words += [f"{aside} set aside"] * bool(aside)
    return ", ".join(words)


def _doubt(one: Doubt) -> str:
    return f"edition {one.edition_id} batch {one.n}: {doubt.words(one, now())}"


def _letter(one: Doubtful) -> str:
    return f"service mail {one.id}, {one.kind}, since {show.plain(one.since)}: {one.detail}"


def _ways(house: House, untold: Mapping[str, str]) -> str:
    section = house.settings.alerts
    ways = [way for way, on in (("mail", section.mail), ("webhook", section.webhook)) if on]
    return "; ".join(f"{way}, which fails: {untold[way]}" if way in untold else way for way in ways) or "this list only"


def _troubles(rows: Iterable[SourceRow]) -> list[dict[str, Any]]:
    """Sources that are not as they should be, each with what to do."""
    judged = [(row.source.slug, health(row.condition, row.source.slug, now())) for row in rows]
    return [
        {"source": slug, "health": found.state, "why": found.why, "next_step": found.next_step}
        for slug, found in judged
        if not found.good
    ]


def _words(value: object) -> object:
    if isinstance(value, Mapping):
        return ", ".join(f"{count} {state}" for state, count in value.items()) or "none"
    return value


def _service(house: House) -> str:
    holder = lock.running(house.settings.data)
    return f"runs: {holder}" if holder else "does not run"
