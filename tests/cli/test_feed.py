"""`feed`: built, shown, written to a folder; a rehearsal writes nowhere."""

import sqlite3
from pathlib import Path

import pytest

from syndication.feeds import check
from syndication.model.image import Drawn, ImageSize
from syndication.storage.image_files import ImageFiles

FEEDS = ("all", "topic-harbour", "partner-harbour", "newsletter-morning", "editions-morning")
DOCUMENTS = {f"{feed}.{format}" for feed in FEEDS for format in ("rss", "atom", "json")}


def test_build_is_idempotent_on_both_engines(on_both):
    on_both.has_news()
    assert on_both("feed", "build", "--json").json == {
        "changed": [], "unchanged": [], "refused": [], "dry_run": False
    }  # fmt: skip
    every = on_both("feed", "build", "--all", "--json").json
    assert (every["changed"], set(every["unchanged"])) == ([], DOCUMENTS)


def test_a_rehearsal_tells_what_would_change_and_keeps_nothing(operator, rows):
    operator.sets_up()
    would = operator("feed", "build", "--dry-run", "--json").json
    assert (set(would["changed"]), would["dry_run"]) == (DOCUMENTS, True)
    assert rows("SELECT count(*) FROM feed_snapshot") == [(0,)]
    assert set(operator("feed", "build", "--json").json["changed"]) == DOCUMENTS


def test_a_listing_shows_what_is_not_built_yet(operator):
    operator.sets_up()
    before = operator("feed", "list", "--json").json
    assert {row["fault"] for row in before} == {"not built yet"}
    operator("feed", "build")
    after = operator("feed", "list", "--json").json
    assert [row.keys() for row in after] == [row.keys() for row in before]
    assert {row["address"] for row in after} == {f"http://127.0.0.1:8080/feeds/{name}" for name in DOCUMENTS}
    assert all(row["bytes"] and not row["fault"] for row in after)
    assert "http://127.0.0.1:8080/feeds/all.atom" in operator("feed", "list").out


def test_publish_writes_a_folder_once(operator):
    operator.has_news()
    would = operator("feed", "publish", "--to", "public", "--dry-run", "--json").json
    assert not Path("public").exists()
    first = operator("feed", "publish", "--to", "public", "--json").json
    assert first == {**would, "dry_run": False}
    assert set(first["written"]) == {f"feeds/{name}" for name in DOCUMENTS}
    forms = {f"{name}{ending}" for name in DOCUMENTS for ending in ("", ".br", ".zst", ".gz")}
    assert {path.name for path in Path("public/feeds").iterdir() if path.is_file()} == forms
    assert {path.name for path in Path("public/server").iterdir()} == {"nginx.conf", "Caddyfile"}
    again = operator("feed", "publish", "--to", "public", "--json").json
    assert (again["written"], set(again["unchanged"])) == ([], set(first["written"]))


def test_a_feed_that_is_no_more_goes_from_the_folder(operator):
    operator.has_news()
    operator("feed", "publish", "--to", "public")
    listed = Path("public/.syndication.json")
    Path("public/feeds/old.rss").write_text("a feed of last year")
    listed.write_text(listed.read_text().replace("[", '["feeds/old.rss",', 1))
    told = operator("feed", "publish", "--to", "public", "--dry-run", "--json").json
    assert (told["removed"], Path("public/feeds/old.rss").exists()) == (["feeds/old.rss"], True)
    assert operator("feed", "publish", "--to", "public", "--json").json["removed"] == ["feeds/old.rss"]
    assert not Path("public/feeds/old.rss").exists()


def test_a_rehearsal_of_publish_knows_what_it_would_build(operator):
    operator.sets_up()
    would = operator("feed", "publish", "--to", "public", "--dry-run", "--json").json
    assert set(would["written"]) == {f"feeds/{name}" for name in DOCUMENTS}


def test_a_folder_that_cannot_be_written_is_named(operator):
    operator.has_news()
    operator.writes("public", "a file in the way")
    said = operator("feed", "publish", "--to", "public")
    assert said.code == 1
    assert "public cannot be written" in said.err


@pytest.mark.parametrize("command", [("feed", "build"), ("feed", "publish", "--to", "public")])
def test_a_document_that_fails_its_check_is_told_and_leaves_a_code(command, operator, monkeypatch):
    operator.sets_up()
    monkeypatch.setattr("syndication.jobs.publish.faults", lambda document: [check.Fault("x", "it is broken")])
    said = operator(*command)
    assert said.code == 6
    assert "not published: all.rss" in said.err
    assert "the last good document stays" in said.err


def test_pictures_lie_beside_the_feeds_and_go_when_they_left(operator):
    operator.has_news()
    folder = operator.folder / "public"
    files = ImageFiles(operator.folder / "data" / "images")
    drawn = Drawn(((ImageSize(640, 400, 5), b"small"),))
    connection = sqlite3.connect("data/syndication.db")
    connection.execute(
        "INSERT INTO image (article_id, origin, credit, state, hash, sizes) VALUES (1, 'x', 'y', 'kept', ?, ?)",
        ("a" * 32, "[[640, 400, 5]]"),
    )
    connection.commit()
    files.put("a" * 32, drawn.files)
    name = f"{'a' * 32}-640.jpg"
    would = operator("feed", "publish", "--to", folder, "--dry-run", "--json").json
    assert (would["images"], folder.exists()) == ([f"images/{name}"], False)
    assert operator("feed", "publish", "--to", folder, "--json").json["images"] == [f"images/{name}"]
    assert (folder / "images" / name).read_bytes() == b"small"
    assert (folder / "images" / name).stat().st_mode & 0o777 == 0o644
    (folder / "images" / "logo.jpg").write_bytes(b"somebody else's")
    again = operator("feed", "publish", "--to", folder, "--json").json
    assert (again["images"], again["images_removed"]) == ([], [])
    connection.execute("UPDATE image SET state = 'gone'")
    connection.commit()
    connection.close()
    assert operator("feed", "publish", "--to", folder, "--json").json["images_removed"] == [f"images/{name}"]
    assert [path.name for path in (folder / "images").iterdir()] == ["logo.jpg"]
    assert "/images/" in (folder / "server" / "nginx.conf").read_text()
