"""`source add` and `source test`: what is behind an address, and how its newest articles will look."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, agree, desk_of, house_of
from syndication.cli.exits import Exit
from syndication.cli.listed import source_of
from syndication.errors import FetchError, PolicyError
from syndication.wiring import House, now

if TYPE_CHECKING:
    from syndication.jobs.enrol import Found, Looked
    from syndication.jobs.try_out import Preview, Trial
    from syndication.model.exchange import Answer
    from syndication.model.source import Source

REMOVED_SHOWN_MAX = 6
REMOVED_CHARACTERS_MAX = 120

Credentials = Annotated[
    str, typer.Option(help="The name of the secret that opens it (see config/syndication.toml).", show_default="none")
]


def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Any address: of a site, of a feed, of a list of feeds (OPML).")],
    name: Annotated[str | None, typer.Option(help="The source's name.", show_default="from the address")] = None,
    partner: Annotated[
        str | None, typer.Option(help="A partner that is known.", show_default="by its home page, or a new one")
    ] = None,
    credentials: Credentials = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; of several feeds take the likeliest.")] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Find the feed behind an address, show its newest articles as they will look, and add it once you agree.

    It gets the safe default of rights. What it holds now is published, and never mailed.
    """
    house = house_of(context, rehearsal=dry_run)
    _ = house.database  # one that cannot be used says so before anybody is asked over the network
    looked = _look(house, url, credentials)
    if looked.opml is not None:
        _add_list(context, looked.opml, yes=yes, dry_run=dry_run, as_json=as_json)
        return
    found = _chosen(looked.feeds, ask=not (yes or dry_run or as_json))
    _require_new(house, found, name)
    trial = _tried(house, _stranger(found, credentials), found)
    if not as_json:
        _print(_facts(found, trial, looked), trial.previews)
    if not dry_run:
        agree("add it?", "nothing was added", yes=yes)
    slug = _add(context, house, found, name=name, partner=partner, credentials=credentials)
    if as_json:
        previews = [_preview(preview) for preview in trial.previews]
        show.data({"source": slug, **_facts(found, trial, looked), "previews": previews, "dry_run": dry_run})
    if dry_run:
        show.say("nothing was added")
    else:
        house.waker.wake("collect")
        show.say(f"added as {slug}; `syndication source poll {slug}` collects now, a running service by itself")


def test(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="SOURCE|ADDRESS", help="A source, or any address.")],
    credentials: Credentials = "",
    beside: Annotated[bool, typer.Option("--beside", help="Each line as it came, beside what became of it.")] = False,
    as_json: show.Json = False,
) -> None:
    """Ask now, show what came and how its newest articles look; store nothing."""
    house = house_of(context)
    if "://" not in what and "." not in what and "/" not in what:
        facts, trial = _test_source(house, source_of(house, what).source)
    else:
        looked = _look(house, what, credentials)
        if looked.opml is not None:
            raise PolicyError(f"{what} is a list of feeds", fix=f"see `syndication source import --dry-run {what}`")
        found = looked.feeds[0]
        trial = _tried(house, _stranger(found, credentials), found)
        facts = _facts(found, trial, looked)
    if as_json:
        show.data({**facts, "previews": [_preview(preview) for preview in trial.previews]})
    else:
        _print(facts, trial.previews)
        if beside:
            _print_beside(trial.previews)
    if trial.feed is None:
        raise typer.Exit(Exit.LATER)


def _look(house: House, url: str, credentials: str) -> "Looked":
    from syndication.jobs import enrol

    with show.progress("looking"):
        return enrol.look(
            url,
            exchange=house.exchange,
            base_url=house.settings.service.base_url,
            now=now(),
            keys=house.credential,
            credentials=credentials,
        )


def _chosen(feeds: "Sequence[Found]", *, ask: bool) -> "Found":
    if len(feeds) == 1 or not ask:
        return feeds[0]
    rows = [
        {"n": n, "address": one.url, "title": one.feed.title, "entries": len(one.feed.entries)}
        for n, one in enumerate(feeds, start=1)
    ]
    show.table({"n": "", "address": "address", "title": "title", "entries": "entries"}, rows, as_json=False)
    try:
        answer: int = typer.prompt("which one?", type=int, default=1, err=True)
    except typer.Abort:
        raise PolicyError("nothing was added", why="nobody was there to choose", fix="say --yes") from None
    if not 1 <= answer <= len(feeds):
        raise PolicyError("nothing was added", why=f"there is no feed {answer} in the list")
    return feeds[answer - 1]


def _add_list(context: typer.Context, came: "Answer", *, yes: bool, dry_run: bool, as_json: bool) -> None:
    from syndication.cli.opml import count_of, take_list

    if not dry_run:
        agree(
            f"it is a list of {count_of([came.body])} feeds: add them? (--dry-run tells each row)",
            "nothing was added",
            yes=yes,
        )
    take_list(context, [came.body], base=came.url, dry_run=dry_run, as_json=as_json)


def _require_new(house: House, found: "Found", name: str | None) -> None:
    """Raises PolicyError when it is a source already, under whatever spelling of its address, or the name is taken."""
    from syndication.sources.discover import address_key
    from syndication.storage import enrol

    with house.database.read() as connection:
        known = list(enrol.addresses(connection))
    for url, slug in known:
        if address_key(url) == address_key(found.url):
            same = "" if url == found.url else f", as {url}"
            raise PolicyError(f"{found.url} is collected already", why=f"it is the source {slug!r}{same}")
    if name and name in {slug for _, slug in known}:
        raise PolicyError(f"there is a source {name!r} already", fix="give another --name")


def _stranger(found: "Found", credentials: str) -> "Source":
    """The source that it would become, with the safe default of rights."""
    from syndication.jobs.enrol import STRANGER
    from syndication.model.source import Partner, Source

    partner = Partner("", found.feed.title or found.url, found.home)
    return Source(STRANGER, "", partner, found.url, credentials=credentials, kind=found.kind)


def _tried(house: House, source: "Source", found: "Found") -> "Trial":
    from syndication.jobs.try_out import try_out
    from syndication.jobs.unlock import unlocked

    way_out = unlocked(house.exchange, [source], house.credential)
    return try_out(source, found.answer, exchange=way_out, now=now(), hosts=house.manners)


def _test_source(house: House, source: "Source") -> "tuple[dict[str, Any], Trial]":
    """A source of ours, under its own rights and credentials."""
    from syndication.jobs.try_out import ask, try_out
    from syndication.jobs.unlock import unlocked
    from syndication.model.exchange import Failure, FailureKind

    way_out = unlocked(house.exchange, [source], house.credential)
    with show.progress("looking"):
        came = ask(source, exchange=way_out, hosts=house.manners, now=now())
    if isinstance(came, Failure) and came.kind is FailureKind.ASKED_NOT_TO:
        raise PolicyError(
            f"{source.url} is not read", why=came.detail, fix="ask the partner to let us in, or for a feed"
        )
    if isinstance(came, Failure):
        raise FetchError(f"{source.url} does not answer", why=f"{came.kind.value}: {came.detail}")
    trial = try_out(
        source, came, exchange=way_out, now=now(), hosts=house.manners, before=house.library.looks(source.id)
    )
    return {"source": source.slug, **_answer(came), **_told(trial)}, trial


def _add(
    context: typer.Context, house: House, found: "Found", *, name: str | None, partner: str | None, credentials: str
) -> str:
    from syndication.model.enrol import Applicant
    from syndication.storage.enrol import Roll

    applicant = Applicant(
        url=found.url,
        title=found.feed.title or found.url,
        home=found.home,
        name=name or "",
        partner=partner or "",
        credentials=credentials,
        kind=found.kind,
    )
    return Roll(house.database, actor=desk_of(context).actor).add([applicant], now())[0]


def _facts(found: "Found", trial: "Trial", looked: "Looked") -> dict[str, Any]:
    others = [one.url for one in looked.feeds if one is not found]
    return {
        "title": found.feed.title,
        "address": found.url,
        "found": found.how,
        "kind": found.kind,
        **_answer(found.answer),
        **_told(trial),
        "other_feeds": others,
        "passed_over": _by_reason(looked.passed_over),
    }


def _by_reason(passed_over: Sequence[tuple[str, str]]) -> list[str]:
    """A line for each reason: a site that has no feed is asked in some twenty places."""
    reasons: dict[str, list[str]] = {}
    for url, why in passed_over:
        reasons.setdefault(why, []).append(url)
    return [f"{urls[0]}{f' and {len(urls) - 1} more' if urls[1:] else ''}: {why}" for why, urls in reasons.items()]


def _answer(answer: Any) -> dict[str, Any]:
    return {
        "answered": answer.url,
        "status": answer.status,
        "bytes": len(answer.body),
        "ms": round(answer.seconds * 1000),
        "conditional": bool(answer.header("etag") or answer.header("last-modified")),
    }


def _told(trial: "Trial") -> dict[str, Any]:
    feed = trial.feed
    return {
        "outcome": trial.fetched.outcome,
        "trouble": trial.fetched.detail,
        "format": feed.dialect if feed else "",
        "well_formed": not feed.lenient if feed else None,
        "entries": len(feed.entries) if feed else 0,
        "closed": list(trial.closed),
        "new_theme": trial.theme,
        "rules_that_find_nothing": list(trial.missed),
        "suggested_rules": [f"{one.line}  # on {one.on} of {one.of} pages" for one in trial.suggested],
        "set_aside": [f"entry {aside.position + 1}: {aside.reason}" for aside in trial.set_aside],
    }


def _preview(preview: "Preview") -> dict[str, Any]:
    article, permission = preview.article, preview.permission
    return {
        "title": permission.title or article.title,
        "published": article.published_at,
        "byline": article.byline,
        "publisher": article.publisher,
        "address": article.url,
        "excerpt": permission.excerpt,
        "attribution": permission.attribution,
        "words_in_feed": len(article.text.split()),
        "removed": [{"rule": block.rule, "text": block.text} for block in article.removed],
        "flags": article.flags,
        "lines": preview.lines,
        "why": permission.reasons,
    }


def _print(facts: dict[str, Any], previews: "Sequence[Preview]") -> None:
    show.fields({name.replace("_", " "): value for name, value in facts.items()}, as_json=False)
    for preview in previews:
        written = {
            name.replace("_", " "): value for name, value in _preview(preview).items() if name not in ("why", "lines")
        }
        written["removed"] = _removed(preview)
        show.text("")
        show.fields(written, as_json=False)


def _print_beside(previews: "Sequence[Preview]") -> None:
    for preview in previews:
        show.text(f"\n{show.plain(preview.article.title)}\n")
        rows = [{"came": line.text, "became": line.rule or "in the article"} for line in preview.lines]
        show.table({"became": "became", "came": "as it came"}, rows, as_json=False, empty="nothing to compare")


def _removed(preview: "Preview") -> list[str]:
    blocks = preview.article.removed
    lines = [f"[{block.rule}] {show.plain(block.text)[:REMOVED_CHARACTERS_MAX]}" for block in blocks]
    more = len(lines) - REMOVED_SHOWN_MAX
    return lines[:REMOVED_SHOWN_MAX] + ([f"and {more} more"] if more > 0 else [])
