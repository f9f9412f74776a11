"""A file of rows -> rows of text, each with the line it begins in. In: a stream of bytes. Out: lists of cells.

Knows byte order marks, UTF-16 without one, and Windows' own encoding; commas, semicolons, tabs and bars. A row that
cannot be read is told as None, and the next one is read.
"""

import codecs
import csv
import io
from collections.abc import Generator, Iterator, Sequence
from typing import BinaryIO, TextIO

from syndication.errors import ParseError

PEEK_BYTES = 64 * 1024
CELL_CHARS_MAX = 128 * 1024
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DELIMITERS = ",;\t|"

Row = tuple[int, Sequence[str] | None]


def rows(stream: BinaryIO) -> Generator[Row]:
    """Raises ParseError for what is no text at all. Nothing is held but the row in hand."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    head = buffered.peek(PEEK_BYTES)[:PEEK_BYTES]
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise ParseError("this is no list in plain text", fix="save it as CSV, unpacked")
    text = io.TextIOWrapper(buffered, encoding=_encoding(head), errors="replace", newline="")
    try:
        yield from _rows(text, head)
    finally:
        text.detach()  # the stream stays open: it is its owner's


def _rows(text: TextIO, head: bytes) -> Iterator[Row]:
    csv.field_size_limit(CELL_CHARS_MAX)
    first = head.decode(_encoding(head), "replace").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    lines, before = iter(text), 0
    while True:
        reader = csv.reader(lines, delimiter=delimiter)
        start = before + 1
        try:
            for row in reader:
                yield start, row
                start = before + reader.line_num + 1
            return
        except csv.Error:
            yield start, None
            before += reader.line_num


def _encoding(head: bytes) -> str:
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return encoding
    if head[1:200:2].count(0) > len(head[1:200:2]) * 0.6:
        return "utf-16-le"
    if head[0:200:2].count(0) > len(head[0:200:2]) * 0.6:
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # not final: the piece may end inside a character
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
