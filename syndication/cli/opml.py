"""`source import` and `source export`: lists of feeds in OPML, row by row as they are read."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndication.cli import show
from syndication.cli.desk import DryRun, desk_of, house_of
from syndication.cli.exits import Exit
from syndication.errors import NotFoundError, ParseError
from syndication.model.enrol import Decided, Decision
from syndication.wiring import House, now

if TYPE_CHECKING:
    from syndication.model.exchange import Answer

PIECE_BYTES = 64 * 1024


def import_(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="FILE|ADDRESS|-", help="A list of feeds in OPML; - reads stdin.")],
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Add every feed of a list, with a reason for each row that is not added. `--dry-run` tells it beforehand.

    Nothing is fetched: the first poll of each tells what it holds. The same list once more adds nothing.
    """
    house = house_of(context, rehearsal=dry_run)
    _ = house.database
    came = _fetched(house, what) if "://" in what else None
    pieces = [came.body] if came else _pieces(what)
    take_list(context, pieces, base=came.url if came else "", dry_run=dry_run, as_json=as_json)


def export(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option("--to", help="A file.", show_default="stdout")] = None,
) -> None:
    """Write all sources as OPML, which `source import` reads. Addresses are written whole, keys in them too."""
    from syndication.sources.opml import write_opml
    from syndication.storage import sources

    house = house_of(context)
    with house.database.read() as connection:
        rows = sources.listing(connection)
    pieces = write_opml((row.source for row in rows), title=house.publication.title)
    if to is None:
        show.text("".join(pieces))
        return
    draft = to.with_name(f".{to.name}.new")
    with draft.open("w", encoding="utf-8") as file:
        file.writelines(pieces)
    draft.replace(to)
    show.say(f"{len(rows)} sources written to {to}")


def take_list(context: typer.Context, pieces: Iterable[bytes], *, base: str = "", dry_run: bool, as_json: bool) -> None:
    """Add what a list names, and tell each row. Raises ParseError where it breaks off; what stood before is added."""
    house = house_of(context, rehearsal=dry_run)
    told: list[Decided] = []
    counts: Counter[Decision] = Counter()
    broken: ParseError | None = None
    try:
        for row in _enlisted(context, house, pieces, base):
            counts[row.decision] += 1
            if as_json:
                told.append(row)
            else:
                show.text(_line(row))
    except ParseError as error:
        broken = error
    if as_json:
        show.data({"rows": [asdict(row) for row in told], "broken": str(broken or ""), "dry_run": dry_run})
    words = ", ".join(f"{counts[decision]} {_WORDS[decision]}" for decision in Decision)
    show.say(words + ("; nothing was added" if dry_run else ""))
    if counts[Decision.ADDED] and not dry_run:
        house.waker.wake("collect")
    if broken:
        raise broken
    _leave(counts)


def count_of(pieces: Iterable[bytes]) -> int:
    """How many feeds a list names. Raises ParseError."""
    from syndication.sources.opml import read_opml

    return sum(1 for _ in read_opml(pieces))


_WORDS = {
    Decision.ADDED: "added",
    Decision.KNOWN: "known already",
    Decision.TWICE: "named twice",
    Decision.REFUSED: "refused",
}


def _line(row: Decided) -> str:
    said = row.source if row.decision is Decision.ADDED else row.reason
    return f"line {row.line}  {row.decision.value:<7}  {show.plain(row.url)}  {show.plain(said)}"


def _leave(counts: Mapping[Decision, int]) -> None:
    if counts[Decision.REFUSED]:
        useful = counts[Decision.ADDED] or counts[Decision.KNOWN]
        raise typer.Exit(Exit.PARTLY if useful else Exit.REFUSED)


def _enlisted(context: typer.Context, house: House, pieces: Iterable[bytes], base: str) -> Iterator[Decided]:
    from syndication.jobs.enlist import enlist
    from syndication.sources.opml import read_opml
    from syndication.storage.enrol import Roll

    return enlist(
        read_opml(pieces, base),
        roll=Roll(house.database, actor=desk_of(context).actor),
        judge=house.judge_address,
        base_url=house.settings.service.base_url,
        clock=now,
    )


def _pieces(what: str) -> Iterator[bytes]:
    if what == "-":
        yield from iter(lambda: sys.stdin.buffer.read(PIECE_BYTES), b"")
        return
    try:
        with Path(what).open("rb") as file:
            yield from iter(lambda: file.read(PIECE_BYTES), b"")
    except FileNotFoundError as error:
        raise NotFoundError(f"there is no file {what}") from error


def _fetched(house: House, url: str) -> "Answer":
    from syndication.jobs import enrol

    looked = enrol.look(url, exchange=house.exchange, base_url=house.settings.service.base_url, now=now())
    if looked.opml is None:
        raise ParseError(f"{url} is no list of feeds", fix=f"see `syndication source add {url}`")
    return looked.opml
