"""Lists of feeds, as other programs write them, and as ours come back."""

import tracemalloc
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.errors import ParseError
from syndication.model.enrol import Outline
from syndication.sources.opml import is_opml, read_opml, write_opml
from tests.builders import a_partner, a_source


def opml(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{head}<opml version="2.0"><head><title>L</title></head>\n<body>{body}</body></opml>'.encode()


def test_relative_addresses_are_those_of_where_the_list_came_from() -> None:
    (found,) = read_opml([opml('<outline text="H" xmlUrl="/feed?a=1" htmlUrl="home"/>')], "https://h.example/lists/all")
    assert (found.url, found.home) == ("https://h.example/feed?a=1", "https://h.example/lists/home")


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<outline text="Harbour" xmlUrl=" https://h.example/f " htmlUrl="https://h.example/"/>',
         Outline(2, "https://h.example/f", "Harbour", "https://h.example/")),
        ('<outline text="News"><outline><outline TEXT="H" XMLURL="https://h.example/f"/></outline></outline>',
         Outline(2, "https://h.example/f", "H")),
        ('\n\n<outline text="H" xmlUrl="https://h.example/?a=1&b=2&copy=3"/>',  # bare ampersands
         Outline(4, "https://h.example/?a=1&b=2&copy=3", "H")),
        ('<outline text="Caf&eacute; &amp; Bar &#38; &nosuch;" xmlUrl="https://h.example/"/>',
         Outline(2, "https://h.example/", "Café & Bar & &nosuch;")),
        ('<outline title="h" text="Harbour" xmlUrl="https://h.example/" category="/port/,/a/b, ,/port"/>',
         Outline(2, "https://h.example/", "Harbour", "", "h", ("port", "a/b"))),
        ('<outline title="Only" xmlUrl="x" htmlUrl="javascript:alert(1)"/>', Outline(2, "x", "Only")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 7, 4096])
def test_an_outline_is_read_however_the_document_is_cut(body: str, found: Outline, size: int) -> None:
    assert list(read_opml(pieces(opml(body), size))) == [found]


@pytest.mark.parametrize("charset", ["utf-16", "windows-1252", "iso-8859-1"])
def test_a_list_may_come_in_another_charset(charset: str) -> None:
    document = opml('<outline text="Café" xmlUrl="https://h.example/"/>', f'<?xml version="1.0" encoding="{charset}"?>')
    data = document.decode().encode(charset)
    assert is_opml(data)
    assert [outline.title for outline in read_opml(pieces(data, 64))] == ["Café"]


def test_par_13_a_hundred_thousand_outlines_nested_a_thousand_deep_are_read_as_they_stream() -> None:
    def document() -> Iterator[bytes]:
        yield b'<opml version="1.0"><body>'
        for n in range(100):
            yield b'<outline text="folder">' * 1000
            for row in range(1000):
                yield f'<outline text="F{row}" xmlUrl="https://h{n}.example/{row}"/>'.encode()
            yield b"</outline>" * 1000
        yield b"</body></opml>"

    tracemalloc.start()
    count = sum(1 for _ in read_opml(document()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 8_000_000


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<rss><channel/></rss>", "it begins with <rss>"),
        (b"", "no element found"),
        (opml("<outline>"), "mismatched tag, line 2"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "definitions of its own"),
        (b'<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>', "definitions of its own"),
        (b"<opml>" + b"<outline>" * 6_000, "nested deeper than 5000"),
        (b"<opml><outline " + b"".join(b'a%d="" ' % n for n in range(100_000)), "longer than 262144 bytes"),
    ],
)
def test_par_13_a_list_that_cannot_be_read_says_where_and_why(data: bytes, why: str) -> None:
    with pytest.raises(ParseError, match=why):
        list(read_opml(pieces(data, 65_536)))


def test_par_13_what_stands_before_the_break_is_read() -> None:
    found = read_opml([opml('<outline xmlUrl="a"/>\n<outline xmlUrl="b"/><broken')])
    assert [outline.url for outline in islice(found, 2)] == ["a", "b"]
    with pytest.raises(ParseError, match="line 3"):
        list(found)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30)


@given(st.lists(st.tuples(WORDS, st.sampled_from(["", "?a=1&b=<2>", "/ü\"'"])), max_size=5))
def test_a_written_list_reads_back(rows: list[tuple[str, str]]) -> None:
    sources = [
        a_source(
            slug=f"s{n}", url=f"https://s{n}.example/f{end}", partner=a_partner(name=name), topics=("port", "rail")
        )
        for n, (name, end) in enumerate(rows)
    ]
    document = "".join(write_opml(sources, title="Ours & theirs")).encode()
    assert is_opml(document)
    for outline, source in zip(read_opml([document]), sources, strict=True):
        assert outline.url == source.url
        assert outline.title in (" ".join(source.partner.name.split()), source.slug)
        assert outline.name in (source.slug, "")
        assert outline.home == source.partner.homepage
        assert outline.categories == ("port", "rail")
