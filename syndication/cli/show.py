"""How commands speak: tables for people, JSON for programs, progress on a terminal only. All text is made harmless.

Text that came from outside can hold control characters that repaint a terminal; none reaches one (CON-15).
"""

import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

UNBOUNDED = 4_000
"""Columns of a table that goes into a pipe: nothing there is cut or folded."""


def plain(value: object) -> str:
    """`value` as one line of text without control, format or bidirectional characters."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, Enum):
        value = value.value
    text = " ".join(str(value).split())
    return "".join(character for character in text if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co"))


def table(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]], *, as_json: bool, empty: str = "none") -> None:
    """Print `rows`: of each the keys of `columns` (key -> heading), or as JSON all that it has."""
    found = list(rows)
    if as_json:
        data(found)
        return
    if not found:
        say(empty)
        return
    grid = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in columns.values():
        grid.add_column(heading, overflow="fold")
    for row in found:
        grid.add_row(*(Text(plain(row.get(key))) for key in columns))
    console = _out()
    with console.capture() as drawn:
        console.print(grid)
    # Cells are padded to their column; behind the last one that would only be noise in a pipe.
    lines = drawn.get().splitlines()
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines))
    sys.stdout.flush()


def fields(values: Mapping[str, Any], *, as_json: bool) -> None:
    """Print one thing: a line for each of its fields."""
    if as_json:
        data(values)
        return
    console = _out()
    width = max(map(len, values), default=0)
    for name, value in values.items():
        parts = value if isinstance(value, list | tuple) else [value]
        for position, part in enumerate(parts or [""]):
            label = name if position == 0 else ""
            console.print(Text.assemble((label.ljust(width + 2), "bold"), plain(part)), soft_wrap=True)


def data(value: object) -> None:
    """Print JSON. Instants are RFC 3339, bytes are refused."""
    sys.stdout.buffer.write(orjson.dumps(value, default=_jsonable, option=orjson.OPT_INDENT_2) + b"\n")
    sys.stdout.flush()


def text(value: str) -> None:
    """Print a document as it is, for a pipe or a file."""
    sys.stdout.write(value if value.endswith("\n") else value + "\n")
    sys.stdout.flush()


def say(*words: object) -> None:
    """A line of talk."""
    _talk().print(Text(" ".join(map(plain, words))), soft_wrap=True)


def point(label: str, value: object) -> None:
    """A line of talk that names something: a label, and what it stands for."""
    _talk().print(Text.assemble((f"  {plain(label):<18}", "bold"), plain(value)), soft_wrap=True)


def complain(what: str, why: str, fix: str) -> None:
    """An error: what happened, why, and what to do."""
    console = _talk()
    console.print(Text.assemble(("error: ", "bold red"), plain(what)), soft_wrap=True)
    for label, words in (("why", why), ("fix", fix)):
        if words:
            console.print(Text.assemble((f"  {label}: ", "bold"), plain(words)), soft_wrap=True)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Any]:
    """A bar on a terminal, silence elsewhere. Yields a function: call it with how many are done by now."""
    console = _talk()
    if not console.is_terminal:
        yield lambda done: None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def names(values: Sequence[object]) -> str:
    return ", ".join(plain(value) for value in values)


def _out() -> Console:
    return _console(sys.stdout)


def _talk() -> Console:
    return _console(sys.stderr)


def _console(stream: Any) -> Console:
    width = None if stream.isatty() else UNBOUNDED
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def _jsonable(value: object) -> object:
    if isinstance(value, bytes):
        raise TypeError("bytes have no JSON form")
    return str(value)
