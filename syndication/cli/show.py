"""How commands speak: tables for people, JSON for programs, progress on a terminal only. All text is made harmless.

Text that came from outside can hold control characters that repaint a terminal; none reaches one (CON-15). Data goes to
stdout, and when nobody reads it any more the command ends; talk goes to stderr, and never stops a command.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from enum import Enum
from io import StringIO
from typing import Annotated, Any, TextIO

import orjson
import typer
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from syndication.cli.exits import Exit

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

GAP = 2
"""Blanks between two columns."""
FOLDED_MIN = 24
"""Cells that the widest column of a table keeps on a narrow terminal. With less, each row becomes a paragraph."""

# The sequences that a terminal obeys: CSI; OSC and the other strings up to their end; two characters after ESC.
ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]"
)
BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"
"""Control characters that part words."""

# What JSON allows raw inside a string, and a terminal may obey or hide.
RAW_IN_JSON = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")

ROWS_DRAWN_MAX = 1_000
"""A longer table that need not be folded is written line by line, its headings not in bold."""

Tell = Callable[..., None]
"""`tell(done)` or `tell(done, total)`: how far it is."""


def plain(value: object) -> str:
    """`value` as one line of text without control, format or bidirectional characters. Instants are in UTC."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%SZ" if value.tzinfo else "%Y-%m-%d %H:%M")
    if isinstance(value, list | tuple):
        return names(value)
    if isinstance(value, Enum):
        value = value.value
    return " ".join(_harmless(ESCAPES.sub("", str(value)), keep=BLANKS).split())


def names(values: Sequence[object]) -> str:
    return ", ".join(plain(value) for value in values)


def _harmless(text: str, keep: str = "") -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character in keep or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )


# -- data


def table(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]], *, as_json: bool, empty: str = "none") -> None:
    """Print `rows`: of each the keys of `columns` (key -> heading), or as JSON all that it has."""
    found = list(rows)
    if as_json:
        data(found)
        return
    if not found:
        say(empty)
        return
    headings = list(columns.values())
    cells = [[plain(row.get(key)) for key in columns] for row in found]
    widths = [max(map(cell_len, column)) for column in zip(headings, *cells, strict=True)]
    whole = sum(widths) + GAP * (len(widths) - 1)
    room = _console(sys.stdout, width=whole).width
    if room >= whole and len(cells) > ROWS_DRAWN_MAX:
        _print(_lines(headings, cells, widths))
    elif room - (whole - max(widths)) >= min(max(widths), FOLDED_MIN):
        _print(_drawn(sys.stdout, _grid(headings, cells), width=whole))
    else:
        _print("\n".join(_drawn(sys.stdout, _paragraph(headings, row), width=whole) for row in cells))


def _lines(headings: Sequence[str], cells: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    """The same table by hand: a hundred thousand rows take a second, and minutes when they are drawn."""
    rows = (headings, *cells)
    padded = ((cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join((" " * GAP).join(row).rstrip() for row in padded) + "\n"


def _grid(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bold", padding=(0, GAP, 0, 0))
    for heading in headings:
        grid.add_column(heading, overflow="fold")
    for row in cells:
        grid.add_row(*map(Text, row))
    return grid


def _paragraph(headings: Sequence[str], row: Sequence[str]) -> Table:
    """A row of a table that is wider than the terminal: a line for each of its cells."""
    grid = Table(box=None, pad_edge=False, show_header=False, padding=(0, GAP, 0, 0))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for heading, cell in zip(headings, row, strict=True):
        if cell:
            grid.add_row(heading, Text(cell))
    return grid


def fields(values: Mapping[str, Any], *, as_json: bool) -> None:
    """Print one thing: a line for each of its fields, several for a list, none for what it has not."""
    if as_json:
        data(values)
        return
    known = {name: value for name, value in values.items() if value not in (None, "", [], ())}
    width = max(map(len, known), default=0) + GAP
    for name, value in known.items():
        parts = value if isinstance(value, list | tuple) else [value]
        for position, part in enumerate(parts):
            label = name if position == 0 else ""
            _print(_drawn(sys.stdout, Text.assemble((label.ljust(width), "bold"), plain(part))))


def data(value: object) -> None:
    """Print JSON. Instants are RFC 3339; what a terminal would obey is written as \\u…."""
    text = orjson.dumps(value, default=_jsonable, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS).decode()
    _print(RAW_IN_JSON.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n")


def text(value: str) -> None:
    """Print a document of several lines."""
    _print(_harmless(ESCAPES.sub("", value), keep="\n\t").rstrip("\n") + "\n")


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise typer.Exit(Exit.UNREAD) from None


# -- talk


def say(*words: object) -> None:
    """A line of talk."""
    _talk(Text(" ".join(map(plain, words))))


def point(label: str, value: object) -> None:
    """A line of talk that names something: a label, and what it stands for."""
    _talk(Text.assemble((f"  {plain(label):<18}", "bold"), plain(value)))


def complain(what: str, why: str, fix: str) -> None:
    """An error: what happened, why, and what to do."""
    _talk(Text.assemble(("error: ", "bold red"), plain(what)))
    for label, words in (("why", why), ("fix", fix)):
        if words:
            _talk(Text.assemble((f"  {label}: ", "bold"), plain(words)))


def _talk(words: Text) -> None:
    # Work in hand is worth more than words about it: a reader who left, or a full disk, does not stop it.
    with suppress(OSError):
        sys.stderr.write(_drawn(sys.stderr, words))
        sys.stderr.flush()


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Tell]:
    """A bar on a terminal, silence elsewhere. Yields a function: call it with how many are done, and of how many."""
    console = Console(file=sys.stderr)
    if not console.is_terminal or console.is_dumb_terminal:
        yield lambda done, total=None: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(plain(what), total=total)
        yield lambda done, total=None: bar.update(task, completed=done, **({} if total is None else {"total": total}))


def _drawn(stream: TextIO, words: RenderableType, *, width: int = 80) -> str:
    """As it is to be written. Cells of a table are padded to their column; behind the last one that is only noise."""
    console = _console(stream, width=width)
    console.print(words, soft_wrap=isinstance(words, Text))
    return "".join(f"{line.rstrip()}\n" for line in console.file.getvalue().splitlines())  # type: ignore[attr-defined]


def _console(stream: TextIO, *, width: int) -> Console:
    """Draws as `stream` wants it, into memory: a console that wrote for itself would end the command with a pipe.

    `width` is for a pipe, where nothing is cut or folded.
    """
    terminal = stream.isatty()
    return Console(
        file=StringIO(),
        force_terminal=terminal or None,
        width=None if terminal else max(width, 80),
        highlight=False,
        markup=False,
        emoji=False,
    )


def _jsonable(value: object) -> object:
    if isinstance(value, bytes):
        raise TypeError("bytes have no JSON form")
    return str(value)
