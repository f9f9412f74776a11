"""Pages that list articles: what is a list, what is round it, and where a person knows better."""

from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.errors import ParseError
from syndication.model.source import Document, ParsedFeed
from syndication.sources import listing
from syndication.sources.page import ELEMENTS_MAX, is_door, metas_of, tree_of

AT = "https://harbour.example/news/"
STORIES = [
    ("the-ferry-sails-again", "The ferry sails again after repairs", "2026-05-07T06:00:00+02:00"),
    ("quay-closed-for-a-week", "The quay is closed for a week", "2026-05-06T10:00:00+02:00"),
    ("new-crane-arrives", "A new crane arrives by barge", "2026-05-05T09:00:00+02:00"),
    ("market-moves-indoors", "The market moves indoors for the winter", "2026-05-04T09:00:00+02:00"),
]
TEASER = "After repairs that took the whole of the winter it crosses the sound again."
AROUND = """<nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li>
<li><a href="/about-the-harbour-daily">About the Harbour Daily</a></li></ul></nav>"""
ASIDE = """<aside class="widget popular"><h3>Most read</h3><ul><li><a href="/an-old-story-about-the-lighthouse">An old
story about the lighthouse</a></li></ul></aside><footer><a href="/privacy-notice-of-this-house">Privacy notice of this
house</a><a href="https://elsewhere.example/the-best-boats-to-buy">The best boats to buy</a></footer>"""


def page(body: str, head: str = "") -> str:
    return f'<!doctype html><html lang="en"><head><title>Harbour Daily</title>{head}</head><body>{body}</body></html>'


def wordpress(slug: str, title: str, date: str) -> str:
    return f"""<article class="post-{len(slug)} post type-post status-publish format-standard">
    <a class="thumb" href="/2026/05/{slug}/"><img src="/ferry.jpg" alt=""></a>
    <h2 class="entry-title"><a href="/2026/05/{slug}/">{escape(title)}</a></h2>
    <div class="entry-meta"><time datetime="{date}">7 May</time> by <a href="/author/ada/">Ada Quay</a></div>
    <div class="entry-summary"><p>{TEASER} […]</p><a href="/2026/05/{slug}/#more">Continue reading</a></div>
    <a href="/tag/port/" rel="tag">Port</a></article>"""


def card(slug: str, title: str, date: str) -> str:
    return f"""<a class="card card--{len(slug)}" href="/{slug}"><span class="card__title">{escape(title)}</span>
    <span class="card__date">{date[:10]}</span></a>"""


def row(slug: str, title: str, date: str) -> str:
    link = f'<a href="index.php?id={1000 + len(slug)}">{escape(title)}</a>'
    return f'<tr><td class="date">{date[:10]}</td><td>{link}</td></tr>'


def item(slug: str, title: str, date: str) -> str:
    return f"""<li><h3><a href="https://www.harbour.example/{slug}?utm_source=list">{escape(title)}</a></h3></li>"""


def bare(slug: str, title: str, date: str) -> str:
    return f'<p><a href="{slug}.html">{escape(title)}</a></p>'


def read(html: str, **given: str) -> ParsedFeed:
    return listing.read(Document(html.encode(), AT, "text/html; charset=utf-8"), **given)


@pytest.mark.parametrize("theme", [wordpress, card, row, item, bare])
def test_a_list_is_found_in_many_themes_and_nothing_round_it(theme: object) -> None:
    assert callable(theme)
    inside = "".join(theme(*story) for story in STORIES)
    wrap = f"<table>{inside}</table>" if theme is row else f"<ul>{inside}</ul>" if theme is item else inside
    feed = read(page(f'<header>{AROUND}</header><main><h1>News</h1><div class="list">{wrap}</div></main>{ASIDE}'))
    assert [entry.title for entry in feed.entries] == [title for _, title, _ in STORIES]
    assert len({entry.url for entry in feed.entries}) == len(STORIES)
    assert (feed.title, feed.url, feed.language) == ("Harbour Daily", AT, "en")


def test_an_entry_has_its_date_and_teaser() -> None:
    entry = read(page("".join(wordpress(*story) for story in STORIES))).entries[0]
    assert entry.url == "https://harbour.example/2026/05/the-ferry-sails-again/"
    assert entry.published == datetime(2026, 5, 7, 4, tzinfo=UTC)
    assert entry.summary_html == f"<p>{TEASER} […]</p>"
    assert entry.id is None


def test_a_lead_story_built_otherwise_is_found_too() -> None:
    heading = '<h1><a href="/storm-closes-the-port">Storm closes the port</a></h1>'
    lead = f'<section class="hero">{heading}<p>{TEASER}</p></section>'
    feed = read(page(lead + "".join(wordpress(*story) for story in STORIES)))
    assert [entry.title for entry in feed.entries][:2] == ["Storm closes the port", STORIES[0][1]]


def test_a_title_is_the_heading_and_never_its_read_more() -> None:
    block = "".join(
        f'<div class="teaser"><h3>{title}</h3><p>{TEASER}</p><a href="/{slug}">Read the whole article here</a></div>'
        for slug, title, _ in STORIES
    )
    assert [entry.title for entry in read(page(block)).entries] == [title for _, title, _ in STORIES]


def test_a_base_element_counts() -> None:
    feed = read(page("".join(bare(*story) for story in STORIES), '<base href="https://harbour.example/in/">'))
    assert feed.entries[0].url == "https://harbour.example/in/the-ferry-sails-again.html"


@pytest.mark.parametrize(
    "body",
    ["", "<p>Nothing here.</p>", AROUND + ASIDE,
     '<div><a href="/a">One</a> <a href="/b">Two</a> <a href="/c">Three</a></div>',
     "".join(f'<p><a href="https://elsewhere.example/{slug}">{title}</a></p>' for slug, title, _ in STORIES)],
)  # fmt: skip
def test_a_page_without_a_list_says_so(body: str) -> None:
    with pytest.raises(ParseError):
        read(page(body))


def test_a_person_knows_better() -> None:
    html = page(
        '<div class="x"><a href="/a">A</a> <a class="to" href="/b">One</a></div>'
        '<div class="x"><a href="/c">Two</a></div>'
    )
    assert [entry.url for entry in read(html, item="div.x", link="a.to").entries] == [
        "https://harbour.example/b",
        "https://harbour.example/c",
    ]
    assert [entry.title for entry in read(html, link="a.to").entries] == ["One"]
    with pytest.raises(ParseError, match="no list"):
        read(html, item="div.gone")


def test_the_charset_that_a_page_names_is_believed() -> None:
    html = page(
        "".join(bare(slug, f"{title} für alle", "") for slug, title, _ in STORIES), '<meta charset="iso-8859-1">'
    )
    feed = listing.read(Document(html.encode("iso-8859-1"), AT, "text/html"))
    assert feed.entries[0].title.endswith("für alle")


def test_par_03_a_page_of_too_many_elements_is_refused() -> None:
    with pytest.raises(ParseError, match="refused"):
        read(page("<i>" * 10 + "<b></b>" * (ELEMENTS_MAX + 1)))


def test_a_page_of_links_alone_takes_no_long_time() -> None:
    read(
        page(
            "".join(f'<div class="a{n}"><a href="/a-story-about-{n}">A story about {n}</a></div>' for n in range(9000))
        )
    )


@settings(max_examples=60, deadline=None)  # the machine may be busy
@given(st.text(alphabet="<>/=\"' adivhref1-.", max_size=300))
def test_whatever_the_page_the_only_error_is_a_parse_error(text: str) -> None:
    try:
        feed = read(text)
    except ParseError:
        return
    assert all(entry.url and entry.title for entry in feed.entries)


@pytest.mark.parametrize(
    ("body", "answered", "door"),
    [
        ("<p>News</p>", AT, False),
        ("<p>Please wait</p>", "https://harbour.example/login?next=/news/", True),
        ("<p>Please wait</p>", "https://id.example/oauth2/start", True),
        ("<form>Log in <input name=a><input type=password></form>", AT, True),
        (f"<form>Log in <input type=password></form><p>{TEASER * 20}</p>", AT, False),  # furniture beside a text
        ("<p>News</p>", "https://harbour.example/blogin-stories/", False),
    ],
)
def test_col_20_a_door_is_known(body: str, answered: str, door: bool) -> None:
    assert is_door(tree_of(Document(page(body).encode(), AT, "text/html")), asked=AT, answered=answered) is door


def test_what_a_page_says_to_robots_is_read() -> None:
    tree = tree_of(Document(page("<p>a</p>", '<meta name=Robots content="noindex">').encode(), AT, "text/html"))
    assert metas_of(tree) == [("robots", "noindex")]
