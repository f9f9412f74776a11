"""`article why|hold|release|withdraw|report`: each decision told with its reason, and what a person decides holds."""

import csv
import io
import json

import pytest

from syndication.cli import cells


def states(operator):
    return {row["id"]: row["state"] for row in operator("article", "list", "--json").json}


def test_why_tells_every_decision(operator):
    operator.has_news()
    said = operator("article", "why", 1)
    assert said.code == 0
    for words in ("identity", "of the source harbour", "topics", "decided by rule", "in feed", "in web", "in mail",
                  "text: an excerpt of at most 55 words", "attribution:", "canonical:", "story", "which it leads",
                  "not in", "morning, daily", "first seen", "removed"):  # fmt: skip
        assert words in said.out, words
    told = operator("article", "why", 1, "--json").json
    assert told.keys() >= {"identity", "dates", "topics", "rights", "terms", "channels", "images", "story", "feeds",
                           "editions", "not_in", "removed", "flags", "decided_by_people"}  # fmt: skip
    assert told["channels"].keys() == {"feed", "web", "mail"}
    assert operator("article", "why", 99).code == 4


def test_a_hold_takes_it_out_and_a_release_lets_it_in_again_and_both_are_written_down(operator):
    operator.has_news()
    assert operator("feed", "build").code == 0
    said = operator("article", "hold", 1, "--reason", "the mayor says it is not so", "--json").json
    assert (said["state"], said["dry_run"], said["feeds"] > 0) == ("held", False, True)
    assert states(operator)[1] == "held"
    assert "all.rss" in " ".join(operator("feed", "build", "--json").json["changed"])
    why = operator("article", "why", 1)
    assert "it is held for a person to decide" in why.out
    assert "the mayor says it is not so" in why.out
    assert operator("article", "hold", 1, "--reason", "again").code == 5
    assert operator("article", "release", 1, "--web-only").code == 0
    assert states(operator)[1] == "live"
    assert "with the first poll" in operator("article", "why", 1).out
    assert operator("article", "release", 1).code == 5


def test_con_12_a_withdrawal_names_what_it_touches_and_asks(operator, monkeypatch):
    operator.has_news()
    operator("feed", "build")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))  # nobody is there
    asked = operator("article", "withdraw", 1, "--reason", "wrong")
    assert asked.code == 5
    assert "feeds" in asked.err
    assert "--yes" in asked.err
    dry = operator("article", "withdraw", 1, "--reason", "wrong", "--dry-run")
    assert (dry.code, states(operator)[1]) == (0, "live")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert operator("article", "withdraw", 1, "--reason", "wrong").code == 5
    assert states(operator)[1] == "live"
    assert operator("article", "withdraw", 1, "--reason", "wrong", "--yes").code == 0
    assert states(operator)[1] == "withdrawn"
    assert operator("article", "withdraw", 1, "--reason", "wrong", "--yes").code == 5
    assert "withdrawn for good" in operator("article", "release", 1).err
    assert operator("article", "withdraw", 99, "--reason", "x", "--yes").code == 4
    history = operator("article", "why", 1, "--json").json["decided_by_people"]
    assert [(line["action"], line["detail"]) for line in history] == [("article withdraw", "wrong")]


def test_a_report_sums_up_a_month_of_each_partner(operator):
    operator.has_news()
    operator("feed", "build")
    operator("article", "withdraw", 2, "--reason", "x", "--yes")
    month = operator("article", "list", "--json").json and operator("article", "why", 1, "--json").json["identity"]
    month = month["first_seen_at"][:7]
    (sums,) = operator("article", "report", "--month", month, "--json").json["partners"]
    assert (sums["name"], sums["stories"], sums["web"], sums["feeds"], sums["withdrawn"]) == (
        "Harbour Daily",
        3,
        3,
        3,
        1,
    )
    table = operator("article", "report", "--month", month, "--partner", "harbour")
    assert "copies accepted" in table.out
    assert "Ferry 1 sails again" in table.out
    rows = list(csv.DictReader(io.StringIO(operator("article", "report", "--month", month, "--csv").out)))
    assert [row["partner"] for row in rows] == ["Harbour Daily"] * 3
    assert {row["withdrawn"] for row in rows} == {"no", "yes"}
    (none,) = operator("article", "report", "--month", "2001-02", "--json").json["partners"]
    assert (none["stories"], none["articles"]) == (0, [])


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--month", "2026-13"), 2, "no month"),
        (("--month", "May"), 2, "no month"),
        (("--csv", "--json"), 2, "not both"),
        (("--partner", "harbor"), 4, "did you mean 'harbour'?"),
    ],
)
def test_a_report_says_what_it_cannot_tell(operator, arguments, code, words):
    operator.sets_up()
    said = operator("article", "report", *arguments)
    assert said.code == code
    assert words in said.err


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("  =1", "'=1"),
        ("＝1", "'＝1"),
        ("\u202e=1", "'=1"),
        (-1, "-1"),
        (0, "0"),
        (None, ""),
        (True, "yes"),
        ("plain, with a comma", "plain, with a comma"),
        ("\x1b[2Jwiped", "wiped"),
    ],
)
def test_con_11_no_cell_is_a_formula(value, written):
    assert cells.cell(value) == written


def test_con_11_cells_stay_apart():
    text = cells.written({"a": "title", "b": "n"}, [{"a": 'x","=1', "b": 3}, {"a": "two\nlines", "b": 4}])
    assert list(csv.reader(io.StringIO(text))) == [["title", "n"], ['x","=1', "3"], ["two lines", "4"]]


def test_json_of_a_decision_is_whole(operator):
    operator.has_news()
    told = json.loads(operator("article", "hold", 2, "--reason", "r", "--dry-run", "--json").out)
    assert told == {"article": 2, "state": "held", "feeds": told["feeds"], "editions_unsent": 0, "editions_sent": 0,
                    "images": 0, "dry_run": True}  # fmt: skip
