"""Who wrote a story is found in what a page states, in its markup, and in the line under its title."""

import json

import pytest

from syndication import extract_article
from syndication.articles.extract.bylines import bare_name

URL = "https://news.example/pier"
TEXT = "".join(
    f"<p>The harbour council voted on Tuesday evening to reopen the old ferry pier, reason {n}, after long talks.</p>"
    for n in range(6)
)


def _byline(*, head: str = "", under: str = "", behind: str = "") -> str:
    body = (
        f"<main><article><h1>The pier opens</h1>{under}<div class='entry-content'>{TEXT}</div></article>{behind}</main>"
    )
    return extract_article(f"<html><head>{head}</head><body>{body}</body></html>", URL).byline


def _data(author: object, **more: object) -> str:
    graph = [{"@type": "NewsArticle", "headline": "The pier opens", "author": author, **more}]
    graph += [
        {"@type": "Person", "@id": "#mara", "name": "Mara Quill"},
        {"@type": "Person", "@id": "#tom", "name": "Tom Ash"},
    ]
    return f'<script type="application/ld+json">{json.dumps({"@graph": graph})}</script>'


@pytest.mark.parametrize(
    ("author", "wanted"),
    [
        ("Mara Quill", "Mara Quill"),
        ({"@type": "Person", "name": "Mara Quill"}, "Mara Quill"),
        ([{"@type": "Person", "name": "Mara Quill"}, {"name": "Tom Ash"}], "Mara Quill, Tom Ash"),
        ({"@id": "#mara"}, "Mara Quill"),
        ([{"@id": "#mara"}, {"@id": "#tom"}], "Mara Quill, Tom Ash"),
        ({"@type": "Organization", "name": "Coast Wire"}, "Coast Wire"),
        ({"name": "Di Stefano"}, "Di Stefano"),
        ({"name": "admin"}, ""),
        ("https://news.example/author/3", ""),
    ],
    ids=range(9),
)
def test_the_author_that_is_stated_as_data(author, wanted):
    assert _byline(head=_data(author)) == wanted


@pytest.mark.parametrize(
    ("under", "wanted"),
    [
        ("<p class=byline>By Tom Ash | 4 March 2026</p>", "Tom Ash"),
        ("<p><a rel=author href=/a>Mara Quill</a> and <a rel=author href=/b>Tom Ash</a></p>", "Mara Quill, Tom Ash"),
        ("<div itemprop=author>Written by <span itemprop=name>Mara Quill</span></div>", "Mara Quill"),
        ("<div class=post-author>By Mara Quill, Staff Writer</div>", "Mara Quill"),
        ("<span class=author>Von Wiebke Sander</span>", "Wiebke Sander"),
        ("<span class=author>Par Jean Ferré le 4 mars 2026</span>", "Jean Ferré"),
        ("<span class=author>Автор: Вера Лукашина</span>", "Вера Лукашина"),
        ("<span class=author>文・森田 千景</span>", "森田 千景"),
        ("<p>4 March 2026 · Mara Quill · 3 min</p>", "Mara Quill"),
        ("<div class=x7>Mara Quill</div><div class=x8>4 March 2026</div>", "Mara Quill"),
        ("<p>News · 4 March 2026</p>", ""),
        ("<p>4 March 2026</p>", ""),
        ("<span class=author>admin</span>", ""),
        ("<span class=author>Herald staff</span>", "Herald staff"),
    ],
    ids=range(14),
)
def test_the_author_that_the_page_shows(under, wanted):
    assert _byline(under=under) == wanted


def test_a_person_goes_before_a_desk_and_a_login():
    head = '<meta name="author" content="Herald staff">'
    assert _byline(head=head, under="<p class=byline>By Mara Quill</p>") == "Mara Quill"
    assert _byline(head=_data({"name": "admin"}), under="<p class=byline>By Mara Quill</p>") == "Mara Quill"


def test_who_commented_wrote_no_story():
    talk = "<div class='comments'><p class='comment-author vcard'>Bo Tide</p><p>Good news for us all.</p></div>"
    assert _byline(behind=talk) == ""


@pytest.mark.parametrize(
    "name", ["Vonda Shepard", "Byron Katz", "Textor Bell", "Avery Brooks", "Mara Quill and Tom Ash"]
)
def test_a_name_that_begins_like_such_a_line_stays(name):
    assert bare_name(name) == name
