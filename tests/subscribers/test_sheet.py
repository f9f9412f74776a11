"""A file of rows, in the spellings that lists come in."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.errors import ParseError
from syndication.subscribers.sheet import CELL_CHARS_MAX, rows


def read(data: bytes):
    return list(rows(io.BytesIO(data)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_con_09_encodings_and_delimiters(encoding, delimiter):
    text = f'email{delimiter}name\r\nada@x.example{delimiter}"Ad{delimiter}ä ""A"""\r\n'
    assert read(text.encode(encoding)) == [
        (1, ["email", "name"]),
        (2, ["ada@x.example", f'Ad{delimiter}ä "A"']),
    ]


def test_a_row_says_the_line_it_begins_in():
    assert read(b'a,b\n"x\ny",1\n\nz,2\n') == [(1, ["a", "b"]), (2, ["x\ny", "1"]), (4, []), (5, ["z", "2"])]


def test_con_09_a_cell_without_end_and_a_nul_hurt_their_row_only():
    found = read(b"email\n" + b"x" * (CELL_CHARS_MAX + 1) + b"\nada@x.example\nb\0o@x.example\n")
    assert found == [(1, ["email"]), (2, None), (3, ["ada@x.example"]), (4, ["b\0o@x.example"])]


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\x1f\x8brest", b"%PDF-1.7"])
def test_what_is_no_text_is_said_to_be_none(data):
    with pytest.raises(ParseError, match="no list in plain text"):
        read(data)


@given(st.binary(max_size=400))
def test_bytes_never_raise_anything_else(data):
    try:
        found = read(data)
    except ParseError:
        return
    assert [line for line, _ in found] == sorted({line for line, _ in found})
