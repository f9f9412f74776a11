"""`article why|hold|release|withdraw|report`: every decision about one article, a person's own, and what was used."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, agree, desk_of, house_of, unknown
from syndication.model.time import Window
from syndication.storage import curate, sources
from syndication.storage.usage import Usage, Used, usage
from syndication.wiring import House, now

Id = Annotated[int, typer.Argument(help="The article's id, as in `article list`.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept in the audit log.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

SUMS = {
    "name": "partner",
    "stories": "stories",
    "web": "on the web",
    "feeds": "in feeds",
    "mailed_stories": "mailed",
    "mailed": "copies accepted",
    "images": "images",
    "corrections": "revised",
    "withdrawn": "withdrawn",
    "ended": "ended",
}
ARTICLES = {
    "id": "id",
    "published_at": "published",
    "state": "state",
    "web": "web",
    "feeds": "feeds",
    "editions": "editions",
    "mailed": "copies accepted",
    "images": "images",
    "corrections": "revised",
    "withdrawn": "withdrawn",
    "ended": "ended",
    "title": "title",
}
CELLS = {"partner_name": "partner", **ARTICLES, "url": "address"}


def add_to(app: typer.Typer) -> None:
    """Hang these commands on `article`."""
    for command in (why, hold, release, withdraw, report):
        app.command()(command)


def why(context: typer.Context, id: Id, as_json: show.Json = False) -> None:
    """Every decision about an article: identity, topics, rights in each place, story, editions, what was removed."""
    from syndication.cli import dossier

    told = dossier.why(house_of(context), id)
    if as_json:
        show.data(told)
    else:
        show.fields(_lines(told), as_json=False)


def _lines(told: Mapping[str, Any]) -> dict[str, Any]:
    identity, story, terms = told["identity"], told["story"], told["terms"]
    return {
        "article": f"{told['id']}, {told['state']}: {told['title']}",
        "identity": f"{identity.guid}, of the source {identity.source} ({identity.source_url})",
        "came": "with the first poll: for web and feeds only" if identity.backfill else "as news",
        **{name: moment for name, moment in told["dates"].items() if moment},
        "topics": [f"{one['topic']}, decided {_by(one['decided_by'])}" for one in told["topics"]] or "none",
        **{f"in {channel}": reasons for channel, reasons in told["channels"].items()},
        "licence": terms["licence"] or terms["note"],
        "images": [_image(row) for row in told["images"]] or "none kept or wanted",
        "story": f"{story['id']}, {'which it leads' if story['leads'] else 'which another article leads'}",
        "copies": [f"{one['partner']}: {one['title']} (article {one['article']})" for one in story["copies"]],
        "in feeds": told["feeds"] or "none yet",
        "editions": [
            f"{one.edition} ({one.newsletter}, {one.cadence}, {one.state}): {one.kind}, text {one.rev}; {one.reason}"
            for one in told["editions"]
        ],
        "not in": [f"{one['newsletter']}, {one['cadence']}: {one['why']}" for one in told["not_in"]],
        "removed": [f"[{block.rule}] {block.text}" for block in told["removed"]] or "nothing",
        "flags": told["flags"],
        "people": [
            f"{show.plain(line.at)} {line.action} by {line.actor}{f': {line.detail}' if line.detail else ''}"
            for line in told["decided_by_people"]
        ],
    }


def _by(decided: str) -> str:
    return decided if decided.startswith("by ") else f"by {decided}"


def _image(row: Any) -> str:
    return f"{row.state}, {row.credit}: {row.origin}{f' ({row.reason})' if row.reason else ''}"


# -- a person's decisions


def hold(context: typer.Context, id: Id, reason: Reason, dry_run: DryRun = False, as_json: show.Json = False) -> None:
    """Take an article out of pages, feeds and unsent editions until it is released."""
    decide = partial(curate.hold, id=id, reason=reason)
    _decide(context, id, "held", decide, dry_run=dry_run, as_json=as_json)


def release(
    context: typer.Context,
    id: Id,
    mail: Annotated[
        bool | None, typer.Option("--mail/--web-only", help="Whether it may go into editions; else as it came.")
    ] = None,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Let out an article that a person or the guard against floods holds (`source release`: all of a source)."""
    decide = partial(curate.release, id=id, mailed=mail)
    _decide(context, id, "live", decide, dry_run=dry_run, as_json=as_json)


def withdraw(
    context: typer.Context,
    id: Id,
    reason: Reason,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Take an article back for good, as if its publisher had: its page says so, and readers who got it are told."""
    if not (yes or dry_run):
        _ask(house_of(context), id)
    decide = partial(curate.withdraw, id=id, reason=reason)
    _decide(context, id, "withdrawn", decide, dry_run=dry_run, as_json=as_json)


def _ask(house: House, id: int) -> None:
    """Raises PolicyError unless somebody agrees (CON-12)."""
    with house.database.read() as connection:
        found = curate.reach(connection, id)
    touched = (
        f"{found.feeds} feeds, {found.editions_unsent} unsent and {found.editions_sent} sent editions, "
        f"{found.images} images"
    )
    agree(f"Withdraw article {id} for good? It is in {touched}.", "nothing was withdrawn")


def _decide(
    context: typer.Context, id: int, state: str, decide: Callable[..., None], *, dry_run: bool, as_json: bool
) -> None:
    house = house_of(context, rehearsal=dry_run)
    with house.database.write() as connection:
        found = curate.reach(connection, id)
        decide(connection, actor=desk_of(context).actor, now=now())
    told = {"article": id, "state": state, **asdict(found)}
    show.fields({**told, "dry_run": dry_run} if as_json else told, as_json=as_json)
    if dry_run:
        show.say("nothing was done")
        return
    for task in ("publish", "images", "index", "open-slots"):
        house.waker.wake(task)


# -- what was used


def report(
    context: typer.Context,
    month: Annotated[
        str | None, typer.Option("--month", metavar="YYYY-MM", help="In UTC.", show_default="the last whole month")
    ] = None,
    partner: Annotated[str | None, typer.Option("--partner", help="Only of this partner, with its articles.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, a line for each article.")] = False,
    as_json: show.Json = False,
) -> None:
    """What of each partner's was used in a month: on the web, in feeds, by mail; its images and corrections."""
    if as_csv and as_json:
        raise typer.BadParameter("--csv or --json, not both")
    window = _month(month)
    house = house_of(context)
    _know(house, partner)
    with house.database.read() as connection:
        found = usage(connection, window, only=partner)
    _print(found, window, partner, as_csv=as_csv, as_json=as_json)


def _print(found: list[Usage], window: Window, partner: str | None, *, as_csv: bool, as_json: bool) -> None:
    used = [one for sums in found for one in sums.articles]
    if as_csv:
        from syndication.cli import cells

        show.text(cells.written(CELLS, map(_row, used)))
    elif as_json:
        show.data({"from": window.start, "to": window.end, "partners": found})
    else:
        show.table(SUMS, map(_row, found), as_json=False, empty="no partner yet")
        if partner:
            show.table(ARTICLES, map(_row, used), as_json=False, empty="nothing of it was used")


def _row(value: Usage | Used) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _month(text: str | None) -> Window:
    if text is None:
        text = f"{now().replace(day=1) - timedelta(days=1):%Y-%m}"
    try:
        start = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no month such as 2026-11", param_hint="--month") from None
    return Window(start, (start + timedelta(days=32)).replace(day=1))


def _know(house: House, partner: str | None) -> None:
    with house.database.read() as connection:
        known = sorted({row.source.partner.slug for row in sources.listing(connection)})
    if partner and partner not in known:
        raise unknown("partner", partner, known)
