"""`backup` and `restore`: what is in it, what is not, and what holds afterwards (STO-05)."""

import os
import shutil
import sqlite3
import tarfile
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndication.engine.lock import DirectoryLock
from syndication.jobs.subscribe import unsubscribe
from syndication.model.ledger import Bar
from syndication.storage import schema
from syndication.storage.package import Package, packing, unpacking
from syndication.wiring import House, now


def a_house() -> House:
    return House.open(Path("config/syndication.toml"), Path("data"))


def leave(id: int) -> None:
    house = a_house()
    unsubscribe(id, registry=house.registry, journal=house.journal, key=house.address_key, now=now())
    house.close()


def rows(query) -> list:
    house = a_house()
    try:
        with house.database.read() as connection:
            return list(connection.execute(query).all())
    finally:
        house.close()


def states() -> list[str]:
    return [row.state for row in rows(sa.select(schema.subscription.c.state).order_by(schema.subscription.c.id))]


def mails() -> int:
    return len(list(Path("data/outbox").rglob("*.eml")))


@pytest.fixture
def backed_up(operator):
    """Three readers, one edition sent; a backup of that."""
    operator.has_news(readers=3)
    operator("edition", "build", "morning")
    assert operator("backup", "--to", "kept.tar").code == 0
    return operator


def test_a_backup_holds_everything_but_secrets(operator):
    operator.has_news(readers=2)
    Path("data/images/ab").mkdir(parents=True)
    Path("data/images/ab/picture.jpg").write_bytes(b"a picture")
    operator.settings('[alerts]\nwebhook = "https://hooks.example.org/T0/s3cret"\n')
    said = operator("backup", "--json")
    assert said.code == 0, said.err
    place = Path(said.json["file"])
    assert place.parent == Path("data/backups").absolute() and place.stat().st_mode & 0o777 == 0o600
    with tarfile.open(place) as tar:
        names = set(tar.getnames())
    assert {"database.db", "images/ab/picture.jpg", "settings/publication.toml", "contents.json"} <= names
    assert said.json["files"] == len(names) - 1
    whole = place.read_bytes()
    assert Path("data/secret.key").read_bytes().strip() not in whole
    assert b"s3cret" not in whole and b"https://hooks.example.org/" in whole
    assert "secret.key" not in " ".join(names) and not [name for name in names if name.startswith("outbox")]
    assert not [path for path in place.parent.iterdir() if path != place], "nothing is left beside it"


def test_a_backup_overwrites_nothing_and_a_dry_run_writes_nothing(backed_up):
    before = Path("kept.tar").read_bytes()
    said = backed_up("backup", "--to", "kept.tar")
    assert said.code == 1 and "is there already" in said.err
    assert Path("kept.tar").read_bytes() == before
    assert backed_up("backup", "--to", "other.tar", "--dry-run").code == 0 and not Path("other.tar").exists()


def test_a_backup_is_of_one_instant_while_others_write(backed_up):
    with closing(sqlite3.connect("data/syndication.db")) as raw:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("DELETE FROM subscription")
        assert backed_up("status").code == 0
        raw.rollback()
    with unpacking(Path("kept.tar")) as package:
        package.take("database.db", Path("looked.db"))
    with closing(sqlite3.connect("looked.db")) as raw:
        assert raw.execute("SELECT count(*) FROM subscription").fetchone() == (3,)


def test_dsk_01_without_room_nothing_is_begun(backed_up, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    said = backed_up("backup", "--to", "other.tar")
    assert said.code == 1 and "no room" in said.err and not Path("other.tar").exists()


def test_sto_05_what_was_promised_since_holds_after_a_restore_and_nothing_is_sent_twice(backed_up):
    leave(2)
    assert backed_up("subscriber", "suppress", "reader2@readers.example", "--reason", "complaint").code == 0
    backed_up.partner.lists(1, 2, 3, 4)
    assert backed_up("source", "poll", "harbour").code == 0
    assert backed_up("edition", "build", "morning").code == 0
    sent = mails()
    said = backed_up("restore", "kept.tar", "--yes", "--json")
    assert said.code == 0, said.err
    assert said.json["sending"].startswith("held: it was restored") and Path(said.json["kept"]).exists()
    assert states() == ["confirmed", "unsubscribed", "confirmed"]
    assert len(rows(sa.select(schema.suppression))) == 1
    held = rows(sa.select(schema.edition).where(schema.edition.c.state == "held"))
    assert len(held) == 1 and "readers were offered it" in held[0].reason
    assert backed_up("status", "--json").json["sending"].count("restored") == 1
    backed_up("edition", "build", "morning")
    assert mails() == sent, "sending waits for a person"


def test_a_person_goes_on_after_a_restore(backed_up):
    shutil.copytree("data/journal", "copy")
    shutil.rmtree("data/journal")
    Path("copy").rename("data/journal")  # as on another machine
    assert backed_up("restore", "kept.tar", "--yes").code == 0
    assert backed_up("resolve", "--resume").code == 0
    backed_up.partner.lists(1, 2, 3, 4)
    assert backed_up("source", "poll", "harbour").code == 0
    sent = mails()
    assert backed_up("edition", "build", "morning").code == 0 and mails() == sent + 3
    assert rows(sa.select(schema.meta).where(schema.meta.c.key == Bar.HELD.value)) == []
    assert [row.action for row in rows(sa.select(schema.audit_log.c.action)) if "re" in row.action][-2:] == [
        "restore",
        "resume sending",
    ]


def test_sto_05_without_its_journal_every_edition_of_the_time_since_waits(backed_up):
    with closing(sqlite3.connect("data/syndication.db")) as raw:
        raw.execute("UPDATE stream SET watermark = datetime('now', '-3 days') || '.000000'")
        raw.execute("UPDATE edition SET state = 'sending'")
        raw.commit()
    assert backed_up("backup", "--to", "earlier.tar").code == 0
    shutil.rmtree("data/journal")
    said = backed_up("restore", "earlier.tar", "--yes")
    assert said.code == 0 and "journal of the time since is not here" in said.err
    found = rows(sa.select(schema.edition.c.state, schema.edition.c.held_state))
    assert len(found) >= 3 and {row.state for row in found} == {"held"}
    assert {row.held_state for row in found} == {"open", "sending"}
    assert any(Path("data/journal").glob("journal*.jsonl")), "as far as the backup knows it"


def move_aside() -> None:
    """A second restore within one second would want the same name."""
    for number, path in enumerate(Path("data").glob("*.before-*")):
        path.rename(f"moved-{number}-{path.name}")


@pytest.mark.parametrize("dies", [True, False], ids=["dies", "ends"])
def test_sto_05_a_second_restore_does_not_take_the_backup_s_journal_for_the_whole_truth(backed_up, monkeypatch, dies):
    shutil.rmtree("data/journal")
    with monkeypatch.context() as patch:
        if dies:
            patch.setattr("syndication.storage.backup.put_back", lambda *_: Path("nowhere").stat())
        assert (backed_up("restore", "kept.tar", "--yes").code != 0) == dies
    move_aside()
    said = backed_up("restore", "kept.tar", "--yes")
    assert said.code == 0 and "journal of the time since is not here" in said.err
    move_aside()
    assert backed_up("backup", "--to", "later.tar").code == 0
    said = backed_up("restore", "later.tar", "--yes")
    assert said.code == 0 and "journal of the time since" not in said.err, "what is told since is told"


def test_a_restore_on_a_new_machine_makes_everything(backed_up):
    Path("data").rename("old")
    Path("data").mkdir()
    shutil.copy("old/secret.key", "data/secret.key")
    assert backed_up("restore", "kept.tar").code == 0, "nothing is there that could be lost, so nobody is asked"
    assert states() == ["confirmed"] * 3


def test_sto_03_an_old_journal_of_sqlite_is_not_taken_for_the_new_file_s(backed_up):
    raw = sqlite3.connect("data/syndication.db")
    raw.execute("PRAGMA wal_autocheckpoint = 0")
    raw.execute("DELETE FROM subscription WHERE id = 1")
    raw.commit()
    crashed = {path: path.read_bytes() for path in Path("data").glob("syndication.db*")}
    raw.close()
    for path, data in crashed.items():
        path.write_bytes(data)
    assert backed_up("restore", "kept.tar", "--yes").code == 0
    assert len(states()) == 3
    with closing(sqlite3.connect("data/syndication.db")) as again:
        assert again.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (aside,) = [path for path in Path("data").glob("*.before-*") if not path.name.endswith(("-wal", "-shm"))]
    with closing(sqlite3.connect(aside)) as old:
        assert old.execute("SELECT count(*) FROM subscription").fetchone() == (2,), "what was there is there whole"


# -- refusals


def unchanged(operator, *arguments: str, code: int, words: str) -> None:
    leave(1)
    said = operator("restore", *arguments)
    assert said.code == code and "sending" not in said.out, said.err
    assert words in said.err
    assert states()[0] == "unsubscribed" and not list(Path("data").glob("*.before-*"))
    assert not [path for path in Path("data").iterdir() if path.name.startswith(".restore")]


def test_nothing_is_replaced_without_a_yes(backed_up, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("n\n"))
    unchanged(backed_up, "kept.tar", code=5, words="nothing was restored")


def test_nothing_is_replaced_while_a_service_runs(backed_up):
    lock = DirectoryLock(Path("data").absolute())
    lock.take(now())
    try:
        unchanged(backed_up, "kept.tar", "--yes", code=1, words="another service runs")
    finally:
        lock.release()


def test_a_dry_run_says_what_is_in_it(backed_up):
    leave(1)
    said = backed_up("restore", "kept.tar", "--dry-run", "--json")
    assert said.code == 0 and said.json["engine"] == "sqlite" and states()[0] == "unsubscribed"


@pytest.mark.parametrize("where", [b"database.db", b"SQLite format 3", b"CREATE TABLE", b'"made_at"'])
def test_sto_03_a_damaged_backup_is_refused_whole(backed_up, where):
    data = bytearray(Path("kept.tar").read_bytes())
    at = data.index(where)
    data[at : at + 64] = os.urandom(64)
    Path("kept.tar").write_bytes(data)
    unchanged(backed_up, "kept.tar", "--yes", code=1, words="backup")


def test_sto_03_a_backup_cut_short_is_refused(backed_up):
    os.truncate("kept.tar", Path("kept.tar").stat().st_size // 2)
    unchanged(backed_up, "kept.tar", "--yes", code=1, words="no whole backup")


def test_a_backup_under_another_key_is_refused_unless_that_is_said(backed_up):
    Path("data/secret.key").write_text("0" * 64)
    unchanged(backed_up, "kept.tar", "--yes", code=5, words="another secret key")
    assert backed_up("restore", "kept.tar", "--yes", "--other-key").code == 0


@pytest.mark.parametrize("name", ["../out", "/etc/out", "images/../../out", "a\\b"])
def test_ren_09_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    with packing(tmp_path / "in" / "bad.tar", lambda done: None) as package:
        package.write(name, b"x")
        package.close({"format": 1})
    with pytest.raises(Exception, match="no whole backup"), unpacking(tmp_path / "in" / "bad.tar") as found:
        assert isinstance(found, Package)


def test_a_link_in_a_package_is_no_file(tmp_path: Path) -> None:
    with packing(tmp_path / "good.tar", lambda done: None) as package:
        package.write("images/a", b"x")
        package.close({"format": 1})
    with tarfile.open(tmp_path / "good.tar") as good, tarfile.open(tmp_path / "bad.tar", "w") as bad:
        for entry in good:
            if entry.name == "images/a":
                entry.type, entry.linkname, entry.size = tarfile.SYMTYPE, "/etc/passwd", 0
            bad.addfile(entry, good.extractfile(entry) if entry.isreg() else None)
    with pytest.raises(Exception, match="no whole backup"), unpacking(tmp_path / "bad.tar"):
        pass


# -- on PostgreSQL


def test_sto_05_postgresql_is_copied_by_its_own_tools_and_put_back(operator, new_empty_postgres_database, monkeypatch):
    url = new_empty_postgres_database()
    monkeypatch.setenv("SYNDICATION__DATABASE__URL", url.replace("+psycopg", ""))
    operator.publication()
    assert operator("migrate").code == 0 and operator("apply").code == 0
    assert operator("subscriber", "add", "ada@readers.example", "-n", "morning", "--consent", "by letter").code == 0
    said = operator("backup", "--to", "kept.tar", "--json")
    assert said.code == 0 and said.json["engine"] == "postgresql", said.err
    leave(1)
    with monkeypatch.context() as patch:
        patch.setattr("syndication.wiring.keeping.HEAD", "9999")
        assert operator("backup", "--to", "newer.tar").code == 0
    said = operator("restore", "newer.tar", "--yes")
    assert said.code == 1 and "newer version" in said.err and "held" not in operator("status").out
    said = operator("restore", "kept.tar", "--yes")
    assert said.code == 0, said.err
    assert states() == ["unsubscribed"], "by the journal"
    assert rows(sa.select(schema.meta.c.value).where(schema.meta.c.key == Bar.HELD.value))
    monkeypatch.setenv("PATH", "/nowhere")
    said = operator("backup", "--to", "other.tar")
    assert said.code == 1 and "pg_dump is not on this machine" in said.err and "postgresql-client" in said.err
