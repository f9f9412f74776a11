"""A list of feeds -> sources, with a reason for each row that becomes none."""

import pytest

from syndication.errors import ParseError
from syndication.jobs.enlist import GROUP_MAX, enlist
from syndication.model.enrol import Decided, Decision, Outline
from syndication.outbound.address import AddressPolicy
from syndication.sources.opml import read_opml, write_opml
from syndication.storage import sources
from syndication.storage.database import Database
from syndication.storage.enrol import Roll
from tests.builders import NOW, a_source, put_publication

BASE = "https://news.example.org"


@pytest.fixture
def roll(database: Database) -> Roll:
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, url="https://harbour.example/feed")])
    return Roll(database, actor="test")


def run(roll: Roll, *outlines: Outline) -> list[Decided]:
    policy = AddressPolicy()
    return list(enlist(outlines, roll=roll, judge=policy.judge_spelling, base_url=BASE, clock=lambda: NOW))


@pytest.mark.parametrize(
    ("url", "decision", "reason"),
    [
        ("https://bay.example/feed", Decision.ADDED, ""),
        ("http://www.harbour.example/feed/", Decision.KNOWN, "it is the source 'harbour-daily' already"),
        ("http://10.0.0.7/feed", Decision.REFUSED, "10.0.0.7 is private, RFC 1918"),
        ("http://127.1/feed", Decision.REFUSED, "127.0.0.1 is loopback, RFC 1122"),
        ("http://localhost:8080/feed", Decision.REFUSED, "127.0.0.1 is loopback, RFC 1122"),
        ("http://[::1]/feed", Decision.REFUSED, "::1 is loopback, RFC 4291"),
        ("http://2130706433/", Decision.REFUSED, "127.0.0.1 is loopback, RFC 1122"),
        ("feed://bay.example/", Decision.REFUSED, "the URL begins with 'feed', only http and https are fetched"),
        ("https://a:b@bay.example/", Decision.REFUSED, "character 12 is an @ after user-info"),
        (f"{BASE}/feeds/all.rss", Decision.REFUSED, "it is published by this very service: it would feed us"),
        ("", Decision.REFUSED, "only http and https are fetched"),
    ],
)  # fmt: skip
def test_par_13_each_row_has_its_reason(roll: Roll, url: str, decision: Decision, reason: str) -> None:
    (row,) = run(roll, Outline(3, url, "Bay"))
    assert (row.line, row.url, row.decision) == (3, url, decision)
    assert reason in row.reason and bool(row.reason) is bool(reason)


def test_par_13_a_duplicate_names_the_line_it_repeats_and_a_second_run_knows_all(roll: Roll) -> None:
    outlines = [Outline(n, f"https://h{n % 40}.example/feed") for n in range(1, 101)]
    first = run(roll, *outlines)
    assert sum(row.decision is Decision.ADDED for row in first) == 40
    assert first[40].reason == "line 1 of the list names it too"
    assert {row.decision for row in run(roll, *outlines)} == {Decision.KNOWN}


def test_par_13_what_stands_before_a_break_is_added(roll: Roll) -> None:
    list_ = b'<opml><body>\n<outline text="A" xmlUrl="https://a.example/"/>\n<outline text="B" </body>'
    rows = enlist(read_opml([list_]), roll=roll, judge=lambda url: None, base_url=BASE, clock=lambda: NOW)
    assert next(rows).source == "a-example"
    with pytest.raises(ParseError, match="line 3"):
        next(rows)
    assert ("https://a.example/", "a-example") in roll.addresses()


def test_more_rows_than_a_group_are_all_added(roll: Roll) -> None:
    rows = run(roll, *(Outline(n, f"https://host.example/feed/{n}") for n in range(GROUP_MAX + 10)))
    assert len({row.source for row in rows}) == GROUP_MAX + 10
    assert rows[-1].source == f"host-example-{GROUP_MAX + 10}"


def test_a_written_list_makes_the_same_sources_in_another_house(roll: Roll, database: Database) -> None:
    theirs = [a_source(slug=f"s{n}", url=f"https://s{n}.example/feed", topics=("harbour", "unknown")) for n in range(3)]
    rows = run(roll, *read_opml(piece.encode() for piece in write_opml(theirs, title="Theirs")))
    assert [row.source for row in rows] == ["s0", "s1", "s2"]
    with database.read() as connection:
        found = {row.source.slug: row.source for row in sources.listing(connection)}
    assert found["s1"].topics == ("harbour",)
    assert found["s1"].partner.slug == "harbour-daily"  # the same home page
