"""`source import|export`: lists of feeds, row by row."""

import io
from collections import Counter

import pytest


@pytest.fixture
def seated(operator):
    operator.sets_up()
    return operator


def opml(*rows: str) -> str:
    outlines = "\n".join(f'<outline type="rss" text="Feed {n}" xmlUrl="{url}"/>' for n, url in enumerate(rows))
    return f'<?xml version="1.0"?>\n<opml version="2.0"><body>\n{outlines}\n</body></opml>\n'


def slugs(operator):
    return [row["source"] for row in operator("source", "list", "--json").json]


def test_par_13_each_row_is_told_before_and_after(seated, partner):
    path = seated.writes(
        "list.opml",
        opml(
            "https://a.example/f",
            "http://A.example/f/",
            partner.url("/feed"),
            "http://192.168.0.1/f",
            "ftp://a.example",
        ),
    )
    for rehearse in (True, False):
        options = ("--dry-run",) if rehearse else ()
        said = seated("source", "import", path, *options)
        assert said.code == 6
        lines = said.out.splitlines()
        assert [line.split()[:3] for line in lines] == [
            ["line", "3", "added"],
            ["line", "4", "twice"],
            ["line", "5", "known"],
            ["line", "6", "refused"],
            ["line", "7", "refused"],
        ]
        assert "line 3 of the list names it too" in lines[1]
        assert "it is the source 'harbour' already" in lines[2]
        assert "192.168.0.1 is private, RFC 1918" in lines[3]
        assert "only http and https are fetched" in lines[4]
        assert "1 added, 1 known already, 1 named twice, 2 refused" in said.err
        assert ("nothing was added" in said.err) is rehearse
        assert slugs(seated) == (["harbour"] if rehearse else ["a-example", "harbour"])
    again = seated("source", "import", path, "--json").json
    assert Counter(row["decision"] for row in again["rows"]) == {"known": 3, "refused": 2}


def test_a_list_that_breaks_off_keeps_what_stood_before_and_says_where(seated):
    path = seated.writes("list.opml", opml("https://a.example/f").replace("</body>", "<broken"))
    said = seated("source", "import", path)
    assert said.code == 1
    assert "cannot be read to its end" in said.err and "line 4" in said.err
    assert slugs(seated) == ["a-example", "harbour"]


@pytest.mark.parametrize("what", ["nowhere.opml", "http://127.0.0.1:9/x"])
def test_a_list_that_is_not_there_says_so(seated, what):
    assert seated("source", "import", what).code in (4, 5)


def test_a_list_may_come_from_stdin_or_from_an_address(seated, partner, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(opml("https://a.example/f").encode())))
    assert seated("source", "import", "-").code == 0
    partner.puts("/list", opml("https://b.example/f"), type="text/x-opml")
    assert seated("source", "import", partner.url("/list")).code == 0
    partner.lists(1)
    assert seated("source", "import", partner.url("/feed")).code == 1
    assert slugs(seated) == ["a-example", "b-example", "harbour"]


def test_add_of_a_list_asks_and_adds_its_rows(seated, partner, monkeypatch):
    partner.puts("/list", opml("https://a.example/f", "https://b.example/f"), type="text/x-opml")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"n\n")))
    said = seated("source", "add", partner.url("/list"))
    assert said.code == 5 and "a list of 2 feeds" in said.err
    assert seated("source", "add", partner.url("/list"), "--yes").code == 0
    assert slugs(seated) == ["a-example", "b-example", "harbour"]


def test_what_is_exported_makes_the_same_sources_elsewhere(seated, partner, tmp_path):
    seated(
        "source", "import", seated.writes("list.opml", opml("https://a.example/f?x=1&amp;y=2", "https://b.example/f"))
    )
    shown = seated("source", "export").out
    assert seated("source", "export", "--to", "out.opml").code == 0
    assert (seated.folder / "out.opml").read_text() == shown
    there = ("--data", tmp_path / "elsewhere")
    assert seated(*there, "migrate").code == 0
    assert seated(*there, "source", "import", "out.opml").code == 0
    here, elsewhere = (
        [(row["source"], row["address"], row["partner"]) for row in seated(*where, "source", "list", "--json").json]
        for where in ((), there)
    )
    assert here == elsewhere and len(here) == 3
    again = seated("source", "import", "out.opml", "--json").json
    assert {row["decision"] for row in again["rows"]} == {"known"}
