"""`subscriber import|export|erase`: lists of readers in and out, and one who is forgotten."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time

IMPORT = ("subscriber", "import", "list.csv", "-n", "morning", "--consent", "asked at the fair")
LIST = """Email Address,First Name,OPTIN_TIME,UNSUB_TIME
ada@readers.example,Ada,2024-03-01 10:00:00,
bo@readers.example,Bo,2024-03-01 10:00:00,2025-06-01 00:00:00
not an address,Cy,,
ADA@readers.example,Ada,,
"""
HEADING = (
    "address,newsletter,state,cadence,locale,zone,requested_at,confirmed_at,unsubscribed_at,asked_at,"
    "consent,form,suppressed"
)


def test_con_09_a_list_is_tried_first_and_then_taken_in(on_both):
    on_both.sets_up()
    on_both.writes("list.csv", LIST)
    told = on_both(*IMPORT, "--dry-run", "--json")
    assert told.code == 6
    assert told.json["counts"] == {
        "added": 1,
        "known": 0,
        "closed": 1,
        "twice": 1,
        "left": 0,
        "suppressed": 0,
        "refused": 1,
    }
    assert (told.json["shape"], told.json["rows"]) == ("Mailchimp", 4)
    assert on_both("subscriber", "list", "--json").json == []
    done = on_both(*IMPORT, "--yes", "--report", "rest.csv")
    assert done.code == 6
    assert "4 rows, a list of Mailchimp: 1 subscribed, 1 closed, as the list says, 1 in the list twice" in done.out
    assert "line 4  refused" in done.out
    report = (on_both.folder / "rest.csv").read_text().splitlines()
    assert [line.split(",")[:2] for line in report] == [
        ["line", "outcome"],
        ["3", "closed"],
        ["4", "refused"],
        ["5", "twice"],
    ]
    found = on_both("subscriber", "list", "--json").json
    assert [(row["address"], row["subscriptions"][0]["state"]) for row in found] == [
        ("ada@readers.example", "confirmed"),
        ("bo@readers.example", "unsubscribed"),
    ]


def test_con_12_nobody_is_added_unless_somebody_agrees(operator, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    operator.sets_up()
    operator.writes("list.csv", LIST)
    said = operator(*IMPORT)
    assert said.code == 5
    assert "1 subscribed" in said.err and "--yes" in said.err
    assert operator("subscriber", "list", "--json").json == []


def test_a_list_needs_a_newsletter_a_proof_and_a_file(operator):
    operator.sets_up()
    operator.writes("list.csv", LIST)
    assert operator("subscriber", "import", "list.csv", "-n", "mornin", "--consent", "x", "--yes").code == 4
    assert operator("subscriber", "import", "list.csv", "-n", "morning", "--consent", " ", "--yes").code == 2
    assert operator("subscriber", "import", "none.csv", "-n", "morning", "--consent", "x", "--yes").code == 4
    assert operator(*IMPORT, "--column", "name=First Name", "--yes").code == 2
    operator.writes("list.csv", "name\nAda\n")
    said = operator(*IMPORT, "--yes")
    assert said.code == 1 and "--column address=NAME" in said.err


def test_what_is_exported_is_read_again(on_both):
    on_both.sets_up()
    on_both.writes("list.csv", LIST)
    on_both(*IMPORT, "--yes")
    assert on_both("subscriber", "export", "--to", "all.csv").code == 0
    text = (on_both.folder / "all.csv").read_text()
    assert text == on_both("subscriber", "export").out
    assert (on_both.folder / "all.csv").stat().st_mode & 0o077 == 0
    heading, ada, bo = text.splitlines()
    assert heading == HEADING
    assert ada.startswith("ada@readers.example,morning,confirmed,daily,") and "asked at the fair" in ada
    assert "2024-03-01T10:00:00+00:00" in ada and ",2025-06-01T00:00:00+00:00," in bo
    only = on_both("subscriber", "export", "-n", "morning", "--state", "unsubscribed").out.splitlines()
    assert only == [heading, bo]
    assert on_both("subscriber", "export", "-n", "evening").code == 4
    again = on_both("subscriber", "import", "all.csv", "-n", "morning", "--consent", "x", "--yes", "--json").json
    assert (again["shape"], again["counts"]["known"], again["counts"]["left"]) == ("our own", 1, 1)


def test_con_11_exported_cells_are_no_formulas_unless_asked_for(operator):
    operator.sets_up()
    operator("subscriber", "add", "=cmd@readers.example", "-n", "morning", "--consent", "@SUM(1)")
    harmless, exact = operator("subscriber", "export").out, operator("subscriber", "export", "--exact").out
    assert "\n'=cmd@readers.example," in harmless and ",'@SUM(1)," in harmless
    assert "\n=cmd@readers.example," in exact and ",@SUM(1)," in exact
    operator.writes("list.csv", harmless)
    assert operator(*IMPORT, "--yes", "--json").json["counts"]["known"] == 1


def test_sto_06_who_is_erased_is_gone_and_no_list_brings_them_back(on_both, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    on_both.sets_up()
    on_both.subscribes("ada@readers.example")
    on_both.subscribes("bo@readers.example")
    assert on_both("subscriber", "erase", "ada@readers.example").code == 5
    assert on_both("subscriber", "erase", "ada@readers.example", "--dry-run", "--json").json["dry_run"] is True
    assert len(on_both("subscriber", "list", "--json").json) == 2
    told = on_both("subscriber", "erase", "Ada@readers.example", "--yes", "--json").json
    assert told["erased"]["addresses"] == 1 and told["erased"]["subscriptions"] == 1
    assert any("keyed hash" in what for what in told["remains"])
    assert [row["address"] for row in on_both("subscriber", "list", "--json").json] == ["bo@readers.example"]
    assert "ada@" not in on_both("subscriber", "export").out
    on_both.writes("list.csv", LIST)
    assert on_both(*IMPORT, "--yes", "--json").json["counts"]["suppressed"] == 1
    assert on_both("subscriber", "erase", "ada@readers.example", "--yes").code == 4
    journal = (on_both.folder / "data" / "journal").glob("*.jsonl")
    assert any("its owner asked to be forgotten" in path.read_text() for path in journal)


def test_con_09_killed_in_the_middle_the_same_command_goes_on(operator):
    operator.sets_up()
    rows = 40_000
    operator.writes("list.csv", "email\n" + "".join(f"reader{n}@readers.example\n" for n in range(rows)))
    process = subprocess.Popen(
        operator.command(*IMPORT, "--yes"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
    )
    connection = sqlite3.connect(operator.folder / "data" / "syndication.db", timeout=10)
    try:
        until = time.monotonic() + 60
        while not (done := connection.execute("SELECT count(*) FROM subscription").fetchone()[0]):
            assert time.monotonic() < until and process.poll() is None
            time.sleep(0.002)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    done = connection.execute("SELECT count(*) FROM subscription").fetchone()[0]
    assert done % 10_000 == 0
    counts = operator(*IMPORT, "--yes", "--json").json["counts"]
    assert (counts["known"], counts["added"]) == (done, rows - done)
    assert connection.execute("SELECT count(*) FROM subscriber").fetchone() == (rows,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
