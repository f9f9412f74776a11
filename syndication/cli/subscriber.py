"""`subscriber`: addresses, and what they consented to."""

from itertools import groupby
from typing import Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, Limit, desk_of, house_of, unknown
from syndication.jobs import subscribe
from syndication.model.subscriber import Consent, EmailAddress
from syndication.storage import subscribers
from syndication.wiring import now

app = typer.Typer(name="subscriber", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="The mail address.")],
    newsletter: Annotated[
        str, typer.Option("--newsletter", "-n", help="The newsletter's name, as in `newsletter list`.")
    ],
    consent: Annotated[str, typer.Option(help="How its owner agreed, in words: it is kept as proof.")],
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Subscribe an address whose owner agreed elsewhere. No confirmation is asked; suppressed stays suppressed."""
    house = house_of(context, rehearsal=dry_run)
    try:
        parsed = EmailAddress.parse(address)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="ADDRESS") from error
    known = [letter.slug for letter in house.newsletters()]
    if newsletter not in known:
        raise unknown("newsletter", newsletter, known)
    made = subscribe.add(
        parsed,
        newsletter,
        Consent(text=consent, form=f"by hand, {desk_of(context).actor}", asked_at=now()),
        registry=house.registry,
        key=house.address_key,
        locale=house.publication.language,
    )
    told = {
        "subscriber": None if dry_run else made.subscriber.id,
        "address": made.subscriber.address.text,
        "newsletter": made.newsletter_slug,
        "cadence": made.cadence,
        "state": made.state,
    }
    show.fields({**told, "dry_run": dry_run} if as_json else told, as_json=as_json)
    if dry_run:
        show.say("nobody was subscribed")


@app.command("list")
def list_(
    context: typer.Context,
    limit: Limit = 50,
    after: Annotated[int, typer.Option(min=0, help="Only ids above this one.")] = 0,
    as_json: show.Json = False,
) -> None:
    """Subscribers and their subscriptions, by id."""
    house = house_of(context)
    with house.database.read() as connection:
        found = subscribers.listing(connection, limit=limit, after_id=after)
        owned = subscribers.subscriptions_of(connection, [subscriber.id for subscriber in found])
    of = {id: list(group) for id, group in groupby(owned, key=lambda subscription: subscription.subscriber.id)}
    rows: list[dict[str, Any]] = [
        {
            "id": subscriber.id,
            "address": subscriber.address.text,
            "since": subscriber.created_at,
            "subscriptions": [
                {"newsletter": each.newsletter_slug, "cadence": each.cadence, "state": each.state}
                for each in of.get(subscriber.id, [])
            ],
        }
        for subscriber in found
    ]
    columns = {"id": "id", "address": "address", "since": "since", "subscriptions": "subscriptions"}
    if not as_json:
        for row in rows:
            row["subscriptions"] = [
                f"{each['newsletter']} {each['cadence']}: {each['state']}" for each in row["subscriptions"]
            ]
    show.table(columns, rows, as_json=as_json, empty="no subscriber yet")
