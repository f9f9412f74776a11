"""PAR-01 to PAR-13, COL-09: whatever the bytes, readers answer or say why not, in bounded time. `STORM=full`: for long.

Documents are the corpus with bites taken out of it, pieces put in, and its charset changed; dates and addresses are
put together from what publishers' are made of. In `make test` each is a short run with a fixed seed.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from syndication.errors import ParseError
from syndication.outbound.url import judge_url, read_url
from syndication.sources.charset import to_utf8
from syndication.sources.dates import parse_date
from syndication.sources.links import resolve, resolve_html
from syndication.sources.parse import parse_feed

SECONDS = 900.0 if os.environ.get("STORM") == "full" else 1.5
SEED = int(os.environ.get("STORM_SEED", "20260507"))
CORPUS = Path(__file__).parent.parent / "corpus" / "feeds"
URL = "https://harbour.example/news/feed"
ONE_SECONDS_MAX = 20.0
"""No one document takes longer, on a machine that has other things to do."""

# Text, spoilt further down: each piece is put into documents as bytes.
_PIECES = (
    "<~>~&~]]>~<![CDATA[~<!--~-->~<?xml version='1.0'?>~<!DOCTYPE x [~</item>~\0~<item>~</channel>~&#xD83D;&#xDE00;"
    "~&#xDFFF;~&eacute;~&nope;~\xff\xfe~\xef\xbb\xbf~\x1b$B~+ADw-~xmlns=''~ xml:base='//['~isPermaLink='maybe'"
    "~\xed\xa0\xbd~{~}~<content type='xhtml'>~<div>~mode='base64'~<pubDate>~<x:y>~\xe2\x80\xa8~\r"
)
PIECES = [piece.encode("latin-1") for piece in _PIECES.split("~")] + [b"[" * 600, b"9" * 400]
_CHARSETS = "utf-8 utf-16 utf-16-le utf-32 utf-32-be cp1252 koi8-r shift_jis iso2022_jp cp037 hz"
CHARSETS = _CHARSETS.split()
_DATES = (
    "Mon, ~02~31~ ~-~/~:~.~Mar~março~Ιούλ~2026~26~T~Z~+01:00~-9999~GMT~PDT~오후 ~년~월~일~W10~061~0000~9999"
    "~(x)~,~pm~\0~\u0663"
)
DATES = _DATES.split("~")
_ADDRESSES = (
    "http://~https://~HTTP:~javascript:~//~/~..~?~#~@~:~%~%2f~%zz~\\~\t~\n~ ~harbour.example~xn--~é~[::1]~[~]"
    "~127.1~0x7f~:99999~\u200b~\ud800~\u3002~a~b~b~b"
)
ADDRESSES = _ADDRESSES.split("~")


def rounds() -> Iterator[random.Random]:
    chance, until = random.Random(SEED), time.monotonic() + SECONDS
    while time.monotonic() < until:
        yield chance


def within_bounds(read: Callable[[], object], shown: object) -> None:
    begun = time.process_time()
    read()
    assert time.process_time() - begun < ONE_SECONDS_MAX, shown


@pytest.mark.storm
def test_par_01_to_par_13_documents_are_read_or_refused_and_nothing_else() -> None:
    whole = [path.read_bytes() for path in sorted(CORPUS.iterdir())]
    for chance in rounds():
        data = bitten(chance.choice(whole), chance)
        within_bounds(lambda data=data: a_feed_or_none(data), data)  # type: ignore[misc]


def bitten(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(data))
        data = (
            data[:at]
            + chance.choice([*PIECES, b""]) * chance.choice((1, 1, 1, 50))
            + data[at + chance.randint(0, 40) :]
        )
    if chance.random() < 0.1:
        data = data.decode(errors="replace").encode(chance.choice(CHARSETS), errors="replace")
    return data


def a_feed_or_none(data: bytes) -> None:
    try:
        feed = parse_feed(data, url=URL)
    except ParseError as error:
        assert str(error)
        return
    for entry in feed.entries:
        for text in (entry.title, entry.id, entry.url, entry.summary_html, entry.content_html, *entry.categories):
            (text or "").encode()  # no half of a character is left (PAR-05)
        assert all(file.url.startswith(("http://", "https://")) for file in entry.enclosures)  # PAR-12


@pytest.mark.storm
def test_par_04_bytes_become_text_by_a_rule_or_are_refused() -> None:
    for chance in rounds():
        data = chance.randbytes(chance.randint(0, 60)) + chance.choice(PIECES) + chance.randbytes(chance.randint(0, 60))
        claim = f"text/xml; charset={chance.choice([*CHARSETS, 'utf-7', 'rot13', 'x' * 50])}"
        try:
            to_utf8(data, claim).utf8.decode()
        except ParseError as error:
            assert "UTF-7" in str(error)


@pytest.mark.storm
def test_par_09_a_date_is_an_instant_or_none() -> None:
    for chance in rounds():
        text = "".join(chance.choices(DATES, k=chance.randint(1, 9)))
        found = parse_date(text)
        assert found is None or (isinstance(found, datetime) and found.utcoffset() is not None), text


@pytest.mark.storm
def test_col_09_and_par_11_an_address_is_plain_or_refused() -> None:
    for chance in rounds():
        text = "".join(chance.choices(ADDRESSES, k=chance.randint(1, 9)))
        found = resolve(text, URL)
        assert found is None or found.lower().startswith(("http://", "https://")), text
        assert isinstance(resolve_html(f'<a href="{text}">', URL), str)
        if judge_url(text) is None:
            target = read_url(text)
            assert read_url(target.url) == target, text  # what was made plain stays as it is
            assert target.url.isascii()
            assert "@" not in target.host and "\\" not in target.url
