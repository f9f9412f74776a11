"""`source poll`: collect now, and say what came. Without a running service the feeds are built here as well."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, house_of, unknown
from syndication.cli.exits import Exit
from syndication.cli.stop import leave_if, stoppable
from syndication.engine import lock
from syndication.errors import BusyError, PolicyError
from syndication.model.source import FetchOutcome, SourceState
from syndication.storage import sources
from syndication.wiring import House, now

if TYPE_CHECKING:
    from syndication.jobs.publish import Published
    from syndication.model.collecting import Collected

GOOD = frozenset(outcome.value for outcome in FetchOutcome if outcome.ok)
STOPPED = frozenset({SourceState.PAUSED, SourceState.GONE})
COLUMNS = {
    "source": "source",
    "outcome": "outcome",
    "new": "new",
    "changed": "changed",
    "held": "held",
    "set_aside": "set aside",
    "detail": "detail",
}


def poll(
    context: typer.Context,
    slug: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="One source.", show_default="all that are due")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All sources, due or not.")] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Poll now, and say what came. When no service runs, the feeds are built too."""
    if slug is not None and every:
        raise typer.BadParameter("a source or --all, not both")
    house = house_of(context, rehearsal=dry_run)
    wanted = _wanted(house, slug, every=every)
    if dry_run:
        _would(wanted, as_json)
        return
    with stoppable("what has answered") as stopping:
        collected = _collect(house, slug, wanted, every=every, stopping=stopping)
        published = _published(house, collected) if not stopping() else None
    _tell(collected, published, as_json)
    leave_if(stopping)
    if slug is not None and not collected.polled:
        raise BusyError(f"{slug} is being polled just now", why="another process holds it", fix="try again in a minute")
    _leave(collected, published)


def _wanted(house: House, slug: str | None, *, every: bool) -> list[str]:
    """The sources to poll. Raises NotFoundError for one that is unknown, PolicyError for one that is paused or gone."""
    moment = now()
    with house.database.read() as connection:
        rows = {row.source.slug: row for row in sources.listing(connection)}
    if slug is not None:
        if slug not in rows:
            raise unknown("source", slug, list(rows))
        if rows[slug].state in STOPPED:
            raise PolicyError(
                f"{slug} is {rows[slug].state}",
                why=rows[slug].last_error,
                fix=f"`syndication source resume {slug}` lets it go on",
            )
        return [slug]
    able = [name for name, row in rows.items() if row.state not in STOPPED]
    return [name for name in able if every or rows[name].next_poll_at <= moment]


def _would(wanted: list[str], as_json: bool) -> None:
    if as_json:
        show.data(
            {"polled": [{"source": slug} for slug in wanted], "own_network": False, "feeds": None, "dry_run": True}
        )
    else:
        show.fields({"would poll": wanted or "nothing"}, as_json=False)


def _collect(
    house: House, slug: str | None, wanted: list[str], *, every: bool, stopping: Callable[[], bool]
) -> "Collected":
    from syndication.cli.watch import WatchedExchange
    from syndication.jobs import collect

    if every:
        with house.database.write() as connection:
            for name in wanted:
                sources.make_due(connection, name, now())
    with show.progress("polling", len(wanted)) as tell:
        exchange = WatchedExchange(house.exchange, tell)
        return collect.collect(
            exchange=exchange,
            library=house.library,
            clock=now,
            only=slug,
            stopping=stopping,
            keys=house.credential,
            hosts=house.manners,
            base_url=house.publication.base_url,
        )


def _published(house: House, collected: "Collected") -> "Published | None":
    """What came of the feeds; None when nothing is to be built, or a running service does it."""
    from syndication.cli.feed import build_feeds

    if lock.running(house.settings.data):
        house.waker.wake("publish")
        return None
    return build_feeds(house, every=False)[0] if collected.new or collected.changed else None


def _tell(collected: "Collected", published: "Published | None", as_json: bool) -> None:
    from syndication.cli.feed import complain_of

    if as_json:
        rows = [asdict(each) for each in collected.polled]
        feeds = asdict(published) if published else None
        show.data({"polled": rows, "own_network": collected.own_network, "feeds": feeds, "dry_run": False})
    elif collected.polled:
        show.table(COLUMNS, map(asdict, collected.polled), as_json=False)
    else:
        show.say("nothing was due")
    if published:
        show.say(f"feeds changed: {show.names(published.changed) or 'none'}")
        complain_of(published.refused)
    if collected.own_network:
        show.complain("no host answers", "our own network seems to be down", "nobody's failure was counted; try again")


def _leave(collected: "Collected", published: "Published | None") -> None:
    failed = [each for each in collected.polled if each.outcome not in GOOD]
    if failed and len(failed) == len(collected.polled):
        raise typer.Exit(Exit.LATER)
    if failed or (published and published.refused):
        raise typer.Exit(Exit.PARTLY)
