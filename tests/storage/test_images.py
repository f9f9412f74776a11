"""Rows and files of pictures agree, whatever is killed between; workers share the work and never a picture."""

import os
from datetime import timedelta

import pytest
import sqlalchemy as sa

from syndication.jobs import images as job
from syndication.model.article import ArticleState
from syndication.model.image import Drawn, ImageSize, ImageState
from syndication.model.rights import Rights
from syndication.storage import articles, images, publication, watch
from syndication.storage.image_files import ImageFiles
from syndication.storage.images import Gallery
from syndication.storage.schema import article, feed, image
from tests.builders import NOW, a_declared, a_source, an_article, put_article, put_publication
from tests.images import a_figure

DAY = timedelta(days=1)
DRAWN = Drawn(((ImageSize(640, 400, 5), b"small"), (ImageSize(1280, 800, 5), b"large")))


@pytest.fixture
def files(tmp_path):
    return ImageFiles(tmp_path / "images")


@pytest.fixture
def gallery(database, files):
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0, rights=Rights(expiry_days=30))])
    return Gallery(database, files)


def put(database, *figures, **given):
    with database.write() as connection:
        return put_article(connection, figures=figures or (a_figure(),), **given)


def decide(gallery, now=NOW):
    return gallery.decide([job.decision(stored, now) for stored in gallery.undecided(now, limit=50)], now)


def rows(database):
    with database.read() as connection:
        return connection.execute(sa.select(image).order_by(image.c.id)).all()


def claim_one(gallery, now=NOW):
    (wanted,) = gallery.claim(now, now + timedelta(minutes=5), limit=8)
    return wanted


def stored(database, id):
    with database.read() as connection:
        return articles.get(connection, id)


def test_a_new_article_waits_until_its_pictures_are_decided_and_then_no_more(database, gallery):
    id = put(database, a_figure("a"), a_figure("b", credit="Lena Holm/AFP"))
    assert [found.id for found in gallery.undecided(NOW, limit=9)] == [id]
    decide(gallery)
    assert gallery.undecided(NOW, limit=9) == []
    (row,) = rows(database)
    assert (row.origin, row.state, row.expires_at) == (a_figure("a").src, "wanted", NOW + timedelta(days=30))
    with database.read() as connection:
        assert images.waits(connection, NOW)


def test_a_picture_is_kept_with_its_files_and_the_feeds_are_told(database, gallery, files):
    id = put(database)
    decide(gallery)
    with database.write() as connection:
        connection.execute(feed.update().values(stale=0))
    assert gallery.keep(claim_one(gallery), DRAWN, NOW)
    (kept,) = stored(database, id).images
    assert kept.sizes == tuple(size for size, _ in DRAWN.files)
    assert [files.read(kept.path(size).removeprefix("/images/")) for size in kept.sizes] == [b"small", b"large"]
    with database.read() as connection:
        assert connection.scalar(sa.select(feed.c.stale)) == 1
        assert not images.waits(connection, NOW)
        assert images.kept_names(connection) == sorted(kept.path(size)[8:] for size in kept.sizes)


def test_what_is_claimed_is_not_claimed_again_before_its_lease_ends(database, gallery):
    put(database)
    decide(gallery)
    first = claim_one(gallery)
    assert gallery.claim(NOW + timedelta(minutes=4), NOW + DAY, limit=8) == ()
    second = claim_one(gallery, NOW + timedelta(minutes=5))
    assert second.token > first.token
    assert not gallery.keep(first, DRAWN, NOW)  # it was too slow: another has it
    gallery.put_off(first, "slow", None, NOW)
    assert rows(database)[0].state == "wanted"
    assert gallery.keep(second, DRAWN, NOW)


def test_what_does_not_come_waits_and_is_given_up_in_the_end(database, gallery):
    put(database)
    decide(gallery)
    gallery.put_off(claim_one(gallery), "status 503\x00", NOW + DAY, NOW)
    assert gallery.claim(NOW + DAY - timedelta(seconds=1), NOW + DAY, limit=8) == ()
    again = claim_one(gallery, NOW + DAY)
    assert again.failures == 1
    gallery.put_off(again, "status 503", None, NOW)
    (row,) = rows(database)
    assert (row.state, row.reason, row.failures) == ("refused", "status 503", 2)


@pytest.mark.parametrize("state", [ArticleState.WITHDRAWN, ArticleState.HELD])
def test_pictures_of_what_is_taken_back_go_files_first(database, gallery, files, state):
    id = put(database)
    decide(gallery)
    gallery.keep(claim_one(gallery), DRAWN, NOW)
    (kept,) = stored(database, id).images
    with database.write() as connection:
        connection.execute(article.update().values(state=state.value))
    assert decide(gallery) == 1
    assert stored(database, id).images == ()
    assert gallery.drop(NOW, limit=9) == 1
    assert not files.has(kept.hash, kept.sizes)
    assert rows(database)[0].state == "gone"
    assert gallery.drop(NOW, limit=9) == 0


def test_pictures_come_again_with_their_article(database, gallery, files):
    id = put(database)
    decide(gallery)
    gallery.keep(claim_one(gallery), DRAWN, NOW)
    with database.write() as connection:
        assert watch.withdraw(connection, id, NOW)
    decide(gallery)
    with database.write() as connection:  # it is let out again before its files went
        connection.execute(article.update().values(state="live", withdrawn_at=None))
    decide(gallery)
    assert rows(database)[0].state == "kept"
    assert gallery.drop(NOW, limit=9) == 0
    with database.write() as connection:
        watch.withdraw(connection, id, NOW)
    decide(gallery)
    gallery.drop(NOW, limit=9)
    with database.write() as connection:  # and once more, after they went
        connection.execute(article.update().values(state="live", withdrawn_at=None))
    decide(gallery)
    assert gallery.keep(claim_one(gallery), DRAWN, NOW)


def test_files_of_two_articles_stay_until_both_are_gone(database, gallery, files):
    first, second = put(database), put(database)
    decide(gallery)
    for wanted in gallery.claim(NOW, NOW + DAY, limit=8):
        assert gallery.keep(wanted, DRAWN, NOW)
    (kept,) = stored(database, second).images
    for id, still in ((first, True), (second, False)):
        with database.write() as connection:
            watch.withdraw(connection, id, NOW)
        decide(gallery)
        gallery.drop(NOW, limit=9)
        assert files.has(kept.hash, kept.sizes) is still


def test_a_right_that_ends_takes_pictures_and_searched_words_along(database, gallery, files):
    id = put(database)
    decide(gallery)
    gallery.keep(claim_one(gallery), DRAWN, NOW)
    with database.write() as connection:
        connection.execute(article.update().values(indexed_rev=1))
    over = NOW + timedelta(days=30)
    assert gallery.undecided(over - timedelta(seconds=1), limit=9) == []
    with database.read() as connection:
        assert not images.waits(connection, over - timedelta(seconds=1))
        assert images.waits(connection, over)
    assert decide(gallery, over) == 1
    gallery.drop(over, limit=9)
    with database.read() as connection:
        row = connection.execute(sa.select(article)).one()
    assert (row.ended_at, row.ends_at, row.indexed_rev) == (over, None, 0)
    assert stored(database, id).ended
    assert gallery.undecided(over + DAY, limit=9) == []


def test_a_right_that_is_renewed_brings_them_back(database, gallery):
    put(database)
    over = NOW + timedelta(days=30)
    decide(gallery, over)
    assert rows(database) == []
    with database.write() as connection:
        declared = a_declared(sources=[a_source(id=0, rights=Rights(expiry_days=60))])
        publication.apply(connection, declared, over)
    assert decide(gallery, over) == 1
    with database.read() as connection:
        row = connection.execute(sa.select(article)).one()
    assert (row.ended_at, row.ends_at, row.indexed_rev) == (None, NOW + timedelta(days=60), 0)
    assert rows(database)[0].state == "wanted"


def test_a_decision_about_an_older_text_is_not_carried_out(database, gallery):
    put(database)
    (found,) = gallery.undecided(NOW, limit=9)
    with database.write() as connection:
        connection.execute(article.update().values(rights_state="x", state="held"))
    gallery.decide([job.decision(found, NOW)], NOW)
    assert rows(database) == []
    assert [one.id for one in gallery.undecided(NOW, limit=9)] == [found.id]


def test_the_sweep_removes_strays_and_wants_what_was_lost(database, gallery, files, tmp_path):
    id = put(database)
    decide(gallery)
    gallery.keep(claim_one(gallery), DRAWN, NOW)
    stray = "f" * 32
    files.put(stray, DRAWN.files)
    assert gallery.sweep(NOW - timedelta(days=4000)) == (0, 0)  # a young one may be somebody's work in hand
    for path in (tmp_path / "images").rglob("*.jpg"):
        os.utime(path, (0, 0))
    (tmp_path / "images" / "ff" / ".draft-x").write_bytes(b"cut short")
    os.utime(tmp_path / "images" / "ff" / ".draft-x", (0, 0))
    assert gallery.sweep(NOW) == (1, 0)
    assert not list((tmp_path / "images").glob("ff"))
    (kept,) = stored(database, id).images
    files.drop(kept.hash)
    assert gallery.sweep(NOW) == (0, 1)
    assert rows(database)[0].state == ImageState.WANTED.value
    assert gallery.keep(claim_one(gallery), DRAWN, NOW)


def test_pub_14_a_file_is_read_by_its_own_name_only(files, tmp_path):
    files.put("a" * 32, DRAWN.files)
    assert files.read(f"{'a' * 32}-640.jpg") == b"small"
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    for name in ("", "../secret.jpg", f"{'a' * 32}-0640.jpg", f"{'a' * 32}-641.jpg", f"{'A' * 32}-640.jpg", "x" * 9000,
                 f"{'a' * 32}-640.jpg\x00", f"{'a' * 32}/../{'a' * 32}-640.jpg", f"{'a' * 32}-640.jpg\n"):  # fmt: skip
        assert files.read(name) is None


def test_dsk_01_a_disk_that_is_full_keeps_the_row_wanted(database, gallery, files, monkeypatch):
    put(database)
    decide(gallery)
    wanted = claim_one(gallery)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        gallery.keep(wanted, DRAWN, NOW)
    monkeypatch.undo()
    assert rows(database)[0].state == "wanted"
    assert list(files.hashes(older_than=1e12)) == []  # nothing half written lies there
    assert gallery.keep(wanted, DRAWN, NOW)


def test_an_article_without_pictures_makes_no_rows(database, gallery):
    with database.write() as connection:
        put_article(connection, an_article())
    decide(gallery)
    assert rows(database) == []
