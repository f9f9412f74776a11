"""Rights as a visitor meets them: pictures at our address with their names, pages that are gone and say so, and what
robots are asked for."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from syndication.jobs import images as job
from syndication.model.article import ArticleState, Figure
from syndication.model.image import Drawn, ImageSize
from syndication.model.rights import Rights, TextRight
from syndication.model.signals import Signals
from syndication.storage import schema, values, watch
from syndication.storage.images import Gallery
from tests.builders import NOW, an_article, put_article

JPEG = b"\xff\xd8\xff a picture \xff\xd9"
DRAWN = Drawn(((ImageSize(640, 400, len(JPEG)), JPEG), (ImageSize(1280, 800, len(JPEG)), JPEG)))


def grant(house, **rights):
    """Give the first source other rights than it was declared with."""
    with house.database.write() as connection:
        full = Rights(text=TextRight.FULL, canonical=False)
        row = {"rights": values.rights_to_json(replace(full, **rights))}
        connection.execute(schema.source.update().where(schema.source.c.id == 1).values(row))


def put(house, **given):
    with house.database.write() as connection:
        return put_article(connection, an_article(source_id=1, **given))


def withdraw(house, id, *, by_publisher):
    with house.database.write() as connection:
        if by_publisher:
            guid = connection.scalar(sa.select(schema.article.c.guid).where(schema.article.c.id == id))
            watch.miss(connection, 1, [guid], NOW, lost=False)
        assert watch.withdraw(connection, id, NOW)


def keep_all(house):
    gallery, now = Gallery(house.database, house.images), house.clock[0]
    job.decide(gallery, lambda: now)
    for wanted in gallery.claim(now, now, limit=50):
        assert gallery.keep(wanted, DRAWN, now)


def test_a_page_shows_what_is_kept_with_caption_credit_size_and_a_smaller_one(house):
    keep_all(house)
    page = house.get("/articles/1").text
    (figure,) = page.split("<figure")[1:]
    figure = figure.partition("</figure>")[0]
    for words in ('width="1280" height="800"', 'alt="A ferry"', "640w", "1280w", "sizes=", "The ferry at quay 3",
                  "Picture: <bdi>Harbour Daily</bdi>"):  # fmt: skip
        assert words in figure
    assert "harbour.example/f.jpg" not in page  # no link to what is here
    assert 'property="og:image"' in page
    assert '"creditText":"Harbour Daily"' in page


def test_an_image_is_answered_for_a_day_and_may_do_nothing(house):
    keep_all(house)
    path = house.get("/articles/1").text.partition('<img src="')[2].partition('"')[0]
    assert path.startswith("/images/")
    answer = house.get(path)
    assert (answer.status, answer.body) == (200, JPEG)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "public, max-age=86400"  # longer, and a cache would outlast the right
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    again = house.get(path, {"If-None-Match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    head = house.ask("HEAD", path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(JPEG))


def test_what_we_took_back_ourselves_is_not_said_of_its_publisher(house):
    id = put(house, title="A secret of the harbour")
    withdraw(house, id, by_publisher=False)
    answer = house.get(f"/articles/{id}")
    assert answer.status == 410
    assert "Withdrawn by us" in answer.text and "We have taken this story back." in answer.text
    assert "Withdrawn by Harbour" not in answer.text and "has withdrawn" not in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "name", ["nothing.jpg", "0" * 32 + "-640.jpg", "0" * 32 + "-640.png", "..%2fsecret", "x" * 300]
)
def test_pub_14_any_other_name_is_a_404(house, name):
    assert house.get(f"/images/{name}").status == 404


def test_what_is_not_kept_is_a_link_with_its_credit(house):
    page = house.get("/articles/1").text
    assert "<figure" not in page
    assert '<a href="https://harbour.example/f.jpg"' in page
    assert "(picture: Harbour Daily)" in page


def test_a_withdrawn_story_says_so_and_nothing_else_of_itself(house):
    id = put(house, title="A secret of the harbour", figures=(Figure("https://harbour.example/s.jpg"),))
    keep_all(house)
    path = house.get(f"/articles/{id}").text.partition('<img src="')[2].partition('"')[0]
    withdraw(house, id, by_publisher=True)
    answer = house.get(f"/articles/{id}")
    assert answer.status == 410
    assert "Withdrawn by us" not in answer.text
    assert "Withdrawn by Harbour Daily" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["x-robots-tag"] == "noindex"
    gallery = Gallery(house.database, house.images)
    job.decide(gallery, lambda: house.clock[0])
    gallery.drop(house.clock[0], limit=9)
    # The other article's picture has the same bytes here, so the file stays for it; once that goes too it is gone.
    with house.database.write() as connection:
        connection.execute(schema.article.update().values(state=ArticleState.WITHDRAWN.value))
    job.decide(gallery, lambda: house.clock[0])
    gallery.drop(house.clock[0], limit=9)
    assert house.get(path).status == 404


def test_after_its_time_a_page_is_gone_and_leads_to_the_original(house):
    grant(house, expiry_days=3)
    house.clock[0] = NOW + timedelta(days=3)
    answer = house.get("/articles/1")
    assert answer.status == 410
    assert "is here no longer" in answer.text
    assert 'href="https://harbour.example/news/' in answer.text
    grant(house, expiry_days=3, after_expiry="original")
    answer = house.get("/articles/1")
    assert answer.status == 302
    assert answer.headers["location"].startswith("https://harbour.example/news/")
    grant(house, expiry_days=4)  # the right was renewed
    assert house.get("/articles/1").status == 200


def test_under_embargo_a_page_was_never_there_and_opens_by_itself(house):
    grant(house, embargo_minutes=120)
    assert house.get("/articles/1").status == 404
    house.clock[0] = NOW + timedelta(minutes=120)
    assert house.get("/articles/1").status == 200


def test_what_its_publisher_asks_of_robots_is_asked_again(house):
    id = put(house, signals=Signals(noindex=True, max_snippet=90, tdm_reserved=True))
    answer = house.get(f"/articles/{id}")
    assert answer.headers["x-robots-tag"] == "noindex, max-snippet:90"
    assert answer.headers["tdm-reservation"] == "1"
    assert '<meta name="robots" content="noindex, max-snippet:90">' in answer.text
    plain = house.get("/articles/1")
    assert "x-robots-tag" not in plain.headers
    assert "tdm-reservation" not in plain.headers


def test_terms_of_mining_and_no_archive_are_passed_on_and_break_no_header(house):
    policy = "https://harbour.example/térms?a=1&b=2"
    id = put(house, signals=Signals(noarchive=True, nosnippet=True, tdm_reserved=True, tdm_policy=policy))
    answer = house.get(f"/articles/{id}")
    assert answer.headers["x-robots-tag"] == "noarchive, nosnippet"
    assert answer.headers["tdm-policy"] == "https://harbour.example/t%C3%A9rms?a=1&b=2"
    assert '<meta name="tdm-policy" content="https://harbour.example/t%C3%A9rms?a=1&amp;b=2">' in answer.text
    told = house.get(f"/articles/{put(house, signals=Signals(tdm_policy=policy))}")
    assert "tdm-policy" not in told.headers, "terms of what is not reserved say nothing"


def test_a_story_that_is_published_again_shows_both_dates(house):
    first = NOW - timedelta(days=60)
    id = put(house, published_at=first, republished_at=NOW - timedelta(days=1))
    text = " ".join(house.get(f"/articles/{id}").text.split())
    assert f"{first.day} {first:%B %Y}" in text
    assert "Published again by <bdi>Harbour Daily</bdi> on <time" in text
    assert "Published again" not in house.get("/articles/1").text


def test_a_counter_loads_on_its_own_pages_only(house):
    grant(house, counter_pixel="https://count.example/p.gif?u={url}")
    answer = house.get("/articles/1")
    assert 'src="https://count.example/p.gif?u=https%3A%2F%2Fharbour.example' in answer.text
    assert "img-src 'self' https://count.example;" in answer.headers["content-security-policy"]
    assert "count.example" not in house.get("/articles/2").headers["content-security-policy"]
    assert "count.example" not in house.get("/").headers["content-security-policy"]


def test_what_may_not_be_edited_is_whole_in_a_list_or_not_there(house):
    long = "The ferry sails " + "again and again " * 14 + "today."
    grant(house, no_edit=True, text=TextRight.EXCERPT)
    put(house, title="A long story of the ferry", excerpt=long)
    page = house.get("/").text
    assert "A long story of the ferry" in page
    assert "again and again again" not in page
    assert "…" not in page.partition("A long story of the ferry")[2].partition("</article>")[0]
