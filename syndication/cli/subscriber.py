"""`subscriber`: addresses, and what they consented to."""

from itertools import groupby
from typing import Annotated

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, Limit, desk_of, house_of
from syndication.jobs import subscribe
from syndication.model.subscriber import Consent, EmailAddress
from syndication.storage import subscribers
from syndication.wiring import now

app = typer.Typer(name="subscriber", help="Addresses, and what they consented to.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="The mail address.")],
    newsletter: Annotated[str, typer.Option("--newsletter", "-n", help="The newsletter's name.")],
    consent: Annotated[str, typer.Option(help="How its owner agreed, in words: it is kept as proof.")],
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Subscribe an address whose owner agreed elsewhere. No confirmation is asked; suppressed stays suppressed."""
    house = house_of(context)
    try:
        parsed = EmailAddress.parse(address)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="ADDRESS") from error
    if dry_run:
        show.say(f"would subscribe {parsed} to {newsletter}")
        return
    made = subscribe.add(
        parsed,
        newsletter,
        Consent(text=consent, form=f"by hand, {desk_of(context).actor}", asked_at=now()),
        registry=house.registry,
        key=house.address_key,
        locale=house.publication.language,
    )
    show.fields(
        {"subscriber": made.subscriber.id, "newsletter": made.newsletter_slug, "state": made.state}, as_json=as_json
    )


@app.command("list")
def list_(
    context: typer.Context,
    limit: Limit = 50,
    after: Annotated[int, typer.Option(help="Only ids above this one.")] = 0,
    as_json: show.Json = False,
) -> None:
    """Subscribers and their subscriptions, by id."""
    house = house_of(context)
    with house.database.read() as connection:
        found = subscribers.listing(connection, limit=limit, after_id=after)
        owned = subscribers.subscriptions_of(connection, [subscriber.id for subscriber in found])
    of = {id: list(group) for id, group in groupby(owned, key=lambda subscription: subscription.subscriber.id)}
    rows = [
        {
            "id": subscriber.id,
            "address": subscriber.address.text,
            "since": subscriber.created_at,
            "subscriptions": [
                f"{each.newsletter_slug} {each.cadence.value}: {each.state.value}" for each in of.get(subscriber.id, [])
            ],
        }
        for subscriber in found
    ]
    columns = {"id": "id", "address": "address", "since": "since", "subscriptions": "subscriptions"}
    shown = rows if as_json else [{**row, "subscriptions": show.names(row["subscriptions"])} for row in rows]  # type: ignore[arg-type]
    show.table(columns, shown, as_json=as_json, empty="no subscriber yet")
