"""CSV for a spreadsheet. In: columns, rows. Out: text whose cells no spreadsheet takes for a formula (CON-11)."""

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import StringIO
from typing import Any

from syndication.cli import show

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet begins a formula with; the wide forms too, as some read them alike."""


def written(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A line of headings, then a line for each row. `columns` is key -> heading."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns.values())
    writer.writerows([cell(row.get(key)) for key in columns] for row in rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """A number is a number; a text that looks like a formula gets an apostrophe before it."""
    if isinstance(value, bool | datetime) or value is None:
        return show.plain(value)
    if isinstance(value, int):
        return str(value)
    raw = str(value)
    text = show.plain(raw)
    return harmless(text) if not raw.startswith(DANGEROUS) else f"'{text}"


def harmless(text: str) -> str:
    """With an apostrophe before what would be read as a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
