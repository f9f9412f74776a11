"""`resolve`: a person's word on what the service must not guess."""

import sqlite3

import pytest

KEYS = {"edition", "batch", "state", "lifted", "dry_run"}


@pytest.fixture
def uncertain(operator):
    """Edition 1 with one batch of two readers that may or may not have been taken."""
    operator.has_news(readers=2)
    operator("edition", "build", "morning")
    connection = sqlite3.connect("data/syndication.db")
    connection.execute("UPDATE batch SET state = 'uncertain', detail = 'the answer was lost'")
    connection.execute("UPDATE edition SET state = 'sending'")
    connection.commit()
    connection.close()
    return operator


def state_of(operator) -> str:
    return operator("edition", "report", 1, "--json").json["batches"][0]["state"]


def test_accepted_settles_the_edition(uncertain):
    would = uncertain("resolve", 1, 1, "--accepted", "--dry-run", "--json").json
    assert would == {"edition": 1, "batch": 1, "state": "accepted", "lifted": [], "dry_run": True}
    assert state_of(uncertain) == "uncertain"
    assert uncertain("resolve", 1, 1, "--accepted", "--json").json == {**would, "dry_run": False}
    assert uncertain("edition", "report", 1, "--json").json["state"] == "settled"


def test_resend_sends_here_when_no_service_runs(uncertain):
    said = uncertain("resolve", 1, 1, "--resend")
    assert said.code == 0
    assert "accepted 2" in said.err
    assert state_of(uncertain) == "accepted"


def test_nothing_that_is_certain_is_resolved(operator):
    operator.has_news(readers=1)
    operator("edition", "build", "morning")
    said = operator("resolve", 1, 1, "--accepted")
    assert (said.code, said.out) == (5, "")
    assert "only doubt is resolved" in said.err


def test_resume_lifts_what_stops_all_sending(operator):
    operator.sets_up()
    said = operator("resolve", "--resume", "--json")
    assert said.json.keys() == KEYS
    assert said.json["lifted"] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        ((1, 1), 2),
        ((1, 1, "--accepted", "--resend"), 2),
        ((1, 1, "--resume"), 2),
        ((99, 1, "--accepted"), 4),
        ((1, 99, "--accepted"), 4),
        ((1, 99, "--accepted", "--dry-run"), 4),
    ],
)
def test_half_a_word_and_a_word_about_nothing(arguments, code, operator):
    operator.has_news(readers=1)
    operator("edition", "build", "morning")
    said = operator("resolve", *arguments)
    assert (said.code, said.out) == (code, "")


def test_a_service_mail_in_doubt_is_shown_and_settled_by_a_word(operator):
    operator.sets_up()
    operator.subscribes("ada@readers.example")
    connection = sqlite3.connect("data/syndication.db")
    connection.execute(
        "INSERT INTO message (purpose, kind, subscriber_id, state, detail, created_at, changed_at) VALUES"
        " ('confirm:1:x', 'confirm', 1, 'uncertain', 'the answer was lost',"
        " '2026-05-07 06:00:00.000000', '2026-05-07 06:00:00.000000')"
    )
    connection.commit()
    connection.close()
    assert "service mail 1, confirm" in operator("status").out
    would = operator("resolve", "--message", 1, "--resend", "--dry-run", "--json").json
    assert would == {"message": 1, "state": "planned", "dry_run": True}
    assert operator("resolve", "--message", 1, "--accepted").code == 0
    assert "service mail 1" not in operator("status").out
    assert operator("resolve", "--message", 1, "--accepted").code == 4
    assert operator("resolve", "--message", 1).code == 2
    assert operator("resolve", "--message", 1, "--resume").code == 2


def test_every_batch_in_doubt_of_an_edition_is_settled_at_once(uncertain):
    connection = sqlite3.connect("data/syndication.db")
    connection.execute(
        "INSERT INTO batch"
        " (edition_id, n, content_id, wave, state, manifest, count, attempt, token, detail, changed_at)"
        " SELECT edition_id, 2, content_id, wave, 'held', x'', 0, attempt, token, 'held', changed_at FROM batch"
    )
    connection.commit()
    connection.close()
    would = uncertain("resolve", 1, "--all", "--accepted", "--dry-run", "--json").json
    assert would == {"edition": 1, "batches": [1, 2], "state": "accepted", "dry_run": True}
    assert state_of(uncertain) == "uncertain"
    assert uncertain("resolve", 1, "--all", "--accepted").code == 0
    assert uncertain("edition", "report", 1, "--json").json["state"] == "settled"
    said = uncertain("resolve", 1, "--all", "--accepted")
    assert said.code == 5 and "no batch in doubt" in said.err


@pytest.mark.parametrize("wrong", [("1", "1", "--all", "--accepted"), ("--all", "--accepted"), ("1", "--all")])
def test_all_takes_an_edition_and_a_word(operator, wrong):
    assert operator("resolve", *wrong).code == 2
