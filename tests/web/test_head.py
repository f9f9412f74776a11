"""What a page tells programs and the curious: previews, schema.org, ways to pass it on, why it is here."""

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from syndication.jobs.read import ArticleShown, Shown
from syndication.model.article import DecidedBy, StoryLink
from syndication.model.rights import Rights, TextRight
from syndication.web import share
from syndication.web.linked import written
from syndication.web.why import reasons
from tests.builders import NOW, a_permission, a_stored


def linked(page: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)[0])
    return found


def property_of(page: str, name: str) -> str:
    return re.findall(rf'<meta property="{name}" content="([^"]*)">', page)[0]


def test_an_article_names_the_page_that_it_is_based_on(still):
    page = still.get("/articles/1").text
    base = still.publication.base_url
    told = linked(page)
    assert told["@type"] == "NewsArticle"
    assert told["headline"] == "The ferry sails again"
    assert told["url"] == f"{base}/articles/1"
    assert told["author"]["name"] == "Ada Quay"
    assert told["publisher"]["name"] == "Sound & Shore Cooperative"
    assert told["isBasedOn"]["url"].startswith("https://harbour.example/news/")
    assert told["isBasedOn"]["publisher"]["name"] == "Harbour Daily"
    assert told["articleSection"] == ["Harbour"]
    assert told["datePublished"] == "2026-05-07T06:30:00+00:00"
    assert "dateModified" not in told


def test_a_preview_has_title_kind_and_address(still):
    page = still.get("/articles/1").text
    assert property_of(page, "og:type") == "article"
    assert property_of(page, "og:title") == "The ferry sails again"
    assert property_of(page, "og:url") == f"{still.publication.base_url}/articles/1"
    assert property_of(page, "og:site_name") == "Sound &amp; Shore"
    assert property_of(page, "article:published_time") == "2026-05-07T06:30:00+00:00"
    assert property_of(still.get("/archive").text, "og:type") == "website"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "WebSite"),
        ("/editions/1", "PublicationIssue"),
        ("/topics/harbour", "CollectionPage"),
        ("/partners/upland-post", "CollectionPage"),
    ],
)
def test_other_pages_say_what_they_are(still, path, kind):
    assert linked(still.get(path).text)["@type"] == kind


def test_an_edition_lists_what_it_has(still):
    assert [part["headline"] for part in linked(still.get("/editions/1").text)["hasPart"]] == [
        "The ferry sails again",
        "Hill road closed until June",
    ]


def test_pub_17_no_title_ends_the_element_that_holds_it():
    hostile = "</script><script>alert(1)</script><!-- & \u2028"
    text = written({"@type": "NewsArticle", "headline": hostile, "isBasedOn": {"name": hostile, "url": ""}})
    assert not set(text) & set("<>&\u2028")
    assert json.loads(text)["headline"] == hostile
    assert json.loads(text)["isBasedOn"] == {"name": hostile}


def test_ways_to_pass_a_page_on_carry_its_title_and_address_and_nothing_else():
    title, address = "Tom & <Jerry>? 100 %", "https://news.example.org/articles/7"
    links = {way.text: way.url for way in share.ways(title, address)}
    assert parse_qs(urlsplit(links["Mail"]).query) == {"subject": [title], "body": [address]}
    for name in ("WhatsApp", "Bluesky"):
        assert parse_qs(urlsplit(links[name]).query) == {"text": [f"{title} {address}"]}


def test_a_page_can_be_passed_on_without_a_script(still):
    page = still.get("/articles/1").text
    assert f'<code class="copy">{still.publication.base_url}/articles/1</code>' in page
    assert page.count('rel="nofollow noreferrer"') == 3


def shown(*decided: tuple[str, DecidedBy], body: str = "", **given: Any) -> list[str]:
    found = Shown(a_stored(**given), a_permission(body=body))
    return reasons(ArticleShown(found, None, None, decided), {"harbour": "Harbour"}, "UTC")


def test_why_it_is_here_is_told_from_the_first_day_on():
    assert shown() == [
        "Harbour Daily is a partner of ours. We found this story there on Thursday, 7 May 2026.",
        "Its publisher lets us show an excerpt of at most 55 words.",
    ]


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (DecidedBy.HAND, "because an editor put it there."),
        (DecidedBy.RULE, "because its title or its opening has one of the words that we look for."),
        (DecidedBy.CATEGORY, "because its publisher filed it under a subject that means the same."),
        (DecidedBy.PARTNER, "because what comes from Harbour Daily belongs there."),
    ],
)
def test_each_topic_says_what_decided_it(by, words):
    assert f"It is under “Harbour” {words}" in shown(("harbour", by), ("forgotten", by))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"publisher": "Island Gazette"}, "Harbour Daily credits it to Island Gazette, and so do we."),
        (
            {"rev": 2, "changed_at": NOW + timedelta(days=1)},
            "Its text was changed since; this is how it reads since Friday, 8 May 2026.",
        ),
        ({"rights": Rights(text=TextRight.LINK)}, "Its publisher lets us show the title and a link, and no more."),
        ({"rights": Rights(text=TextRight.FULL)}, "Its publisher gave us no more than this."),
        ({"rights": Rights(text=TextRight.FULL), "body": "<p>x</p>"}, "Its publisher lets us show all of it."),
        ({"rights": Rights(expiry_days=30)}, "We may show it until Saturday, 6 June 2026."),
        (
            {"also_in": (StoryLink(7, "Ferry", "https://hill.example/1", "Hill Post"),)},
            "Another partner carries the same story. We tell it once: as the house tells it that wrote it, or else "
            "the fullest, or else the first.",
        ),
    ],
)
def test_a_decision_has_its_sentence(given, sentence):
    assert sentence in shown(**given)


def test_the_page_has_the_reasons_and_leads_to_more(still):
    page = still.get("/articles/1").text
    assert "It is under “Harbour” because its title or its opening" in page
    assert '<a href="/partners/harbour-daily">More from Harbour Daily</a>' in page
    assert "<bdi>The ferry sails again</bdi>: new" in still.get("/editions/1").text
