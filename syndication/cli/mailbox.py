"""`subscriber show|suppress|lift`: what stands against mailing one address, and a person's word on that."""

from typing import Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, desk_of, house_of
from syndication.errors import NotFoundError
from syndication.jobs import setbacks
from syndication.model.setback import Lifting
from syndication.model.subscriber import EmailAddress
from syndication.storage import subscribers
from syndication.storage.setbacks import Setbacks, history, suppressions
from syndication.wiring import House, now

Address = Annotated[str, typer.Argument(help="The mail address.")]
HISTORY = {
    "at": "at",
    "about": "about",
    "kind": "kind",
    "detail": "what was said",
    "forgiven_at": "forgiven",
}


def show_(context: typer.Context, address: Address, as_json: show.Json = False) -> None:
    """One address: what it reads, whether it may be mailed, and what was said against that."""
    house, parsed = house_of(context), parsed_address(address)
    told = _told(house, parsed)
    if as_json:
        show.data(told)
        return
    past = told.pop("setbacks")
    told["subscriptions"] = [
        f"{each['newsletter']} {each['cadence']}: {each['state']}" for each in told["subscriptions"]
    ]
    told["suppressed"] = [f"{_for(house, one.scope)}: {one.reason}" for one in told["suppressed"]] or "no"
    show.fields(told, as_json=False)
    if past:
        show.text("")
        show.table(HISTORY, past, as_json=False)


def suppress(
    context: typer.Context,
    address: Address,
    reason: Annotated[str, typer.Option("--reason", help="Why, in words: it is kept and shown.")],
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Mail this address nothing any more, whatever it subscribes to."""
    house, parsed = house_of(context, rehearsal=dry_run), parsed_address(address)
    done = setbacks.suppress(
        Setbacks(house.database),
        _append(house),
        parsed.keyed_hash(house.address_key),
        " ".join(reason.split()) or "by hand",
        now=now(),
        actor=desk_of(context).actor,
    )
    told = {"address": parsed.text, "changed": done}
    show.fields({**told, "dry_run": dry_run} if as_json else told, as_json=as_json)
    if dry_run:
        show.say("nothing was changed")


def lift(
    context: typer.Context,
    address: Address,
    complaint: Annotated[
        bool, typer.Option("--even-a-complaint", help="Even where its reader called our mail spam.")
    ] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """End what keeps an address from being mailed. Subscriptions that were left stay left."""
    house, parsed = house_of(context, rehearsal=dry_run), parsed_address(address)
    lifted = setbacks.lift(
        Setbacks(house.database),
        _append(house),
        parsed.keyed_hash(house.address_key),
        now=now(),
        actor=desk_of(context).actor,
        complaints=complaint,
    )
    if not lifted:
        raise NotFoundError("nothing keeps this address from being mailed")
    if as_json:
        show.data({"address": parsed.text, "lifted": lifted, "dry_run": dry_run})
    else:
        show.fields({"address": parsed.text, "lifted": [_line(house, one) for one in lifted]}, as_json=False)
    show.say("nothing was changed" if dry_run else "a provider may keep a list of its own: see that it lets go too")


def _append(house: House) -> setbacks.Append:
    """A rehearsal writes no journal either."""
    return (lambda line: None) if house.rehearsal else house.journal.append


def _told(house: House, address: EmailAddress) -> dict[str, Any]:
    with house.database.read() as connection:
        subscriber = subscribers.find(connection, address)
        owned = subscribers.subscriptions_of(connection, [subscriber.id]) if subscriber else []
        past = history(connection, subscriber.id) if subscriber else []
        suppressed = suppressions(connection, address.keyed_hash(house.address_key))
    if subscriber is None and not suppressed:
        raise NotFoundError("this address is not known here")
    return {
        "id": subscriber.id if subscriber else None,
        "address": address.text,
        "since": subscriber.created_at if subscriber else None,
        "subscriptions": [
            {"newsletter": each.newsletter_slug, "cadence": each.cadence, "state": each.state} for each in owned
        ],
        "suppressed": suppressed,
        "setbacks": [
            {"at": one.at, "about": one.about, "kind": one.kind, "detail": one.detail, "forgiven_at": forgiven}
            for one, forgiven in past
        ],
    }


def _line(house: House, one: Lifting) -> str:
    return f"{_for(house, one.scope)}: {one.reason} (since {show.plain(one.at)})"


def _for(house: House, scope: int) -> str:
    return next((letter.slug for letter in house.newsletters() if letter.id == scope), "all mail")


def parsed_address(address: str) -> EmailAddress:
    """Raises typer.BadParameter for what is no address."""
    try:
        return EmailAddress.parse(address)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="ADDRESS") from error
