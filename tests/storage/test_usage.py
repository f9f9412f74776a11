"""A month of a partner's, counted: what came out where, what was mailed to how many, and what became of it."""

from datetime import timedelta

import pytest

from syndication.model.image import Drawn, ImageSize
from syndication.model.time import Window
from syndication.storage import schema, watch
from syndication.storage.image_files import ImageFiles
from syndication.storage.images import Gallery
from syndication.storage.usage import usage
from tests.builders import NOW, a_partner, a_source, put_article, put_publication
from tests.images import a_figure
from tests.storage.test_images import decide
from tests.web.house import put_edition

MAY = Window(NOW.replace(day=1, hour=0, minute=0), NOW.replace(month=6, day=1, hour=0, minute=0))
JUNE = Window(MAY.end, MAY.end + timedelta(days=30))


@pytest.fixture
def house(database):
    upland = a_partner(slug="upland-post", name="Upland Post")
    with database.write() as connection:
        put_publication(connection, sources=[a_source(id=0), a_source(id=0, partner=upland, slug="upland")])
        put_article(connection, title="=1+1", figures=(a_figure(),))
        put_article(connection)
        put_article(connection, source_id=2, first_seen_at=MAY.start - timedelta(seconds=1), published_at=MAY.start)
        connection.execute(schema.feed_entry.insert().values(feed_id=1, article_id=1, rev=1, withdrawn=False, at=NOW))
    return database


def told(database, window, **given):
    with database.read() as connection:
        return {sums.partner: sums for sums in usage(connection, window, **given)}


def test_each_partner_has_its_own_sum_and_its_own_articles(house):
    found = told(house, MAY)
    harbour = found["harbour-daily"]
    assert (harbour.stories, harbour.web, harbour.feeds, harbour.mailed) == (2, 2, 1, 0)
    assert [one.id for one in harbour.articles] == [1, 2]
    assert (found["upland-post"].stories, found["upland-post"].articles) == (0, [])
    assert list(told(house, MAY, only="upland-post")) == ["upland-post"]


def test_copies_are_the_readers_whose_mail_was_accepted(house):
    with house.write() as connection:
        put_edition(connection, id=1, state="settled", article_ids=(1,))
        connection.execute(
            schema.edition_content.insert().values(
                edition_id=1, variant="all", item_ids=[1], subject="s", preheader="p", html="h", text="t", nonce="n",
                hash="h",
            )
        )  # fmt: skip
        for n, state, count in ((1, "accepted", 70), (2, "uncertain", 5)):
            connection.execute(
                schema.batch.insert().values(
                    edition_id=1, n=n, content_id=1, wave=NOW, state=state, manifest=b"", count=count, changed_at=NOW
                )
            )
        connection.execute(
            schema.delivery_exception.insert().values(
                edition_id=1, subscriber_id=1, kind="unsubscribed", batch_n=1, detail="", at=NOW
            )
        )
    harbour = told(house, MAY)["harbour-daily"]
    assert (harbour.mailed_stories, harbour.mailed) == (1, 69)
    assert told(house, JUNE)["harbour-daily"].mailed == 0


def test_a_correction_counts_for_those_who_were_told_and_for_no_other_reader(house):
    with house.write() as connection:
        put_edition(connection, id=1, state="settled", article_ids=(1, 2))
        for variant, items in (("all", [1]), ("all+1", [1, 2])):
            connection.execute(
                schema.edition_content.insert().values(
                    edition_id=1, variant=variant, item_ids=items, subject="s", preheader="p", html="h", text="t",
                    nonce="n", hash=variant,
                )
            )  # fmt: skip
        for n, content_id, count in ((1, 1, 70), (2, 2, 5)):
            connection.execute(
                schema.batch.insert().values(
                    edition_id=1, n=n, content_id=content_id, wave=NOW, state="accepted", manifest=b"", count=count,
                    changed_at=NOW,
                )
            )  # fmt: skip
    first, second = told(house, MAY)["harbour-daily"].articles
    assert (first.editions, first.mailed, second.editions, second.mailed) == (1, 75, 1, 5)


def test_pictures_count_in_every_month_in_which_they_were_here(house, tmp_path):
    gallery = Gallery(house, ImageFiles(tmp_path / "images"))
    decide(gallery)
    for wanted in gallery.claim(NOW, NOW, limit=9):
        gallery.keep(wanted, Drawn(((ImageSize(640, 400, 1), b"x"),)), NOW)
    assert (told(house, MAY)["harbour-daily"].images, told(house, JUNE)["harbour-daily"].images) == (1, 1)
    with house.write() as connection:
        watch.withdraw(connection, 1, NOW + timedelta(days=5))
    decide(gallery, NOW + timedelta(days=5))
    gallery.drop(NOW + timedelta(days=5), limit=9)
    may, june = told(house, MAY)["harbour-daily"], told(house, JUNE)["harbour-daily"]
    assert (may.images, may.withdrawn) == (1, 1)
    assert (june.images, june.withdrawn) == (0, 0)


def test_corrections_and_ends_count_when_they_happened(house):
    with house.write() as connection:
        connection.execute(
            schema.article_revision.insert().values(
                article_id=1, rev=2, hash="x", seen_at=JUNE.start, title="t", content={}
            )
        )
        connection.execute(schema.article.update().where(schema.article.c.id == 2).values(ended_at=JUNE.start))
    may, june = told(house, MAY)["harbour-daily"], told(house, JUNE)["harbour-daily"]
    assert (may.corrections, may.ended) == (0, 0)
    assert (june.corrections, june.ended, june.stories, june.web) == (1, 1, 2, 0)
