"""`source poll`: collect now, tell what came, and build the feeds when nobody else does."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from syndication.engine.lock import DirectoryLock

KEYS = {"polled", "own_network", "feeds", "dry_run"}


def test_a_poll_collects_and_builds_on_both_engines(on_both):
    on_both.sets_up()
    on_both.partner.lists(1, 2)
    said = on_both("source", "poll", "--json")
    assert said.code == 0
    assert said.json.keys() == KEYS
    (polled,) = said.json["polled"]
    assert (polled["source"], polled["outcome"], polled["new"]) == ("harbour", "fresh", 2)
    built = set(said.json["feeds"]["changed"])
    slices = ("all", "topic-harbour", "partner-harbour", "newsletter-morning", "editions-morning")
    assert built == {f"{slug}.{format}" for slug in slices for format in ("rss", "atom", "json")}
    again = on_both("source", "poll", "harbour", "--json")
    assert again.json.keys() == KEYS
    assert again.json["feeds"] is None
    assert "nothing was due" in on_both("source", "poll").err


def test_beside_a_service_the_feeds_are_its_work(operator):
    operator.sets_up()
    operator.partner.lists(1)
    lock = DirectoryLock(Path("data"))
    lock.take(datetime.now(UTC))
    said = operator("source", "poll", "--json")
    lock.release()
    assert said.json["polled"][0]["new"] == 1
    assert said.json["feeds"] is None


def test_a_rehearsal_names_what_it_would_ask_and_asks_nobody(operator):
    operator.sets_up()
    would = operator("source", "poll", "--dry-run", "--json").json
    assert would.keys() == KEYS
    assert ([each["source"] for each in would["polled"]], would["dry_run"]) == (["harbour"], True)
    assert "would poll  harbour" in operator("source", "poll", "harbour", "--dry-run").out
    assert operator.partner.asked == []


def test_all_means_due_or_not_and_passes_over_the_paused(operator):
    more = f'[source.bay]\npartner = "harbour"\nurl = "{operator.partner.url("/bay")}"\n'
    operator.sets_up(more=more)
    operator.partner.lists(1)
    operator.partner.lists(7, path="/bay", title="Bay")
    operator("source", "poll")
    operator.publication()
    assert operator("apply", "--json").json["paused"] == ["source bay"]
    said = operator("source", "poll", "--all", "--json")
    assert (said.code, [each["source"] for each in said.json["polled"]]) == (0, ["harbour"])
    refused = operator("source", "poll", "bay")
    assert refused.code == 5
    assert "bay is paused" in refused.err


def test_one_that_fails_is_partly_done_and_all_that_fail_are_for_later(operator):
    operator.sets_up(more=f'[source.bay]\npartner = "harbour"\nurl = "{operator.partner.url("/bay")}"\n')
    operator.partner.lists(1)
    some = operator("source", "poll", "--all")
    assert some.code == 6
    assert "404" in some.out
    assert operator("source", "poll", "bay").code == 7


def test_one_that_another_process_polls_is_for_later(operator):
    operator.sets_up()
    connection = sqlite3.connect("data/syndication.db")
    connection.execute("UPDATE source SET state = 'leased', lease_until = '2999-01-01 00:00:00.000000'")
    connection.commit()
    connection.close()
    said = operator("source", "poll", "harbour")
    assert said.code == 7
    assert "being polled just now" in said.err


def test_a_name_that_is_none_is_answered_with_the_nearest(operator):
    operator.sets_up()
    for command in (("poll", "harbor"), ("show", "harbor")):
        said = operator("source", *command)
        assert (said.code, said.out) == (4, "")
        assert "did you mean 'harbour'?" in said.err


def test_a_source_or_all_of_them(operator):
    operator.sets_up()
    assert operator("source", "poll", "harbour", "--all").code == 2


def test_a_listing_and_one_source_say_how_they_are(operator):
    operator.has_news()
    (row,) = operator("source", "list", "--json").json
    assert (row["source"], row["articles"], row["state"]) == ("harbour", 3, "idle")
    assert row["declared"].startswith("publication.toml:")
    listed = operator("source", "list").out.splitlines()
    assert len(listed) == 2
    assert listed[0].startswith("source   partner")
    shown = operator("source", "show", "harbour", "--json").json
    assert [poll["new"] for poll in shown["polls"]] == [2, 1]
    assert shown["rights"]["text"] == "excerpt"
    assert "text: excerpt" in operator("source", "show", "harbour").out


def test_a_listing_of_nothing_says_what_is_next(operator):
    operator.writes("config/publication.toml", '[publication]\ntitle = "T"\n')
    operator("migrate")
    operator("apply")
    said = operator("source", "list")
    assert (said.code, said.out) == (0, "")
    assert "source add URL" in said.err
    assert operator("source", "list", "--json").json == []
