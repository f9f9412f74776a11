"""`edition retry`: an edition once more to readers who were refused, by the class of the refusal."""

from typing import Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, agree, desk_of, house_of
from syndication.model.refusal import RefusalClass
from syndication.wiring import now

Id = Annotated[int, typer.Argument(help="The edition's id, as in `edition list`.")]
Classes = Annotated[
    list[RefusalClass] | None, typer.Option("--class", help="Those refused so; may be given again. None: say how many.")
]


def retry(
    context: typer.Context,
    id: Id,
    of: Classes = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Offer an edition again to readers who were definitely refused. Without --class: how many there are of each.

    Whoever was accepted, or may have been, is never offered it again; whoever has left since gets nothing.
    """
    from syndication.cli.outgoing import carry_on, edition_of, tell
    from syndication.deliveries import refusals
    from syndication.jobs import retry as job
    from syndication.storage.retries import Retries

    house = house_of(context, rehearsal=dry_run)
    edition_of(house, id)
    retries = Retries(house.database)
    found = job.refused(id, retries)
    if not of:
        rows = [{"class": name.value, "readers": count} for name, count in refusals.by_class(found).items()]
        left = sum(one.doubtful for one in found)
        show.table({"class": "refused for", "readers": "readers"}, rows, as_json=as_json, empty="nobody was refused")
        if left:
            show.say(f"{left} more are left out: an earlier attempt may have reached them")
        return
    count = len(refusals.chosen(found, of))
    if count and not dry_run:
        question = f"Offer edition {id} again to {count} readers, refused for {', '.join(of)}?"
        agree(question, "nobody was offered it again", yes=yes)
    size = house.outbox.batch_size
    actor = desk_of(context).actor
    done = job.retry(id, of, retries, now(), actor=actor, batch_size=size, expected=count or None)
    told: dict[str, Any] = {"edition": id, "readers": done.readers, "batches": done.batches}
    show.fields({**told, "dry_run": dry_run} if as_json else told, as_json=as_json)
    if dry_run:
        show.say("nothing was changed")
        return
    raise typer.Exit(tell(carry_on(house, id)))
