"""An entry becomes an article that every output can trust, whatever its publisher wrote."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndication.articles.clean import clean, wants_page
from syndication.articles.sanitize import plain_text, safe_html
from syndication.model.article import Article, Extract, Figure, RelatedLink, Removed
from syndication.model.rights import Rights, TextRight
from syndication.model.source import ArticleFrom, Enclosure, Entry, Origin, Person, Picture, SourceKind
from tests.builders import NOW, a_source, an_entry

SOURCE = a_source()
FULL = a_source(rights=Rights(text=TextRight.FULL))
STORY = "<p>The ferry sails again. " + "It has been nine long years of waiting on the quay. " * 12 + "</p>"


def _clean(**entry) -> Article:
    return clean(an_entry(**entry), SOURCE, NOW)


def test_an_entry_with_a_body_becomes_an_article():
    article = clean(
        an_entry(
            id="https://Harbour.example/?p=7",
            url="https://harbour.example/news/7?utm_source=rss",
            title="  Tom &amp; the <b>ferry</b> ",
            content_html='<p onclick="x()">It <b>sails</b> <a href="/a">hourly</a>.</p><p>And on Sundays too.</p>',
            summary_html="<p>The ferry sails. Hourly.</p>",
            authors=(Person("Ada Quay"), Person("Bo Tide")),
            categories=("Sea", "sea", " Sea "),
            language="en_GB",
            rights="© Harbour",
        ),
        SOURCE,
        NOW,
    )
    assert article.guid == "harbour.example/?p=7"
    assert article.publisher_guid == "https://Harbour.example/?p=7"
    assert article.url == "https://harbour.example/news/7"
    assert article.title == "Tom &amp; the <b>ferry</b>"  # text, to be escaped by whoever shows it
    assert (
        article.body
        == '<p>It <b>sails</b> <a href="https://harbour.example/a">hourly</a>.</p><p>And on Sundays too.</p>'
    )
    assert article.text == "It sails hourly.\n\nAnd on Sundays too."
    assert article.excerpt == "The ferry sails. Hourly."
    assert article.byline == "Ada Quay, Bo Tide"
    assert (article.publisher, article.publisher_url) == ("Harbour Daily", "https://harbour.example/")
    assert article.categories == ("Sea", "sea")
    assert article.language == "en-GB"
    assert article.rights_note == "© Harbour"
    assert article.published_at == article.first_seen_at == NOW
    assert article.fingerprint


def test_pictures_leave_the_body_and_bring_their_captions_and_credits():
    article = _clean(
        content_html='<p>Before it.</p><figure><img src="/a.jpg" alt="A">'
        "<figcaption>Boats. (Lena Holm/AP)</figcaption></figure>",
        pictures=(
            Picture("https://harbour.example/a.jpg?w=300"),
            Picture("/b.jpg", credit="Tor Bright", caption="Quay."),
        ),
        enclosures=(
            Enclosure("/c.png", "image/png"),
            Enclosure("/d.mp3", "audio/mpeg"),
            Enclosure("javascript:x", "image/png"),
        ),
    )
    assert article.figures == (
        Figure("https://harbour.example/a.jpg", "Boats.", "Lena Holm/AP", "A"),
        Figure("https://harbour.example/b.jpg", "Quay.", "Tor Bright"),
        Figure("https://harbour.example/c.png"),
    )
    assert article.body == "<p>Before it.</p>"


def test_foreign_lines_of_a_feed_are_taken_out_and_kept():
    article = _clean(
        content_html="<p>The story.</p>"
        '<p><a href="https://herald.example/">CLICK HERE TO READ MORE FROM THE HERALD</a></p>'
        "<p>More of it.</p>"
        '<p>See also: <a href="/b">Bread</a></p>'
        '<p>The post <a href="/x">X</a> appeared first on <a href="/">Y</a>.</p>'
    )
    assert article.body == "<p>The story.</p><p>More of it.</p>"
    assert (article.publisher, article.publisher_url) == ("The Herald", "https://herald.example/")
    assert article.related == (RelatedLink("Bread", "https://harbour.example/b"),)
    assert [removed.rule for removed in article.removed] == ["credit-line", "see-also", "post-appeared-first"]


@pytest.mark.parametrize(
    ("summary", "excerpt"),
    [
        ("<p>One two three. Four five six […]</p>", "One two three."),
        ("One two three. Four five six [&hellip;]", "One two three."),
        ("One two three. Four <a href='/x'>Continue reading →</a>", "One two three."),
        (
            "A sentence that never ends because a program cut it […]",
            "A sentence that never ends because a program cut it…",
        ),
        ("<p>Whole. Sentences.</p>", "Whole. Sentences."),
        ("", ""),
    ],
)
def test_an_excerpt_ends_with_its_last_whole_sentence(summary, excerpt):
    article = _clean(summary_html=summary)
    assert article.excerpt == excerpt
    assert article.body == ""


def test_a_cut_excerpt_of_a_full_body_is_taken_from_the_body():
    article = _clean(
        content_html="<p>One two three four five six. Seven eight nine ten.</p>", summary_html="One two three […]"
    )
    assert article.excerpt == "One two three four five six. Seven eight nine ten."


def test_a_long_summary_without_a_mark_is_the_whole_text():
    article = _clean(summary_html=STORY)
    assert article.body.startswith("<p>The ferry sails again.")
    assert len(article.excerpt.split()) <= 120


@pytest.mark.parametrize(
    ("source", "entry", "wanted"),
    [
        (FULL, {"summary_html": "Cut short here […]"}, True),
        (FULL, {"summary_html": "A short summary, whole."}, True),
        (FULL, {"summary_html": STORY}, False),
        (FULL, {"content_html": "<p>All of it.</p>", "summary_html": "Cut […]"}, False),
        (FULL, {"content_html": "<p>Not all of it […]</p>"}, True),
        (FULL, {"summary_html": "Cut […]", "url": None}, False),
        (FULL, {"summary_html": "Cut […]", "url": "ftp://x.example/"}, False),
        (SOURCE, {"summary_html": "Cut […]"}, False),  # an excerpt is all that may be shown
        (a_source(article_from=ArticleFrom.PAGE), {"content_html": "<p>All.</p>"}, True),
        (
            a_source(article_from=ArticleFrom.FEED, rights=Rights(text=TextRight.FULL)),
            {"summary_html": "Cut […]"},
            False,
        ),
    ],
)
def test_a_page_is_wanted_when_the_feed_falls_short_and_the_rights_do_not(source, entry, wanted):
    assert wants_page(an_entry(**entry), source) is wanted


def test_a_page_completes_a_cut_entry():
    extract = Extract(
        title="Other title",
        byline="Ida Roe",
        date=NOW - timedelta(hours=2),
        original_publisher="The Herald",
        original_link="https://herald.example/",
        excerpt="From the page.",
        body="<p>All of the story.</p>",
        text="All of the story.",
        figures=(Figure("https://harbour.example/p.jpg", "Quay.", "AP"),),
        related=(RelatedLink("Bread", "https://harbour.example/b"),),
        removed=(Removed("see-also", "See also"),),
        flags=("date-from-text",),
    )
    entry = an_entry(title="Feed's title", summary_html="All of […]", published=None)
    article = clean(entry, FULL, NOW, extract=extract)
    assert article.title == "Feed's title"
    assert (article.body, article.text, article.excerpt) == (extract.body, extract.text, "From the page.")
    assert (article.byline, article.publisher, article.publisher_url) == (
        "Ida Roe",
        "The Herald",
        "https://herald.example/",
    )
    assert article.published_at == NOW - timedelta(hours=2)
    assert article.figures == extract.figures
    assert article.related == extract.related
    assert Removed("see-also", "See also") in article.removed


def test_a_page_that_was_not_understood_does_not_replace_a_full_feed():
    article = clean(an_entry(content_html=STORY), FULL, NOW, extract=Extract(body="<p>Cookies?</p>", text="Cookies?"))
    assert article.body.startswith("<p>The ferry")


@pytest.mark.parametrize(
    ("origin", "publisher"),
    [
        (Origin("Harbour Herald", "https://herald.example/feed"), "Harbour Herald"),
        (Origin("Harbour Daily", "https://harbour.example/feed"), "Harbour Daily"),
        (Origin("Harbour Daily news feed", "https://www.harbour.example/feed"), "Harbour Daily"),
        (Origin(None, "https://herald.example/feed"), "Harbour Daily"),
        (None, "Harbour Daily"),
    ],
)
def test_a_story_is_credited_to_its_originator(origin, publisher):
    assert _clean(source=origin).publisher == publisher


@pytest.mark.parametrize(
    ("published", "out", "flag"),
    [
        (NOW - timedelta(days=3), NOW - timedelta(days=3), None),
        (NOW.astimezone(timezone(timedelta(hours=5))), NOW, None),
        (NOW + timedelta(days=400), NOW, "date-in-future"),
        (datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=12))), NOW, "no-date"),
        (datetime(1, 1, 1, tzinfo=UTC), NOW, "date-not-believed"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=12))), NOW, "no-date"),
        (None, NOW, "no-date"),
    ],
)
def test_par_09_a_date_is_clamped_and_never_crashes(published, out, flag):
    article = _clean(published=published)
    assert article.published_at == out
    assert (flag in article.flags) if flag else not any("date" in one for one in article.flags)


def test_par_09_an_update_is_no_later_than_now():
    assert _clean(updated=NOW + timedelta(days=1)).updated_at == NOW
    assert _clean(updated=datetime(1, 1, 1, tzinfo=UTC)).updated_at is None


def test_par_05_nothing_that_xml_forbids_is_left_in_any_field():
    bad = "a\x00\x0b\uffff\ud800b"
    article = clean(
        Entry(
            id=bad,
            url="https://harbour.example/a",
            title=bad,
            summary_html=bad,
            content_html=f"<p>{bad}</p><figure><img src='/x.jpg' alt='{bad}'><figcaption>{bad}</figcaption></figure>",
            authors=(Person(bad),),
            categories=(bad,),
            rights=bad,
            source=Origin(bad, None),
        ),
        SOURCE,
        NOW,
    )
    written = repr(article).encode().decode()
    assert "\\x00" not in written
    assert "\\x0b" not in written
    assert "\\uffff" not in written
    assert "\\ud800" not in written


def test_san_07_a_huge_title_is_capped():
    article = _clean(title="<b>" * 47_000)
    assert len(article.title) <= 300


def test_an_entry_of_nothing_is_still_an_article():
    article = clean(Entry(id=None, url=None, title=""), SOURCE, NOW)
    assert article.title == "Untitled"
    assert article.guid
    assert {"no-link", "no-id", "no-date"} <= set(article.flags)


def test_a_page_that_lists_articles_gives_no_ids_and_none_is_missed():
    listing = a_source(kind=SourceKind.LISTING)
    assert "no-id" not in clean(Entry(id=None, url="https://harbour.example/1", title="One"), listing, NOW).flags


def test_san_08_a_title_in_two_alphabets_is_flagged():
    assert "mixed-scripts" in _clean(title="Раypal wins").flags
    assert "mixed-scripts" not in _clean(title="Победа and victory").flags


def test_san_04_an_entry_cannot_name_a_private_page_as_the_base_of_its_links():
    article = _clean(
        url="http://192.168.1.1/admin", content_html='<p><a href="/x">x</a> <a href="http://192.168.1.1/y">y</a></p>'
    )
    assert article.body == '<p><a href="https://harbour-daily.example/x">x</a> y</p>'


def test_the_same_entry_has_the_same_fingerprint_whenever_it_is_read():
    entry = an_entry(content_html=STORY, published=None)
    assert clean(entry, SOURCE, NOW).fingerprint == clean(entry, SOURCE, NOW + timedelta(days=2)).fingerprint


_html = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<img src='/a.jpg'>",
            "<figure>",
            "<figcaption>",
            "<br>",
            "<ul><li>",
            "See also: ",
            "<a href='/x'>",
            "</a>",
        ]
    )
    | st.sampled_from(
        [
            "Share on Facebook",
            "CLICK HERE TO READ MORE FROM X",
            " […]",
            "<table><tr><td>",
            "By Ida Roe",
            "12 May 2026",
            "<svg>",
            "(AP)",
        ]
    )
    | st.text(max_size=10),
    max_size=20,
).map("".join)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    content=st.none() | _html,
    summary=st.none() | _html,
    title=st.text(max_size=30),
    id_=st.none() | st.text(max_size=30),
    url=st.none() | st.text(max_size=30) | st.just("https://harbour.example/a"),
    published=st.none() | st.datetimes(timezones=st.just(UTC)),
    name=st.text(max_size=20),
)
def test_cleaning_never_raises_and_its_output_is_clean(content, summary, title, id_, url, published, name):
    entry = Entry(
        id=id_,
        url=url,
        title=title,
        summary_html=summary,
        content_html=content,
        authors=(Person(name),),
        published=published,
        updated=published,
        pictures=(Picture(name, name, name),),
        categories=(name,),
        source=Origin(name, url),
        language=name,
        rights=name,
    )
    article = clean(entry, SOURCE, NOW)
    assert article.guid
    assert article.title
    assert safe_html(article.body, base_url=SOURCE.url) == article.body
    assert "<img" not in article.body
    assert plain_text(article.body) == article.text
    assert article.published_at <= NOW
    repr(article).encode()
    assert clean(entry, SOURCE, NOW) == article
