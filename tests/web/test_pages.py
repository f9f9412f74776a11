"""What the public pages show, and what they never show."""

import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from syndication.model.article import ArticleState
from syndication.storage import articles, revisions, schema
from tests.builders import NOW, put_article
from tests.web.house import put_edition

PAGES = ["/", "/articles/1", "/articles/2", "/articles/3", "/editions/1", "/archive", "/archive/2026-05",
         "/archive/2026-05-07", "/subscribe", "/feeds/all", "/nowhere", "/topics/harbour", "/partners/harbour-daily",
         "/search", "/search?q=ferry"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pub_17_every_page_is_strict_and_hostile_text_is_text(still, path):
    answer = still.get(path, {"Accept": "text/html"})
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    # The one element of that name is for programs that read, and no browser runs what it holds.
    data = re.findall(r'<script type="application/ld\+json">([^<>&]*)</script>', answer.text)
    assert answer.text.count("<script") == len(data) <= 1
    assert all(json.loads(one)["@context"] == "https://schema.org" for one in data)
    assert "onerror=alert(1)>" not in answer.text
    assert " style=" not in answer.text
    assert "<b>Bold" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_small_has_one_heading_and_asks_nobody_else(still, path):
    answer = still.get(path, {"Accept": "text/html"})
    style = re.search(r'href="(/assets/site-[0-9a-f]+\.css)"', answer.text).group(1)
    css = still.get(style)
    assert css.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert len(answer.body) + len(css.body) <= 30_000
    assert len(re.findall(r"<h1[\s>]", answer.text)) == 1
    assert 'href="#content"' in answer.text
    loaded = re.findall(r'(?:src=|<link rel="(?:stylesheet|icon)" href=)"([^"]+)"', answer.text)
    assert loaded
    assert all(address.startswith("/assets/") for address in loaded)
    assert "url(" not in css.text
    assert "@import" not in css.text


def test_an_article_carries_all_that_is_owed_to_its_publisher(still):
    page = still.get("/articles/1").text
    for owed in (
        "The ferry sails again",
        "By <strong><bdi>Ada Quay</bdi></strong>",
        "<strong><bdi>Harbour Daily</bdi></strong>",
        "Thursday, 7 May 2026, 06:30",
        "First published by Harbour Daily.",
        "The original at <bdi>Harbour Daily</bdi>",
        "It sails hourly.",
        "The ferry at quay 3",
        "(picture: Harbour Daily)",
        "All about ferries",
        "Harbour",
    ):
        assert owed in page, owed
    assert "<img" not in page
    assert "orrected" not in page


def test_an_excerpt_is_all_that_is_shown_where_no_more_is_granted(still):
    answer = still.get("/articles/2")
    assert "It sails hourly" not in answer.text
    assert "Read the whole story at <bdi>Upland Post</bdi>" in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert answer.headers["x-robots-tag"] == "noindex"


def test_an_original_is_named_as_canonical_where_rights_ask_for_it(house):
    assert f'<link rel="canonical" href="{house.publication.base_url}/articles/1">' in house.get("/articles/1").text
    with house.database.write() as connection:
        rights = dict(connection.execute(schema.source.select().where(schema.source.c.id == 2)).one().rights)
        rights |= {"canonical": True, "noindex": False}
        connection.execute(schema.source.update().where(schema.source.c.id == 2).values(rights=rights))
    assert '<link rel="canonical" href="https://upland.example/hill">' in house.get("/articles/2").text


def revised(house, **given):
    """Article 1 has another text, two hours later."""
    with house.database.write() as connection:
        stored = articles.get(connection, 1)
        article = replace(stored.article, fingerprint=f"f{given}", **given)
        revisions.revise(connection, 1, article, entry_hash="", now=NOW + timedelta(hours=2))
    return house.get("/articles/1").text


def test_a_correction_says_when_and_what_was_changed(house):
    with house.database.read() as connection:
        before = articles.get(connection, 1).article
    note = "Correction: it sails on Sundays, & not hourly."
    page = revised(house, title="The <ferry> sails on Sundays", text=f"{before.text}\n\n{note}")
    assert 'Corrected on <time datetime="2026-05-07T08:30:00+00:00">Thursday, 7 May 2026, 08:30' in page
    assert "What was corrected" in page and "&lt;ferry&gt;" in page and "<ins>" in page
    assert "updated" in house.get("/").text


def test_a_small_edit_is_an_update_and_no_correction(house):
    page = revised(house, text="It sails hourly, they say.")
    assert "Updated on <time" in page and "orrected" not in page


def test_another_version_of_the_event_is_related_coverage(house):
    with house.database.write() as connection:
        rows = [{"article_id": 3, "other_id": 1, "nearness": 45}]
        connection.execute(schema.article_related.insert(), rows)
        stories = dict(connection.execute(sa.select(schema.article.c.id, schema.article.c.story_id)).all())
    assert stories[1] != stories[3]
    for here, there in ((1, 3), (3, 1)):
        page = house.get(f"/articles/{here}").text
        assert f'<a href="/articles/{there}"' in page.partition("Related coverage")[2].partition("</dl>")[0]


@pytest.mark.parametrize("state", [ArticleState.WITHDRAWN, ArticleState.HELD])
def test_what_may_not_go_out_is_nowhere(house, state):
    with house.database.write() as connection:
        id = put_article(connection, source_id=1, title="A secret of the harbour", state=state)
    answer = house.get(f"/articles/{id}")
    assert answer.status == (410 if state is ArticleState.WITHDRAWN else 404)
    assert "A secret of the harbour" not in answer.text
    for path in ("/", "/archive", "/archive/2026-05-07", "/feeds/all"):
        assert "A secret of the harbour" not in house.get(path, {"Accept": "text/html"}).text


def test_an_expired_right_takes_the_page_away(house):
    with house.database.write() as connection:
        rights = dict(connection.execute(schema.source.select().where(schema.source.c.id == 1)).one().rights)
        connection.execute(
            schema.source.update().where(schema.source.c.id == 1).values(rights=rights | {"expiry_days": 3})
        )
    assert house.get("/articles/1").status == 200
    house.clock[0] = NOW + timedelta(days=3)
    assert house.get("/articles/1").status == 410
    assert "One story of this edition is no longer shown" in house.get("/editions/1").text


@pytest.mark.parametrize(
    ("id", "state", "status"),
    [
        (1, "frozen", 200),
        (2, "open", 404),
        (3, "cancelled", 404),
        (4, "held", 404),
        (5, "review", 404),
        (6, "skipped", 404),
        (7, "settled", 200),
        (99, "none", 404),
    ],
)
def test_pub_13_only_public_editions_are_shown(still, id, state, status):
    answer = still.get(f"/editions/{id}")
    assert answer.status == status, state
    if status == 404:
        assert answer.headers["x-robots-tag"] == "noindex"
        assert "ferry" not in answer.text
        assert f'"/editions/{id}"' not in still.get("/archive").text
        assert f'"/editions/{id}"' not in still.get("/").text


@pytest.mark.parametrize(("held", "status"), [("sending", 200), ("review", 404)])
def test_pub_13_a_paused_edition_is_as_public_as_it_was(house, held, status):
    with house.database.write() as connection:
        put_edition(connection, id=8, state="paused", held=held)
    assert house.get("/editions/8").status == status


def test_an_edition_lists_its_stories_in_its_order_with_what_it_said_of_them(still):
    page = still.get("/editions/7").text
    assert page.index("The ferry sails again") < page.index("Hill road closed")
    assert "Corrected since an earlier edition" in page
    assert "The Morning Sound" in page


def test_the_archive_leads_by_month_and_day_to_each_story(still):
    top = still.get("/archive").text
    assert 'href="/archive/2026-05"' in top
    assert 'href="/archive/2026-03"' in top
    month = still.get("/archive/2026-05").text
    assert 'href="/archive/2026-05-07"' in month
    assert 'href="/archive/2026-04-30"' not in month
    day = still.get("/archive/2026-05-07").text
    assert 'href="/articles/1"' in day
    assert 'href="/articles/3"' not in day
    assert still.get("/archive/2026-03-28").status == 200
    assert still.get("/archive/2025-01").status == 404
    assert still.get("/archive/2026-05-08").status == 404


def test_a_page_that_is_unchanged_is_304(still):
    for path in ("/articles/1", "/editions/1", "/archive"):
        first = still.get(path)
        again = still.get(path, {"If-None-Match": first.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["cache-control"] == "public, max-age=60"
        head = still.ask("HEAD", path)
        assert (head.status, head.body, head.headers["etag"]) == (200, b"", first.headers["etag"])


def test_a_feed_in_a_browser_is_a_page_that_says_what_to_do(still):
    page = still.get("/feeds/harbour", {"Accept": "text/html"}).text
    base = still.publication.base_url
    assert f'<code class="copy">{base}/feeds/harbour</code>' in page
    assert "A feed is an address that a feed reader looks at again and again" in page
    assert f'href="feed:{base}/feeds/harbour.atom"' in page
    assert page.count('rel="nofollow noreferrer"') == 5
    for format in ("atom", "rss", "json"):
        assert f'href="/feeds/harbour.{format}"' in page
        assert f'href="{base}/feeds/harbour.{format}"' in page  # for programs that look into the head
    assert '<form method="post" action="/subscribe">' in page
    assert "The ferry sails again" in page
    assert "Hill road closed" not in page
    assert still.get("/feeds/nothing", {"Accept": "text/html"}).status == 404


def test_a_link_is_named_after_the_house_that_it_leads_to(house):
    with house.database.write() as connection:
        passed_on = {"publisher": "Island Gazette", "publisher_url": "https://island.example/"}
        ids = [
            put_article(connection, source_id=1, url=f"https://{place}/42", **passed_on)
            for place in ("harbour.example", "island.example", "elsewhere.example")
        ]
    named = [
        re.search(r">([^<>]* at) <bdi>([^<]*)</bdi></a>", house.get(f"/articles/{id}").text).groups() for id in ids
    ]
    assert named == [
        ("Where we found it, at", "Harbour Daily"),
        ("The original at", "Island Gazette"),
        ("Where we found it, at", "elsewhere.example"),
    ]


def test_opml_names_feeds_and_partners_and_no_address_that_we_collect_from(still):
    answer = still.get("/opml")
    outlines = ElementTree.fromstring(answer.body).iter("outline")
    urls = [url for outline in outlines if (url := outline.get("xmlUrl") or outline.get("url"))]
    base = still.publication.base_url
    assert f"{base}/feeds/all.atom" in urls
    assert f"{base}/feeds/upland.atom" in urls
    assert "https://harbour.example/" in urls
    assert b'/feed"' not in answer.body
    assert b"harbour-daily.example" not in answer.body


def test_sto_08_what_breaks_is_told_to_us_and_not_to_visitors(house, caplog):
    with house.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE article_topic")
    answer = house.get("/articles/1")
    assert answer.status in (500, 503)
    for secret in ("Traceback", "article_topic", "sqlalchemy", "SELECT", "postgresql", ".py"):
        assert secret not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
