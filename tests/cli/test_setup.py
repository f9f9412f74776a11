"""`init`, `migrate`, `apply`: from an empty directory to a database with a publication in it."""

import sqlite3
from pathlib import Path

import pytest

from syndication.storage import database
from syndication.storage.migrate import head


def test_init_writes_both_files_once(operator, tmp_path):
    first = operator("init", tmp_path / "new")
    assert first.code == 0
    assert first.out.count("written") == 2
    (tmp_path / "new" / "publication.toml").write_text("# mine\n")
    again = operator("init", tmp_path / "new", "--json").json
    assert {file["outcome"] for file in again["files"]} == {"is there already, and stays as it is"}
    assert (tmp_path / "new" / "publication.toml").read_text() == "# mine\n"
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["publication.toml", "syndication.toml"]


def test_init_writes_where_the_settings_are_looked_for(operator, tmp_path):
    said = operator("--config", tmp_path / "etc" / "harvest.toml", "init")
    assert (tmp_path / "etc" / "harvest.toml").exists()
    assert (tmp_path / "etc" / "publication.toml").exists()
    assert f"syndication --config {tmp_path / 'etc' / 'harvest.toml'} check" in said.err


def test_init_in_a_rehearsal_writes_nothing(operator, tmp_path):
    said = operator("init", tmp_path / "new", "--dry-run")
    assert said.out.count("would be written") == 2
    assert not (tmp_path / "new").exists()


def test_init_where_nothing_can_be_written_says_so(operator, tmp_path):
    (tmp_path / "file").write_text("")
    said = operator("init", tmp_path / "file" / "below")
    assert said.code == 1
    assert "cannot be written" in said.err


def test_what_init_writes_is_a_start(operator, tmp_path):
    operator("init", tmp_path / "new")
    said = operator("--config", tmp_path / "new" / "syndication.toml", "--data", tmp_path / "data", "migrate")
    assert said.code == 0


def test_migrate_makes_a_database_and_the_second_time_nothing(operator):
    operator.publication()
    would = operator("migrate", "--dry-run", "--json").json
    assert (would["before"], would["after"], would["dry_run"]) == (None, head(), True)
    assert not Path("data").exists()
    assert operator("migrate", "--json").json == {**would, "dry_run": False}
    assert operator("migrate", "--json").json["before"] == head()
    assert "already" in operator("migrate").err
    assert Path("data").stat().st_mode & 0o777 == 0o700


def test_apply_on_both_engines_changes_something_once(on_both):
    on_both.publication()
    would = on_both("apply", "--dry-run", "--json").json
    assert would["dry_run"]
    assert set(would["added"]) == {
        "partner harbour", "source harbour", "topic harbour", "feed all", "newsletter morning",
        "feed topic-harbour", "feed partner-harbour", "feed newsletter-morning", "feed editions-morning",
    }  # fmt: skip
    first = on_both("apply", "--json").json
    assert first == {**would, "dry_run": False}
    again = on_both("apply", "--json").json
    assert (again["added"], again["changed"], set(again["unchanged"])) == ([], [], set(first["added"]))
    assert "nothing to do" in on_both("apply").err


def test_apply_tells_what_is_declared_no_longer(operator):
    operator.sets_up(more='[feed.sea]\ntitle = "Sea"\n')
    operator.publication()
    assert operator("apply").out == "left  feed sea\n"


def test_apply_takes_another_file(operator):
    operator.sets_up()
    other = operator.writes("other.toml", '[publication]\ntitle = "T"\n[topic.sea]\ntitle = "Sea"\n')
    assert operator("apply", other, "--json").json["added"] == ["topic sea", "feed topic-sea"]


# -- a database that cannot be used (STO-03)

LISTING = ("source", "list")


def test_sto_03_a_missing_database_is_not_made_by_a_listing(operator):
    operator.publication()
    said = operator(*LISTING)
    assert (said.code, said.out) == (1, "")
    assert "there is no database" in said.err
    assert "run `syndication migrate`" in said.err
    assert not Path("data").exists()


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        ("9999", ["newer version", "install the newer version again"]),
        (None, ["not one of ours", "not touched"]),
    ],
)
def test_sto_03_a_database_of_another_version_is_refused_by_every_command(revision, words, operator):
    operator.sets_up()
    connection = sqlite3.connect("data/syndication.db")
    connection.execute(
        "DELETE FROM alembic_version" if revision is None else "UPDATE alembic_version SET version_num = 9999"
    )
    if revision is None:
        connection.execute("DROP TABLE alembic_version")
    connection.commit()
    connection.close()
    before = Path("data/syndication.db").read_bytes()
    for command in (LISTING, ("apply",), ("migrate",), ("source", "poll"), ("edition", "build", "morning")):
        said = operator(*command)
        assert (said.code, said.out) == (1, "")
        for word in words:
            assert word in said.err
    assert Path("data/syndication.db").read_bytes() == before


def test_sto_03_an_older_database_names_the_command_that_helps(operator, monkeypatch):
    operator.sets_up()
    monkeypatch.setattr("syndication.storage.migrate.HEAD", "9999")
    said = operator(*LISTING)
    assert said.code == 1
    assert "older version" in said.err
    assert "fix: run `syndication migrate`" in said.err


def test_sto_03_a_locked_database_is_worth_another_try(operator, monkeypatch):
    operator.sets_up()
    monkeypatch.setattr(database, "BUSY_MS", 50)
    monkeypatch.setitem(database.PRAGMAS, "busy_timeout", 50)
    holder = sqlite3.connect("data/syndication.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    said = operator("apply")
    holder.execute("ROLLBACK")
    holder.close()
    assert said.code == 7
    assert "another program holds it" in said.err
    assert operator("apply").code == 0


def test_sto_03_a_damaged_database_is_said_to_be(operator):
    operator.sets_up()
    Path("data/syndication.db").write_bytes(b"no database, though long enough to be looked at" * 200)
    said = operator(*LISTING)
    assert said.code == 1
    assert "restore it from a backup" in said.err


# -- configuration (exit 3): file, line, key, nearest name; nothing is made


@pytest.mark.parametrize(
    ("settings", "publication", "words"),
    [
        (
            '[service]\nbase_ulr = "x"\n',
            "",
            ["syndication.toml, line 4", "'service.base_ulr'", "did you mean 'base_url'?"],
        ),
        ('[service]\nbase_url = "news"\n', "", ["line 4", "service.base_url", "http:// or https://"]),
        ("[mail\n", "", ["syndication.toml is not valid TOML", "line 3"]),
        (
            "",
            '[newsletter.x]\ntitel = "X"\n',
            ["publication.toml, line", "'newsletter.x.titel'", "did you mean 'title'?"],
        ),
        (
            "",
            '[source.x]\npartner = "harbor"\nurl = "https://x.example/"\n',
            ["there is no partner 'harbor'", "harbour"],
        ),
    ],
)
@pytest.mark.parametrize("command", [("run",), ("apply",), ("check",)])
def test_bad_configuration_names_its_place_and_starts_nothing(command, settings, publication, words, operator):
    operator.settings(settings)
    operator.publication(more=publication)
    said = operator(*command)
    assert said.code == 3
    for word in words:
        assert word in said.err + said.out
    assert not Path("data").exists()


def test_a_missing_file_says_how_to_get_one(operator, tmp_path):
    said = operator("--config", tmp_path / "none.toml", "status")
    assert said.code == 3
    assert "syndication init" in said.err


def test_a_wrong_key_in_the_environment_is_told_as_one(operator, monkeypatch):
    monkeypatch.setenv("SYNDICATION__SERVICE__LISTN", "127.0.0.1:1")
    said = operator("status")
    assert said.code == 3
    assert "the environment" in said.err
    assert "did you mean 'listen'?" in said.err
