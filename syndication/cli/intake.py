"""`subscriber import`: a list of readers from elsewhere, row by row, with a reason for each that is not subscribed."""

import csv
import sys
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from syndication.cli import show
from syndication.cli.cells import harmless
from syndication.cli.desk import DryRun, agree, desk_of, house_of, unknown
from syndication.cli.exits import Exit
from syndication.errors import NotFoundError, ParseError, PolicyError
from syndication.jobs.intake import take_in
from syndication.model.intake import Applicant, Columns, Fate, Judged, Taken
from syndication.model.journal import Owed
from syndication.model.newsletter import Newsletter
from syndication.model.subscriber import Consent
from syndication.storage.intake import StoredIntake
from syndication.subscribers import exchange, sheet
from syndication.wiring import House, now

SHOWN_MAX = 20
NAMES_OF_COLUMNS = ("address", "status", "agreed")

WORDS = {
    Fate.ADDED: "subscribed",
    Fate.KNOWN: "subscribed already",
    Fate.CLOSED: "closed, as the list says",
    Fate.TWICE: "in the list twice",
    Fate.LEFT: "left before, and stay away",
    Fate.SUPPRESSED: "suppressed, and stay so",
    Fate.REFUSED: "refused",
}


def import_(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="FILE|-", help="A list in CSV, with or without a heading; - is stdin.")
    ],
    newsletter: Annotated[
        str, typer.Option("--newsletter", "-n", help="The newsletter's name, as in `newsletter list`.")
    ],
    consent: Annotated[str, typer.Option(help="How the owners of the addresses agreed, in words: kept as proof.")],
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="WHAT=NAME", help="A column's name, where it is not found: address, status or agreed."),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write each row that is not subscribed there, as CSV.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: DryRun = False,
    as_json: show.Json = False,
) -> None:
    """Subscribe a list of addresses from elsewhere: Mailchimp, Substack, Ghost, listmonk, Buttondown, or any CSV.

    Without --yes it is tried first, and you are asked. Suppressed addresses stay suppressed, and who left stays
    away. Killed in the middle it has done part of the list; the same command goes on.
    """
    house = house_of(context, rehearsal=dry_run)
    letter = _newsletter(house, newsletter)
    named = _named(column or [])
    proof = Consent(text=consent.strip(), form=f"import, {Path(what).name}", asked_at=now())
    if not proof.text:
        raise typer.BadParameter("say how they agreed", param_hint="--consent")
    if not dry_run and not yes:
        _ask_first(context, what, letter, named, proof)
    done = _Round(house, letter, proof, desk_of(context).actor)
    done.run(what, named, report=report)
    _tell(done, newsletter, dry_run=dry_run, as_json=as_json)
    if done.counts[Fate.REFUSED]:
        useful = done.counts.total() > done.counts[Fate.REFUSED]
        raise typer.Exit(Exit.PARTLY if useful else Exit.REFUSED)


class _Round:
    """The list, once through."""

    def __init__(
        self, house: House, letter: Newsletter, proof: Consent, actor: str, *, rehearsal: bool = False
    ) -> None:
        self._house, self._letter, self._proof, self._actor = house, letter, proof, actor
        self._rehearsal = rehearsal
        self.counts: Counter[Fate] = Counter()
        self.rows = 0
        self.shape = ""
        self.first: list[Judged] = []
        """The first few that were not added."""

    def run(self, what: str, named: dict[str, str], *, report: Path | None) -> None:
        locale = self._house.publication.language
        with ExitStack() as stack:
            stored = StoredIntake(self._house.database, self._letter, locale=locale, rehearsal=self._rehearsal)
            intake = stack.enter_context(closing(stored))
            file = stack.enter_context(_opened(what))
            size = Path(what).stat().st_size if what != "-" else None
            tell = stack.enter_context(show.progress("reading the list", size))
            wanted = stack.enter_context(_report(report)) if report else None
            rows = stack.enter_context(closing(self._applicants(file, named)))
            key = self._house.address_key
            append = _forget if self._rehearsal or self._house.rehearsal else self._house.journal.append_all
            taking = take_in(rows, intake=intake, consent=self._proof, key=key, actor=self._actor, append=append)
            for taken in taking:
                self._count(taken, wanted)
                tell(file.tell() if size else self.rows)

    def _applicants(self, file: BinaryIO, named: dict[str, str]) -> Generator[Applicant | Judged]:
        with closing(sheet.rows(file)) as rows:
            yield from self._read(rows, named)

    def _read(self, rows: Iterator[sheet.Row], named: dict[str, str]) -> Iterator[Applicant | Judged]:
        line, heading = next(((line, row) for line, row in rows if row is None or any(row)), (0, []))
        if heading is None:
            raise ParseError(f"line {line} of the list, its heading, cannot be read")
        columns: Columns | None = None if named else exchange.headless(heading)
        if columns:
            yield from exchange.applicants(iter([(line, heading)]), columns)
        else:
            columns = exchange.columns_of(heading, named)
            self.shape = columns.shape
        yield from exchange.applicants(rows, columns, self._letter.slug)

    def _count(self, taken: Taken, report: Any) -> None:
        self.rows += taken.rows
        self.counts[Fate.ADDED] += taken.added
        self.counts.update(other.fate for other in taken.others)
        if len(self.first) < SHOWN_MAX:
            self.first += taken.others[: SHOWN_MAX - len(self.first)]
        if report:
            report.writerows((one.line, one.fate, harmless(one.address), one.reason) for one in taken.others)


def _forget(lines: Sequence[Owed]) -> None:
    """A rehearsal writes no journal either."""


def _ask_first(context: typer.Context, what: str, letter: Newsletter, named: dict[str, str], proof: Consent) -> None:
    """Try it, say what would come of it, and ask. Raises PolicyError when nobody agrees."""
    if what == "-":
        raise PolicyError("nothing was added", why="a list from stdin is read once", fix="say --dry-run, then --yes")
    tried = _Round(house_of(context), letter, proof, desk_of(context).actor, rehearsal=True)
    tried.run(what, named, report=None)
    show.say(f"{what}{_like(tried.shape)}: {tried.rows:,} rows. {_summary(tried.counts)}")
    agree(f"Subscribe {tried.counts[Fate.ADDED]:,} addresses to {letter.slug}?", "nothing was added")


def _tell(done: _Round, newsletter: str, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        counts = {fate.value: done.counts[fate] for fate in Fate}
        told = {"newsletter": newsletter, "shape": done.shape, "rows": done.rows, "counts": counts}
        show.data({**told, "first": [one._asdict() for one in done.first], "dry_run": dry_run})
    else:
        for one in done.first:
            show.text(f"line {one.line}  {one.fate.value:<10}  {show.plain(one.address)}  {show.plain(one.reason)}")
        others = done.rows - done.counts[Fate.ADDED] - len(done.first)
        if others:
            show.text(f"… and {others:,} more that were not subscribed: --report FILE writes all of them")
        show.text(f"{done.rows:,} rows{_like(done.shape)}: {_summary(done.counts)}")
    if dry_run:
        show.say("nobody was subscribed")


def _like(shape: str) -> str:
    return f", a list of {shape}" if shape and shape != "our own" else ""


def _summary(counts: Counter[Fate]) -> str:
    return ", ".join(f"{counts[fate]:,} {words}" for fate, words in WORDS.items() if counts[fate]) or "none"


def _newsletter(house: House, slug: str) -> Newsletter:
    known = {letter.slug: letter for letter in house.newsletters()}
    if slug not in known:
        raise unknown("newsletter", slug, list(known))
    return known[slug]


def _named(columns: Sequence[str]) -> dict[str, str]:
    named = dict(column.partition("=")[::2] for column in columns)
    for what, name in named.items():
        if what not in NAMES_OF_COLUMNS or not name:
            hint = f"say one of {', '.join(f'{known}=NAME' for known in NAMES_OF_COLUMNS)}"
            raise typer.BadParameter(hint, param_hint="--column")
    return named


def _opened(what: str) -> BinaryIO:
    if what == "-":
        return sys.stdin.buffer
    try:
        return Path(what).open("rb")
    except FileNotFoundError as error:
        raise NotFoundError(f"there is no file {what}") from error
    except OSError as error:
        raise NotFoundError(f"{what} cannot be read", why=str(error.strerror)) from error


@contextmanager
def _report(path: Path) -> Iterator[Any]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("line", "outcome", "address", "reason"))
        yield writer
