"""`newsletter`: the standing promises to readers, and when they are next due."""

from typing import Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import house_of, unknown
from syndication.editions.slot import next_slot
from syndication.model.newsletter import Newsletter
from syndication.model.subscriber import SubscriptionState
from syndication.storage import subscribers
from syndication.wiring import House, now

app = typer.Typer(name="newsletter", no_args_is_help=True)

SLOTS_SHOWN = 5


@app.command("list")
def list_(context: typer.Context, as_json: show.Json = False) -> None:
    """All newsletters, their readers, and when the next edition is due."""
    house = house_of(context)
    columns = {
        "newsletter": "newsletter",
        "title": "title",
        "readers": "readers",
        "cadences": "cadences",
        "next": "next edition",
    }
    rows = [_row(house, letter) for letter in house.newsletters()]
    show.table(columns, rows, as_json=as_json, empty="no newsletter yet: declare one in publication.toml and apply it")


@app.command("show")
def show_(
    context: typer.Context,
    slug: Annotated[str, typer.Argument(help="The newsletter's name, as in `newsletter list`.")],
    as_json: show.Json = False,
) -> None:
    """One newsletter: its rules, its readers, and its next slots."""
    house = house_of(context)
    known = {letter.slug: letter for letter in house.newsletters()}
    if slug not in known:
        raise unknown("newsletter", slug, list(known))
    letter = known[slug]
    slots: list[dict[str, Any]] = []
    for schedule in letter.schedules:
        after = now()
        for _ in range(SLOTS_SHOWN):
            slot = next_slot(schedule, after)
            slots.append({"cadence": schedule.cadence, "local": slot.local, "zone": schedule.zone, "due": slot.due_at})
            after = slot.due_at
    if as_json:
        show.data({**_row(house, letter), "settings": letter, "slots": slots})
        return
    show.fields(
        {
            **_row(house, letter),
            "description": letter.description,
            "topics": letter.choice.topics or "all",
            "partners": letter.choice.partners or "all",
            "items": f"{letter.items_min} to {letter.items_max}",
            "approval": "waits for a person" if letter.approval else "none needed",
            "found late": f"{letter.late_policy.value}, after {letter.late_after_seconds // 60} minutes",
        },
        as_json=False,
    )
    show.text("")
    show.table({"cadence": "cadence", "local": "local time", "zone": "zone", "due": "due"}, slots, as_json=False)


def _row(house: House, letter: Newsletter) -> dict[str, Any]:
    with house.database.read() as connection:
        readers = subscribers.counts(connection, letter.id).get(SubscriptionState.CONFIRMED, 0)
    return {
        "newsletter": letter.slug,
        "title": letter.title,
        "readers": readers,
        "cadences": [schedule.cadence for schedule in letter.schedules],
        "next": min(next_slot(schedule, now()).due_at for schedule in letter.schedules),
    }
