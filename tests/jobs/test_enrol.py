"""Any address -> the feeds behind it: taken as it is, named by a page, in a usual place, or WordPress' posts."""

import json

import pytest

from syndication.errors import FetchError, ParseError, PolicyError, SettingsError
from syndication.jobs.enrol import Looked, look
from syndication.model.credential import Credential
from syndication.model.exchange import Answer, Failure, FailureKind, Phase, Request
from syndication.sources.unlock import read_secret
from tests.builders import NOW
from tests.sources.test_wordpress import a_post
from tests.world import World, item, rss

BASE = "https://news.example.org"
SITE = "https://harbour.example/"
PAGE = "<!doctype html><html><head><title>Harbour</title>{}</head><body><p>News</p></body></html>"


def seek(world: World, typed: str = SITE, **given: object) -> Looked:
    return look(typed, exchange=world, base_url=BASE, now=NOW, **given)  # type: ignore[arg-type]


def page(*links: str) -> str:
    return PAGE.format("".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links))


@pytest.fixture
def world() -> World:
    return World()


def test_a_feed_is_taken_as_it_is(world: World) -> None:
    world.puts(SITE, rss(item(1), title="Harbour Daily"))
    (found,) = seek(world).feeds
    assert (found.url, found.how, found.feed.title, found.home) == (
        SITE, "it is a feed itself", "Harbour Daily", "https://harbour.example/"
    )  # fmt: skip


def test_a_page_leads_to_the_feeds_it_names_in_its_order(world: World) -> None:
    world.puts(SITE, page("/b.xml", "/dead.xml", "/a.xml", "/comments.xml"), type="text/html")
    for name in ("a", "b", "comments"):
        world.puts(f"{SITE}{name}.xml", rss(item(1), title=name))
    looked = seek(world)
    assert [found.feed.title for found in looked.feeds] == ["b", "a", "comments"]
    assert {found.how for found in looked.feeds} == {"named by the page"}
    assert looked.passed_over == ((f"{SITE}dead.xml", "its status is 404"),)


def test_a_page_that_names_none_is_tried_in_the_usual_places(world: World) -> None:
    world.puts(SITE, PAGE.format(""), type="text/html")
    world.puts(f"{SITE}rss.xml", rss(item(1)))
    (found,) = seek(world).feeds
    assert (found.url, found.how) == (f"{SITE}rss.xml", "in a usual place")


def test_a_wordpress_whose_feed_is_off_leads_to_its_posts(world: World) -> None:
    link = '<link rel="https://api.w.org/" href="/wp-json/">'
    world.puts(SITE, PAGE.format(link), type="text/html")
    posts = f"{SITE}wp-json/wp/v2/posts?per_page=20&_embed=author,wp:term,wp:featuredmedia"
    world.puts(posts, json.dumps([a_post()]), type="application/json")
    (found,) = seek(world).feeds
    assert (found.url, found.feed.dialect) == (posts, "wordpress rest")


def test_an_address_without_a_scheme_is_tried_safely_first(world: World) -> None:
    world.puts("http://old.example/feed", rss(item(1)))
    world.puts("https://harbour.example", rss(item(1)))
    assert seek(world, "harbour.example").feeds[0].url == "https://harbour.example"

    class NoTls(World):
        def fetch(self, request: Request) -> Answer | Failure:
            if request.url.startswith("https:"):
                return Failure(request.url, FailureKind.TLS, Phase.CONNECT, "no certificate")
            return world.fetch(request)

    assert seek(NoTls(), "old.example/feed").feeds[0].url == "http://old.example/feed"
    with pytest.raises(FetchError, match="tls: no certificate"):
        seek(NoTls(), "https://old.example/feed")  # whoever asks for https gets no less


def test_what_moved_for_good_is_added_where_it_is_and_what_moved_for_now_where_it_was(world: World) -> None:
    world.moved[SITE] = (301, "https://www.harbour.example/feed")
    world.moved["https://hill.example/f"] = (302, "https://cdn.example/x")
    world.puts("https://www.harbour.example/feed", rss(item(1)))
    world.puts("https://cdn.example/x", rss(item(1)))
    assert seek(world).feeds[0].url == "https://www.harbour.example/feed"
    assert seek(world, "https://hill.example/f").feeds[0].url == "https://hill.example/f"


def test_a_list_of_feeds_is_handed_on_as_one(world: World) -> None:
    world.puts(SITE, '<?xml version="1.0"?><opml version="2.0"><body/></opml>', type="text/x-opml")
    looked = seek(world)
    assert looked.opml is not None and looked.feeds == ()


@pytest.mark.parametrize(
    ("status", "type", "body", "error", "words"),
    [
        (404, "text/html", "x", FetchError, "its status is 404"),
        (410, "text/html", "x", PolicyError, "taken away for good"),
        (401, "text/html", "x", FetchError, "--credentials"),
        (200, "image/svg+xml", "<svg/>", ParseError, "no feed that can be read"),
        (200, "text/plain", "hello", ParseError, "no feed that can be read"),
        (200, "text/html", PAGE.format(""), ParseError, "the page names no feeds; 10 usual places hold none"),
        (200, "text/html", page("/dead"), ParseError, "names 1 feed; https://harbour.example/dead: its status"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_says_why(
    world: World, status: int, type: str, body: str, error: type[Exception], words: str
) -> None:
    world.puts(SITE, body, type=type, status=status)
    with pytest.raises(error) as caught:
        seek(world)
    assert words in str(caught.value)


def test_col_18_our_own_output_is_refused_and_passed_over(world: World) -> None:
    ours = rss(item(1)).replace("https://harbour.example/</link>", f"{BASE}/</link>", 1)
    world.puts("https://mirror.example/", ours)
    with pytest.raises(PolicyError, match="as its home page, which is published by this very service"):
        seek(world, "https://mirror.example/")
    world.puts(SITE, page("/copy.xml", "/feed.xml"), type="text/html")
    world.puts(f"{SITE}copy.xml", ours)
    world.puts(f"{SITE}feed.xml", rss(item(1)))
    looked = seek(world)
    assert [found.url for found in looked.feeds] == [f"{SITE}feed.xml"]
    assert "this very service" in looked.passed_over[0][1]


def test_a_feed_behind_a_door_is_looked_at_with_its_credentials() -> None:
    class Door(World):
        def _answer(self, request: Request, url: str, hops: tuple) -> Answer:  # type: ignore[type-arg]
            if ("Authorization", "Bearer t0ken") in request.credentials:
                return super()._answer(request, url, hops)
            return Answer(url, 401, (), b"", "192.0.2.1")

    def keys(name: str) -> Credential:
        if name != "bay":
            raise SettingsError("not set")
        return read_secret("bearer t0ken", name)

    world = Door()
    world.puts(SITE, page("/feed", "https://other.example/feed"), type="text/html")
    world.puts(f"{SITE}feed", rss(item(1)))
    world.puts("https://other.example/feed", rss(item(1)))
    looked = seek(world, keys=keys, credentials="bay")
    assert [found.url for found in looked.feeds] == [f"{SITE}feed"]  # another host was not given the token
    with pytest.raises(SettingsError):
        seek(Door(), keys=keys, credentials="hill")


LISTING = "".join(
    f'<div class="teaser"><h2><a href="/news/{slug}">{slug.replace("-", " ")}</a></h2></div>'
    for slug in ("the-ferry-sails-again", "a-crane-arrives-by-barge", "the-market-moves-indoors")
)
URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
RECENT = URLSET.format(f"<url><loc>{SITE}the-ferry-sails-again</loc><lastmod>2026-05-06</lastmod></url>")


def test_without_a_feed_the_page_itself_and_its_sitemaps_are_offered(world: World) -> None:
    world.puts(SITE, f"<!doctype html><html><body>{LISTING}</body></html>", type="text/html")
    world.puts(f"{SITE}sitemap.xml", RECENT, type="application/xml")
    looked = seek(world)
    assert [(one.url, one.kind.value, len(one.feed.entries)) for one in looked.feeds] == [
        (SITE, "listing", 3),
        (f"{SITE}sitemap.xml", "sitemap", 1),
    ]


def test_a_sitemap_may_be_named_itself(world: World) -> None:
    world.puts(f"{SITE}posts.xml", RECENT, type="application/xml")
    (found,) = seek(world, f"{SITE}posts.xml").feeds
    assert (found.kind.value, found.how) == ("sitemap", "it is a sitemap")


def test_col_20_what_robots_txt_closes_is_not_offered(world: World) -> None:
    world.puts(SITE, f"<!doctype html><html><body>{LISTING}</body></html>", type="text/html")
    world.puts(f"{SITE}sitemap.xml", RECENT, type="application/xml")
    world.puts(f"{SITE}robots.txt", "User-agent: *\nDisallow: /", type="text/plain")
    with pytest.raises(ParseError, match="robots"):
        seek(world)
    assert f"{SITE}sitemap.xml" not in world.asked
