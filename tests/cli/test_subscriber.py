"""`subscriber`: added with proof, listed with what they consented to."""

import sqlite3

ADD = ("subscriber", "add", "ada@readers.example", "-n", "morning", "--consent", "signed at the fair")


def test_adding_is_idempotent_on_both_engines(on_both):
    on_both.sets_up()
    would = on_both(*ADD, "--dry-run", "--json").json
    assert (would["subscriber"], would["state"], would["dry_run"]) == (None, "confirmed", True)
    assert on_both("subscriber", "list", "--json").json == []
    made = on_both(*ADD, "--json").json
    assert made == {**would, "subscriber": made["subscriber"], "dry_run": False}
    assert made["subscriber"] is not None
    assert on_both(*ADD, "--json").json == made
    (row,) = on_both("subscriber", "list", "--json").json
    assert row["address"] == "ada@readers.example"
    assert row["subscriptions"] == [{"newsletter": "morning", "cadence": "daily", "state": "confirmed"}]
    assert "morning daily: confirmed" in on_both("subscriber", "list").out


def test_a_rehearsal_makes_no_key_either(operator):
    operator.sets_up()
    operator(*ADD, "--dry-run")
    assert not (operator.folder / "data" / "secret.key").exists()


def test_whoever_left_is_not_added_by_hand_nor_in_a_rehearsal(operator):
    operator.sets_up()
    operator(*ADD)
    connection = sqlite3.connect("data/syndication.db")
    connection.execute("UPDATE subscription SET state = 'unsubscribed', unsubscribed_at = '2026-05-07 00:00:00.000000'")
    connection.commit()
    connection.close()
    for command in (ADD, (*ADD, "--dry-run")):
        said = operator(*command)
        assert (said.code, said.out) == (5, "")
        assert "let them use the sign-up form" in said.err


def test_a_newsletter_that_is_none_and_an_address_that_is_none(operator):
    operator.sets_up()
    said = operator("subscriber", "add", "ada@readers.example", "-n", "mornng", "--consent", "x", "--dry-run")
    assert said.code == 4
    assert "did you mean 'morning'?" in said.err
    assert operator("subscriber", "add", "ada at readers", "-n", "morning", "--consent", "x").code == 2


def test_a_long_list_is_read_in_parts(operator):
    operator.sets_up()
    for n in range(3):
        operator.subscribes(f"reader{n}@readers.example")
    first = operator("subscriber", "list", "--limit", 2, "--json").json
    rest = operator("subscriber", "list", "--limit", 2, "--after", first[-1]["id"], "--json").json
    assert [row["address"] for row in first + rest] == [f"reader{n}@readers.example" for n in range(3)]


def test_a_readers_own_feed_is_made_once_shown_and_taken_back(operator):
    operator.sets_up()
    operator(*ADD)
    command = ("subscriber", "feed", "ada@readers.example", "-n", "morning")
    rehearsed = operator(*command, "--dry-run", "--json").json
    assert rehearsed["dry_run"] is True
    assert operator(*command, "--revoke", "--json").json == {"taken back": 0, "dry_run": False}
    made = operator(*command, "--json").json
    assert set(made) == {"rss", "atom", "json", "dry_run"}
    assert "/feeds/own-" in made["atom"] and made["atom"].endswith(".atom")
    assert operator(*command, "--json").json["atom"] != made["atom"]
    assert operator(*command, "--revoke", "--json").json == {"taken back": 1, "dry_run": False}


def test_who_has_not_said_yes_has_no_feed(operator):
    operator.sets_up()
    said = operator("subscriber", "feed", "ada@readers.example", "-n", "morning")
    assert said.code == 4
    assert "no confirmed subscription to 'morning'" in said.err
    assert "ada" not in said.err


def test_an_address_is_suppressed_shown_and_let_go_on_both_engines(on_both):
    on_both.sets_up()
    on_both.subscribes("ada@readers.example")
    suppress = ("subscriber", "suppress", "ada@readers.example", "--reason", "asked by telephone")
    would = on_both(*suppress, "--dry-run", "--json").json
    assert would == {"address": "ada@readers.example", "changed": True, "dry_run": True}
    assert on_both("subscriber", "show", "ada@readers.example", "--json").json["suppressed"] == []
    assert on_both(*suppress, "--json").json == {**would, "dry_run": False}
    shown = on_both("subscriber", "show", "ada@readers.example").out
    assert "all mail: asked by telephone" in shown and "morning daily: confirmed" in shown

    lift = ("subscriber", "lift", "Ada@readers.example")
    assert "asked by telephone" in on_both(*lift, "--dry-run").out
    assert on_both("subscriber", "show", "ada@readers.example", "--json").json["suppressed"] != []
    said = on_both(*lift, "--json")
    assert [one["reason"] for one in said.json["lifted"]] == ["asked by telephone"]
    assert "a provider may keep a list of its own" in said.err
    assert on_both("subscriber", "show", "ada@readers.example", "--json").json["suppressed"] == []
    assert on_both(*lift).code == 4


def test_an_address_that_is_not_known_is_not_shown(operator):
    operator.sets_up()
    assert operator("subscriber", "show", "nobody@readers.example").code == 4
    assert operator("subscriber", "show", "nobody at readers").code == 2


def test_a_rehearsed_suppression_is_in_no_journal(operator):
    operator.sets_up()
    operator("subscriber", "suppress", "ada@readers.example", "--reason", "x", "--dry-run")
    assert not list(operator.folder.glob("data/journal/*"))
