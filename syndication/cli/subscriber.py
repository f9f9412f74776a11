"""`subscriber`: addresses, and what they consented to."""

import base64
import secrets
from itertools import groupby
from typing import Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, Limit, desk_of, house_of, unknown
from syndication.cli.intake import import_
from syndication.cli.leaving import erase, export
from syndication.cli.mailbox import lift, parsed_address, show_, suppress
from syndication.errors import NotFoundError
from syndication.jobs import own_feed, subscribe
from syndication.model.feed import FeedFormat
from syndication.model.subscriber import Consent, Subscription, SubscriptionState
from syndication.storage import subscribers
from syndication.storage.own_feeds import StoredOwnFeeds
from syndication.wiring import House, now

app = typer.Typer(name="subscriber", no_args_is_help=True)
app.command("show")(show_)
app.command("import")(import_)
app.command()(export)
app.command()(erase)
app.command()(suppress)
app.command()(lift)


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
    parsed = parsed_address(address)
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


@app.command()
def feed(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="The mail address of a subscriber.")],
    newsletter: Annotated[
        str, typer.Option("--newsletter", "-n", help="The newsletter's name, as in `newsletter list`.")
    ],
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the address back; make no new one.")] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Make a reader's own feed, with the choice of their digest. Its address is shown once, and ends the one before."""
    house = house_of(context, rehearsal=dry_run)
    subscription = _subscription(house, address, newsletter)
    own = StoredOwnFeeds(house.database)
    if revoke:
        count = own.revoke(subscription.id, now())
        show.fields({"taken back": count, **({"dry_run": dry_run} if as_json else {})}, as_json=as_json)
        return
    token = base64.b32encode(secrets.token_bytes(20)).decode().lower()
    slug = own_feed.give(own, subscription.id, token, now())
    made = {format.value: f"{house.publication.base_url}/feeds/{slug}.{format.value}" for format in FeedFormat}
    show.fields({**made, "dry_run": dry_run} if as_json else made, as_json=as_json)
    if dry_run:
        show.say("no feed was made: these addresses lead nowhere")


def _subscription(house: House, address: str, newsletter: str) -> Subscription:
    """The confirmed one. Raises NotFoundError, or typer.BadParameter for what is no address."""
    parsed = parsed_address(address)
    with house.database.read() as connection:
        subscriber = subscribers.find(connection, parsed)
        owned = subscribers.subscriptions_of(connection, [subscriber.id]) if subscriber else []
    confirmed = {one.newsletter_slug: one for one in owned if one.state is SubscriptionState.CONFIRMED}
    if newsletter not in confirmed:
        raise NotFoundError(
            f"this address has no confirmed subscription to {newsletter!r}",
            fix=f"it has: {', '.join(confirmed) or 'none'}",
        )
    return confirmed[newsletter]
