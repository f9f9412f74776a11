"""Bytes to UTF-8. The oddities of whole documents are in the corpus."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.errors import ParseError
from syndication.sources.charset import WRONG_BYTES_MAX, to_utf8

_OTHER_NAMES = {"hz-gb-2312": "hz", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic"}
_OTHER_NAMES |= {"ms-cyrl": "cp1251", "x-sjis": "cp932", "koi": "koi8-r"}


@given(
    st.binary(max_size=200), st.sampled_from([None, "text/xml; charset=koi8-r", "x; charset=utf-16", "charset=rot13"])
)
def test_par_04_whatever_comes_in_utf_8_goes_out(data: bytes, content_type: str | None) -> None:
    to_utf8(data, content_type).utf8.decode()


@given(st.text())
def test_par_04_valid_utf_8_wins_over_every_claim(text: str) -> None:
    data = text.lstrip("\ufeff\0<{").encode()
    assert to_utf8(data, "text/xml; charset=windows-1251").utf8 == data


@pytest.mark.parametrize("name", ["utf-7", "UTF7", "unicode-1-1-utf-7", "utf_7"])
def test_par_04_utf_7_is_refused(name: str) -> None:
    with pytest.raises(ParseError, match="UTF-7"):
        to_utf8(b"+ADw-rss+AD4-", f"text/xml; charset={name}")


@pytest.mark.parametrize("claim", ["zlib", "rot13", "unicode_escape", "idna", "hex", "nonsense"])
def test_par_04_no_other_codec_is_ever_used(claim: str) -> None:
    found = to_utf8(b"caf\xe9 \\u0041", f"text/xml; charset={claim}")
    assert found.utf8.decode() == "café \\u0041"
    assert not found.exact


def test_par_04_a_document_that_is_wrong_all_over_is_windows_1252_as_a_whole() -> None:
    found = to_utf8(b"\xe9" * (WRONG_BYTES_MAX + 1))
    assert found.utf8.decode() == "é" * (WRONG_BYTES_MAX + 1)


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp037", "cp500", "cp1026"])
def test_par_04_wide_bytes_and_those_of_mainframes_are_told_by_how_they_begin(name: str) -> None:
    text = f'<?xml version="1.0" encoding="{name}"?><rss>Café</rss>'
    assert to_utf8(text.encode(name)).utf8.decode() == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("iso-2022-jp", "日本語"),
        ("iso-2022-kr", "한국"),
        ("hz-gb-2312", "中文"),
        ("johab", "한국"),
        ("cp437", "Café"),
        ("cp855", "Привет"),
        ("mac_greek", "Καλη"),
        ("ptcp154", "Привет"),
        ("macintosh", "Café"),
        ("x-mac-cyrillic", "Привет"),
        ("ms-cyrl", "Привет"),
        ("x-sjis", "日本語"),
        ("koi", "Привет"),
    ],
)
def test_par_04_a_rare_charset_is_read_when_it_is_named(name: str, text: str) -> None:
    whole = f'<?xml version="1.0" encoding="{name}"?><rss>{text}</rss>'
    assert to_utf8(whole.encode(_OTHER_NAMES.get(name, name))).utf8.decode() == whole
